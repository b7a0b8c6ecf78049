//! The administrator at the practice Azion Console: makes a personal token, and knows which identity provider is meant.

use usher_core::{Problem, Secret, view::ChoiceOption};

use super::{
    browser::Browser,
    console::{Console, delete_the_one_before, missing, path},
    told::Told,
};

/// What is so before the guide begins: there is nothing to be done for it in practice.
const GIVEN: [&str; 4] = ["account-owner", "plan", "saml-active", "saml-linked"];
/// How the identity provider of these guides is called there.
const PROVIDER: &str = "Microsoft Entra";
const LIFE: &str = "1 year";

pub(super) struct Azion {
    browser: Browser,
    address: String,
}

impl Console for Azion {
    async fn secret(&mut self, id: &str) -> Result<Option<Secret>, Problem> {
        match id {
            "access-token" | "scim-token" => self.personal_token(id).await.map(Some),
            _ => Ok(None),
        }
    }

    async fn does(&mut self, id: &str) -> Result<bool, Problem> {
        Ok(GIVEN.contains(&id))
    }

    async fn deletes_the_old_token(&mut self) -> Result<(), Problem> {
        let home = self.browser.open(&self.address).await?;
        let page = self.browser.open(path(&home, "Personal Tokens")?).await?;
        delete_the_one_before(&self.browser, &page).await
    }

    async fn answers(&mut self, _told: &Told, id: &str, options: &[ChoiceOption]) -> Result<Option<String>, Problem> {
        match id {
            "identity-provider" => self.identity_provider(options).await.map(Some),
            _ => Ok(None),
        }
    }
}

impl Azion {
    pub(super) fn new(browser: Browser, address: &str) -> Self {
        Self { browser, address: address.to_owned() }
    }

    /// Account menu → Personal Tokens. The token is shown once, until the page is closed.
    async fn personal_token(&self, name: &str) -> Result<Secret, Problem> {
        let home = self.browser.open(&self.address).await?;
        let page = self.browser.open(path(&home, "Personal Tokens")?).await?;
        let form = page.form_holding("expires").ok_or_else(|| missing("how long a token lives", &page))?.clone();
        let form = form.fill("name", name).choose("expires", LIFE).ok_or_else(|| missing(LIFE, &page))?;
        let shown = self.browser.send(&form).await?;
        let token = shown.value("personal_token").ok_or_else(|| missing("the token", &shown))?;
        if let Some(close) = shown.form_with("Close") {
            self.browser.send(close).await?;
        }
        Ok(Secret::new(token))
    }

    /// Account menu → SSO Management: the option that stands for the provider of this name, by the id beside it; the
    /// active one if there are several.
    async fn identity_provider(&self, options: &[ChoiceOption]) -> Result<String, Problem> {
        let home = self.browser.open(&self.address).await?;
        let page = self.browser.open(path(&home, "SSO Management")?).await?;
        let mut rows: Vec<&Vec<String>> =
            page.rows.iter().filter(|row| row.first().is_some_and(|name| name.starts_with(PROVIDER))).collect();
        rows.sort_by_key(|row| !row.iter().any(|cell| cell == "Active"));
        let chosen = rows.first().and_then(|row| options.iter().find(|option| row[0].contains(&option.id)));
        chosen.map(|option| option.id.clone()).ok_or_else(|| missing(PROVIDER, &page))
    }
}
