//! Keeps secrets out of what is written to disk: inputs that look like one are refused, and what a token says about
//! itself is put into words without the token.

use crate::{
    error::{Code, Problem},
    token::{Form, Reading},
};

/// The longest input that is kept; a userName or a group's name is far below.
const LONGEST_INPUT: usize = 320;

/// Why an input must not be kept, if it looks like a secret.
pub(crate) fn looks_like_a_secret(value: &str) -> Option<Problem> {
    let trimmed = value.trim();
    if trimmed.len() > LONGEST_INPUT {
        return Some(
            Problem::new(Code::WrongInput, "That is too long for a name, so it was not kept.")
                .hint("Type the name as the console shows it."),
        );
    }
    // Names have spaces, an @, dots between words; tokens are one long run of letters and digits.
    let longest_run = trimmed.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').map(str::len).max();
    let prefixed = trimmed.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer "));
    (prefixed || trimmed.starts_with("eyJ") || longest_run.unwrap_or(0) >= 48).then(|| {
        Problem::new(
            Code::WrongInput,
            "That looks like a token, so it was not kept: this field is saved as plain text.",
        )
        .hint("Type the name here; tokens belong into the fields with a **Paste** button.")
    })
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
    use super::looks_like_a_secret;

    #[test]
    fn names_pass_and_tokens_do_not() {
        for name in
            ["ada@example.com", "GreenLake Users", "maría-josé.de-la-cruz@contoso.onmicrosoft.com", "李小龙", ""]
        {
            assert!(looks_like_a_secret(name).is_none(), "{name}");
        }
        let long = "x".repeat(64);
        for secret in ["Bearer abc", "eyJhbGciOiJIUzI1NiJ9.e30.x", &long, &"very long name ".repeat(40)] {
            assert!(looks_like_a_secret(secret).is_some(), "{secret}");
        }
    }
}
