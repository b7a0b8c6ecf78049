//! Runs an operation: asks the system, and turns what came of it into a proof or a failure. Async, but without state.

mod change;
mod endpoint;
mod group;
mod person;
mod plan;
mod providers;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::{
    app::Clock,
    error::{Code, Phase, Problem},
    guard,
    http::{Http, Journal, RequestLine},
    operation::Operation,
    recipe::{BlockKind, Guide},
    secret::Secret,
    setup::Offer,
    systems::{
        greenlake::{self, Candidate, Issued},
        probe::{StageLine, State, Watch},
        scim::Scim,
    },
    token,
    view::{Arrivals, Finding},
};

/// Everything an operation needs.
pub(crate) struct Job {
    pub(crate) operation: Operation,
    pub(crate) guide: Arc<Guide>,
    /// The recipe's values that it needs, as they are now.
    pub(crate) values: BTreeMap<String, String>,
    /// The secrets of the slots that it reads.
    pub(crate) secrets: BTreeMap<String, Secret>,
    /// Inputs and choices that it reads.
    pub(crate) answers: BTreeMap<String, String>,
    pub(crate) http: Http,
    /// How long to wait for arrivals.
    pub(crate) patience: Duration,
    /// Since when the SCIM token is there; who was at the target before it was not brought by it.
    pub(crate) token_since: Option<Timestamp>,
    /// Since when the step is open that the operation belongs to.
    pub(crate) open_since: Option<Timestamp>,
    pub(crate) now: Clock,
}

/// What came of it.
pub(crate) struct Report {
    pub(crate) result: Result<String, Problem>,
    pub(crate) findings: Vec<Finding>,
    /// How far the preflight came, if it was one.
    pub(crate) stages: Vec<StageLine>,
    /// It holds, but says nothing about the steps before it.
    pub(crate) weak: bool,
    /// A token, or an answer that must not be lost.
    pub(crate) issued: Option<Token>,
    pub(crate) candidates: Vec<Candidate>,
    /// A base URL that answered instead of the one that was asked.
    pub(crate) corrected: Option<String>,
    /// Values of the recipe that are known now.
    pub(crate) learned: BTreeMap<String, String>,
    /// What there is to choose from, if it was found out.
    pub(crate) offers: Option<Vec<Offer>>,
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
        Self {
            result,
            findings: Vec::new(),
            stages: Vec::new(),
            weak: false,
            issued: None,
            candidates: Vec::new(),
            corrected: None,
            learned: BTreeMap::new(),
            offers: None,
        }
    }
}

impl Job {
    /// Does it. `watch` hears of arrivals while they happen, `stages` of the preflight's stages as they pass.
    pub(crate) async fn run(self, watch: impl Fn(Arrivals) + Send + Sync, stages: &Watch<'_>) -> Report {
        match self.operation {
            Operation::ReadToken => self.read_token().into(),
            Operation::GreenlakeCreateToken => self.issue(None).await,
            Operation::GreenlakeRotateToken => {
                let remove_current = self.answers.get("rotate-mode").is_some_and(|mode| mode == "remove-current");
                self.issue(Some(remove_current)).await
            }
            Operation::AzionListIdentityProviders => self.list_identity_providers().await,
            Operation::AzionEnableScim => self.enable_scim().await,
            Operation::ScimFindBaseUrl => self.find_base_url(stages).await,
            Operation::ScimTestConnection => self.test_connection(stages).await,
            Operation::ScimFindUser => self.find_user().await,
            Operation::ScimWatchArrivals => self.watch_arrivals(watch).await,
            Operation::ScimWatchChange => self.watch_change().await,
            Operation::ScimOldTokenRefused => self.old_token_refused().await,
            Operation::GroupsPlan => self.plan_groups(),
        }
    }

    fn secret(&self, slot: &str) -> Result<&Secret, Problem> {
        self.secrets.get(slot).ok_or_else(|| {
            Problem::new(Code::Vault, "The token is no longer in your system's keyring.")
                .hint("Paste it again, or issue a new one.")
        })
    }

    fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    fn answer(&self, block: &str) -> &str {
        self.answers.get(block).map_or("", |answer| answer.trim())
    }

    fn who(&self) -> &str {
        &self.guide.target_short
    }

    fn read_token(&self) -> Result<String, Problem> {
        let lifetime = self.guide.slots.get("access-token").and_then(|slot| slot.lifetime_minutes);
        let lifetime = lifetime.map(|minutes| SignedDuration::from_mins(i64::from(minutes)));
        let now = (self.now)();
        let read = token::judge_access_token(self.secret("access-token")?.expose(), now, lifetime)?;
        let about = guard::about(&read.reading);
        let whose = if about.is_empty() { String::new() } else { format!(" {},", about.join(", ")) };
        Ok(format!("A token{whose} with time left."))
    }

    fn api(&self) -> Result<Url, Problem> {
        Url::parse(self.value("api")).map_err(|_| {
            Problem::new(Code::WrongPath, format!("The address of {}'s API is not a whole address.", self.who()))
        })
    }

    fn scim(&self) -> Result<Scim, Problem> {
        Scim::new(&self.http, self.value("scim"), self.secret("scim-token")?, &Journal::new())
    }

    /// A refused SCIM token leads back to the step that gets it, an address that is wrong to the one that asks for it.
    fn leading_back(&self, problem: Problem) -> Problem {
        let asked = self.guide.phases.iter().find(|guide| {
            guide
                .blocks
                .iter()
                .any(|block| matches!(&block.kind, BlockKind::Input(input) if input.gives.as_deref() == Some("scim")))
        });
        let mut problem = match problem.code {
            Code::Unauthorized => {
                problem.hint_go(format!("If it stays, get a new token at {}.", self.who()), Phase::ScimToken)
            }
            Code::Forbidden => problem.hint_go("Look at the role of the account that made the token.", Phase::Role),
            _ => problem,
        };
        if let Some(guide) = asked {
            let shown = problem.hints.iter_mut().filter(|hint| hint.go == Some(Phase::IdpCredentials));
            shown.for_each(|hint| hint.go = Some(guide.phase));
        }
        problem
    }

    async fn issue(&self, rotate: Option<bool>) -> Report {
        let journal = Journal::new();
        let now = (self.now)();
        let asked = async {
            let access = self.secret("access-token")?;
            let api = self.api()?;
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
                let new = if rotate.is_some() { "a new token" } else { "a token" };
                let ended = secret.last_four();
                let proof = format!("{} issued {new} that ends in {ended}.", self.who());
                Report { findings, issued: Some(Token::Known { secret, expires_at }), ..Ok(proof).into() }
            }
            Ok(Issued::Unread { candidates, raw, problem }) => {
                Report { findings, issued: Some(Token::Unread(raw)), candidates, ..Err(problem).into() }
            }
        }
    }
}

impl Report {
    /// What was found, to be kept with the proof or the failure: the stages first.
    pub(crate) fn kept_findings(&mut self) -> Vec<Finding> {
        let row = |line: &StageLine| Finding {
            warn: line.state == State::Warned,
            ..Finding::new(line.stage.title(), line.words.clone(), line.state != State::Failed)
        };
        let looked_at = self.stages.iter().filter(|line| line.state != State::Skipped);
        let mut kept: Vec<Finding> = looked_at.map(row).collect();
        kept.append(&mut self.findings);
        kept
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
    let line = |line: &RequestLine| {
        let answer = line.status.map_or_else(|| "no answer".to_owned(), |status| format!("{status} in {} ms", line.ms));
        let good = line.status.is_some_and(|status| (200..300).contains(&status));
        Finding::new(format!("{} {}", line.method, without_names(&line.path)), answer, good)
    };
    lines.iter().map(line).collect()
}
