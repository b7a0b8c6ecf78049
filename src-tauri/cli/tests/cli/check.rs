//! `usher-cli check` as a process, against small servers: each finding has its code, a sentence, a hint and the requests.

use serde_json::Value;

use crate::{
    program::{Run, TOKEN, check, program, run, run_for_nobody, run_with},
    server::{Server, refusal, reply, reply_with, scim, silence},
};

/// Everything that holds for every answer in JSON.
fn judged(run: &Run, code: &str) -> Value {
    let json = run.json();
    let keys: Vec<&String> = json.as_object().expect("an object").keys().collect();
    let known = ["ok", "code", "class", "message", "hints", "correctedUrl", "stages", "ms", "seenFrom", "requests"];
    assert_eq!(keys, known, "{run:#?}");
    let stages = json["stages"].as_array().expect("a list");
    if code != "wrong_use" {
        let names: Vec<&str> = stages.iter().filter_map(|line| line["stage"].as_str()).collect();
        let expected = ["name", "connection", "tls", "path", "authorised", "scim", "filter", "groups", "clock"];
        assert_eq!(names, expected, "{run:#?}");
        let failed: Vec<_> = stages.iter().filter(|line| line["state"] == "failed").collect();
        assert_eq!(failed.len(), usize::from(code != "ok"), "{run:#?}");
        assert_eq!(failed.first().map(|line| &line["class"]), (code != "ok").then_some(&json["class"]), "{run:#?}");
        assert!(json["seenFrom"].as_str().is_some_and(|words| words.contains("from this computer")), "{run:#?}");
    }
    assert_eq!(json["code"], code, "{run:#?}");
    assert_eq!(json["ok"], code == "ok");
    let exit = match code {
        "ok" => 0,
        "wrong_use" => 2,
        _ => 1,
    };
    assert_eq!(run.code, Some(exit), "{run:#?}");
    assert!(json["message"].as_str().is_some_and(|message| message.len() > 10), "{run:#?}");
    if code != "ok" {
        assert!(json["hints"].as_array().is_some_and(|hints| !hints.is_empty()), "{run:#?}");
    }
    let requests = json["requests"].as_array().expect("a list");
    assert!(requests.len() <= 20, "{run:#?}");
    for request in requests {
        let keys: Vec<&String> = request.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["method", "path", "status", "ms"]);
        assert_eq!(request["method"], "GET");
    }
    assert!(!run.stdout.contains(TOKEN) && !run.stderr.contains(TOKEN), "the token is shown: {run:#?}");
    json
}

#[test]
fn each_answer_has_its_code() {
    type Answer = fn(&str) -> Vec<u8>;
    let table: [(&str, Answer); 11] = [
        ("ok", scim),
        ("unauthorized", |_| refusal("401 Unauthorized", "No.")),
        ("forbidden", |_| refusal("403 Forbidden", "No.")),
        ("not_found", |_| refusal("404 Not Found", "No.")),
        ("not_scim", |_| reply("200 OK", "text/html", "<!doctype html><title>Hello</title>")),
        ("not_scim", |_| reply("200 OK", "application/json", r#"{"schemas":["urn:ietf:params:scim"#)),
        ("not_scim", |_| reply("200 OK", "application/json", r#"{"hello":"world"}"#)),
        ("rate_limited", |_| reply_with("429 Too Many Requests", "Retry-After: 3600\r\n", "")),
        ("server_error", |_| refusal("500 Internal Server Error", "No.")),
        ("redirect", |_| reply_with("302 Found", "Location: http://elsewhere.invalid/\r\n", "")),
        ("redirect", |_| reply_with("307 Temporary Redirect", "Location: http://127.0.0.1:1/\r\n", "")),
    ];
    for (code, answer) in table {
        for idp in ["entra", "okta"] {
            let server = Server::start(answer);
            let run = check(&server.url("/scim"), &["--idp", idp]);
            let json = judged(&run, code);
            assert_eq!(
                json["requests"].as_array().map(Vec::len),
                Some(server.heads().len()),
                "each is listed: {run:#?}"
            );
            assert!(json["requests"][0]["status"].is_u64(), "{run:#?}");
        }
    }
}

#[test]
fn a_line_without_an_answer_has_its_code() {
    let quiet = Server::start(|_| silence());
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let dead = format!("http://127.0.0.1:{}/scim", free.local_addr().expect("an address").port());
    drop(free);
    let (private, _) = Server::start_tls(scim);
    for (code, url, more) in [
        ("timeout", quiet.url("/scim"), vec!["--timeout", "1"]),
        ("connect", dead, vec![]),
        ("dns", "https://does-not-exist.invalid/scim".to_owned(), vec![]),
        ("tls", format!("https://127.0.0.1:{}/scim", private.port), vec![]),
    ] {
        let run = check(&url, &more);
        let json = judged(&run, code);
        let requests = json["requests"].as_array().expect("a list");
        assert!(!requests.is_empty() && requests.iter().all(|request| request["status"].is_null()), "{run:#?}");
    }
    assert!(private.heads().is_empty(), "nothing was sent to a server that could not be trusted");
}

#[test]
fn a_private_authority_can_be_trusted() {
    let (server, certificate) = Server::start_tls(scim);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("authority.pem");
    std::fs::write(&file, certificate).expect("written");
    let mut command = program();
    command.env("SSL_CERT_FILE", &file).args(["check", "--json", "--idp", "entra", "--url"]);
    command.arg(format!("https://127.0.0.1:{}/scim", server.port));
    judged(&run_with(&mut command, TOKEN.as_bytes()), "ok");
}

#[test]
fn the_forms_of_a_url() {
    let server = Server::start(scim);
    for (code, url) in [
        ("ok", server.url("/scim")),
        ("ok", server.url("/scim/")),
        ("ok", format!("  {}\n", server.url("/scim"))),
        ("ok", server.url("/scim?aadOptscim062020")),
        ("ok", server.url("/scim/?aadOptscim062020")),
        ("ok", format!("http://localhost:{}/scim", server.port)),
        ("wrong_path", server.url("/scim/Users")),
        ("wrong_path", server.url("/scim/Groups/")),
    ] {
        let json = judged(&check(&url, &[]), code);
        if code == "wrong_path" {
            let hints = json["hints"].to_string();
            assert!(hints.contains(&server.url("/scim")), "the corrected URL is named: {json}");
            assert_eq!(json["correctedUrl"], server.url("/scim"), "it was tried, and is offered");
        }
    }
}

#[test]
fn a_url_that_works_by_a_redirect_is_not_the_one_to_use() {
    for (status, location) in [("302 Found", "/scim"), ("308 Permanent Redirect", "/scim")] {
        let server = Server::start(move |head| match head.split(' ').nth(1).unwrap_or_default().strip_prefix("/old") {
            Some(rest) => reply_with(status, &format!("Location: {location}{rest}\r\n"), ""),
            None => scim(head),
        });
        for idp in ["entra", "okta"] {
            let json = judged(&check(&server.url("/old"), &["--idp", idp]), "wrong_path");
            assert_eq!((&json["correctedUrl"], &json["class"]), (&server.url("/scim").into(), &"wrong-path".into()));
        }
    }
}

#[test]
fn what_hangs_after_the_first_answer_is_named() {
    let server = Server::start(|head| if head.contains("/Groups") { silence() } else { scim(head) });
    for idp in ["entra", "okta"] {
        let json = judged(&check(&server.url("/scim"), &["--idp", idp, "--timeout", "1"]), "groups_broken");
        assert_eq!(json["class"], "target-error", "{json:#}");
        assert!(json["message"].as_str().is_some_and(|words| words.contains("not answer within 1 second")), "{json:#}");
        assert!(json["ms"].as_u64().is_some_and(|ms| ms < 4_000), "{json:#}");
    }
}

#[test]
fn nothing_is_sent_without_protection() {
    for url in ["http://scim.example.com/v2", "http://192.0.2.1/v2", "HTTP://example.com:8080/scim"] {
        let json = judged(&check(url, &[]), "wrong_path");
        assert_eq!(json["requests"], serde_json::json!([]));
        assert!(json.to_string().contains("https"), "{json}");
    }
}

#[test]
fn what_a_server_says_cannot_act_on_the_terminal() {
    let nasty =
        format!("\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7} \u{202e}gpj \u{9b}2J {TOKEN} {}", "long ".repeat(50_000));
    let server = Server::start(move |_| refusal("400 Bad Request", &nasty));
    for json in [true, false] {
        let mut command = program();
        command.args(["check", "--idp", "entra", "--url", &server.url("/scim")]).args(json.then_some("--json"));
        let run = run_with(&mut command, TOKEN.as_bytes());
        assert_eq!(run.code, Some(1), "{run:#?}");
        for stream in [&run.stdout, &run.stderr] {
            let bad = |character: char| (character.is_control() && character != '\n') || character == '\u{202e}';
            assert!(!stream.contains(bad), "{stream:?}");
            assert!(!stream.contains("\\u001b"), "not even written as an escape: {stream:?}");
            assert!(!stream.contains(TOKEN), "{stream}");
            assert!(stream.len() < 8_000, "{} bytes", stream.len());
        }
    }
}

#[test]
fn a_header_cannot_act_on_the_terminal_either() {
    let server =
        Server::start(|_| reply_with("302 Found", "Location: https://evil.example/\u{1b}[31m\u{202e}\r\n", ""));
    let run = check(&server.url("/scim"), &[]);
    assert!(!run.stdout.contains(['\u{1b}', '\u{202e}']), "{run:#?}");
}

#[test]
fn the_token_goes_out_clean_and_only_in_its_header() {
    let server = Server::start(scim);
    for pasted in [
        format!("Bearer {TOKEN}\r\n"),
        format!("\"{TOKEN}\""),
        format!("export BEARER_TOKEN={TOKEN}"),
        format!("  {TOKEN}  "),
    ] {
        let mut command = program();
        command.args(["check", "--json", "--idp", "entra", "--url", &server.url("/scim")]);
        judged(&run_with(&mut command, pasted.as_bytes()), "ok");
    }
    for head in server.heads() {
        let (line, headers) = head.split_once("\r\n").expect("a request line");
        assert!(!line.contains(TOKEN));
        assert!(
            headers.lines().any(|header| header.eq_ignore_ascii_case(&format!("authorization: bearer {TOKEN}"))),
            "{head}"
        );
    }
}

#[test]
fn the_environment_goes_first_and_standard_input_is_the_other_way() {
    let server = Server::start(scim);
    let url = server.url("/scim");
    let mut command = program();
    command.env("USHER_TOKEN", TOKEN).args(["check", "--json", "--idp", "okta", "--url", &url]);
    judged(&run(&mut command), "ok");
    judged(&run_with(&mut command, b"another"), "ok");
    assert!(server.heads().iter().all(|head| head.contains(TOKEN)), "USHER_TOKEN was used");
    command.env("USHER_TOKEN", " ");
    judged(&run_with(&mut command, TOKEN.as_bytes()), "ok");
}

#[test]
fn wrong_use_is_said_and_is_json_when_asked_for() {
    let server = Server::start(scim);
    let url = server.url("/scim");
    let known = ["check", "--json", "--idp", "entra", "--url", &url];
    let cases: [(&str, Vec<&str>, &[u8]); 8] = [
        ("no token", known.to_vec(), b""),
        ("blank token", known.to_vec(), b" \n "),
        ("bytes", known.to_vec(), &[0xff, 0xfe, 0x00]),
        ("unreadable URL", vec!["check", "--json", "--idp", "entra", "--url", "not a url"], b"tok-1234567890"),
        ("empty URL", vec!["check", "--json", "--idp", "entra", "--url", ""], b"tok-1234567890"),
        ("unknown idp", vec!["check", "--json", "--idp", "entraa", "--url", &url], b"tok-1234567890"),
        ("no URL", vec!["check", "--idp", "entra", "--json"], b"tok-1234567890"),
        ("unknown option", vec!["check", "--json", "--idp", "entra", "--url", &url, "--fast"], b"tok-1234567890"),
    ];
    for (case, arguments, input) in cases {
        let run = run_with(program().args(&arguments), input);
        let json = judged_wrong_use(case, &run);
        assert_eq!(json["requests"], serde_json::json!([]), "{case}");
    }
    assert!(server.heads().is_empty(), "nothing was asked");
    let run = run_with(program().args(["check", "--json", "--url", &url, "--idp", "entraa"]), b"x");
    assert!(run.stderr.contains("okta") && run.stderr.contains("similar"), "{run:#?}");
}

fn judged_wrong_use(case: &str, run: &Run) -> Value {
    let json = run.json();
    assert_eq!(
        (json["code"].as_str(), json["ok"].as_bool(), run.code),
        (Some("wrong_use"), Some(false), Some(2)),
        "{case}: {run:#?}"
    );
    assert!(json["message"].as_str().is_some_and(|message| message.len() > 10), "{case}: {run:#?}");
    assert!(json["hints"].as_array().is_some_and(|hints| !hints.is_empty()), "{case}: {run:#?}");
    json
}

#[test]
fn a_token_among_the_arguments_is_refused_and_not_repeated() {
    let server = Server::start(scim);
    let url = server.url("/scim");
    let equals = format!("--token={TOKEN}");
    for words in [vec!["--token", TOKEN], vec![equals.as_str()], vec!["--token"], vec![TOKEN]] {
        let mut command = program();
        command.args(["check", "--json", "--idp", "entra", "--url", &url]).args(&words);
        let run = run_with(&mut command, TOKEN.as_bytes());
        let json = judged_wrong_use("argument", &run);
        assert!(!run.stdout.contains(TOKEN) && !run.stderr.contains(TOKEN), "{run:#?}");
        assert!(json["message"].as_str().is_some_and(|message| message.contains("argument")), "{json}");
    }
    assert!(server.heads().is_empty());
}

#[test]
fn people_get_a_verdict_hints_and_the_requests() {
    let server = Server::start(|_| refusal("401 Unauthorized", "No."));
    let run = run_with(program().args(["check", "--idp", "entra", "--url", &server.url("/scim")]), TOKEN.as_bytes());
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""), "{run:#?}");
    assert!(run.stdout.starts_with("Not proven (unauthorized): "), "{run:#?}");
    assert!(run.stdout.contains("\n  - ") && run.stdout.contains("\nRequests\n  GET   401 "), "{run:#?}");
    let failed = run.stdout.lines().find(|line| line.starts_with("  failed ")).expect("a stage failed");
    assert!(failed.contains("Token") && failed.contains("[bad-credentials]"), "{failed}");
    assert!(run.stdout.contains("\nStages (") && run.stdout.contains("\nTested from this computer"), "{run:#?}");
    assert!(!run.stdout.contains("**"), "marks for bold are for the window");
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let server = Server::start(scim);
    let url = server.url("/scim");
    let mut check = program();
    let run = run_for_nobody(check.env("USHER_TOKEN", TOKEN).args(["check", "--idp", "entra", "--url", &url]));
    assert_eq!(run.code, Some(0));
    assert_eq!(run.stderr, "");
}
