//! Servers and testers that nobody here wrote: our client against scim2-server, scim2-cli against our sandbox.

use std::{process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    time::timeout,
};
use usher_core::{
    Secret,
    http::{Http, Journal},
    systems::{
        probe::{IdpStyle, Report, ReportCode, probe},
        scim::Scim,
    },
};
use usher_sandbox::{Options, Sandbox};

use crate::support::tools::{client, installed};

const TOKEN: &str = "third-party-token-0123456789abcdef";

/// PyPI scim2-server, on a port of its own; it ends when dropped.
struct Server {
    base: String,
    child: Child,
}

impl Server {
    async fn start() -> Self {
        let program = installed("USHER_SCIM2_SERVER", "target/tools/scim2-server/bin/scim2-server");
        let free = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let port = free.local_addr().expect("it is bound").port();
        drop(free);
        let mut child = Command::new(program)
            .args(["--bearer-token", TOKEN, "--hostname", "127.0.0.1", "--port", &port.to_string()])
            .env("PYTHONUNBUFFERED", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("it can be started");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let begins = async {
            while let Some(line) = lines.next_line().await.expect("it is text") {
                if line.contains("Serving SCIM") {
                    return;
                }
            }
            panic!("it ended at once");
        };
        timeout(Duration::from_secs(60), begins).await.expect("it listens within a minute");
        // Whoever does not read on, blocks it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let base = format!("http://127.0.0.1:{port}/v2");
        // It says so just before it does.
        let listens = async {
            while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(30), listens).await.expect("it listens");
        Self { base, child }
    }

    /// Its address, where nobody listens any more.
    async fn stop(mut self) -> String {
        self.child.kill().await.expect("it ends");
        self.base.clone()
    }

    async fn create(&self, path: &str, body: serde_json::Value) -> String {
        let request = client().post(format!("{}/{path}", self.base)).bearer_auth(TOKEN);
        let request = request.header("content-type", "application/scim+json").body(body.to_string());
        let answer = request.send().await.expect("it answers");
        assert_eq!(answer.status(), 201);
        let created: serde_json::Value =
            serde_json::from_str(&answer.text().await.expect("it has a body")).expect("it is JSON");
        created["id"].as_str().expect("it has an id").to_owned()
    }
}

async fn ask(url: &str, token: &str) -> Report {
    let http = Http::new().expect("there is a trust store");
    probe(&http, url, &Secret::new(token), IdpStyle::Entra, jiff::Timestamp::now()).await
}

fn user(number: u32) -> serde_json::Value {
    serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": format!("person{number:02}@example.com"),
        "displayName": format!("Person {number}"),
        "name": { "givenName": "Person", "familyName": number.to_string() },
    })
}

#[tokio::test]
async fn our_probe_understands_scim2_server() {
    let server = Server::start().await;
    let good = ask(&server.base, TOKEN).await;
    assert!(good.ok && good.code == ReportCode::Ok, "{good:#?}");
    assert!((1..=20).contains(&good.requests.len()));
    assert!(good.requests.iter().all(|line| line.method == "GET" && line.status.is_some()));
    let slash = format!("{}/", server.base);
    assert!(ask(&slash, TOKEN).await.ok, "a slash at the end is understood");
    let wrong = ask(&server.base, "another-token-0123456789abcdef").await;
    assert_eq!(wrong.code, ReportCode::Unauthorized, "{wrong:#?}");
    for path in ["/v3", "/scim/v2", "/v2/Users"] {
        let url = server.base.replace("/v2", path);
        let lost = ask(&url, TOKEN).await;
        assert!(matches!(lost.code, ReportCode::WrongPath | ReportCode::NotFound), "{url}: {lost:#?}");
        assert!(!lost.hints.is_empty(), "{url}");
    }
    let base = server.stop().await;
    let dead = ask(&base, TOKEN).await;
    assert_eq!(dead.code, ReportCode::Connect, "{dead:#?}");
    assert!(dead.requests.iter().all(|line| line.status.is_none()));
}

/// One user hides a server that ignores filters; 25 do not.
#[tokio::test]
async fn our_client_lists_and_finds_in_scim2_server() {
    let server = Server::start().await;
    let mut ids = Vec::new();
    for number in 1..=25 {
        ids.push(server.create("Users", user(number)).await);
    }
    let group = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "SCIM pilot",
        "members": [{ "value": ids[0] }, { "value": ids[1] }],
    });
    server.create("Groups", group).await;
    assert!(ask(&server.base, TOKEN).await.ok);
    let http = Http::new().expect("there is a trust store");
    let scim = Scim::new(&http, &server.base, &Secret::new(TOKEN), &Journal::new()).expect("the address is whole");
    let page = scim.list_users(1, 10).await.expect("it lists");
    assert_eq!((page.items.len(), page.total), (10, Some(25)));
    let mut names: Vec<_> = scim.all_users().await.expect("it lists").into_iter().map(|user| user.user_name).collect();
    names.sort();
    assert_eq!(names, (1..=25).map(|number| format!("person{number:02}@example.com")).collect::<Vec<_>>());
    let found = scim.find_user("PERSON07@example.com").await.expect("it searches").expect("letter case is no matter");
    assert_eq!(found.id, ids[6]);
    assert!(scim.find_user("nobody@example.com").await.expect("it searches").is_none());
    let group = scim.find_group("SCIM pilot").await.expect("it searches").expect("it is there");
    let group = scim.group(&group.id).await.expect("it reads").expect("it is there");
    assert_eq!(group.members.map(|members| members.len()), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn scim2_cli_has_nothing_to_complain_about_the_sandbox() {
    let program = installed("USHER_SCIM2", "target/tools/scim2-cli/bin/scim2");
    let sandbox = Sandbox::start(Options { prepared: true, ..Options::default() }).await.expect("it starts");
    let token = sandbox.addresses().scim_token.clone().expect("a prepared world has a token");
    let output = Command::new(program)
        .args(["-u", &sandbox.addresses().scim_base_url, "-h", &format!("Authorization: Bearer {token}"), "test", "-v"])
        .env("NO_COLOR", "1")
        .output();
    let output = timeout(Duration::from_secs(300), output).await.expect("it ends").expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("Could not discover"), "{said}");
    let results: Vec<&str> = said
        .lines()
        .filter(|line| ["SUCCESS", "ERROR", "FAIL", "SKIPPED"].iter().any(|word| line.starts_with(word)))
        .collect();
    let successes = results.iter().filter(|line| line.starts_with("SUCCESS")).count();
    assert!(
        output.status.success() && successes == results.len() && successes >= 135,
        "{successes} of {}:\n{said}",
        results.len()
    );
}
