//! Runs an operation: asks the system, and turns what came of it into a proof or a failure. Async, but without state.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, sleep};
use url::Url;

use crate::{
    error::{Code, Phase, Problem},
    guard,
    http::{Http, Journal, RequestLine},
    mapping,
    operation::Operation,
    recipe::Guide,
    secret::Secret,
    systems::{
        greenlake::{self, Candidate, Issued},
        probe::probe,
        scim::{self, Scim},
    },
    token,
    view::{Arrivals, Finding, Verb},
};

/// How far the target's clock may be behind this machine's when it says who is new.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(10);

/// Everything an operation needs.
pub(crate) struct Job {
    pub(crate) operation: Operation,
    pub(crate) guide: Arc<Guide>,
    /// The secrets of the slots that it reads.
    pub(crate) secrets: BTreeMap<String, Secret>,
    /// Inputs and choices that it reads.
    pub(crate) answers: BTreeMap<String, String>,
    pub(crate) http: Http,
    /// How long to wait for arrivals.
    pub(crate) patience: Duration,
    /// Since when the SCIM token is there; who was at the target before it was not brought by it.
    pub(crate) token_since: Option<Timestamp>,
    pub(crate) now: fn() -> Timestamp,
}

/// What came of it.
pub(crate) struct Report {
    pub(crate) result: Result<String, Problem>,
    pub(crate) findings: Vec<Finding>,
    /// It holds, but says nothing about the steps before it.
    pub(crate) weak: bool,
    /// A token, or an answer that must not be lost.
    pub(crate) issued: Option<Token>,
    pub(crate) candidates: Vec<Candidate>,
}

/// A token that was issued.
pub(crate) enum Token {
    /// Read.
    Known { secret: Secret, expires_at: Option<Timestamp> },
    /// Somewhere in here.
    Unread(Secret),
}

impl From<Result<String, Problem>> for Report {
    fn from(result: Result<String, Problem>) -> Self {
        Self { result, findings: Vec::new(), weak: false, issued: None, candidates: Vec::new() }
    }
}

impl Job {
    /// Does it. `watch` hears of arrivals while they happen.
    pub(crate) async fn run(self, watch: impl Fn(Arrivals) + Send + Sync) -> Report {
        match self.operation {
            Operation::ReadToken => self.read_token().into(),
            Operation::GreenlakeCreateToken => self.issue(None).await,
            Operation::GreenlakeRotateToken => {
                let remove_current = self.answers.get("rotate-mode").is_some_and(|mode| mode == "remove-current");
                self.issue(Some(remove_current)).await
            }
            Operation::ScimTestConnection => self.test_connection().await,
            Operation::ScimFindUser => self.find_user().await,
            Operation::ScimWatchArrivals => self.watch_arrivals(watch).await,
        }
    }

    fn secret(&self, slot: &str) -> Result<&Secret, Problem> {
        self.secrets.get(slot).ok_or_else(|| {
            Problem::new(Code::Vault, "The token is no longer in your system's keyring.")
                .hint("Paste it again, or issue a new one.")
        })
    }

    fn value(&self, name: &str) -> &str {
        self.guide.values.get(name).map_or("", String::as_str)
    }

    fn answer(&self, block: &str) -> &str {
        self.answers.get(block).map_or("", |answer| answer.trim())
    }

    fn who(&self) -> &str {
        &self.guide.target_short
    }

    fn read_token(&self) -> Result<String, Problem> {
        let lifetime = self.guide.slots.get("access-token").and_then(|slot| slot.lifetime_minutes).unwrap_or(15);
        let lifetime = SignedDuration::from_mins(i64::from(lifetime));
        let now = (self.now)();
        let read = token::judge_access_token(self.secret("access-token")?.expose(), now, lifetime)?;
        let about = guard::about(&read.reading);
        let whose = if about.is_empty() { String::new() } else { format!(" {},", about.join(", ")) };
        Ok(format!("A token{whose} with time left."))
    }

    async fn issue(&self, rotate: Option<bool>) -> Report {
        let journal = Journal::new();
        let now = (self.now)();
        let asked = async {
            let access = self.secret("access-token")?;
            let api = Url::parse(self.value("api")).map_err(|_| {
                Problem::new(Code::WrongPath, format!("The address of {}'s API is not a whole address.", self.who()))
            })?;
            match rotate {
                None => greenlake::create_token(&self.http, &api, access, &journal, now).await,
                Some(remove_current) => {
                    greenlake::rotate_token(&self.http, &api, access, remove_current, &journal, now).await
                }
            }
        };
        let asked = asked.await;
        let findings = findings(&journal.lines());
        match asked {
            Err(problem) => Report { findings, ..Err(problem).into() },
            Ok(Issued::Token { secret, expires_at }) => {
                let done = if rotate.is_some() { "replaced the token" } else { "issued a token" };
                let ended = secret.last_four();
                let proof = format!("{} {done} that ends in {ended}.", self.who());
                Report { findings, issued: Some(Token::Known { secret, expires_at }), ..Ok(proof).into() }
            }
            Ok(Issued::Unread { candidates, raw, problem }) => {
                Report { findings, issued: Some(Token::Unread(raw)), candidates, ..Err(problem).into() }
            }
        }
    }

    async fn test_connection(&self) -> Report {
        let token = match self.secret("scim-token") {
            Ok(token) => token,
            Err(problem) => return Err(problem).into(),
        };
        let report = probe(&self.http, self.value("scim"), token, self.guide.asks_like, (self.now)()).await;
        let mut findings = findings(&report.requests);
        if report.ok {
            let worth_knowing = |hint: String| Finding { name: "Worth knowing".into(), value: hint, good: true };
            findings.extend(report.hints.into_iter().map(worth_knowing));
        }
        let result = match report.problem {
            None => Ok(report.message),
            Some(problem) => Err(leading_back(problem, self.who())),
        };
        Report { findings, ..result.into() }
    }

    fn scim(&self) -> Result<Scim, Problem> {
        Scim::new(&self.http, self.value("scim"), self.secret("scim-token")?, &Journal::new())
    }

    async fn find_user(&self) -> Report {
        let name = self.answer("sample-user");
        let users = self.guide.mappings.iter().find(|mapping| mapping.id == "users");
        let rows = users.map(mapping::work).unwrap_or_default();
        let wanted: Vec<&str> =
            rows.iter().filter(|row| row.verb != Verb::Delete).map(|row| row.target.as_str()).collect();
        let found = match self.scim() {
            Ok(scim) => scim::inspect_user(&scim, name, &wanted).await,
            Err(problem) => Err(problem),
        };
        let inspection = match found {
            Err(problem) => return Err(leading_back(problem, self.who())).into(),
            Ok(None) => return Err(self.not_there(name)).into(),
            Ok(Some(inspection)) => inspection,
        };
        let deleted =
            |path: &str| rows.iter().any(|row| row.verb == Verb::Delete && row.target.eq_ignore_ascii_case(path));
        let left: Vec<&str> = inspection
            .unexpected
            .iter()
            .map(String::as_str)
            .filter(|path| deleted(path) && !made_by_servers(path))
            .collect();
        let value = |path: &str| {
            let found = inspection.user.attributes.iter().find(|(name, _)| name == path);
            found.map_or_else(String::new, |(_, value)| value.clone())
        };
        let line = |(name, value): &(String, String)| Finding { name: name.clone(), value: value.clone(), good: true };
        let mut findings: Vec<Finding> = inspection.present.iter().map(line).collect();
        findings.extend(left.iter().map(|path| Finding { name: (*path).to_owned(), value: value(path), good: false }));
        findings.extend(inspection.missing.iter().map(|name| Finding {
            name: name.clone(),
            value: "did not arrive".into(),
            good: false,
        }));
        let before =
            self.token_since.zip(inspection.user.created).is_some_and(|(since, created)| created < since - TOLERANCE);
        let result = match (inspection.missing.is_empty() && left.is_empty(), before) {
            (false, _) => Err(self.mapping_differs(name, &inspection.missing, &left)),
            (true, false) => {
                Ok(format!("{name} arrived at {} with the {} mapped attributes.", self.who(), wanted.len()))
            }
            (true, true) => Ok(format!(
                "{name} is at {} with the {} mapped attributes, but was there before this token. Whether {} gets through with it, somebody new shows.",
                self.who(),
                wanted.len(),
                self.guide.idp_short
            )),
        };
        Report { findings, weak: before, ..result.into() }
    }

    fn not_there(&self, name: &str) -> Problem {
        Problem::new(Code::NotArrived, format!("{} holds nobody whose userName is \"{name}\".", self.who()))
            .hint("Compare the spelling with what **Provision on demand** showed as the exported userName.")
            .hint(format!("Look at the result there: **Skipped** means that the person is not assigned to the app; **Failure** shows what {} answered.", self.who()))
            .hint_go("If the export failed for a missing or unknown attribute, look at the mapping.", Phase::Mappings)
    }

    fn mapping_differs(&self, name: &str, missing: &[String], left: &[&str]) -> Problem {
        let mut message = format!("{name} arrived, but not as the mapping should send it.");
        if !left.is_empty() {
            message.push_str(&format!(" Still sent although they should be deleted: {}.", left.join(", ")));
        }
        if !missing.is_empty() {
            message.push_str(&format!(" Did not arrive: {}.", missing.join(", ")));
        }
        Problem::new(Code::MappingDiffers, message)
            .hint_go(
                "Work through the mapping again, press **Save** there, and provision this person once more.",
                Phase::Mappings,
            )
            .hint("If an attribute is empty for this person at the identity provider, choose another person.")
    }

    async fn watch_arrivals(&self, watch: impl Fn(Arrivals) + Send + Sync) -> Report {
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
                    (Err(leading_back(problem, self.who())), !passing)
                }
            };
            if result.is_ok() || over {
                return result.into();
            }
            if Instant::now() + pause >= until {
                return result.map_err(|problem| self.not_yet(problem)).into();
            }
            sleep(pause).await;
            pause = (pause * 3 / 2).min(Duration::from_secs(20));
        }
    }

    fn not_yet(&self, problem: Problem) -> Problem {
        let minutes = self.patience.as_secs() / 60;
        if minutes == 0 {
            return problem;
        }
        let message = format!("Not yet, after {minutes} minutes of watching. {}", problem.message);
        Problem { message, ..problem }.hint("A first cycle can take hours. Watch again later; provisioning goes on.")
    }

    async fn look(&self, scim: &Scim, group: &str) -> Result<(Arrivals, Result<String, Problem>), Problem> {
        let there = scim::arrivals(scim).await?;
        let found = scim.find_group(group).await?;
        let members = match &found {
            None => None,
            Some(found) if found.members.as_ref().is_some_and(|members| !members.is_empty()) => {
                found.members.as_ref().map(Vec::len)
            }
            // A list may leave members out; the group itself may not.
            Some(found) => scim
                .group(&found.id)
                .await?
                .and_then(|group| group.members)
                .map(|members| members.len())
                .filter(|n| *n > 0),
        };
        let result = match (&found, members) {
            (None, _) => Err(self.nothing_arrived(group, there.users)),
            (Some(_), None) => Err(members_missing(group)),
            (Some(_), Some(members)) => Ok(format!(
                "The group \"{group}\" arrived with {}; {} holds {} and {}. Compare the members with {}: whoever failed there is missing here without a word.",
                counted(members as u64, "member"),
                self.who(),
                counted(there.users, "user"),
                counted(there.groups, "group"),
                self.guide.idp_short
            )),
        };
        let waiting = "The first cycle takes from 20 minutes to some hours, later ones come every 40 minutes. Restart would begin it anew.";
        let arrivals = Arrivals {
            users: u32::try_from(there.users).unwrap_or(u32::MAX),
            groups: u32::try_from(there.groups).unwrap_or(u32::MAX),
            newest: there.newest,
            note: if result.is_ok() { String::new() } else { waiting.into() },
        };
        Ok((arrivals, result))
    }

    fn nothing_arrived(&self, group: &str, users: u64) -> Problem {
        Problem::new(
            Code::NotArrived,
            format!("The group \"{group}\" has not arrived at {}; it holds {users} users.", self.who()),
        )
        .hint("Is the group assigned to the app, under **Users and groups**? Nothing else is sent.")
        .hint("Was **Start provisioning** pressed, and is the app not in quarantine? Its overview says so.")
        .hint("Does the name here match the group's name to the letter?")
        .hint("The provisioning logs show for each person and group what was done or why it was skipped.")
    }
}

/// Attributes that servers fill by themselves, from userName for example; that they are there says nothing about
/// the mapping.
fn made_by_servers(path: &str) -> bool {
    let own = ["active", "externalId", "name.formatted", "emails"];
    own.iter().any(|name| path.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))
}

fn counted(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

fn members_missing(group: &str) -> Problem {
    Problem::new(Code::MembersMissing, format!("The group \"{group}\" arrived without members."))
        .hint("Members follow after the people themselves; the next cycle may bring them.")
        .hint("Members of a group inside this group are not sent: only direct members are.")
        .hint_go("The groups' mapping must keep `members`.", Phase::Mappings)
}

/// A refused SCIM token leads back to the step that issues it.
fn leading_back(problem: Problem, target: &str) -> Problem {
    match problem.code {
        Code::Unauthorized => problem.hint_go(format!("If it stays, issue a new token at {target}."), Phase::ScimToken),
        Code::Forbidden => problem.hint_go("Look at the role of the account that made the token.", Phase::Role),
        _ => problem,
    }
}

/// A path without what was searched for: findings rest on disk, and a search names a person.
fn without_names(path: &str) -> String {
    let Some((path, query)) = path.split_once('?') else { return path.to_owned() };
    let shown = |pair: &str| match pair.split_once('=') {
        Some(("filter", _)) => "filter=…".to_owned(),
        _ => pair.to_owned(),
    };
    format!("{path}?{}", query.split('&').map(shown).collect::<Vec<_>>().join("&"))
}

fn findings(lines: &[RequestLine]) -> Vec<Finding> {
    let line = |line: &RequestLine| Finding {
        name: format!("{} {}", line.method, without_names(&line.path)),
        value: line.status.map_or_else(|| "no answer".to_owned(), |status| format!("{status} in {} ms", line.ms)),
        good: line.status.is_some_and(|status| (200..300).contains(&status)),
    };
    lines.iter().map(line).collect()
}
