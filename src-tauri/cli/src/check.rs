//! `usher-cli check`: asks a SCIM endpoint what the identity provider's own test will ask. The asking is the core's;
//! here are the ways in (where the token comes from) and out (JSON or a page of text).

use std::{
    io::{IsTerminal as _, Read as _},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use serde::Serialize;
use usher_core::{
    Problem, Secret,
    class::Class,
    http::{Http, Limits, RequestLine},
    systems::probe::{self, IdpStyle, Report, ReportCode, StageLine, State},
    token,
};

use crate::{Outcome, args, out};

/// More than any token; reading stops there.
const LONGEST_INPUT: u64 = 64 * 1024;
/// Characters of a path that are shown; the list is not cut elsewhere.
const LONGEST_PATH: usize = 300;
/// Characters of a corrected URL; a longer one is not a base URL.
const LONGEST_URL: usize = 2_000;
const TOKEN_HINT: &str =
    "Set USHER_TOKEN, or pipe the token in: secret-tool lookup … | usher-cli check --url … --idp entra";

pub(crate) async fn run(wanted: args::Check) -> Outcome {
    let json = wanted.json;
    let finding = find(wanted).await.unwrap_or_else(|finding| *finding);
    finding.print(json);
    finding.outcome()
}

async fn find(wanted: args::Check) -> Result<Finding, Box<Finding>> {
    refuse_tokens_in_arguments(&wanted)?;
    let token = token()?;
    let style = if wanted.idp == "okta" { IdpStyle::Okta } else { IdpStyle::Entra };
    let http = Http::with(limits(wanted.timeout)).map_err(|problem| Box::new(Finding::from_problem(&problem)))?;
    let progress = Progress::default();
    let watch = |lines: &[StageLine]| progress.show(lines);
    let report = probe::preflight(&http, &wanted.url, &token, style, Timestamp::now(), &watch).await;
    Ok(Finding::from_report(&report))
}

/// Each stage as it is decided, for who sits before a terminal; the whole table comes on standard output.
#[derive(Default)]
struct Progress {
    shown: Mutex<Vec<StageLine>>,
}

impl Progress {
    fn show(&self, lines: &[StageLine]) {
        if !std::io::stderr().is_terminal() {
            return;
        }
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let decided = |line: &&StageLine| !matches!(line.state, State::Waiting | State::Running);
        for line in lines.iter().filter(decided) {
            if !shown.iter().any(|earlier| (earlier.stage, earlier.state) == (line.stage, line.state)) {
                out::note(&Stage::from(line).readable());
                shown.push(line.clone());
            }
        }
    }
}

fn refuse_tokens_in_arguments(wanted: &args::Check) -> Result<(), Box<Finding>> {
    if wanted.token.is_some() {
        return Err(Finding::wrong_use(
            "A token is not taken as an argument: every program on this computer can read the arguments, and the shell keeps \
             them in its history.",
            &[TOKEN_HINT, "If it was a real token, take it out of the shell's history, or rotate it."],
        ));
    }
    if !wanted.stray.is_empty() {
        return Err(Finding::wrong_use(
            "There is a value without a name among the arguments. It is not repeated here, because it may be a token.",
            &["The URL is given as --url, the identity provider as --idp.", TOKEN_HINT],
        ));
    }
    Ok(())
}

/// USHER_TOKEN if it is set; only then is standard input left alone, so that a script whose input never ends does not wait.
pub(crate) fn token() -> Result<Secret, Box<Finding>> {
    let raw = match std::env::var("USHER_TOKEN") {
        Ok(value) if !value.trim().is_empty() => value,
        Err(std::env::VarError::NotUnicode(_)) => {
            return Err(Finding::wrong_use("USHER_TOKEN holds bytes that are not text.", &["Copy the token again."]));
        }
        Ok(_) | Err(std::env::VarError::NotPresent) => typed_in()?,
    };
    let token = token::clean(&raw);
    if token.is_empty() {
        return Err(Finding::wrong_use(
            "There is no token: standard input is empty and USHER_TOKEN is not set.",
            &[TOKEN_HINT],
        ));
    }
    Ok(token)
}

fn typed_in() -> Result<String, Box<Finding>> {
    let input = std::io::stdin();
    if input.is_terminal() {
        return Err(Finding::wrong_use(
            "There is no token: USHER_TOKEN is not set, and nothing is piped in. Typed here, it would stay on the screen.",
            &[TOKEN_HINT],
        ));
    }
    let mut bytes = Vec::new();
    let unreadable = || Finding::wrong_use("What stands on standard input is not a token.", &[TOKEN_HINT]);
    input.lock().take(LONGEST_INPUT + 1).read_to_end(&mut bytes).map_err(|_| unreadable())?;
    if bytes.len() as u64 > LONGEST_INPUT {
        return Err(unreadable());
    }
    String::from_utf8(bytes).map_err(|_| unreadable())
}

pub(crate) fn limits(seconds: u64) -> Limits {
    let defaults = Limits::default();
    let total = Duration::from_secs(seconds);
    Limits { total, connect: defaults.connect.min(total), ..defaults }
}

/// What a script reads: these names and no others.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Finding {
    ok: bool,
    code: String,
    class: Option<Class>,
    message: String,
    hints: Vec<String>,
    corrected_url: Option<String>,
    stages: Vec<Stage>,
    ms: u64,
    seen_from: String,
    requests: Vec<Request>,
}

#[derive(Debug, Serialize)]
struct Stage {
    stage: String,
    state: String,
    class: Option<Class>,
    words: String,
    ms: u64,
    #[serde(skip)]
    title: &'static str,
}

#[derive(Debug, Serialize)]
struct Request {
    method: String,
    path: String,
    status: Option<u16>,
    ms: u64,
}

impl Finding {
    pub(crate) fn wrong_use(message: &str, hints: &[&str]) -> Box<Self> {
        Box::new(Self::unasked(ReportCode::WrongUse, message, hints.iter().copied()))
    }

    /// The same in the words of a problem: what was handed over is not what it should be.
    pub(crate) fn not_usable(problem: &Problem) -> Box<Self> {
        let hints: Vec<&str> = problem.hints.iter().map(|hint| hint.text.as_str()).collect();
        Self::wrong_use(&problem.message, &hints)
    }

    fn from_report(report: &Report) -> Self {
        Self {
            ok: report.ok,
            code: word(report.code),
            class: report.class,
            message: out::sentence(&report.message),
            hints: report.hints.iter().map(|hint| out::sentence(hint)).collect(),
            corrected_url: report.corrected_url.as_deref().map(|url| out::plain(url, LONGEST_URL)),
            stages: report.stages.iter().map(Stage::from).collect(),
            ms: report.ms,
            seen_from: out::sentence(&report.seen_from),
            requests: report.requests.iter().map(Request::from).collect(),
        }
    }

    pub(crate) fn from_problem(problem: &Problem) -> Self {
        Self::unasked(problem.code, &problem.message, problem.hints.iter().map(|hint| hint.text.as_str()))
    }

    fn unasked<'a>(code: impl Serialize, message: &str, hints: impl Iterator<Item = &'a str>) -> Self {
        Self {
            ok: false,
            code: word(code),
            class: None,
            message: out::sentence(message),
            hints: hints.map(out::sentence).collect(),
            corrected_url: None,
            stages: Vec::new(),
            ms: 0,
            seen_from: String::new(),
            requests: Vec::new(),
        }
    }

    pub(crate) fn outcome(&self) -> Outcome {
        match () {
            () if self.ok => Outcome::Proven,
            () if self.code == word(ReportCode::WrongUse) => Outcome::WrongUse,
            () => Outcome::Refused,
        }
    }

    pub(crate) fn print(&self, json: bool) {
        if json {
            out::json(self);
        } else {
            out::line(&self.readable());
        }
    }

    fn readable(&self) -> String {
        let verdict = match self.outcome() {
            Outcome::Proven => "Proven",
            Outcome::Refused => "Not proven",
            Outcome::WrongUse => "Not asked",
        };
        let mut text = format!("{verdict} ({}): {}", self.code, self.message);
        for hint in &self.hints {
            text.push_str(&format!("\n  - {hint}"));
        }
        if !self.stages.is_empty() {
            text.push_str(&format!("\n\nStages ({} ms in all)", self.ms));
        }
        for stage in &self.stages {
            text.push_str(&format!("\n  {}", stage.readable()));
        }
        if !self.requests.is_empty() {
            text.push_str("\n\nRequests");
        }
        for request in &self.requests {
            let status = request.status.map_or_else(|| "none".to_owned(), |status| status.to_string());
            text.push_str(&format!("\n  {:<4} {:>4} {:>6} ms  {}", request.method, status, request.ms, request.path));
        }
        if !self.seen_from.is_empty() {
            text.push_str(&format!("\n\n{}", self.seen_from));
        }
        text
    }
}

impl Stage {
    fn readable(&self) -> String {
        let class = self.class.map_or_else(String::new, |class| format!(" [{class}]"));
        format!("{:<7} {:<10} {:>6} ms  {}{class}", self.state, self.title, self.ms, self.words)
    }
}

impl From<&StageLine> for Stage {
    fn from(line: &StageLine) -> Self {
        Self {
            stage: word(line.stage),
            state: word(line.state),
            class: line.class,
            words: out::sentence(&line.words),
            ms: line.ms,
            title: line.stage.title(),
        }
    }
}

impl From<&RequestLine> for Request {
    fn from(line: &RequestLine) -> Self {
        Self {
            method: out::plain(&line.method, 10),
            path: out::plain(&line.path, LONGEST_PATH),
            status: line.status,
            ms: line.ms,
        }
    }
}

/// The one word, as it is written in JSON.
fn word(code: impl Serialize) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(_) | Err(_) => unreachable!("BUG: codes are written as one word"),
    }
}
