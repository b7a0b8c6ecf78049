//! What every console has in common: what the guide can ask the administrator to get or to do there. `None` and
//! `false` mean that it is nothing for this console.

use usher_core::{Code, Problem, Secret, view::ChoiceOption};

use super::{
    browser::{Browser, lost},
    page::{Form, Page},
    told::Told,
};

/// One console. Ids are those of the guide's blocks.
pub(super) trait Console {
    /// The secret that is to be pasted.
    async fn secret(&mut self, _id: &str) -> Result<Option<Secret>, Problem> {
        Ok(None)
    }

    /// Does what is to be confirmed.
    async fn does(&mut self, _id: &str) -> Result<bool, Problem> {
        Ok(false)
    }

    /// The option of a question.
    async fn answers(&mut self, _told: &Told, _id: &str, _options: &[ChoiceOption]) -> Result<Option<String>, Problem> {
        Ok(None)
    }

    /// In a rotation, when nobody uses it any more.
    async fn deletes_the_old_token(&mut self) -> Result<(), Problem> {
        Ok(())
    }

    /// What is to be typed into the guide, as the console shows it.
    async fn types(&mut self, _id: &str) -> Result<Option<String>, Problem> {
        Ok(None)
    }
}

pub(super) fn form(page: &Page, button: &str) -> Result<Form, Problem> {
    page.form_with(button).cloned().ok_or_else(|| missing(button, page))
}

pub(super) fn press(form: Form, button: &str) -> Result<Form, Problem> {
    form.press(button).ok_or_else(|| lost(&format!("The practice console has no button {button} here.")))
}

pub(super) fn path<'a>(page: &'a Page, words: &str) -> Result<&'a str, Problem> {
    page.link(words).map(|link| link.path.as_str()).ok_or_else(|| missing(words, page))
}

/// What came of the last action: `success`, `failure` or `warning`, and the words.
pub(super) fn notice(page: &Page) -> Result<(String, String), Problem> {
    let (result, words) = page.notice.clone().ok_or_else(|| missing("what came of it", page))?;
    Ok((result, plain(&words)))
}

/// The sign before the words is for the eye.
fn plain(words: &str) -> String {
    words.trim_start_matches(['✓', '✕', '!', ' ']).to_owned()
}

pub(super) fn done(page: &Page) -> Result<(), Problem> {
    match notice(page)? {
        (result, _) if result == "success" => Ok(()),
        (_, words) => Err(refused(&words)),
    }
}

/// The console said no where the guide says nothing of it.
fn refused(words: &str) -> Problem {
    Problem::new(Code::Practice, format!("The practice console says: {words}")).hint(
        "If you asked for a fault, this is the one. If you did not, run the rehearsal again with USHER_LOG=debug and report what it says.",
    )
}

/// The forms that delete a token each, in the order of the list: the oldest first.
pub(super) fn deletions(page: &Page) -> Vec<&Form> {
    page.forms.iter().filter(|form| form.action.ends_with("/delete")).collect()
}

/// Deletes the token before the newest one.
pub(super) async fn delete_the_one_before(browser: &Browser, page: &Page) -> Result<(), Problem> {
    match deletions(page).as_slice() {
        [.., old, _] => done(&browser.send(old).await?),
        _ => Err(missing("an older token", page)),
    }
}

pub(super) fn missing(what: &str, page: &Page) -> Problem {
    // Whoever is turned away sees a page that says why, and nothing else.
    if let Some((result, words)) = &page.notice
        && result != "success"
    {
        return refused(&plain(words));
    }
    lost(&format!("The practice console's page {} does not show {what}.", page.path))
}
