//! Watches a group and its members arrive.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{Job, Report};
use crate::{
    error::{Code, Phase, Problem},
    operation::Operation,
    recipe::BlockKind,
    systems::scim::{self, Group, Scim},
    view::Arrivals,
};

/// What is known of a group's members.
enum Members {
    Listed(usize),
    /// The target lists none, but a search shows that the sample person is one (facts B3).
    Found(String),
    None,
    /// The target neither lists nor finds them.
    Hidden,
}

impl Job {
    pub(super) async fn watch_arrivals(&self, watch: impl Fn(Arrivals) + Send + Sync) -> Report {
        let group = self.answer("sample-group");
        let until = Instant::now() + self.patience;
        let mut pause = Duration::from_secs(1);
        loop {
            // A client of its own for each look: none keeps a list of an hour's requests.
            let seen = match self.scim() {
                Ok(scim) => self.look(&scim, group).await,
                Err(problem) => Err(problem),
            };
            let (result, over) = match seen {
                Ok((arrivals, result)) => {
                    watch(arrivals);
                    (result, false)
                }
                // The line may come back; a refusal will not change by asking again.
                Err(problem) => {
                    let passing =
                        matches!(problem.code, Code::Timeout | Code::Connect | Code::ServerError | Code::RateLimited);
                    (Err(self.leading_back(problem)), !passing)
                }
            };
            match result {
                Ok(proof) => return Ok(proof).into(),
                Err(problem) if over => return Err(problem).into(),
                Err(problem) if Instant::now() + pause > until => return Err(self.not_yet(problem)).into(),
                Err(_) => {}
            }
            sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(20));
        }
    }

    fn not_yet(&self, problem: Problem) -> Problem {
        let minutes = self.patience.as_secs() / 60;
        if minutes == 0 {
            return problem;
        }
        let message = format!("Not yet, after {minutes} minutes of watching. {}", problem.message);
        Problem { message, ..problem }.hint("Watch again later; provisioning goes on meanwhile.")
    }

    async fn look(&self, scim: &Scim, group: &str) -> Result<(Arrivals, Result<String, Problem>), Problem> {
        let there = scim::arrivals(scim).await?;
        let found = scim.find_group(group).await?;
        let members = match &found {
            None => None,
            Some(found) => Some(self.members(scim, found).await?),
        };
        let holds =
            format!("{} holds {} and {}", self.who(), counted(there.users, "user"), counted(there.groups, "group"));
        let result = match members {
            None => Err(self.nothing_arrived(group, there.users)),
            Some(Members::None) => Err(self.members_missing(group)),
            Some(Members::Listed(members)) => Ok(format!(
                "The group \"{group}\" arrived with {}; {holds}. Compare the members with {}: whoever failed there is missing here without a word.",
                counted(members as u64, "member"),
                self.guide.idp_short
            )),
            Some(Members::Hidden) => Ok(format!(
                "The group \"{group}\" arrived; {holds}. {} neither lists members nor can be searched for them: look in its console whether they are there.",
                self.who()
            )),
            Some(Members::Found(name)) => Ok(format!(
                "The group \"{group}\" arrived, and {name} is a member of it; {holds}. {} does not list members, so compare the others in its console.",
                self.who()
            )),
        };
        let arrivals = Arrivals {
            users: u32::try_from(there.users).unwrap_or(u32::MAX),
            groups: u32::try_from(there.groups).unwrap_or(u32::MAX),
            newest: there.newest,
            note: if result.is_ok() { String::new() } else { self.waiting() },
        };
        Ok((arrivals, result))
    }

    async fn members(&self, scim: &Scim, found: &Group) -> Result<Members, Problem> {
        let listed = |group: &Group| group.members.as_ref().map(Vec::len).filter(|count| *count > 0);
        if let Some(count) = listed(found) {
            return Ok(Members::Listed(count));
        }
        // A list may leave members out; the group itself may not.
        if let Some(count) = scim.group(&found.id).await?.as_ref().and_then(listed) {
            return Ok(Members::Listed(count));
        }
        let name = self.answer("sample-user");
        if name.is_empty() {
            return Ok(Members::None);
        }
        let Some(user) = scim.find_user(name).await? else { return Ok(Members::None) };
        match scim.is_member(&user.id, &found.id).await {
            Ok(true) => Ok(Members::Found(name.to_owned())),
            Ok(false) => Ok(Members::None),
            Err(Problem { code: Code::Refused | Code::NotFound, .. }) => Ok(Members::Hidden),
            Err(problem) => Err(problem),
        }
    }

    /// What the recipe says about waiting.
    fn waiting(&self) -> String {
        let blocks = self.guide.blocks();
        let mut waiting = blocks.filter_map(|block| match &block.kind {
            BlockKind::Check { operation: Operation::ScimWatchArrivals, waiting, .. } => waiting.clone(),
            _ => None,
        });
        waiting.next().unwrap_or_default()
    }

    fn members_missing(&self, group: &str) -> Problem {
        let problem = Problem::new(Code::MembersMissing, format!("The group \"{group}\" arrived without members."));
        // Not every identity provider has a mapping for groups.
        if self.guide.mappings.iter().any(|mapping| mapping.id == "groups") {
            return problem.hint_go("The groups' mapping must keep `members`.", Phase::Mappings);
        }
        problem.hint("Members are people who have arrived themselves: look whether they have.")
    }

    fn nothing_arrived(&self, group: &str, users: u64) -> Problem {
        let users = counted(users, "user");
        Problem::new(
            Code::NotArrived,
            format!("The group \"{group}\" has not arrived at {}; it holds {users}.", self.who()),
        )
        .hint("Does the name here match the group's name to the letter?")
    }
}

fn counted(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
