//! `usher-cli status`: a line for every connection, for schedulers and monitoring. The looking is the core's.

use std::{io::IsTerminal as _, sync::Arc, time::Duration};

use jiff::Timestamp;
use serde::Serialize;
use usher_core::{
    http::Limits,
    places,
    status::{self, Line, Question},
    vault::KeyringVault,
};

use crate::{Outcome, args, out};

/// What a script reads: these names and no others.
#[derive(Serialize)]
struct Report<'a> {
    ok: bool,
    connections: &'a [Line],
    /// Why nothing could be seen at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'a str>,
}

pub(crate) async fn run(wanted: args::Status) -> Outcome {
    let ask = (!wanted.offline).then(|| limits(wanted.timeout));
    if ask.is_some() && std::io::stderr().is_terminal() {
        out::note("Asking the endpoints …");
    }
    let question = Question { within: wanted.within, ask, now: Timestamp::now() };
    let vault = Arc::new(KeyringVault::new(KeyringVault::SERVICE));
    let lines = match status::read(&places::data_dir(), vault, &question).await {
        Ok(lines) => lines,
        Err(problem) => {
            let problem = out::sentence(&problem.message);
            if wanted.json {
                out::json(&Report { ok: false, connections: &[], problem: Some(&problem) });
            }
            out::note(&problem);
            return Outcome::Refused;
        }
    };
    let ok = lines.iter().all(|line| !line.attention);
    if wanted.json {
        out::json(&Report { ok, connections: &lines, problem: None });
    } else if lines.is_empty() {
        out::line("There is no connection on this computer.");
    } else {
        lines.iter().for_each(|line| out::line(&readable(line)));
    }
    if ok { Outcome::Proven } else { Outcome::Refused }
}

/// One try, and a second one where the line may only have stumbled.
fn limits(seconds: u64) -> Limits {
    let defaults = Limits::default();
    let total = Duration::from_secs(seconds);
    Limits { total, connect: defaults.connect.min(total), retries: 1, ..defaults }
}

/// `attention  ended        AWS … <- Entra …  3f9c  The token ended 3 days ago.`
pub(crate) fn readable(line: &Line) -> String {
    let mark = if line.attention { "attention" } else { "ok" };
    let pair = match (line.target.as_str(), line.idp.as_str()) {
        ("", _) => String::new(),
        (target, idp) => format!("  {} <- {}", out::sentence(target), out::sentence(idp)),
    };
    let token = line.token.as_deref().map_or_else(String::new, |token| format!("  …{}", out::sentence(token)));
    format!("{mark:<9}  {:<11}{pair}{token}  {}", line.state.slug(), out::sentence(&line.message))
}
