//! What the steps of a guide are made of: things to do, to copy, to answer, to hand over, and to have checked.

use std::collections::BTreeMap;

use super::{Form, SourceGuide};
use crate::{
    error::{Code, Hint, Problem},
    operation::Operation,
    view::Span,
};

/// A part of a step.
#[derive(Debug, Clone)]
pub struct BlockGuide {
    /// Unique in the guide.
    pub id: String,
    /// Shown only after that operation failed with that code.
    pub after: Option<(Operation, Code)>,
    /// What it is.
    pub kind: BlockKind,
}

/// What a block is.
#[derive(Debug, Clone)]
pub enum BlockKind {
    /// A heading.
    Heading(String),
    /// One thing to do: its words, and what others say.
    Text(Vec<Span>, Vec<VariantGuide>),
    /// A remark; `true` warns.
    Note(Vec<Span>, bool),
    /// A page to open; the address stands in [`super::Guide::links`] under the block's id.
    Link(String),
    /// A value to copy.
    Copy {
        /// The console's field.
        label: String,
        /// The value.
        value: String,
        /// A remark.
        note: Option<String>,
    },
    /// A secret.
    Secret(SecretGuide),
    /// A question with known answers.
    Choice {
        /// The question.
        label: String,
        /// The answers that the recipe knows.
        options: Vec<OptionGuide>,
        /// The operation that finds the answers, and why one that it marks cannot be taken.
        from: Option<(Operation, Option<Problem>)>,
        /// Forgotten when this slot gets another token.
        about: Option<String>,
    },
    /// A question with a free answer.
    Input(InputGuide),
    /// Something only the admin can see.
    Confirm(String),
    /// The mapping tables.
    Mapping,
    /// A file or a text to hand over.
    Intake(IntakeGuide),
    /// Something Usher does.
    Check {
        /// What it does.
        operation: Operation,
        /// What is proved.
        label: String,
        /// The button.
        button: String,
        /// What the button changes.
        remark: Option<String>,
        /// Passing counts for that operation too.
        stands_for: Option<Operation>,
        /// The confirmation that can take its place, and it that one's.
        or: Option<String>,
        /// What to do next, by what it failed with.
        hints: BTreeMap<Code, Vec<Hint>>,
        /// What the admin should know while it watches.
        waiting: Option<String>,
    },
}

/// A file or a text to hand over.
#[derive(Debug, Clone)]
pub struct IntakeGuide {
    /// What is looked at in it.
    pub subject: Subject,
    /// What is looked at, as a heading.
    pub label: String,
    /// What to hand over, and from where.
    pub note: Vec<Span>,
    /// What the empty field for a text says.
    pub placeholder: String,
}

/// What a file or a text that is handed over is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The attribute mapping that the console exports.
    Mapping,
    /// The people who are to be assigned.
    People,
    /// An error text or a log.
    Trouble,
}

/// A secret.
#[derive(Debug, Clone)]
pub struct SecretGuide {
    /// Which slot.
    pub slot: String,
    /// The console's own name of the field, if it differs from the slot's.
    pub label: Option<String>,
    /// Whether the admin fills it here.
    pub fill: bool,
    /// A remark.
    pub note: Option<String>,
    /// The slot whose token is offered for this one.
    pub or_from: Option<String>,
}

/// A question with a free answer.
#[derive(Debug, Clone)]
pub struct InputGuide {
    /// The question.
    pub label: String,
    /// An example.
    pub placeholder: String,
    /// Why it is asked.
    pub note: Option<String>,
    /// The value that the typed name fills.
    pub names: Option<String>,
    /// The value that the typed address fills.
    pub gives: Option<String>,
    /// How that address is built.
    pub form: Option<Form>,
    /// Whether it is a name that will be sent to the target.
    pub arrives: bool,
    /// What a wrong entry looks like.
    pub clues: Vec<Clue>,
}

/// What a wrong entry looks like, and what to say then.
#[derive(Debug, Clone)]
pub struct Clue {
    /// How to tell it.
    pub sign: Sign,
    /// What to say.
    pub problem: Problem,
    /// Whether it only warns.
    pub warn: bool,
}

/// How a wrong entry is told. Letter case does not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    /// It has this in it.
    Contains(String),
    /// It is one of these.
    Is(Vec<String>),
    /// It is what was typed in that block.
    SameAs(String),
}

/// What an older or newer console, or another guide, says.
#[derive(Debug, Clone)]
pub struct VariantGuide {
    /// What the admin may be wondering.
    pub label: &'static str,
    /// The words.
    pub text: Vec<Span>,
    /// Where they come from.
    pub source: Option<SourceGuide>,
}

/// One answer.
#[derive(Debug, Clone)]
pub struct OptionGuide {
    /// Its id.
    pub id: String,
    /// The words.
    pub label: String,
    /// Why this answer does not let the admin go on.
    pub problem: Option<Problem>,
    /// What else there is to say.
    pub note: Option<Vec<Span>>,
    /// Chosen before the admin chooses.
    pub default: bool,
}
