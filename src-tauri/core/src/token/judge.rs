//! Says whether a pasted text can be the token that is asked for, and if not, what it is instead.

use jiff::{SignedDuration, Timestamp};

use super::{
    AccessToken, Form, ScimToken, clean, left_in_words, read,
    shape::{LONGEST, SHORTEST, Shape, shape},
    words,
};
use crate::error::{Code, Phase, Problem};

/// Clocks of a server and a computer are allowed to differ by this much.
const LEEWAY: SignedDuration = SignedDuration::from_secs(90);
/// A token that lives longer than this is no personal access token.
const LONG_LIVED: SignedDuration = SignedDuration::from_hours(24);
/// A token that ends sooner than this is no SCIM token.
const SHORT_LIVED: SignedDuration = SignedDuration::from_hours(24);

/// Judges a pasted personal access token. `lifetime` counts from `now` when the token names no end itself; `None` for
/// tokens that may live as long as somebody chose.
///
/// # Errors
/// [`Code::WrongInput`] naming what it is instead, [`Code::Expired`] if its own end has passed, [`Code::ClockSkew`] if
/// it says that it is not valid yet.
pub fn judge_access_token(raw: &str, now: Timestamp, lifetime: Option<SignedDuration>) -> Result<AccessToken, Problem> {
    let secret = clean(raw);
    if let Some(shape) = shape(secret.expose()) {
        return Err(shape_problem(shape, "personal access token", Phase::AccessToken));
    }
    let reading = read(&secret, now);
    times(&reading.form, now, "personal access token", Phase::AccessToken)?;
    let longest = lifetime.map(|lifetime| LONG_LIVED.max(lifetime));
    if let Some(left) = reading.left.filter(|left| longest.is_some_and(|longest| *left > longest)) {
        return Err(Problem::new(Code::WrongInput, format!("This token is valid for another {}. A personal access token lives much shorter: this looks like a SCIM token.", words(left)))
            .hint_go("Copy the personal access token from the page of your own account.", Phase::AccessToken)
            .hint("The SCIM token has its place at the identity provider: step 4 says where."));
    }
    let counted = lifetime.map(|lifetime| now.checked_add(lifetime).unwrap_or(Timestamp::MAX));
    let expires_at = match reading.form {
        Form::Jwt { expires_at: Some(end), .. } => Some(end),
        Form::Jwt { expires_at: None, .. } | Form::Opaque => counted,
    };
    Ok(AccessToken { secret, reading, expires_at })
}

/// Judges a pasted long-lived SCIM token.
///
/// # Errors
/// As [`judge_access_token`]; a token that ends within a day is named as a short-lived one.
pub fn judge_scim_token(raw: &str, now: Timestamp) -> Result<ScimToken, Problem> {
    let secret = clean(raw);
    if let Some(shape) = shape(secret.expose()) {
        return Err(shape_problem(shape, "SCIM token", Phase::ScimToken));
    }
    let reading = read(&secret, now);
    times(&reading.form, now, "SCIM token", Phase::ScimToken)?;
    if let Some(left) = reading.left.filter(|left| *left < SHORT_LIVED) {
        return Err(Problem::new(
            Code::WrongInput,
            format!(
                "This token ends in {}. A SCIM token lives for months: this looks like a personal access token.",
                words(left)
            ),
        )
        .hint_go("Paste the SCIM token that the target issued for the identity provider.", Phase::ScimToken));
    }
    let expires_at = match reading.form {
        Form::Jwt { expires_at, .. } => expires_at,
        Form::Opaque => None,
    };
    Ok(ScimToken { secret, reading, expires_at })
}

/// A JWT whose time is over or has not come.
fn times(form: &Form, now: Timestamp, what: &str, phase: Phase) -> Result<(), Problem> {
    let Form::Jwt { issued_at, not_before, expires_at, .. } = form else {
        return Ok(());
    };
    let from_future = [not_before, issued_at]
        .into_iter()
        .flatten()
        .max()
        .map(|start| start.duration_since(now))
        .filter(|ahead| *ahead > LEEWAY);
    if let Some(ahead) = from_future {
        return Err(Problem::new(
            Code::ClockSkew,
            format!("By this computer's clock the {what} becomes valid only in {}.", words(ahead)),
        )
        .hint("Check this computer's date, time and time zone, then paste the token again."));
    }
    let Some(left) = expires_at.map(|end| end.duration_since(now)).filter(|left| !left.is_positive()) else {
        return Ok(());
    };
    let problem = Problem::new(Code::Expired, format!("This {what} {}.", left_in_words(left)))
        .hint_go(format!("Get a new {what} from the console and paste it here."), phase);
    Err(problem.hint("If you copied it just now, check this computer's date, time and time zone."))
}

fn shape_problem(shape: Shape, what: &str, phase: Phase) -> Problem {
    let wrong = |message: String| Problem::new(Code::WrongInput, message);
    let again = format!("Copy the {what} again, with the console's own copy button if there is one.");
    match shape {
        Shape::Empty => wrong(format!("There is no {what} here yet."))
            .hint_go(format!("Copy the {what} in the console, then paste it here."), phase),
        Shape::Url => wrong(format!("This is a web address, not a {what}.")).hint_go(again, phase),
        Shape::Page => wrong(format!("This is a piece of a web page, not a {what}.")).hint_go(again, phase),
        Shape::Json => wrong(format!("This is a JSON document with more in it than a {what}."))
            .hint_go(format!("Copy only the value of the {what}, without the quotes around it."), phase),
        Shape::Placeholder => wrong(format!("This is a placeholder from a guide, not a {what}.")).hint_go(again, phase),
        Shape::Masked => wrong(format!("The console hides a part of this {what}: dots or stars stand in its place."))
            .hint_go("Reveal the value in the console first, or use its copy button.", phase),
        Shape::Words => wrong(format!("There are blanks in this text, so it is not a {what} alone."))
            .hint_go(format!("Copy only the {what}, without the words around it."), phase),
        Shape::Strange => wrong(format!("There are characters in this text that no {what} has.")).hint_go(again, phase),
        Shape::Email => wrong(format!("This is an e-mail address, not a {what}.")).hint_go(again, phase),
        Shape::Uuid => wrong(format!("This is an id (UUID), not a {what}."))
            .hint_go("Consoles show a token's id beside it; copy the token's value instead.", phase),
        Shape::Short => {
            wrong(format!("This has fewer than {SHORTEST} characters, too few for a {what}.")).hint_go(again, phase)
        }
        Shape::Long => {
            wrong(format!("This has more than {} characters, too many for a {what}.", LONGEST)).hint_go(again, phase)
        }
    }
}
