//! How every setup stands, for schedulers and monitoring: read from the disk without taking it away from an open window,
//! and asked at the endpoints, several at a time.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tokio::{sync::Semaphore, task::JoinSet};

use crate::{
    error::{Code, Problem},
    health,
    http::Limits,
    recipe::{Guide, Purpose, Recipes},
    secret::Secret,
    setup::{Setup, TOKEN_SLOT},
    store, template, token,
    vault::{Refusals, Vault},
};

/// Endpoints that are asked at the same time.
const AT_ONCE: usize = 16;
/// How long the keyring may take for all of them; it may be asking the person to unlock it.
const KEYRING_PATIENCE: Duration = Duration::from_secs(20);

/// A token that ends sooner is said to end soon, where nobody says otherwise.
pub const SOON: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What is asked.
pub struct Question {
    /// A token that ends sooner needs attention.
    pub within: SignedDuration,
    /// Bounds of one endpoint; `None` asks no endpoint and no keyring.
    pub ask: Option<Limits>,
    /// The moment.
    pub now: Timestamp,
}

/// How one setup stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Id of the setup; the file's name where it cannot be read.
    pub setup: String,
    /// Where the accounts go.
    pub target: String,
    /// Where they come from.
    pub idp: String,
    /// Last four characters of the token in use.
    pub token: Option<String>,
    /// Its end, if known.
    pub ends_at: Option<Timestamp>,
    /// Whole days until then; negative once it has ended.
    pub days_left: Option<i64>,
    /// In one word.
    pub state: State,
    /// Whether somebody should look at it.
    pub attention: bool,
    /// In a sentence or two: the cause, if it is not well.
    pub message: String,
    /// What the endpoint's refusal is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
}

/// How a setup stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Its endpoint accepts the token, or was not asked, and the end is not near or not known.
    Well,
    /// Its token ends soon.
    Ending,
    /// Its token has ended.
    Ended,
    /// Its endpoint does not accept the token, or does not answer as it should.
    Refused,
    /// Nobody answered.
    Unreachable,
    /// The keyring does not give the token.
    NoToken,
    /// Not all six steps are done.
    Unfinished,
    /// Its file cannot be read.
    Unreadable,
}

impl State {
    /// The word in JSON and on the command line.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Ending => "ending",
            Self::Ended => "ended",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::NoToken => "no-token",
            Self::Unfinished => "unfinished",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Every setup of a data folder but those of practice, which are nobody's worry.
///
/// # Errors
/// The folder is not there or cannot be read, or the recipes of this version cannot be used.
pub async fn read(folder: &Path, vault: Arc<dyn Vault>, question: &Question) -> Result<Vec<Line>, Problem> {
    let recipes = Recipes::builtin().map_err(|error| {
        Problem::new(Code::UnreadableFile, format!("A recipe of this version cannot be used: {error}"))
    })?;
    let (setups, unreadable) = store::read_only(folder)?;
    let mut lines: Vec<Line> = unreadable.into_iter().map(|(name, problem)| cannot_be_read(name, &problem)).collect();
    let (rotations, setups): (Vec<Setup>, Vec<Setup>) =
        setups.into_iter().filter(|setup| !setup.practice).partition(|setup| setup.rotates.is_some());
    let rotations: BTreeMap<String, Setup> =
        rotations.into_iter().map(|rotation| (rotation.owner().to_owned(), rotation)).collect();
    let mut known = Vec::new();
    for setup in setups {
        match recipes.guide(&setup.target, &setup.idp, Purpose::Setup, None, &setup.learned) {
            Ok(guide) => known.push((setup, Arc::new(guide))),
            Err(_) => lines.push(no_guide(&setup)),
        }
    }
    let results = match &question.ask {
        Some(limits) => ask_all(&known, &rotations, vault, limits, question.now).await,
        None => BTreeMap::new(),
    };
    let stands = known
        .iter()
        .map(|(setup, guide)| line(setup, rotations.get(&setup.id), guide, results.get(&setup.id), question));
    lines.extend(stands);
    lines.sort_by(|one, other| {
        (!one.attention, one.ends_at, &one.setup).cmp(&(!other.attention, other.ends_at, &other.setup))
    });
    Ok(lines)
}

async fn ask_all(
    all: &[(Setup, Arc<Guide>)],
    rotations: &BTreeMap<String, Setup>,
    vault: Arc<dyn Vault>,
    limits: &Limits,
    now: Timestamp,
) -> BTreeMap<String, Result<(), Problem>> {
    let finished: Vec<&(Setup, Arc<Guide>)> = all.iter().filter(|(setup, _)| setup.can_be_asked()).collect();
    let key = |setup: &Setup| format!("{}/{TOKEN_SLOT}", setup.in_use(rotations.get(&setup.id)).id);
    let keys = finished.iter().map(|(setup, _)| (setup.id.clone(), key(setup))).collect();
    let mut tokens = tokens(keys, vault).await;
    let gate = Arc::new(Semaphore::new(AT_ONCE));
    let mut asking = JoinSet::new();
    for (setup, guide) in finished {
        let id = setup.id.clone();
        let token = tokens.remove(&id).unwrap_or_else(|| Err(keyring_silent()));
        let (guide, gate, limits) = (guide.clone(), gate.clone(), limits.clone());
        let scim = setup.learned.get("scim").or_else(|| guide.values.get("scim")).cloned().unwrap_or_default();
        asking.spawn(async move {
            let _turn = gate.acquire().await;
            let result = match token {
                Ok(token) => health::ask(&guide, &scim, &token, limits, now).await,
                Err(problem) => Err(problem),
            };
            (id, result)
        });
    }
    let mut results = BTreeMap::new();
    while let Some(ended) = asking.join_next().await {
        if let Ok((id, result)) = ended {
            results.insert(id, result);
        }
    }
    results
}

/// From the keyring, one after the other: it answers in a millisecond, or not at all.
async fn tokens(keys: Vec<(String, String)>, vault: Arc<dyn Vault>) -> BTreeMap<String, Result<Secret, Problem>> {
    let missing = || Problem::new(Code::Vault, "The token is not in this system's keyring.");
    let read = tokio::task::spawn_blocking(move || {
        let mut refusals = Refusals::default();
        let mut tokens = BTreeMap::new();
        for (id, key) in keys {
            let token = refusals.enough().map_or_else(|| vault.get(&key), Err);
            refusals.hear(&token);
            tokens.insert(id, token.and_then(|found| found.ok_or_else(missing)));
        }
        tokens
    });
    match tokio::time::timeout(KEYRING_PATIENCE, read).await {
        Ok(Ok(tokens)) => tokens,
        Ok(Err(_)) | Err(_) => BTreeMap::new(),
    }
}

fn keyring_silent() -> Problem {
    Problem::new(Code::Vault, "This system's keyring has not answered for 20 seconds.")
}

/// How a setup stands, with what its endpoint said, if it was asked.
pub fn line(
    setup: &Setup,
    rotation: Option<&Setup>,
    guide: &Guide,
    asked: Option<&Result<(), Problem>>,
    question: &Question,
) -> Line {
    let facts = setup.in_use(rotation).token();
    let ends_at = facts.and_then(|facts| facts.expires_at);
    let left = ends_at.map(|end| token::left(end, question.now));
    let end = match left {
        None => "The token's end is not known.".to_owned(),
        Some(left) if left.is_positive() => format!("The token ends in {}.", token::words(left)),
        Some(left) => format!("The token {}.", token::left_in_words(left)),
    };
    let problem = asked.and_then(|result| result.as_ref().err());
    let state = match (problem, left) {
        _ if setup.finished_at.is_none() => State::Unfinished,
        _ if facts.is_none() => State::NoToken,
        // An end that was entered may be a day early.
        (_, Some(left)) if !left.is_positive() && !matches!(asked, Some(Ok(()))) => State::Ended,
        (Some(problem), _) => state_of(problem.code),
        (None, Some(left)) if left < question.within => State::Ending,
        (None, _) => State::Well,
    };
    let message = match (state, problem) {
        (State::Unfinished, _) => "Not all six steps are done.".to_owned(),
        (State::NoToken, None) => {
            "Its token was lost on this computer; the identity provider may still have it.".to_owned()
        }
        (State::Ending, None) if left.is_some_and(|left| !left.is_positive()) => {
            "Its endpoint still accepts the token, although its end has come.".to_owned()
        }
        (_, Some(problem)) => format!("{} {end}", template::plain(&problem.message)),
        (_, None) => end,
    };
    Line {
        setup: setup.id.clone(),
        target: guide.target_name.clone(),
        idp: guide.idp_name.clone(),
        token: facts.map(|facts| facts.last_four.clone()),
        ends_at,
        days_left: left.map(|left| left.as_secs().div_euclid(86_400)),
        state,
        attention: !matches!(state, State::Well | State::Unfinished),
        message,
        code: problem.map(|problem| problem.code),
    }
}

fn state_of(code: Code) -> State {
    match code {
        Code::Vault => State::NoToken,
        Code::Dns | Code::Connect | Code::Timeout | Code::Tls | Code::Proxy | Code::RateLimited | Code::ServerError => {
            State::Unreachable
        }
        _ => State::Refused,
    }
}

fn cannot_be_read(name: String, problem: &Problem) -> Line {
    bare(name, State::Unreadable, template::plain(&problem.message))
}

fn no_guide(setup: &Setup) -> Line {
    let text = "It is between systems that this version of Usher has no guide for.";
    Line {
        target: setup.target.clone(),
        idp: setup.idp.clone(),
        ..bare(setup.id.clone(), State::Unreadable, text.to_owned())
    }
}

fn bare(setup: String, state: State, message: String) -> Line {
    Line {
        setup,
        target: String::new(),
        idp: String::new(),
        token: None,
        ends_at: None,
        days_left: None,
        state,
        attention: true,
        message,
        code: None,
    }
}
