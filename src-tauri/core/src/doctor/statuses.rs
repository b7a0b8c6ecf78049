//! Which HTTP statuses a text speaks of, as a number or by name, and only where the words around say that it is one.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use super::forms::Forms;

/// Names as servers, .NET and Okta write them, without blanks.
const NAMES: &[(&str, u16)] = &[
    ("badrequest", 400),
    ("unauthorized", 401),
    ("forbidden", 403),
    ("notfound", 404),
    ("methodnotallowed", 405),
    ("notacceptable", 406),
    ("proxyauthenticationrequired", 407),
    ("requesttimeout", 408),
    ("conflict", 409),
    ("gone", 410),
    ("preconditionfailed", 412),
    ("requestentitytoolarge", 413),
    ("payloadtoolarge", 413),
    ("unsupportedmediatype", 415),
    ("unprocessableentity", 422),
    ("unprocessablecontent", 422),
    ("toomanyrequests", 429),
    ("internalservererror", 500),
    ("notimplemented", 501),
    ("badgateway", 502),
    ("serviceunavailable", 503),
    ("gatewaytimeout", 504),
    ("created", 201),
    ("nocontent", 204),
    ("ok", 200),
];

const NAME: &str = "bad ?request|unauthorized|forbidden|not ?found|method ?not ?allowed|not ?acceptable|\
    proxy ?authentication ?required|request ?time-?out|conflict|gone|precondition ?failed|request ?entity ?too ?large|\
    payload ?too ?large|unsupported ?media ?type|unprocessable ?(?:entity|content)|too ?many ?requests|\
    internal ?server ?error|not ?implemented|bad ?gateway|service ?(?:temporarily )?unavailable|gateway ?time-?out";

/// The statuses of a text.
pub(crate) fn statuses(forms: &Forms) -> BTreeSet<u16> {
    let mut all = BTreeSet::new();
    for text in [&forms.spaced, &forms.glued] {
        for pattern in PATTERNS.iter() {
            for found in pattern.captures_iter(text) {
                all.extend(found.get(1).and_then(|word| number(word.as_str())));
            }
        }
    }
    all
}

fn number(word: &str) -> Option<u16> {
    if let Ok(number) = word.parse::<u16>() {
        return Some(number);
    }
    let plain: String = word.replace([' ', '-'], "").replace("temporarily", "");
    NAMES.iter().find(|(name, _)| *name == plain).map(|(_, status)| *status)
}

static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let numbered = r"([1-5][0-9]{2})\b";
    [
        // `HTTP/1.1 401`, `Status Code: 401`, `"status":"401"`, `status of http response was 409`, `error: 401`.
        format!(
            r#"\b(?:http(?:/[0-9.]+)?|http_?(?:status|code)|\w*status(?:[ _-]?code)?|response|code|errors?|err|fehler|erreur|erro|errore|returned|answered|replied|failed|ret|http response)["']?\s*(?:code|error|status|was|is|of|with|an?|http|[:=(\[>-])*\s*(?:was |code |status |with |error |an? |http |:)*["'(]*{numbered}"#
        ),
        // `401 Unauthorized`, `(404) Not Found`.
        format!(r"\b{numbered}[)\]]?\s*[-:|]?\s*[(]?(?:page |file |error )?(?:{NAME})\b"),
        // `received a 401`, `getting 403`, `throws 500`.
        r"\b(?:receiv\w+|get(?:s|ting)?|got|gives?|gave|throw\w*|return\w*|answer\w*|respond\w*|fail\w*|see(?:ing)?|with|an?|the|by)\s+(?:an?\s+|with\s+|the\s+|me\s+|http\s*|status\s*|code\s*|error\s*)*([45][0-9]{2})\b"
            .to_owned(),
        // `POST /Users 500`, `PATCH 422`.
        r"\b(?:get|post|put|patch|delete)\s+(?:\S{1,200}\s+){0,2}([45][0-9]{2})\b".to_owned(),
        // `something went wrong. (500)`
        r"\b(?:wrong|failed|error|unavailable|found)[.!]?\s*\(([45][0-9]{2})\)".to_owned(),
        // `(401) Nicht autorisiert`: .NET in any language.
        r":\s*\(([45][0-9]{2})\)".to_owned(),
        // `401 error`, `404s`, `429 response`.
        r"\b([45][0-9]{2})s?\s+(?:errors?|response|status|returned|from|on|when|after|quarantine|fehler)\b".to_owned(),
        // `Status Code: Unauthorized`, `failed: Bad Request`, `exists: Unauthorized.`
        format!(r#"(?:[:=>(]|\bhttp|\bstatus|\bcode|\breturned|\ban?)\s*["']?({NAME})\b"#),
        format!(r"\b({NAME})\.? errors? reported by remote server"),
        // .NET's names in one word are names of a status wherever they stand.
        r"\b(badrequest|methodnotallowed|toomanyrequests|internalservererror|badgateway|serviceunavailable|gatewaytimeout|unprocessableentity|unprocessablecontent|unsupportedmediatype|proxyauthenticationrequired)\b".to_owned(),
        // And so are these sentences of servers.
        r"\b(too many requests|internal server error|bad gateway|service unavailable|gateway time-?out|method not allowed|proxy authentication required)\b".to_owned(),
    ]
    .iter()
    .map(|text| {
        #[expect(clippy::expect_used, reason = "every pattern here is compiled by the tests")]
        Regex::new(text).expect("BUG: the pattern is valid")
    })
    .collect()
});

#[cfg(test)]
mod tests {
    use super::{Forms, statuses};

    #[test]
    fn a_status_is_found_as_number_and_as_name() {
        for (text, expected) in [
            ("HTTP/1.1 401 Unauthorized", vec![401]),
            ("Response Status Code: NotFound", vec![404]),
            (r#"{"status":"409","detail":"x"}"#, vec![409]),
            (r#"{\"status\": 400}"#, vec![400]),
            ("status of http response was 409: errorString null", vec![409]),
            ("Error while verifying if user a exists: Unauthorized", vec![401]),
            ("Bad Request. Errors reported by remote server: x", vec![400]),
            ("StatusCode: TooManyRequests", vec![429]),
            ("we are getting a 403 from the target", vec![403]),
            ("GET /Users returned status: 401", vec![401]),
            ("curl: (22) The requested URL returned error: 502", vec![502]),
            ("Request failed with status code 503", vec![503]),
            ("404 page not found", vec![404]),
            ("something went wrong. (500)", vec![500]),
            ("HTTP 5\n03 Service Unavailable", vec![503]),
        ] {
            assert_eq!(statuses(&Forms::of(text)).into_iter().collect::<Vec<_>>(), expected, "{text:?}");
        }
    }

    #[test]
    fn other_numbers_are_not_statuses() {
        for text in [
            "we have 401 users in 12 groups",
            "2024-04-05 06:32:12.404",
            "line 500, column 2",
            "user not found",
            "id 40400",
        ] {
            assert!(statuses(&Forms::of(text)).is_empty(), "{text:?}");
        }
    }
}
