//! What the identity providers sent, and whether the target let them: by this a rehearsal counts what failed.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde::Serialize;

const KEPT: usize = 2000;

/// One provisioning cycle of Entra, or one thing that Okta sent: it has no cycles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Activity {
    /// `entra` or `okta`.
    pub idp: &'static str,
    /// When it ended, on the world's clock.
    pub at: Timestamp,
    /// Whether the connection held. Somebody who was refused for a reason of their own does not count against it.
    pub ok: bool,
    pub what: String,
    /// Why the connection did not hold; empty if it did.
    pub trouble: String,
}

/// The latest of them, oldest first, and how many there were since the start.
#[derive(Default)]
pub(crate) struct Activities {
    latest: VecDeque<Activity>,
    counts: Counts,
}

#[derive(Default, Serialize)]
pub(crate) struct Counts {
    entra: Count,
    okta: Count,
}

#[derive(Default, Serialize)]
struct Count {
    ok: u64,
    failed: u64,
}

impl Count {
    fn add(&mut self, ok: bool) {
        if ok {
            self.ok += 1;
        } else {
            self.failed += 1;
        }
    }
}

impl Activities {
    pub(crate) fn entra(&mut self, at: Timestamp, what: String, trouble: Option<String>) {
        self.counts.entra.add(trouble.is_none());
        self.add("entra", at, what, trouble);
    }

    pub(crate) fn okta(&mut self, at: Timestamp, what: String, trouble: Option<String>) {
        self.counts.okta.add(trouble.is_none());
        self.add("okta", at, what, trouble);
    }

    pub(crate) fn all(&self) -> Vec<Activity> {
        self.latest.iter().cloned().collect()
    }

    pub(crate) fn counts(&self) -> &Counts {
        &self.counts
    }

    fn add(&mut self, idp: &'static str, at: Timestamp, what: String, trouble: Option<String>) {
        if self.latest.len() == KEPT {
            self.latest.pop_front();
        }
        let ok = trouble.is_none();
        self.latest.push_back(Activity { idp, at, ok, what, trouble: trouble.unwrap_or_default() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_kept_and_all_are_counted() {
        let mut activities = Activities::default();
        for number in 0..=KEPT {
            let trouble = (number == 0).then(|| "Unauthorized".to_owned());
            activities.entra(Timestamp::UNIX_EPOCH, format!("cycle {number}"), trouble);
        }
        let all = activities.all();
        assert_eq!((all.len(), all[0].what.as_str(), all[0].ok), (KEPT, "cycle 1", true));
        let counts = serde_json::json!(activities.counts());
        assert_eq!(
            counts,
            serde_json::json!({ "entra": { "ok": KEPT, "failed": 1 }, "okta": { "ok": 0, "failed": 0 } })
        );
    }
}
