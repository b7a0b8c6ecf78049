//! The preflight of `usher-cli check` against real parts: each fault fails at its stage and has its class, and the time
//! of the whole is printed. `cargo test -p usher-tests --test all preflight -- --nocapture` prints the table.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::Path,
};

use serde_json::Value;

mod parts;

use parts::{
    Authority, check, free_port, old_tls, openssl, own_address, server, server_of_one_connection, silent_port,
    tinyproxy,
};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const YEARS: std::ops::Range<i32> = 2000..3000;

/// One run and what it found.
struct Row {
    fault: String,
    json: Value,
}

impl Row {
    #[expect(clippy::print_stdout, reason = "the table, with --nocapture")]
    fn of(fault: &str, url: &str, idp: &str, variables: &[(&str, &str)]) -> Self {
        let row = Self { fault: fault.to_owned(), json: check(url, idp, variables) };
        println!(
            "| {} | {} | {} | {} | {} ms |",
            row.fault,
            row.stage("failed").or_else(|| row.stage("warned")).unwrap_or("none"),
            row.json["class"].as_str().unwrap_or("none"),
            row.words(row.stage("failed").or_else(|| row.stage("warned")).unwrap_or("connection")),
            row.json["ms"]
        );
        let rows = row.json["stages"].as_array().map(Vec::len);
        assert_eq!(rows, Some(9), "{}: {:#}", row.fault, row.json);
        row
    }

    /// The first stage in this state.
    fn stage(&self, state: &str) -> Option<&str> {
        let lines = self.json["stages"].as_array()?;
        lines.iter().find(|line| line["state"] == state)?["stage"].as_str()
    }

    fn words(&self, stage: &str) -> &str {
        let lines = self.json["stages"].as_array().expect("a list");
        lines.iter().find(|line| line["stage"] == stage).and_then(|line| line["words"].as_str()).unwrap_or_default()
    }

    /// It fails at this stage with this class, in the time that a preflight may take, and these words are in it.
    fn fails(self, stage: &str, class: &str, words: &str) -> Self {
        let json = &self.json;
        assert_eq!(
            (self.stage("failed"), json["class"].as_str()),
            (Some(stage), Some(class)),
            "{}: {json:#}",
            self.fault
        );
        assert!(json.to_string().contains(words), "{}: {words} is missing in {json:#}", self.fault);
        assert!(json["hints"].as_array().is_some_and(|hints| !hints.is_empty()), "{}: {json:#}", self.fault);
        self.in_time()
    }

    /// It holds.
    fn passes(self) -> Self {
        assert_eq!(
            (&self.json["ok"], self.stage("failed")),
            (&Value::Bool(true), None),
            "{}: {:#}",
            self.fault,
            self.json
        );
        self.in_time()
    }

    fn in_time(self) -> Self {
        assert!(self.json["ms"].as_u64().is_some_and(|ms| ms < 5_000), "{}: {:#}", self.fault, self.json);
        self
    }
}

fn trusting(file: &Path) -> [(&'static str, &str); 1] {
    [("SSL_CERT_FILE", file.to_str().expect("it is text"))]
}

#[test]
fn a_line_that_ends_early() {
    Row::of("name does not exist", "https://does-not-exist.invalid/scim/v2", "entra", &[]).fails(
        "name",
        "unreachable",
        "could not be found",
    );
    Row::of("nobody listens", &format!("https://127.0.0.1:{}/scim/v2", free_port()), "entra", &[]).fails(
        "connection",
        "unreachable",
        "refused",
    );
    Row::of("port that says nothing", &format!("https://127.0.0.1:{}/scim/v2", silent_port()), "entra", &[]).fails(
        "tls",
        "unreachable",
        "within 3 seconds",
    );
    Row::of("port that says nothing, without TLS", &format!("http://127.0.0.1:{}/scim/v2", silent_port()), "okta", &[])
        .fails("path", "unreachable", "did not answer");
}

#[test]
fn certificates_of_every_kind() {
    let (ours, other, zscaler) =
        (Authority::called("Example Corp"), Authority::called("Other"), Authority::called("Zscaler"));
    let file = ours.file();
    let run = |fault: &str, pair: &parts::Pair, variables: &[(&str, &str)]| {
        let server = server(HERE, Some(pair));
        Row::of(fault, &format!("https://localhost:{}/well/scim/v2", server.port), "entra", variables)
    };
    let good = ours.issue(&["localhost"], YEARS);
    let row = run("private authority, trusted by file", &good, &trusting(&file)).passes();
    assert!(
        row.words("tls").starts_with(
            "TLS 1.3, certificate of Example Corp Root CA (Example Corp) for localhost until 1 January 3000"
        ),
        "{:#}",
        row.json
    );
    let folder = ours.trusted_folder();
    run("private authority, trusted by folder", &good, &[("SSL_CERT_DIR", folder.to_str().expect("it is text"))])
        .passes();
    run("private authority, not trusted", &good, &trusting(&other.file())).fails(
        "tls",
        "tls",
        "an issuer that this computer does not know",
    );
    run("private authority, the system's own store", &good, &[]).fails("tls", "tls", "Example Corp Root CA");
    run("self-signed", &ours.self_signed("localhost"), &trusting(&file)).fails("tls", "tls", "self-signed");
    run("expired", &ours.issue(&["localhost"], 2000..2001), &trusting(&file)).fails(
        "tls",
        "tls",
        "valid from 1 January 2000 until 1 January 2001",
    );
    run("not valid yet", &ours.issue(&["localhost"], 2999..3000), &trusting(&file)).fails(
        "tls",
        "tls",
        "not valid yet",
    );
    run("for another name", &ours.issue(&["scim.example.com", "*.example.org"], YEARS), &trusting(&file)).fails(
        "tls",
        "tls",
        "The certificate is for scim.example.com, *.example.org.",
    );
    let inspected = zscaler.issue(&["localhost"], YEARS);
    let row = run("inspecting proxy, trusted", &inspected, &trusting(&zscaler.file())).passes();
    assert_eq!((row.stage("warned"), row.json["class"].as_str()), (Some("tls"), Some("tls")), "{:#}", row.json);
    assert!(row.json["hints"].to_string().contains("Zscaler"), "{:#}", row.json);
    run("inspecting proxy, not trusted", &inspected, &trusting(&file)).fails(
        "tls",
        "tls",
        "Have its root certificate installed",
    );
}

#[test]
fn what_is_not_the_tls_that_is_needed() {
    let ours = Authority::called("Example Corp");
    let old = old_tls(&ours.issue(&["localhost"], YEARS));
    Row::of("only TLS 1.1", &format!("https://localhost:{}/scim/v2", old.port), "entra", &trusting(&ours.file()))
        .fails("tls", "tls", "only TLS 1.1 or older");
    let file = ours.file();
    let pair = ours.issue(&["localhost"], YEARS);
    for (fault, options, words) in [
        ("client certificate wanted, TLS 1.3", ["-Verify", "1", "-tls1_3"].as_slice(), "asks for a client certificate"),
        ("client certificate wanted, TLS 1.2", &["-Verify", "1", "-tls1_2"], "asks for a client certificate"),
        ("no cipher in common", &["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"], "no common cipher or version"),
    ] {
        let server = openssl(&pair, options);
        let row = Row::of(fault, &format!("https://localhost:{}/scim/v2", server.port), "entra", &trusting(&file));
        assert!(!row.json.to_string().contains("Nothing was sent"), "{:#}", row.json);
        row.fails("tls", "tls", words);
    }
    let secure = server(HERE, Some(&pair));
    Row::of("http at a port for TLS", &format!("http://127.0.0.1:{}/well/scim/v2", secure.port), "entra", &[]).fails(
        "path",
        "unreachable",
        &format!("write https://127.0.0.1:{}", secure.port),
    );
    let plain = server(HERE, None);
    Row::of("plain http at the https port", &format!("https://localhost:{}/well/scim/v2", plain.port), "entra", &[])
        .fails("tls", "tls", "http without any protection");
}

/// The target is this computer under the address of its network, so that Usher sends it through the proxy.
#[test]
fn a_proxy_that_wants_a_password() {
    let ours = Authority::called("Example Corp");
    let folder = tempfile::tempdir().expect("a folder");
    let (address, file) = (own_address(), ours.file());
    let target = server(address, Some(&ours.issue(&[&address.to_string()], YEARS)));
    let url = format!("https://{address}:{}/well/scim/v2", target.port);
    let strict = tinyproxy(folder.path(), Some(("usher", "canary-proxy-5Lq")), &[]);
    let narrow = tinyproxy(folder.path(), None, &[443]);
    let open = tinyproxy(folder.path(), None, &[]);
    let run = |fault: &str, proxy: &str| {
        let trusted = file.to_str().expect("it is text");
        let row = Row::of(fault, &url, "entra", &[("SSL_CERT_FILE", trusted), ("HTTPS_PROXY", proxy)]);
        assert!(!row.json.to_string().contains("canary-proxy"), "the password is shown: {:#}", row.json);
        row
    };
    let (at, wrong) = (format!("127.0.0.1:{}", strict.port), "http://usher:canary-proxy-wrong@");
    run("proxy wants a password", &format!("http://{at}")).fails(
        "connection",
        "proxy",
        "wants a user name and a password",
    );
    run("proxy gets a wrong password", &format!("{wrong}{at}")).fails(
        "connection",
        "proxy",
        "does not accept the user name and password",
    );
    let row = run("proxy gets the right password", &format!("http://usher:canary-proxy-5Lq@{at}")).passes();
    assert_eq!(row.words("connection"), format!("through the proxy {at}, with a user name and a password"));
    assert_eq!(row.words("name"), format!("{address} is an address already"));
    assert!(row.words("tls").contains("Example Corp Root CA"), "TLS goes through to the target: {:#}", row.json);
    run("proxy without a password", &format!("http://127.0.0.1:{}", open.port)).passes();
    run("proxy does not connect to this port", &format!("http://127.0.0.1:{}", narrow.port)).fails(
        "connection",
        "proxy",
        "did not open a connection",
    );
    let nobody = format!("127.0.0.1:{}", free_port());
    let row = run("proxy that is not there", &format!("http://{nobody}")).fails(
        "connection",
        "proxy",
        "did not open a connection",
    );
    let first = row.json["hints"][0].as_str().unwrap_or_default();
    assert!(first.starts_with(&format!("Nobody answers as a proxy at {nobody}")), "{first}");
    let proxy = format!("http://127.0.0.1:{}", open.port);
    let variables = [("SSL_CERT_FILE", file.to_str().expect("it is text")), ("HTTPS_PROXY", proxy.as_str())];
    Row::of("proxy does not reach the host", "https://does-not-exist.invalid/scim/v2", "entra", &variables).fails(
        "connection",
        "unreachable",
        "check host name and port",
    );
    let row = run("HTTPS_PROXY is no address", "::::").passes();
    assert_eq!(
        (row.stage("warned"), row.json["class"].as_str()),
        (Some("connection"), Some("proxy")),
        "{:#}",
        row.json
    );
    assert!(row.json["hints"].to_string().contains("HTTPS_PROXY"), "{:#}", row.json);
}

#[test]
fn each_wrong_path_is_corrected_if_the_correction_answers() {
    let plain = server(HERE, None);
    let base = format!("http://127.0.0.1:{}", plain.port);
    let right = format!("{base}/well/scim/v2");
    for idp in ["entra", "okta"] {
        for (fault, path) in [
            ("base URL ends in /Users", "/well/scim/v2/Users"),
            ("base URL ends in /Groups/", "/well/scim/v2/Groups/"),
            ("/scim/v2 is missing", "/well"),
            ("/v2 is missing", "/well/scim"),
            ("v1 instead of v2", "/well/scim/v1"),
            ("a part too much", "/well/scim/v2/api"),
            ("a doubled slash", "/well//scim/v2"),
            ("a doubled slash at the end", "/well/scim/v2//"),
            ("capital letters", "/well/SCIM/v2"),
        ] {
            let row = Row::of(&format!("{fault} ({idp})"), &format!("{base}{path}"), idp, &[]).fails(
                "path",
                "wrong-path",
                &right,
            );
            assert_eq!(row.json["correctedUrl"], right, "{fault}: {:#}", row.json);
        }
        Row::of(&format!("a slash at the end ({idp})"), &format!("{right}/"), idp, &[]).passes();
    }
    let row = Row::of("a page at every wrong path", &format!("{base}/page-everywhere"), "entra", &[]).fails(
        "path",
        "wrong-path",
        "a web page",
    );
    assert_eq!(row.json["correctedUrl"], format!("{base}/page-everywhere/scim/v2"), "{:#}", row.json);
    let row = Row::of("nothing near answers", &format!("{base}/well/elsewhere/at/all"), "entra", &[]).fails(
        "path",
        "wrong-path",
        "none of them answered",
    );
    assert_eq!(row.json["correctedUrl"], Value::Null);
    let row = Row::of("address of a console", "https://d-9067729b3d.awsapps.com/start", "entra", &[]).fails(
        "path",
        "wrong-path",
        "Manage provisioning",
    );
    assert_eq!(row.json["requests"], serde_json::json!([]), "no token goes there");
}

#[test]
fn a_server_that_takes_one_connection_at_a_time() {
    let ours = Authority::called("Example Corp");
    let file = ours.file();
    for idp in ["entra", "okta"] {
        let server = server_of_one_connection(None);
        let url = format!("http://127.0.0.1:{}/well/scim/v2", server.port);
        Row::of(&format!("one connection at a time ({idp})"), &url, idp, &[]).passes();
        let server = server_of_one_connection(Some(&ours.issue(&["localhost"], YEARS)));
        let url = format!("https://localhost:{}/well/scim/v2", server.port);
        Row::of(&format!("one connection at a time, TLS ({idp})"), &url, idp, &trusting(&file)).passes();
    }
}

#[test]
fn what_answers_in_a_wrong_way() {
    let plain = server(HERE, None);
    let run = |fault: &str, idp: &str| {
        Row::of(&format!("{fault} ({idp})"), &format!("http://127.0.0.1:{}/{fault}/scim/v2", plain.port), idp, &[])
    };
    for idp in ["entra", "okta"] {
        run("well", idp).passes();
        run("unauthorised", idp).fails("authorised", "bad-credentials", "The path is right");
        run("forbidden", idp).fails("authorised", "role-missing", "403");
        run("busy", idp).fails("authorised", "rate-limited", "429");
        run("html", idp).fails("scim", "not-scim", "a login page");
        run("other-json", idp).fails("scim", "not-scim", "not SCIM");
        run("cut", idp).fails("scim", "not-scim", "ends in the middle");
        run("broken", idp).fails("scim", "target-error", "500");
        run("users-filter-ignored", idp).fails("filter", "filter-ignored", "Do not start provisioning");
        run("groups-broken", idp).fails("groups", "target-error", "Users can be read, but groups cannot");
        run("no-groups", idp).fails("groups", "not-scim", "Users can be read, but groups cannot");
        let row = run("clock-ahead", idp).passes();
        assert_eq!(
            (row.stage("warned"), row.json["class"].as_str()),
            (Some("clock"), Some("clock-skew")),
            "{:#}",
            row.json
        );
        let row = run("one-page", idp).passes();
        assert_eq!(
            (row.stage("warned"), row.json["class"].as_str()),
            (Some("scim"), Some("paging-broken")),
            "{:#}",
            row.json
        );
        let row = run("slow", idp).passes();
        assert!(row.json["ms"].as_u64().is_some_and(|ms| ms >= 600), "each answer took 300 ms: {:#}", row.json);
    }
    run("groups-filter-ignored", "entra").fails("groups", "filter-ignored", "/Groups");
    run("miss-is-404", "entra").fails("filter", "not-scim", "200 with an empty list");
    run("miss-is-404", "okta").passes();
}
