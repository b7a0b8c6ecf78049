//! What a typed text cannot be, and what is to be said about one that may be right.

use url::Url;

use super::Session;
use crate::{
    error::{Code, Problem},
    http::{is_loopback, redact::is_invisible},
    recipe::{Clue, Fit, Form, InputGuide, Sign},
    systems::scim::BaseUrl,
};

/// Characters of a name that the admin gives to a system.
const LONGEST_NAME: usize = 40;

impl Session {
    /// Why what was typed cannot be it.
    pub(crate) fn input_problem(&self, block: &str) -> Option<Problem> {
        self.input_problems.get(block).cloned().or_else(|| self.typed(block, false))
    }

    /// What is to be said about what was typed, although it may be right.
    pub(crate) fn input_warning(&self, block: &str) -> Option<Problem> {
        self.typed(block, true)
    }

    fn typed(&self, block: &str, warn: bool) -> Option<Problem> {
        let input = self.guide.input(block)?;
        let text = self.setup.answers.get(block).map(|text| text.trim()).filter(|text| !text.is_empty())?;
        let clue = input.clues.iter().find(|clue| self.shows(&clue.sign, text));
        match clue {
            Some(Clue { problem, warn: warns, .. }) if *warns == warn => return Some(problem.clone()),
            Some(_) if warn => return None,
            _ => {}
        }
        match (&input.gives, warn) {
            (Some(_), false) => match address(input, text) {
                Ok(base) if self.setup.practice && !is_loopback(base.url()) => Some(not_in_practice()),
                judged => judged.err(),
            },
            (Some(_), true) => other_host(input, text, &self.guide.target_short),
            (None, false) if input.names.is_some() => too_long(text),
            (None, false) if input.arrives => self.forbidden(text),
            (None, _) => None,
        }
    }

    fn shows(&self, sign: &Sign, text: &str) -> bool {
        let text = text.to_lowercase();
        match sign {
            Sign::Contains(part) => text.contains(part),
            Sign::Is(all) => all.contains(&text),
            Sign::SameAs(block) => {
                self.setup.answers.get(block).is_some_and(|other| other.trim().to_lowercase() == text)
            }
        }
    }

    /// A character that the target refuses, before it is sent there (facts B4).
    fn forbidden(&self, text: &str) -> Option<Problem> {
        let target = &self.guide.target_short;
        let bad = text.chars().find(|c| self.guide.forbidden_characters.contains(*c) || is_invisible(*c))?;
        let shown =
            if is_invisible(bad) { "an invisible character".to_owned() } else { format!("the character \"{bad}\"") };
        let message =
            format!("There is {shown} (U+{:04X}) in this name, and {target} refuses names with it.", bad as u32);
        Some(
            Problem::new(Code::WrongInput, message)
                .hint(format!("Change the name at {}, or choose another one.", self.guide.idp_short)),
        )
    }
}

fn not_in_practice() -> Problem {
    Problem::new(
        Code::WrongInput,
        "This is practice, and this address is that of a real system. Nothing was sent there.",
    )
    .hint("Copy the address from the practice console in your browser.")
}

fn too_long(text: &str) -> Option<Problem> {
    (text.chars().count() > LONGEST_NAME || text.chars().any(|c| c.is_control() || is_invisible(c))).then(|| {
        Problem::new(Code::WrongInput, format!("A name has at most {LONGEST_NAME} characters, all of them visible."))
            .hint("It is only for you and your colleagues: a short one will do.")
    })
}

/// The address as it is used, or what is wrong with it.
pub(super) fn address(input: &InputGuide, text: &str) -> Result<BaseUrl, Problem> {
    let base = BaseUrl::parse(text)?;
    if let Some(shorter) = base.without_endpoint() {
        return Err(Problem::new(Code::WrongPath, "The address has something too much at its end.")
            .hint(format!("Enter it as `{}`: what comes after it is added by whoever uses it.", shorter.text())));
    }
    match &input.form {
        Some(form) if form.fit(base.url()) == Fit::No => Err(not_built_so(form, base.url())),
        _ => Ok(base),
    }
}

fn not_built_so(form: &Form, url: &Url) -> Problem {
    let message = format!("The address is not built like this: `{}`.", form.shown());
    let path = url.path().trim_end_matches('/');
    let path = if path.is_empty() { "nothing".to_owned() } else { format!("`{path}`") };
    Problem::new(Code::WrongPath, message)
        .hint(format!("After the host there is {path}. Copy the whole address again, with the console's own copy button if there is one."))
}

fn other_host(input: &InputGuide, text: &str, target: &str) -> Option<Problem> {
    let base = address(input, text).ok()?;
    let form = input.form.as_ref()?;
    matches!(form.fit(base.url()), Fit::OtherHost(_)).then(|| {
        Problem::new(Code::WrongInput, format!("Usher does not know this host as one of {target}."))
            .hint(format!("Usually the address is `{}`. The check below shows whether this one answers.", form.shown()))
    })
}
