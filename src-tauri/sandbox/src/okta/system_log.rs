//! The System Log: Okta's event types, who or what was concerned, and how it ended.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::outbound::Reply;

pub(crate) const APP_CREATED: (&str, &str) = ("application.lifecycle.create", "Create application");
pub(crate) const APP_UPDATED: (&str, &str) = ("application.lifecycle.update", "Update application");
pub(crate) const CONFIGURED: (&str, &str) = ("application.configuration.update", "Update application configuration");
pub(crate) const ASSIGNED: (&str, &str) = ("application.user_membership.add", "Add user to application membership");
pub(crate) const UNASSIGNED: (&str, &str) =
    ("application.user_membership.remove", "Remove user's application membership");
pub(crate) const VERIFY: (&str, &str) =
    ("application.provision.user.verify_exists", "Verify user exists in external application");
pub(crate) const PUSH: (&str, &str) = ("application.provision.user.push", "Push new user to external application");
pub(crate) const PUSH_PROFILE: (&str, &str) =
    ("application.provision.user.push_profile", "Push user's profile to external application");
pub(crate) const DEACTIVATE: (&str, &str) =
    ("application.provision.user.deactivate", "Deactivate user in external application");
pub(crate) const REACTIVATE: (&str, &str) =
    ("application.provision.user.reactivate", "Reactivate user in external application");
pub(crate) const GROUP_CREATED: (&str, &str) =
    ("application.provision.group_push.mapping.created", "Create group push mapping");
pub(crate) const GROUP_PUSHED: (&str, &str) =
    ("application.provision.group_push.pushed", "Push group to external application");
pub(crate) const MEMBERS_PUSHED: (&str, &str) =
    ("application.provision.group_push.push_memberships", "Push group memberships to external application");
pub(crate) const GROUP_UNLINKED: (&str, &str) =
    ("application.provision.group_push.deactivate_mapping", "Deactivate group push mapping");
pub(crate) const GROUP_FAILED: (&str, &str) = (
    "application.provision.group_push.mapping.update.or.delete.failed.with.error",
    "Update or delete of group push mapping failed",
);
const REFUSED: (&str, &str) =
    ("application.integration.authentication_failure", "Authentication failure with external application");
const TOO_MANY: (&str, &str) =
    ("application.integration.rate_limit_exceeded", "Rate limit exceeded at external application");

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Event {
    #[serde(default)]
    pub id: String,
    pub at: Timestamp,
    pub app: String,
    pub kind: String,
    pub message: String,
    /// Whom or what it is about.
    pub about: String,
    pub success: bool,
    pub reason: String,
    /// What was asked and answered, where that helps.
    pub details: String,
}

/// An event that has no time yet.
pub(crate) struct Note {
    kind: (&'static str, &'static str),
    about: String,
    success: bool,
    reason: String,
    details: String,
}

impl Note {
    pub(crate) fn success(kind: (&'static str, &'static str), about: &str) -> Note {
        Note { kind, about: about.to_owned(), success: true, reason: String::new(), details: String::new() }
    }

    pub(crate) fn failure(kind: (&'static str, &'static str), about: &str, reason: &str) -> Note {
        Note { success: false, reason: reason.to_owned(), ..Note::success(kind, about) }
    }

    pub(crate) fn with(mut self, reply: &Reply) -> Note {
        self.details = format!("{}\n{} {}", reply.request, reply.status, reply.excerpt());
        self
    }

    pub(crate) fn because(mut self, reason: &str) -> Note {
        reason.clone_into(&mut self.reason);
        self
    }

    pub(crate) fn at(self, at: Timestamp, app: &str) -> Event {
        Event {
            id: uuid::Uuid::new_v4().to_string(),
            at,
            app: app.to_owned(),
            kind: self.kind.0.to_owned(),
            message: self.kind.1.to_owned(),
            about: self.about,
            success: self.success,
            reason: self.reason,
            details: self.details,
        }
    }
}

/// The second event that a refusal of the whole connection leads to.
pub(crate) fn of_the_connection(status: u16, app: &str) -> Option<Note> {
    match status {
        401 => Some(Note::failure(REFUSED, app, "Unauthorized")),
        429 => Some(Note::failure(TOO_MANY, app, "Too Many Requests")),
        _ => None,
    }
}
