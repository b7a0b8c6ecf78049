//! A refusal by GreenLake's token API, in words. The statuses are assumed (facts/targets.md A2: responses unknown); the
//! body is shown under Details whatever it says.

use jiff::Timestamp;

use super::Call;
use crate::{
    error::{Code, Phase, Problem},
    http::Answer,
};

const WHO: &str = "HPE GreenLake";

/// What the refusal means and what to do next.
pub(super) fn refusal(answer: &Answer, call: Call, now: Timestamp) -> Problem {
    let problem = match answer.status {
        401 => unauthorized(answer, now),
        403 => role_missing(answer),
        409 => conflict(answer, call),
        404 if call == Call::Rotate => nothing_to_rotate(answer),
        404 | 405 | 410 => not_offered(answer),
        500..=599 => return maybe_issued(answer.refusal(WHO)),
        _ => return page_or(answer, answer.refusal(WHO)),
    };
    page_or(answer, problem.details(answer.details()))
}

fn unauthorized(answer: &Answer, now: Timestamp) -> Problem {
    let problem = Problem::new(
        Code::Unauthorized,
        format!("{WHO} does not accept the personal access token (401 Unauthorized).{}", answer.quote()),
    )
    .hint_go(
        "It ends 15 minutes after it was made. Get a new one under **API Access** and paste it.",
        Phase::AccessToken,
    )
    .hint_go("Copy it whole: a missing first or last character is enough to make it wrong.", Phase::AccessToken);
    match answer.clock_hint(now) {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

fn role_missing(answer: &Answer) -> Problem {
    Problem::new(Code::RoleMissing, format!("{WHO} knows your token, but your account may not create proxy tokens: the role “SCIM Proxy Token Contributor” is missing (403 Forbidden).{}", answer.quote()))
        .hint_go("Assign the role **SCIM Proxy Token Contributor** with the scope **greenlake.service.user** to your own account, or to a group that you are in. Older guides name the scope **greenlake.service.system**.", Phase::Role)
        .hint_go("A token made before the assignment may not carry the role: if it is refused again, get a new personal access token.", Phase::AccessToken)
}

fn conflict(answer: &Answer, call: Call) -> Problem {
    let problem = Problem::new(
        Code::Conflict,
        match call {
            Call::Create => {
                format!("{WHO} did not create a token: a proxy token exists already (409 Conflict).{}", answer.quote())
            }
            Call::Rotate => format!(
                "{WHO} did not rotate the token: it is in a state that does not allow it, for example because a rotation is under way (409 Conflict).{}",
                answer.quote()
            ),
        },
    );
    match call {
        Call::Create => problem
            .hint_go("Press **Replace the token** to get a new one. The current one can stay valid until the new one takes effect.", Phase::ScimToken)
            .hint("If someone else set it up, ask them first: a rotation ends the token that their identity provider uses."),
        Call::Rotate => problem.hint_go("Wait a few minutes, then rotate again.", Phase::ScimToken),
    }
}

fn nothing_to_rotate(answer: &Answer) -> Problem {
    Problem::new(Code::NotFound, format!("{WHO} has no proxy token to rotate (404 Not Found).{}", answer.quote()))
        .hint_go("Create a token instead.", Phase::ScimToken)
}

fn not_offered(answer: &Answer) -> Problem {
    Problem::new(Code::NotFound, format!("{WHO} does not offer proxy tokens at this address ({}).{}", answer.named_status(), answer.quote()))
        .hint("The guides name only the region us1. If your GreenLake is in another region, ask HPE for the address of its SCIM proxy.")
        .hint_go("Check that your account is for HPE GreenLake Flex Solutions; the newer GreenLake platform has another SCIM service.", Phase::Role)
}

/// Adds that the outcome is not known. A POST is not sent twice.
pub(super) fn maybe_issued(problem: Problem) -> Problem {
    problem.hint_go(
        "GreenLake may or may not have issued a token. Create again: if one was issued, GreenLake says that it exists already, and Usher offers **Replace the token**.",
        Phase::ScimToken,
    )
}

/// A web page with this status comes from a gateway rather than from GreenLake's API.
fn page_or(answer: &Answer, problem: Problem) -> Problem {
    if answer.is_html() {
        problem.hint("The answer is a web page, so a proxy or firewall in between may have refused, not GreenLake. Ask your network team.")
    } else {
        problem
    }
}
