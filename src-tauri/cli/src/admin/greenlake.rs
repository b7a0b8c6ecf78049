//! The administrator at the practice portal of HPE GreenLake: gives the role, gets a personal access token.

use usher_core::{Problem, Secret};

use super::{
    browser::Browser,
    console::{Console, done, form, missing, path},
};

const ROLE: &str = "SCIM Proxy Token Contributor";
const SPACE: &str = "All Resources";
const SCOPE: &str = "greenlake.service.user";

pub(super) struct Greenlake {
    browser: Browser,
    address: String,
}

impl Console for Greenlake {
    async fn secret(&mut self, id: &str) -> Result<Option<Secret>, Problem> {
        match id {
            "access-token" => self.access_token().await.map(Some),
            _ => Ok(None),
        }
    }

    async fn does(&mut self, id: &str) -> Result<bool, Problem> {
        match id {
            "role-assigned" => self.assign_role().await.map(|()| true),
            _ => Ok(false),
        }
    }
}

impl Greenlake {
    pub(super) fn new(browser: Browser, address: &str) -> Self {
        Self { browser, address: address.to_owned() }
    }

    /// User Management → the own account → Actions → Create Assignment.
    async fn assign_role(&self) -> Result<(), Problem> {
        let home = self.browser.open(&self.address).await?;
        // Who is signed in.
        let me = home.text.split(' ').find(|word| word.contains('@'));
        let me = me.ok_or_else(|| missing("the signed-in account", &home))?;
        let users = self.browser.open(path(&home, "User Management")?).await?;
        let row = users.rows.iter().find(|row| row.iter().any(|cell| cell == me));
        let row = row.ok_or_else(|| missing("the own account", &users))?;
        let account = self.browser.open(path(&users, &row[0])?).await?;
        let page = self.browser.open(path(&account, "Create Assignment")?).await?;
        let form = form(&page, "Create Assignment")?
            .choose("role", ROLE)
            .and_then(|form| form.choose("space", SPACE))
            .and_then(|form| form.choose("scope", SCOPE))
            .ok_or_else(|| missing(ROLE, &page))?
            .tick("confirm", "on", true);
        done(&self.browser.send(&form).await?)
    }

    /// API Access → Get token.
    async fn access_token(&self) -> Result<Secret, Problem> {
        let home = self.browser.open(&self.address).await?;
        let page = self.browser.open(path(&home, "API Access")?).await?;
        let shown = self.browser.send(&form(&page, "Get token")?).await?;
        shown.value("access_token").map(Secret::new).ok_or_else(|| missing("the token", &shown))
    }
}
