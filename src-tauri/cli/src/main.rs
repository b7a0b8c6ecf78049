//! Usher without a window: rehearse, sandbox, check, status, lint, people, verify, diagnose. What the six steps are and what an
//! endpoint must answer is the core's; here, arguments are read and results are printed, and the administrator of the
//! library works in between.

mod args;
mod check;
mod diagnose;
mod guide;
mod input;
mod interrupt;
mod lint;
mod list;
mod out;
mod people;
mod rehearse;
mod sandbox;
mod status;
mod verify;

use std::{io::IsTerminal as _, process::ExitCode};

use clap::Parser as _;
use tracing_subscriber::EnvFilter;

use crate::args::{Cli, Command};

/// How a command ended, as a script sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It holds.
    Proven,
    /// It does not.
    Refused,
    /// It was called in a way that makes no sense.
    WrongUse,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Proven => Self::SUCCESS,
            Outcome::Refused => Self::from(1),
            Outcome::WrongUse => Self::from(2),
        }
    }
}

fn main() -> ExitCode {
    listen_to_log_wishes();
    let arguments: Vec<_> = std::env::args_os().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return not_understood(&error, &arguments).into(),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            out::note(&format!("usher-cli could not start: {error}"));
            return Outcome::Refused.into();
        }
    };
    let outcome = runtime.block_on(async {
        match cli.command {
            Command::Rehearse(wanted) => rehearse::run(wanted).await,
            Command::Sandbox(wanted) => sandbox::run(wanted).await,
            Command::Check(wanted) => check::run(wanted).await,
            Command::Status(wanted) => status::run(wanted).await,
            Command::Lint(wanted) => lint::run(&wanted),
            Command::Diagnose(wanted) => diagnose::run(&wanted),
            Command::People(wanted) => people::run(wanted).await,
            Command::Verify(wanted) => verify::run(wanted).await,
        }
    });
    // A resolver or a keyring that still waits in a thread must not keep the command from ending.
    runtime.shutdown_background();
    if out::lost() && outcome == Outcome::Proven {
        return Outcome::Refused.into();
    }
    outcome.into()
}

/// Help and version go to standard output; what cannot be understood goes to standard error, and for a command that is
/// to speak JSON to standard output too.
fn not_understood(error: &clap::Error, arguments: &[std::ffi::OsString]) -> Outcome {
    if let Err(error) = error.print() {
        tracing::debug!(%error, "nobody reads the output");
    }
    if !error.use_stderr() {
        return Outcome::Proven;
    }
    if let Some(command) = args::asks_for_json(arguments) {
        let text = error.to_string();
        let message = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
        check::Finding::wrong_use(message, &[&format!("usher-cli {command} --help says what is expected.")])
            .print(true);
    }
    Outcome::WrongUse
}

fn listen_to_log_wishes() {
    let Ok(wish) = std::env::var("USHER_LOG") else { return };
    match EnvFilter::try_new(&wish) {
        Ok(filter) => tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
            .init(),
        Err(error) => out::note(&format!("USHER_LOG is not a log filter ({error}); going on without a log.")),
    }
}
