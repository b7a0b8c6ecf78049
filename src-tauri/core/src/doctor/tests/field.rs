//! Texts from the field that no rule was written from, with what they are.
