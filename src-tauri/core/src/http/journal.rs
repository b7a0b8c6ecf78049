//! The list of requests of one piece of work, and how many it may make.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use serde::Serialize;

use super::redact::cut;

/// Longest path that is listed, in characters.
const PATH: usize = 1_000;

/// One request as it went out. The path holds no secret: tokens never stand in a URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestLine {
    /// `GET`, `POST` …
    pub method: String,
    /// Path with query, from the first slash.
    pub path: String,
    /// The HTTP status; `null` if there was no answer.
    pub status: Option<u16>,
    /// Milliseconds until the end of the answer or of the wait.
    pub ms: u64,
}

/// Every request made with it, retries included. Clones share one list, so what was cancelled stays listed.
#[derive(Debug, Clone, Default)]
pub struct Journal {
    lines: Arc<Mutex<Vec<RequestLine>>>,
    most: Option<usize>,
}

impl Journal {
    /// A list without a limit.
    pub fn new() -> Self {
        Self::default()
    }

    /// At most `most` requests, retries included; the next one is refused before it goes out.
    pub fn bounded(most: usize) -> Self {
        Self { most: Some(most), ..Self::default() }
    }

    /// What went out so far, in order.
    pub fn lines(&self) -> Vec<RequestLine> {
        self.with(|lines| lines.clone())
    }

    /// How many more requests may go out; `None` without a limit.
    pub fn left(&self) -> Option<usize> {
        self.most.map(|most| most.saturating_sub(self.with(|lines| lines.len())))
    }

    /// Opens a line; `None` when the budget is spent.
    pub(super) fn open(&self, method: &str, path: &str) -> Option<OpenLine> {
        self.with(|lines| {
            if self.most.is_some_and(|most| lines.len() >= most) {
                return None;
            }
            lines.push(RequestLine { method: method.to_owned(), path: cut(path, PATH), status: None, ms: 0 });
            Some(OpenLine { journal: self.clone(), index: lines.len() - 1, started: Instant::now() })
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Vec<RequestLine>) -> T) -> T {
        work(&mut self.lines.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A line whose request is under way. Dropping it enters the time, also when the work was cancelled.
#[derive(Debug)]
pub(super) struct OpenLine {
    journal: Journal,
    index: usize,
    started: Instant,
}

impl OpenLine {
    /// An answer has begun.
    pub(super) fn answered(&self, status: u16) {
        self.change(|line| line.status = Some(status));
    }

    /// Milliseconds since it went out.
    pub(super) fn elapsed(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn change(&self, change: impl FnOnce(&mut RequestLine)) {
        self.journal.with(|lines| lines.get_mut(self.index).map(change));
    }
}

impl Drop for OpenLine {
    fn drop(&mut self) {
        let ms = self.elapsed();
        self.change(|line| line.ms = ms);
    }
}
