//! Keeps secrets out of what is written to disk: inputs that look like one are refused, and what a token says about
//! itself is put into words without the token.

use url::Url;

use crate::{
    error::{Code, Problem},
    http::redact::is_mixed,
    token::{Form, Reading},
};

/// The longest name that is kept; a userName or a group's name is far below.
const LONGEST_NAME: usize = 320;
/// The longest address that is kept.
const LONGEST_ADDRESS: usize = 2_000;

/// Why a name must not be kept, if it looks like a secret.
pub(crate) fn looks_like_a_secret(value: &str) -> Option<Problem> {
    let trimmed = value.trim();
    if trimmed.len() > LONGEST_NAME {
        return Some(too_long("name"));
    }
    looks_like_a_token(trimmed)
        .then(|| kept_out("Type the name here; tokens belong into the fields with a **Paste** button."))
}

/// Why an address must not be kept: it is a token, or has one in it.
pub(crate) fn address_with_a_secret(value: &str) -> Option<Problem> {
    let trimmed = value.trim();
    if trimmed.len() > LONGEST_ADDRESS {
        return Some(too_long("address"));
    }
    let Some(url) = Url::parse(trimmed).ok().filter(Url::has_host) else {
        return looks_like_a_token(trimmed)
            .then(|| kept_out("Enter the address here; tokens belong into the fields with a **Paste** button."));
    };
    let named = !url.username().is_empty() || url.password().is_some();
    let asks = url.query().is_some_and(|query| query.contains('='));
    (named || asks || url.fragment().is_some()).then(|| {
        Problem::new(Code::WrongPath, "This address has more in it than an address: a user name, a “?” with a value, or a “#”. It was not kept, because such parts can hold a token.")
            .hint("Enter the address alone, up to the last part of its path.")
    })
}

/// Names have spaces, an @, dots between words; tokens are one long run of letters and digits.
fn looks_like_a_token(text: &str) -> bool {
    let runs = || text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').filter(|run| !is_id(run));
    let one_piece = !text.contains(['@', ' ']);
    let prefixed = text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer "));
    prefixed
        || text.starts_with("eyJ")
        || runs().any(|run| run.len() >= 48)
        // Base64 has characters that cut it into shorter runs; a path of names has none of these two.
        || one_piece && (runs().any(|run| run.len() >= 32 && is_mixed(run)) || text.len() >= 40 && text.contains(['+', '=']) && !text.contains(':'))
}

/// A UUID, or one with something before it, as AWS has them (facts/targets.md B1).
fn is_id(run: &str) -> bool {
    run.len() <= 64
        && run.matches('-').count() >= 4
        && run.chars().all(|c| c == '-' || c.is_ascii_digit() || ('a'..='f').contains(&c))
}

fn too_long(what: &str) -> Problem {
    Problem::new(Code::WrongInput, format!("That is too long for this {what}, so it was not kept."))
        .hint(format!("Enter the {what} as the console shows it."))
}

fn kept_out(instead: &str) -> Problem {
    Problem::new(Code::WrongInput, "That looks like a token, so it was not kept: this field is saved as plain text.")
        .hint(instead)
}

/// What a token says about itself: "for ada@example.com", "tenant 4711".
pub(crate) fn about(reading: &Reading) -> Vec<String> {
    match &reading.form {
        Form::Jwt { subject, tenant, .. } => {
            let subject = subject.iter().map(|subject| format!("for {subject}"));
            subject.chain(tenant.iter().map(|tenant| format!("tenant {tenant}"))).collect()
        }
        Form::Opaque => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{address_with_a_secret, looks_like_a_secret};

    #[test]
    fn names_pass_and_tokens_do_not() {
        for name in [
            "ada@example.com",
            "GreenLake Users",
            "Finance/Accounting/Region-2/Germany-Berlin/Team-4",
            "maría-josé.de-la-cruz@contoso.onmicrosoft.com",
            "李小龙",
            "",
        ] {
            assert!(looks_like_a_secret(name).is_none(), "{name}");
        }
        let long = "x".repeat(64);
        let key = "9f86d081884c7d659a2feaa0c55ad015";
        let base64 = "q0z+Zk9/aP3xT7vB2mN8cL5rJ1wY6uE4sD0fG9hK=";
        for secret in ["Bearer abc", "eyJhbGciOiJIUzI1NiJ9.e30.x", &long, key, base64, &"very long name ".repeat(40)] {
            assert!(looks_like_a_secret(secret).is_some(), "{secret}");
        }
        assert!(looks_like_a_secret("ee533c18-538a-4cd3-a572-b13b0a7e7d1e").is_none(), "an id is none");
    }

    #[test]
    fn addresses_pass_and_tokens_in_them_do_not() {
        let tenant =
            "https://scim.us-east-2.amazonaws.com/9067729b3d-ee533c18-538a-4cd3-a572-dd6374d1ab1b-0000/scim/v2/";
        for address in [tenant, "https://scim.example.com/v2?aadOptscim062020", "scim.example.com/v2", "http", ""] {
            assert!(address_with_a_secret(address).is_none(), "{address}");
        }
        let key = "9f86d081884c7d659a2feaa0c55ad015";
        for secret in [
            key,
            "https://admin:hunter2@scim.example.com/v2",
            "https://scim.example.com/v2?token=abc",
            "https://console.example.com/#/keys/abc",
            &"https://scim.example.com/".repeat(200),
        ] {
            let problem = address_with_a_secret(secret).unwrap_or_else(|| panic!("{secret} was kept"));
            assert!(!problem.message.contains(key) && !problem.message.contains("hunter2"), "{problem}");
        }
    }
}
