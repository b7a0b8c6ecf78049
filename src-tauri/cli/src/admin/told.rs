//! What the guide has said so far: values that were copied, and the console's words in its sentences.

use usher_core::{
    Problem, Secret,
    view::{Block, Span},
};

use super::browser::lost;

/// The administrator's memory.
#[derive(Default)]
pub(super) struct Told {
    copies: Vec<(String, Secret)>,
    sentences: Vec<Sentence>,
}

/// One thing to do.
#[derive(Default)]
struct Sentence {
    /// Words of the console.
    strong: Vec<String>,
    /// Words to be typed.
    code: Vec<String>,
}

impl Told {
    /// A new step begins: what was to be done on the one before is done.
    pub(super) fn turn_page(&mut self) {
        self.sentences.clear();
    }

    pub(super) fn hear(&mut self, block: &Block) {
        let Block::Text { text, .. } = block else { return };
        let mut sentence = Sentence::default();
        for span in text {
            match span {
                Span::Strong(words) => sentence.strong.push(words.clone()),
                Span::Code(words) => sentence.code.push(words.clone()),
                Span::Plain(_) => {}
            }
        }
        self.sentences.push(sentence);
    }

    /// Keeps a copied value until it is pasted.
    pub(super) fn note(&mut self, id: &str, value: Secret) {
        self.copies.retain(|(known, _)| known != id);
        self.copies.push((id.to_owned(), value));
    }

    pub(super) fn copied(&self, id: &str) -> Option<&Secret> {
        self.copies.iter().find(|(known, _)| known == id).map(|(_, value)| value)
    }

    /// As [`Told::copied`], for what cannot be done without.
    pub(super) fn needed(&self, id: &str) -> Result<&Secret, Problem> {
        self.copied(id).ok_or_else(|| lost(&format!("The guide has not shown {id} yet.")))
    }

    /// Whether a sentence of this step has exactly these words of the console.
    pub(super) fn names(&self, words: &str) -> bool {
        self.sentences.iter().any(|sentence| sentence.strong.iter().any(|strong| strong == words))
    }

    /// What is to be typed where something is to be searched for and selected.
    pub(super) fn search(&self) -> Option<&str> {
        let searched = self.sentences.iter().find(|one| !one.code.is_empty() && !one.strong.is_empty());
        searched.and_then(|one| one.code.first()).map(String::as_str)
    }
}
