//! The program under test and the driver that moves it.

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use fantoccini::{ClientBuilder, wd::Capabilities};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::{
    desktop::{Desktop, Running, signal},
    window::{Window, in_time},
};

const PATIENCE: Duration = Duration::from_secs(30);
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// A running Usher with its driver. Each has a driver of its own, because a driver serves one session.
pub(crate) struct Program {
    pub(crate) window: Window,
    processes: Vec<u32>,
    _driver: Running,
}

impl Program {
    /// Starts Usher on this desktop and waits until its page is there.
    pub(crate) async fn start(desktop: &Desktop) -> Self {
        let binary = tool("USHER_BINARY", "target/debug/usher");
        let (port, native_port) = (free_port(), free_port());
        let mut driver = desktop.command(tool("USHER_TAURI_DRIVER", "target/tools/bin/tauri-driver"));
        driver.args(["--port", &port.to_string(), "--native-port", &native_port.to_string()]);
        let log = fs::OpenOptions::new().create(true).append(true).open(desktop.path().join("usher.log")).unwrap();
        driver.env("USHER_LOG", "trace").stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let others = processes_of(&binary, desktop);
        let driver = Running::start(driver);
        wait_until_ready(port).await;

        let mut capabilities = Capabilities::new();
        capabilities.insert("tauri:options".to_owned(), json!({ "application": binary }));
        let address = format!("http://127.0.0.1:{port}");
        let mut client = ClientBuilder::new(HttpConnector::new());
        let window = Window::new(in_time("start Usher", client.capabilities(capabilities).connect(&address)).await);
        window.drawn().await;
        let processes = processes_of(&binary, desktop).into_iter().filter(|it| !others.contains(it)).collect();
        Self { window, processes, _driver: driver }
    }

    /// The power fails.
    pub(crate) fn kill(self) {
        self.processes.iter().for_each(|process| signal(*process, "KILL"));
        self.ended();
    }

    /// The admin closes the window.
    pub(crate) async fn close(self) {
        self.window.close().await;
        self.ended();
    }

    /// Waits until nothing is left of it but its entry in the list of processes. Its first thread can be gone before
    /// the others, and only with the last one are its files closed.
    fn ended(&self) {
        let lives = |process: &u32| {
            let directory = PathBuf::from(format!("/proc/{process}"));
            let status = fs::read_to_string(directory.join("stat")).unwrap_or_default();
            let threads = fs::read_dir(directory.join("task")).map_or(0, Iterator::count);
            threads > 1 || status.rsplit(')').next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with(" Z"))
        };
        let begin = Instant::now();
        while self.processes.iter().any(lives) {
            assert!(begin.elapsed() < PATIENCE, "Usher did not end");
            std::thread::sleep(BETWEEN_LOOKS);
        }
    }
}

/// The tool that the variable names, or where `make` puts it.
pub(crate) fn tool(variable: &str, usual: &str) -> PathBuf {
    let usual = || Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(usual);
    let path = env::var_os(variable).map_or_else(usual, PathBuf::from);
    path.canonicalize().unwrap_or_else(|_| panic!("{} is missing ({variable}): `make e2e` builds it", path.display()))
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// A driver accepts connections before it can serve them, so its own word counts.
async fn wait_until_ready(port: u16) {
    let begin = Instant::now();
    let ready =
        async || reqwest::get(format!("http://127.0.0.1:{port}/status")).await.is_ok_and(|it| it.status().is_success());
    while !ready().await {
        assert!(begin.elapsed() < PATIENCE, "tauri-driver did not come up");
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}

/// The Ushers of this desktop: same program, same data directory.
fn processes_of(binary: &Path, desktop: &Desktop) -> Vec<u32> {
    let ours = format!("USHER_DATA_DIR={}", desktop.path().join("usher").display());
    let is_ours = |process: &Path| {
        fs::read_link(process.join("exe")).is_ok_and(|it| it == binary)
            && fs::read(process.join("environ"))
                .is_ok_and(|it| it.split(|byte| *byte == 0).any(|it| it == ours.as_bytes()))
    };
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    processes.filter(|it| is_ours(it)).filter_map(|it| it.file_name()?.to_str()?.parse().ok()).collect()
}
