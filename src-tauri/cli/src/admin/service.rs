//! The administrator at the practice page of a service that keeps to the standard: base URL and token stand there.

use usher_core::{Problem, Secret};

use super::{
    browser::Browser,
    console::{Console, delete_the_one_before, form, missing},
};

const NAME: &str = "Provisioning";
const LIFE: &str = "In 1 year";

pub(super) struct Service {
    browser: Browser,
    address: String,
}

impl Console for Service {
    async fn secret(&mut self, id: &str) -> Result<Option<Secret>, Problem> {
        match id {
            "scim-token" => self.token().await.map(Some),
            _ => Ok(None),
        }
    }

    async fn deletes_the_old_token(&mut self) -> Result<(), Problem> {
        delete_the_one_before(&self.browser, &self.browser.open(&self.address).await?).await
    }

    async fn types(&mut self, id: &str) -> Result<Option<String>, Problem> {
        match id {
            "service-name" => Ok(Some("Practice service".to_owned())),
            "base-url" => self.base_url().await.map(Some),
            _ => Ok(None),
        }
    }
}

impl Service {
    pub(super) fn new(browser: Browser, address: &str) -> Self {
        Self { browser, address: address.to_owned() }
    }

    async fn base_url(&self) -> Result<String, Problem> {
        let page = self.browser.open(&self.address).await?;
        page.value("scim_base_url").map(str::to_owned).ok_or_else(|| missing("the base URL", &page))
    }

    async fn token(&self) -> Result<Secret, Problem> {
        let page = self.browser.open(&self.address).await?;
        let form = form(&page, "Create token")?.fill("name", NAME);
        let form = form.choose("expires", LIFE).ok_or_else(|| missing(LIFE, &page))?;
        let shown = self.browser.send(&form).await?;
        shown.value("access_token").map(Secret::new).ok_or_else(|| missing("the token", &shown))
    }
}
