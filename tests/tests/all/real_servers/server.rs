//! Starts one of the servers that nobody here wrote, on a port of its own, and fills it.

use std::{
    collections::VecDeque,
    io::Write as _,
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, BufReader},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    sync::mpsc::{self, UnboundedSender},
    time::timeout,
};
use usher_core::http::Http;

use crate::support::tools::{client, installed, root};

pub(crate) const TOKEN: &str = "third-party-token-0123456789abcdef";

/// The group that [`Server::fill`] makes; the first two people are in it.
pub(crate) const GROUP: &str = "SCIM pilot";

/// Lines of a server's log that are kept.
const LOG: usize = 60;

type Log = Arc<Mutex<VecDeque<String>>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// PyPI scim2-server.
    Scim2Server,
    /// npm scimmy and scimmy-routers.
    ScimmyExpress4,
    /// The same; here they lose `count` and `startIndex` (facts/measured.md).
    ScimmyExpress5,
    /// PyPI django-scim2.
    DjangoScim2,
}

/// A running server; it ends when dropped, and shows its log if the test failed.
pub(crate) struct Server {
    pub(crate) base: String,
    /// Ours; one for all that is asked of this server.
    pub(crate) http: Http,
    kind: Kind,
    child: Child,
    client: reqwest::Client,
    log: Log,
}

impl Server {
    pub(crate) async fn start(kind: Kind) -> Self {
        let mut command = command(kind).await;
        let child = command
            .env("SCIM_TOKEN", TOKEN)
            .env("PYTHONUNBUFFERED", "1")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("it can be started");
        let http = Http::new().expect("there is a trust store");
        let mut server = Self { base: String::new(), http, kind, child, client: client(), log: Log::default() };
        let (said, mut lines) = mpsc::unbounded_channel();
        follow(server.child.stdout.take().expect("it is piped"), &server.log, said.clone());
        follow(server.child.stderr.take().expect("it is piped"), &server.log, said);
        let listens = async {
            while let Some(line) = lines.recv().await {
                // scim2-server says "Serving SCIM on http://…", ours "Listening at http://…", each with the whole base URL.
                if line.contains("Serving SCIM") || line.starts_with("Listening at") {
                    return line[line.find("http://").expect("it says where")..]
                        .trim()
                        .trim_end_matches('/')
                        .to_owned();
                }
            }
            panic!("{kind:?} ended at once");
        };
        server.base = timeout(Duration::from_secs(60), listens).await.expect("it listens within a minute");
        timeout(Duration::from_secs(30), reachable(&server.base)).await.expect("it is reachable");
        server
    }

    /// Its address, where nobody listens any more.
    pub(crate) async fn stop(mut self) -> String {
        self.child.kill().await.expect("it ends");
        self.base.clone()
    }

    /// As many people, a group, and the first two of the people in it; the ids of the people.
    pub(crate) async fn fill(&self, people: u32) -> Vec<String> {
        let mut ids = Vec::new();
        for number in 1..=people {
            ids.push(self.create("Users", &user(number)).await);
        }
        let schemas = ["urn:ietf:params:scim:schemas:core:2.0:Group"];
        let group = self.create("Groups", &json!({ "schemas": schemas, "displayName": GROUP })).await;
        // As Entra does: django-scim2 takes no members along with a new group.
        let members: Vec<Value> = ids.iter().take(2).map(|id| json!({ "value": id })).collect();
        let patch = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "add", "path": "members", "value": members }],
        });
        let (status, answer) = self.send(self.client.patch(format!("{}/Groups/{group}", self.base)), &patch).await;
        assert!(status == 200 || status == 204, "{:?}: {status} {answer}", self.kind);
        ids
    }

    /// The id of what was made.
    pub(crate) async fn create(&self, path: &str, body: &Value) -> String {
        let (status, answer) = self.send(self.client.post(format!("{}/{path}", self.base)), body).await;
        assert_eq!(status, 201, "{:?}: {answer}", self.kind);
        let created: Value = serde_json::from_str(&answer).expect("it is JSON");
        created["id"].as_str().expect("it has an id").to_owned()
    }

    async fn send(&self, request: reqwest::RequestBuilder, body: &Value) -> (u16, String) {
        let request = request.bearer_auth(TOKEN).header("content-type", "application/scim+json").body(body.to_string());
        let answer = request.send().await.expect("it answers");
        (answer.status().as_u16(), answer.text().await.expect("it ends"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
            let lines: String = log.iter().map(|line| format!("  {line}\n")).collect();
            let _ = write!(std::io::stderr(), "The end of the log of {:?}:\n{lines}", self.kind);
        }
    }
}

pub(crate) fn name(number: u32) -> String {
    format!("person{number:03}@example.com")
}

fn user(number: u32) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name(number),
        "displayName": format!("Person {number}"),
        "name": { "givenName": "Person", "familyName": number.to_string() },
        "emails": [{ "value": name(number), "type": "work", "primary": true }],
        "active": true,
    })
}

async fn command(kind: Kind) -> Command {
    let scimmy = |variable, express| {
        let mut command = Command::new("node");
        let libraries = installed(variable, &format!("target/tools/scimmy/{express}/package.json"));
        command.arg(root().join("tests/servers/scimmy/server.mjs")).arg(libraries);
        command
    };
    match kind {
        Kind::Scim2Server => {
            let mut command =
                Command::new(installed("USHER_SCIM2_SERVER", "target/tools/scim2-server/bin/scim2-server"));
            let port = free_port().await.to_string();
            command.args(["--bearer-token", TOKEN, "--hostname", "127.0.0.1", "--port", &port]);
            command
        }
        Kind::ScimmyExpress4 => scimmy("USHER_SCIMMY_4", "express-4"),
        Kind::ScimmyExpress5 => scimmy("USHER_SCIMMY_5", "express-5"),
        Kind::DjangoScim2 => {
            let mut command = Command::new(installed("USHER_DJANGO_SCIM2", "target/tools/django/bin/python"));
            command.arg(root().join("tests/servers/django/server.py"));
            command
        }
    }
}

/// For the one that takes no 0.
async fn free_port() -> u16 {
    let free = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    free.local_addr().expect("it is bound").port()
}

/// Whoever does not read on, blocks it.
fn follow(stream: impl AsyncRead + Unpin + Send + 'static, log: &Log, said: UnboundedSender<String>) {
    let log = Arc::clone(log);
    tokio::spawn(async move {
        let mut lines = BufReader::new(stream).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            {
                let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
                if log.len() == LOG {
                    log.pop_front();
                }
                log.push_back(line.clone());
            }
            // Nobody listens to it any more once the server is up.
            let _ = said.send(line);
        }
    });
}

/// Some say that they listen just before they do.
async fn reachable(base: &str) {
    let authority = base.trim_start_matches("http://").split('/').next().unwrap_or_default();
    while TcpStream::connect(authority).await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
