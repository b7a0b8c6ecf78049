//! Runs the real program.

use std::{
    io::{Read, Write as _},
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

/// What no output may ever show.
pub(crate) const TOKEN: &str = "canary-4711-Zq8Xw2Lp9Rt5Yb3Nc7Vd";

/// How the program ended and what it said.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The one JSON object on standard output.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

/// The program with nothing of this machine's environment that would change what it does.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_usher-cli"));
    for name in ["USHER_TOKEN", "USHER_LOG", "SSL_CERT_FILE", "SSL_CERT_DIR", "NO_COLOR"] {
        command.env_remove(name);
    }
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command.stdin(Stdio::null());
    command
}

/// However silent the other side is: a program that takes longer is ended, and has no exit code then.
const LONGEST: Duration = Duration::from_secs(300);

pub(crate) fn run(command: &mut Command) -> Run {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let (stdout, stderr) = (child.stdout.take().expect("it is piped"), child.stderr.take().expect("it is piped"));
    let (stdout, stderr) = (std::thread::spawn(|| all_of(stdout)), std::thread::spawn(|| all_of(stderr)));
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            break status;
        }
        if began.elapsed() > LONGEST {
            child.kill().expect("it can be ended");
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let (stdout, stderr) = (stdout.join().expect("it is read"), stderr.join().expect("it is read"));
    finished(Output { status, stdout, stderr })
}

fn all_of(mut output: impl Read) -> Vec<u8> {
    let mut all = Vec::new();
    output.read_to_end(&mut all).expect("it can be read");
    all
}

/// With a reader of standard output that goes away at once.
pub(crate) fn run_for_nobody(command: &mut Command) -> Run {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    drop(child.stdout.take());
    finished(child.wait_with_output().expect("the program ends"))
}

/// With something on standard input.
pub(crate) fn run_with(command: &mut Command, input: &[u8]) -> Run {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that refuses its arguments does not read on.
    let _ = child.stdin.take().expect("BUG: it is piped").write_all(input);
    finished(child.wait_with_output().expect("the program ends"))
}

fn finished(output: Output) -> Run {
    Run {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
    }
}

/// `check --json` with the canary token on standard input.
pub(crate) fn check(url: &str, more: &[&str]) -> Run {
    let mut command = program();
    command.args(["check", "--json", "--url", url]).args(more);
    if !more.contains(&"--idp") {
        command.args(["--idp", "entra"]);
    }
    run_with(&mut command, TOKEN.as_bytes())
}
