//! Whether the target let a task in: apart from how the task itself ended.

use super::wire::{Unreachable, trouble};
use crate::outbound::Reply;

/// What the answers to one task said about the connection.
#[derive(Default)]
pub(super) struct Contact {
    asked: bool,
    trouble: Option<String>,
}

impl Contact {
    pub(super) fn heard(&mut self, answer: &Result<Reply, Unreachable>) {
        self.asked = true;
        match answer {
            Ok(reply) if refuses_everything(reply.status) => {
                self.trouble = Some(format!("{} {}", reply.status, trouble(reply)));
            }
            Ok(_) => {}
            Err(Unreachable(reason)) => self.trouble = Some(reason.clone()),
        }
    }

    /// Why the connection did not hold, if it did not; nothing at all of a task that had nothing to send.
    pub(super) fn outcome(self) -> Option<Option<String>> {
        self.asked.then_some(self.trouble)
    }
}

/// A status that would meet any request, whomever it is about.
fn refuses_everything(status: u16) -> bool {
    matches!(status, 401 | 403 | 429 | 500..=599)
}
