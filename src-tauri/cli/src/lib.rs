//! The part of the command line that others play too: the administrator at the consoles of the practice world. The
//! rehearsal has one in the terminal, the tests of the window have one beside the window. The commands themselves stand
//! with the program, `main.rs`. And which fault of the practice world shows which class of trouble, for the help and for
//! whoever walks through them.

pub mod admin;
pub mod classes;
