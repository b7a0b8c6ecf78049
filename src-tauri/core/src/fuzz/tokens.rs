//! What is pasted as a token: anything, and JWTs whose parts are not what they should be.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::{Strategy as _, any, prop};

use super::{damaged, for_a_while};
use crate::token;

const CLAIMS: [&str; 4] = [
    r#"{"sub":"ada@example.com","iss":"https://sso.common.cloud.hpe.com","exp":1900000000,"iat":1800000000,"tenant":"4711"}"#,
    r#"{"exp":-1,"nbf":99999999999999999999,"aud":["a","b"]}"#,
    r#"{"exp":1e400,"sub":{"a":[[[[]]]]}}"#,
    "[]",
];

#[test]
fn whatever_is_pasted_is_judged() {
    let jwt = damaged(CLAIMS.map(|text| text.as_bytes().to_vec()).to_vec()).prop_map(|claims| {
        format!("{}.{}.c2ln", URL_SAFE_NO_PAD.encode(br#"{"alg":"RS256"}"#), URL_SAFE_NO_PAD.encode(claims))
            .into_bytes()
    });
    let pasted = proptest::prop_oneof![
        2 => prop::collection::vec(any::<u8>(), 0..500),
        4 => jwt,
        2 => damaged(vec![b"export BEARER_TOKEN='eyJhbGciOiJSUzI1NiJ9.e30.c2ln'\r\n".to_vec(), b"Authorization: Bearer abc".to_vec()]),
    ];
    let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 365 * 56);
    for_a_while(pasted, |bytes| {
        let raw = String::from_utf8_lossy(bytes);
        let once = token::clean(&raw);
        assert_eq!(token::clean(once.expose()), once, "cleaning twice is cleaning once");
        for judged in
            [token::judge_access_token(&raw, now, None).map(|_| ()), token::judge_scim_token(&raw, now).map(|_| ())]
        {
            if let Err(problem) = judged {
                assert!(once.len() < 20 || !problem.message.contains(once.expose()), "the token is repeated");
            }
        }
    });
}
