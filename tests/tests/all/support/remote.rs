//! Usher in a process of its own, so that it can be killed: actions go in line by line, views come out. Its vault is a
//! folder of files, which outlives the process as a keyring does.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};
use usher_core::{
    Action, App, Code, Problem, Secret, View,
    app::{Config, World},
    vault::Vault,
};

use super::stage::limits;

/// What tells a test process that it is the other one.
const FOLDER: &str = "USHER_TEST_REMOTE_FOLDER";
const ADDRESSES: &str = "USHER_TEST_REMOTE_ADDRESSES";

/// A secret in each file, written whole or not at all.
pub(crate) struct Files(pub(crate) PathBuf);

impl Files {
    fn path(&self, key: &str) -> PathBuf {
        self.0.join(key.replace('/', "%"))
    }

    pub(crate) fn holds(&self, key: &str) -> Option<String> {
        fs::read_to_string(self.path(key)).ok()
    }

    /// As a keyring is locked: nothing goes in or comes out.
    pub(crate) fn lock(&self, locked: bool) {
        let mark = self.0.with_extension("locked");
        if locked {
            fs::write(mark, "").expect("there is room");
        } else {
            fs::remove_file(mark).expect("it was locked");
        }
    }

    fn open(&self) -> Result<(), Problem> {
        let locked = self.0.with_extension("locked").exists();
        if locked { Err(Problem::new(Code::Vault, "Your system's keyring is locked.")) } else { Ok(()) }
    }

    /// Every key.
    pub(crate) fn keys(&self) -> Vec<String> {
        let files = fs::read_dir(&self.0).expect("the folder is there").flatten();
        let name = |file: fs::DirEntry| file.file_name().to_string_lossy().replace('%', "/");
        files.map(name).filter(|name| !name.ends_with(".new")).collect()
    }
}

impl Vault for Files {
    fn put(&self, key: &str, secret: &Secret) -> Result<(), Problem> {
        self.open()?;
        let path = self.path(key);
        let beside = path.with_extension("new");
        fs::write(&beside, secret.expose()).expect("there is room");
        fs::rename(beside, path).expect("it can be renamed");
        Ok(())
    }

    fn get(&self, key: &str) -> Result<Option<Secret>, Problem> {
        self.open()?;
        Ok(self.holds(key).map(Secret::new))
    }

    fn remove(&self, key: &str) -> Result<(), Problem> {
        self.open()?;
        let _ = fs::remove_file(self.path(key));
        Ok(())
    }
}

pub(crate) fn vault(folder: &Path) -> Files {
    let path = folder.join("vault");
    fs::create_dir_all(&path).expect("there is room");
    Files(path)
}

/// Where the other process writes its log.
pub(crate) fn log(folder: &Path) -> PathBuf {
    folder.join("log.txt")
}

/// The other process's part: nothing in a usual run of the tests.
pub(crate) async fn serve() {
    let (Ok(folder), Ok(addresses)) = (std::env::var(FOLDER), std::env::var(ADDRESSES)) else { return };
    let folder = PathBuf::from(folder);
    let addresses: BTreeMap<String, String> = serde_json::from_str(&addresses).expect("addresses");
    // Everything that is ever logged, for whoever looks for secrets in it.
    let log = fs::OpenOptions::new().create(true).append(true).open(log(&folder)).expect("there is room");
    tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).with_writer(Arc::new(log)).init();
    let vault = || Arc::new(vault(&folder));
    let mut config = Config::new(folder.join("data"), folder.join("documents"), vault(), vault());
    config.limits = limits();
    config.patience = Duration::from_secs(20);
    config.practice = Some(Arc::new(move |_| {
        let addresses = addresses.clone();
        Box::pin(async move { Ok(World { addresses, guard: Box::new(()) }) })
    }));
    let app = App::open(config);
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let mut out = tokio::io::stdout();
    while let Ok(Some(line)) = lines.next_line().await {
        let asked: Value = serde_json::from_str(&line).expect("JSON");
        let answer = match asked["copy"].as_str() {
            Some(id) => json!(app.copyable(id).await.ok().map(|found| found.value.expose().to_owned())),
            None if asked["act"].is_null() => json!(app.view()),
            None => {
                let action: Action = serde_json::from_value(asked["act"].clone()).expect("an action");
                json!(app.act(action).await)
            }
        };
        // A line break of its own before it: the test harness writes to the same place.
        out.write_all(format!("\n{MARK}{answer}\n").as_bytes()).await.expect("the test reads");
        out.flush().await.expect("the test reads");
    }
    std::process::exit(0);
}

/// Tells an answer from what the test harness prints.
const MARK: &str = "@@";

/// The way to the other process.
pub(crate) struct Remote {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Remote {
    /// Starts it; `test` is the test that calls [`serve`].
    pub(crate) fn start(folder: &Path, addresses: &BTreeMap<String, String>, test: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("a test has a program"))
            .args(["--exact", test, "--nocapture", "--test-threads=1"])
            .env(FOLDER, folder)
            .env(ADDRESSES, serde_json::to_string(addresses).expect("texts"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("it starts");
        let input = child.stdin.take().expect("it is piped");
        let output = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        Self { child, input, output }
    }

    /// SIGKILL, and nothing before it.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.expect("it runs");
    }

    pub(crate) async fn send(&mut self, asked: &Value) {
        self.input.write_all(format!("{asked}\n").as_bytes()).await.expect("it listens");
        self.input.flush().await.expect("it listens");
    }

    async fn answer(&mut self) -> Value {
        let read = async {
            while let Some(line) = self.output.next_line().await.expect("text") {
                if let Some(answer) = line.strip_prefix(MARK) {
                    return serde_json::from_str(answer).expect("JSON");
                }
            }
            panic!("the other process has ended");
        };
        tokio::time::timeout(Duration::from_secs(60), read).await.expect("it answers")
    }

    pub(crate) async fn act(&mut self, action: &Value) -> View {
        self.send(&json!({ "act": action })).await;
        serde_json::from_value(self.answer().await).expect("a view")
    }

    pub(crate) async fn view(&mut self) -> View {
        self.send(&json!({})).await;
        serde_json::from_value(self.answer().await).expect("a view")
    }

    pub(crate) async fn copy(&mut self, id: &str) -> Option<String> {
        self.send(&json!({ "copy": id })).await;
        self.answer().await.as_str().map(str::to_owned)
    }
}
