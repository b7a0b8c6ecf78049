//! What people paste, and what is made of it.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::{any, prop, proptest};
use serde_json::json;

use super::{
    ACCESS_TOKEN_LIFETIME, Form, clean, judge_access_token, judge_scim_token, left_in_words, moment, read, words,
};
use crate::{Code, Secret};

const OPAQUE: &str = "AQoDYXdzEJr0123456789abcdef-_~.x";

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn jwt(claims: &serde_json::Value) -> String {
    let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.c2lnbmF0dXJl", part(&json!({"alg": "RS256"})), part(claims))
}

/// Seconds from now.
fn at(seconds: i64) -> i64 {
    now().as_second() + seconds
}

#[test]
fn cleaning_leaves_the_token() {
    let wrapped = format!("{}\r\n   {}\n", &OPAQUE[..16], &OPAQUE[16..]);
    let cases = [
        OPAQUE.to_owned(),
        format!("  {OPAQUE}\r\n"),
        wrapped,
        format!("\"{OPAQUE}\""),
        format!("„{OPAQUE}“"),
        format!("“{OPAQUE}”,"),
        format!("`{OPAQUE}`"),
        format!("Bearer {OPAQUE}"),
        format!("bearer\n{OPAQUE}"),
        format!("Authorization: Bearer {OPAQUE}"),
        format!("\"Authorization: Bearer {OPAQUE}\""),
        format!("Token {OPAQUE}"),
        format!("export BEARER_TOKEN={OPAQUE}"),
        format!("export BEARER_TOKEN=\"{OPAQUE}\""),
        format!("set BEARER_TOKEN={OPAQUE}"),
        format!("$env:BEARER_TOKEN = '{OPAQUE}'"),
        format!("\"token\": \"{OPAQUE}\","),
        format!("{{\"token\": \"{OPAQUE}\"}}"),
        format!("{{ \"access_token\" : \"{OPAQUE}\" }}\n"),
        format!("\u{feff}\u{200b}{OPAQUE}\u{200d}"),
        format!("```\n{OPAQUE}\n```"),
    ];
    for raw in cases {
        assert_eq!(clean(&raw).expose(), OPAQUE, "{raw:?}");
    }
}

#[test]
fn cleaning_keeps_what_belongs_to_it() {
    for raw in ["abcABC012==", "a+b/c=", "v1.public-key_0123", "two words stay", "tok;en,x"] {
        assert_eq!(clean(raw).expose(), raw);
    }
    let document = r#"{"token":"abc","id":"x"}"#;
    assert_eq!(clean(document).expose(), document);
}

#[test]
fn a_jwt_says_whose_it_is() {
    let token = jwt(
        &json!({"name": "Ada\u{1b}[31m Lovelace", "sub": "u-1", "tid": "t-9", "iss": "https://sso.example.com", "iat": at(-60), "exp": at(600)}),
    );
    let reading = read(&Secret::new(token), now());
    assert_eq!(reading.left, Some(SignedDuration::from_mins(10)));
    let Form::Jwt { subject, tenant, issuer, issued_at, expires_at, .. } = reading.form else { panic!("a JWT") };
    assert_eq!(subject.as_deref(), Some("Ada Lovelace"));
    assert_eq!(tenant.as_deref(), Some("t-9"));
    assert_eq!(issuer.as_deref(), Some("https://sso.example.com"));
    assert_eq!((issued_at.unwrap().as_second(), expires_at.unwrap().as_second()), (at(-60), at(600)));
}

#[test]
fn names_are_bounded() {
    let reading =
        read(&Secret::new(jwt(&json!({"name": "x".repeat(5_000), "tenant": {"name": "Acme", "id": 5}}))), now());
    let Form::Jwt { subject, tenant, .. } = reading.form else { panic!("a JWT") };
    assert_eq!((subject.unwrap().chars().count(), tenant.as_deref()), (80, Some("Acme")));
}

#[test]
fn what_is_no_jwt_is_opaque() {
    for token in [OPAQUE, "a.b.c", "eyJhbGciOiJub25lIn0..", "aGk.WzFd.c2ln", "1.2.3"] {
        assert_eq!(read(&Secret::new(token), now()).form, Form::Opaque, "{token}");
    }
}

#[test]
fn pasted_things_are_named() {
    let long = "a1".repeat(9_000);
    let cases = [
        ("  ", "no personal access token here yet"),
        ("https://common.cloud.hpe.com/profile", "a web address"),
        ("<paste token value>", "a placeholder"),
        ("$BEARER_TOKEN", "a placeholder"),
        ("Bearer <token>", "a placeholder"),
        ("YOUR_TOKEN_HERE", "a placeholder"),
        ("••••••••••••••••abcd", "dots or stars"),
        ("********************", "dots or stars"),
        ("copy the token from the page", "blanks"),
        (r#"{"token":"abc","expires":"soon"}"#, "a JSON document"),
        ("<html><body>", "a web page"),
        ("ada.lovelace@example.com", "an e-mail address"),
        ("0b6a3c1e-8f3e-4b1a-9b3e-0123456789ab", "an id (UUID)"),
        ("tooshort0123", "fewer than 20"),
        ("tökentökentökentökentöken", "characters in this text that no"),
        (long.as_str(), "too many"),
    ];
    for (raw, named) in cases {
        let problem = judge_access_token(raw, now(), Some(ACCESS_TOKEN_LIFETIME)).expect_err(named);
        assert_eq!(problem.code, Code::WrongInput, "{raw}");
        assert!(problem.message.contains(named), "{raw}: {}", problem.message);
        assert!(!problem.hints.is_empty(), "{raw}");
        assert!(judge_scim_token(raw, now()).is_err(), "{raw}");
    }
}

#[test]
fn times_are_judged() {
    let cases = [
        (json!({"iat": at(-1_620), "exp": at(-720)}), Code::Expired, "ended 12 minutes ago", true),
        (json!({"exp": at(-3 * 86_400)}), Code::Expired, "ended 3 days ago", true),
        (json!({"iat": at(7_200), "exp": at(8_100)}), Code::ClockSkew, "only in 2 hours", true),
        (json!({"nbf": at(600), "exp": at(900)}), Code::ClockSkew, "only in 10 minutes", true),
        (json!({"exp": at(363 * 86_400)}), Code::WrongInput, "looks like a SCIM token", false),
    ];
    for (claims, code, words, clock) in cases {
        let problem = judge_access_token(&jwt(&claims), now(), Some(ACCESS_TOKEN_LIFETIME)).expect_err(words);
        assert_eq!(problem.code, code, "{claims}");
        assert!(problem.message.contains(words), "{}", problem.message);
        assert_eq!(problem.hints.iter().any(|hint| hint.text.contains("date, time and time zone")), clock, "{claims}");
    }
}

#[test]
fn good_tokens_pass_and_count_down() {
    let opaque = judge_access_token(&format!("Bearer {OPAQUE}"), now(), Some(ACCESS_TOKEN_LIFETIME)).unwrap();
    assert_eq!((opaque.secret.expose(), opaque.expires_at.map(Timestamp::as_second)), (OPAQUE, Some(at(900))));
    let token =
        judge_access_token(&jwt(&json!({"iat": at(30), "exp": at(480)})), now(), Some(ACCESS_TOKEN_LIFETIME)).unwrap();
    assert_eq!(token.expires_at.map(Timestamp::as_second), Some(at(480)));
}

#[test]
fn scim_tokens_are_long_lived() {
    assert_eq!(judge_scim_token(OPAQUE, now()).unwrap().expires_at, None);
    let year = judge_scim_token(&jwt(&json!({"exp": at(365 * 86_400)})), now()).unwrap();
    assert_eq!(year.expires_at.unwrap().as_second(), at(365 * 86_400));
    let short = judge_scim_token(&jwt(&json!({"exp": at(840)})), now()).expect_err("short");
    assert!(
        short.message.contains("14 minutes") && short.message.contains("personal access token"),
        "{}",
        short.message
    );
    assert_eq!(judge_scim_token(&jwt(&json!({"exp": at(-60)})), now()).expect_err("ended").code, Code::Expired);
}

#[test]
fn spans_in_words() {
    for (seconds, said) in [
        (0, "0 seconds"),
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (725, "12 minutes"),
        (5_400, "90 minutes"),
        (7_200, "2 hours"),
        (172_800, "2 days"),
        (363 * 86_400 + 5, "363 days"),
    ] {
        assert_eq!(words(SignedDuration::from_secs(seconds)), said);
    }
    assert_eq!(left_in_words(SignedDuration::from_secs(-180)), "ended 3 minutes ago");
    assert_eq!(left_in_words(SignedDuration::from_secs(0)), "ended just now");
    assert_eq!(left_in_words(SignedDuration::from_secs(720)), "12 minutes");
    assert!(left_in_words(SignedDuration::MIN).contains("ago"));
}

#[test]
fn moments_in_every_spelling() {
    for value in [
        json!(1_800_000_000),
        json!(1_800_000_000_000_i64),
        json!("1800000000"),
        json!("2027-01-15T08:00:00Z"),
        json!("2027-01-15T08:00:00"),
        json!("2027-01-15 08:00:00"),
    ] {
        assert_eq!(moment(&value).map(Timestamp::as_second), Some(1_800_000_000), "{value}");
    }
    for value in [json!(null), json!(""), json!("soon"), json!(-5), json!(1e300), json!({})] {
        assert_eq!(moment(&value), None, "{value}");
    }
}

proptest! {
    #[test]
    fn nothing_panics_and_cleaning_is_idempotent(raw in any::<String>()) {
        check(&raw);
    }

    #[test]
    fn the_same_for_what_looks_like_a_paste(parts in prop::collection::vec(prop::sample::select(vec![
        "Bearer ", "Authorization:", "\"", "'", "`", "{", "}", ",", ";", ":", "\n", " ", "token", "export A=", "$env:B=", "set ", "=", "abc", "\u{200b}", "„", "ü", "<", ">",
    ]), 0..12)) {
        check(&parts.concat());
    }

    #[test]
    fn jwts_with_any_claims(name in any::<String>(), exp in any::<f64>(), iat in any::<i64>()) {
        check(&jwt(&json!({"name": name, "exp": exp, "iat": iat})));
    }
}

fn check(raw: &str) {
    let once = clean(raw);
    assert_eq!(clean(once.expose()), once, "{raw:?}");
    let _ = read(&once, now());
    let _ = judge_access_token(raw, now(), Some(ACCESS_TOKEN_LIFETIME));
    let _ = judge_scim_token(raw, now());
}
