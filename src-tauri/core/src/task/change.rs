//! What a rotation looks for: a change that came with the new token, and that the old token is refused.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use super::{Job, Report, findings};
use crate::{
    error::{Code, Problem},
    health,
    http::Journal,
    setup::OLD_TOKEN_SLOT,
    systems::scim::Scim,
};

impl Job {
    /// Waits until the group was changed after the identity provider got the new token.
    pub(super) async fn watch_change(&self) -> Report {
        let group = self.answer("sample-group");
        let until = Instant::now() + self.patience;
        let mut pause = Duration::from_secs(1);
        loop {
            let seen = match self.scim() {
                Ok(scim) => self.changed(&scim, group).await,
                Err(problem) => Err(problem),
            };
            let problem = match seen {
                Ok(proof) => return Ok(proof).into(),
                Err(problem) => problem,
            };
            // Only what may still come, or a line that may come back, is waited for.
            let passing = [Code::NotArrived, Code::Timeout, Code::Connect, Code::ServerError, Code::RateLimited]
                .contains(&problem.code);
            if !passing || Instant::now() + pause > until {
                return Err(self.leading_back(problem)).into();
            }
            sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(20));
        }
    }

    async fn changed(&self, scim: &Scim, name: &str) -> Result<String, Problem> {
        let who = self.who();
        let Some(found) = scim.find_group(name).await? else {
            let problem = Problem::new(Code::NotFound, format!("{who} has no group whose name is \"{name}\"."));
            return Err(problem.hint("Compare the spelling with the group that travels."));
        };
        // A list may leave it out; the group itself may not.
        let modified = match found.modified {
            Some(at) => Some(at),
            None => scim.group(&found.id).await?.and_then(|group| group.modified),
        };
        let Some(modified) = modified else {
            let problem = Problem::new(
                Code::Refused,
                format!("{who} does not say when a group was changed last, so Usher cannot see that a change arrived."),
            );
            return Err(problem.hint("Read the log instead, and confirm below what it says."));
        };
        // Never before the new token was there, however the step was reached.
        let since = self.open_since.max(self.token_since).unwrap_or(Timestamp::MAX);
        if modified > since {
            return Ok(format!("A change of the group \"{name}\" arrived at {who} with the new token."));
        }
        Err(Problem::new(
            Code::NotArrived,
            format!(
                "The group \"{name}\" has not changed at {who} since the new token was entered in {}.",
                self.guide.idp_short
            ),
        )
        .hint("Change its members, and wait for the next cycle.")
        .hint("Or read the log, and confirm below what it says."))
    }

    /// Asks once with the old token. That it is refused is what is wanted.
    pub(super) async fn old_token_refused(&self) -> Report {
        let journal = Journal::new();
        let asked =
            async { health::lets_in(&self.http, self.value("scim"), self.secret(OLD_TOKEN_SLOT)?, &journal).await };
        let asked = asked.await;
        let mut findings = findings(&journal.lines());
        let result = match asked {
            Ok(false) => {
                findings.iter_mut().for_each(|finding| finding.good = true);
                Ok(format!("{} refuses the old token.", self.who()))
            }
            Ok(true) => Err(Problem::new(Code::StillAccepted, format!("{} still accepts the old token.", self.who()))
                .hint("If it was deleted just now, wait a minute and try again.")),
            Err(problem) => Err(problem),
        };
        Report { findings, ..result.into() }
    }
}
