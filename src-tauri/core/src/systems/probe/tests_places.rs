//! Wrong places and what is tried instead: more corrections, an end to them, endpoints that a vendor documents, slashes,
//! and tokens that say themselves that they have ended.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    Class, IdpStyle, ReportCode, Stage, State, probe,
    tests::{EMPTY, STYLES, ask, good, now},
};
use crate::{
    Secret,
    http::{
        Http,
        hostile::{Ask, Hostile, Reply, json, status},
    },
};

#[tokio::test]
async fn the_root_and_small_letters_are_tried() {
    let server = Hostile::start(good).await;
    for wrong in ["SCIM/V2", "Scim/v2", "api/v1/identity/provisioning"] {
        let report = ask(&format!("{}{wrong}", server.url), IdpStyle::Entra).await;
        assert_eq!((report.code, report.corrected_url), (ReportCode::WrongPath, Some(server.base())), "{wrong}");
    }
}

#[tokio::test]
async fn a_correction_that_hangs_is_the_last_and_only_what_was_tried_is_named() {
    let server =
        Hostile::start(|ask| if ask.path.starts_with("/a/b/Users") { status(404, "{}") } else { Reply::Silent }).await;
    for style in STYLES {
        let report = ask(&format!("{}a/b", server.url), style).await;
        assert_eq!((report.code, report.class), (ReportCode::NotFound, Some(Class::WrongPath)), "{report:#?}");
        assert!(report.ms < 4_600, "{} ms", report.ms);
        let hints = report.hints.join(" ");
        assert!(hints.contains("/a/b/scim/v2") && !hints.contains("`/a/scim/v2`"), "{hints}");
    }
}

#[tokio::test]
async fn all_of_it_has_an_end() {
    let server = Hostile::start(|ask| match ask.path.contains("count=2") && ask.path.contains("Users") {
        true => good(ask),
        false => Reply::Silent,
    })
    .await;
    for style in STYLES {
        let report = ask(&server.base(), style).await;
        assert!(!report.ok && report.ms < 5_000, "{} ms: {report:#?}", report.ms);
    }
}

/// Azion documents such a URL (facts/failures.md, the seed guides).
#[tokio::test]
async fn an_endpoint_that_is_the_base_passes_with_a_note() {
    let server = Hostile::start(|ask| match ask.path.strip_prefix("/scim/v2/Users") {
        Some(rest) if rest.starts_with("/Users") || rest.starts_with("/Groups") => {
            good(&Ask { path: format!("/scim/v2{rest}"), ..ask.clone() })
        }
        _ => status(404, "{}"),
    })
    .await;
    for style in STYLES {
        let report = ask(&format!("{}/Users", server.base()), style).await;
        assert!(report.ok && report.corrected_url.is_none(), "{report:#?}");
        assert!(report.hints.iter().any(|hint| hint.contains("/Users/Users")), "{:?}", report.hints);
        assert!(report.stages.iter().all(|line| line.state != State::Failed), "{report:#?}");
    }
}

#[tokio::test]
async fn a_doubled_slash_at_the_end_is_seen() {
    let server = Hostile::start(good).await;
    for style in STYLES {
        let report = ask(&format!("{}//", server.base()), style).await;
        assert_eq!((report.code, report.corrected_url), (ReportCode::WrongPath, Some(server.base())), "{style:?}");
        assert_eq!(report.stages[Stage::Path as usize].state, State::Failed);
        assert!(ask(&format!("{}/", server.base()), style).await.ok);
    }
}

#[tokio::test]
async fn a_refused_token_that_has_ended_says_when() {
    let server = Hostile::start(|_| status(401, "{}")).await;
    let claims = |exp: &str| URL_SAFE_NO_PAD.encode(format!(r#"{{"sub":"canary","exp":{exp}}}"#));
    let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#);
    let end = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_second().to_string();
    for (exp, class) in
        [(end("2026-03-03T00:00:00Z"), Class::TokenExpired), (end("2027-03-03T00:00:00Z"), Class::BadCredentials)]
    {
        let token = Secret::new(format!("{head}.{}.c2lnbmF0dXJl", claims(&exp)));
        let report = probe(&Http::new().unwrap(), &server.base(), &token, IdpStyle::Entra, now()).await;
        assert_eq!((report.code, report.class), (ReportCode::Unauthorized, Some(class)), "{report:#?}");
        let dated = serde_json::to_string(&report).unwrap().contains("3 March 2026");
        assert_eq!(dated, class == Class::TokenExpired, "{report:#?}");
    }
}

#[tokio::test]
async fn a_server_behind_nginx_that_wants_a_client_certificate() {
    let server = Hostile::start(|_| status(400, "<html><center>No required SSL certificate was sent</center>")).await;
    for style in STYLES {
        let report = ask(&server.base(), style).await;
        assert!(report.hints.iter().any(|hint| hint.contains("client certificate")), "{report:#?}");
    }
}

#[tokio::test]
async fn plain_http_at_a_port_for_tls_says_so() {
    let alert = || Reply::Raw(vec![0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x16]);
    let nginx = || status(400, "<html><center>The plain HTTP request was sent to HTTPS port</center></html>");
    for reply in [alert as fn() -> Reply, nginx, || Reply::Close] {
        let server = Hostile::start(move |_| reply()).await;
        let report = ask(&server.base(), IdpStyle::Entra).await;
        assert!(report.hints.iter().any(|hint| hint.contains("https://")), "{report:#?}");
    }
    let well = Hostile::start(|_| json(EMPTY)).await;
    assert!(ask(&well.base(), IdpStyle::Entra).await.hints.iter().all(|hint| !hint.contains("https://")));
}
