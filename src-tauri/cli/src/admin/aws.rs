//! The administrator at the practice console of AWS IAM Identity Center: turns automatic provisioning on, or generates
//! a token where it is on already, and says what the console shows.

use usher_core::{Problem, Secret, view::ChoiceOption};

use super::{
    browser::{Browser, lost},
    console::{Console, deletions, done, form, missing, notice, path},
    page::Page,
    told::Told,
};

/// What is so before the guide begins: there is nothing to be done for it in practice.
const GIVEN: [&str; 2] = ["identity-source", "rights-there"];

pub(super) struct Aws {
    browser: Browser,
    address: String,
    endpoint: Option<String>,
    token: Option<Secret>,
    /// The ID of the token that a rotation replaces.
    old: Option<String>,
}

/// What the console shows, by the guide's option.
enum Shows {
    Token,
    TwoTokens,
    NoPermission,
    Nothing,
}

impl Shows {
    fn option(&self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::TwoTokens => "two-tokens",
            Self::NoPermission => "no-permission",
            Self::Nothing => "nothing-there",
        }
    }
}

impl Console for Aws {
    async fn secret(&mut self, id: &str) -> Result<Option<Secret>, Problem> {
        match id {
            "scim-token" => Ok(self.token.clone()),
            _ => Ok(None),
        }
    }

    async fn does(&mut self, id: &str) -> Result<bool, Problem> {
        if id == "old-deleted" {
            return self.delete_the_old_one().await.map(|()| true);
        }
        Ok(GIVEN.contains(&id))
    }

    async fn answers(&mut self, _told: &Told, id: &str, options: &[ChoiceOption]) -> Result<Option<String>, Problem> {
        let shows = match id {
            "console-shows" => self.generate().await?.option(),
            "tokens-listed" => ["none", "one", "two"][deletions(&self.manage().await?).len().min(2)],
            _ => return Ok(None),
        };
        let known = options.iter().any(|option| option.id == shows);
        known.then(|| Some(shows.to_owned())).ok_or_else(|| lost(&format!("The guide has no answer \"{shows}\".")))
    }

    async fn types(&mut self, id: &str) -> Result<Option<String>, Problem> {
        match id {
            "scim-endpoint" => Ok(self.endpoint.clone()),
            "old-token-id" => self.only_id().await.map(Some),
            _ => Ok(None),
        }
    }
}

impl Aws {
    pub(super) fn new(browser: Browser, address: &str) -> Self {
        Self { browser, address: address.to_owned(), endpoint: None, token: None, old: None }
    }

    /// Settings → Actions → Manage provisioning.
    async fn manage(&self) -> Result<Page, Problem> {
        let home = self.browser.open(&self.address).await?;
        let settings = self.browser.open(path(&home, "Settings")?).await?;
        self.browser.open(path(&settings, "Manage provisioning")?).await
    }

    /// The ID of the token in use, noted for the end.
    async fn only_id(&mut self) -> Result<String, Problem> {
        let page = self.manage().await?;
        let row = ids(&page).next().ok_or_else(|| missing("an access token", &page))?;
        self.old = Some(row.to_owned());
        Ok(row.to_owned())
    }

    /// The token with the ID that was noted.
    async fn delete_the_old_one(&self) -> Result<(), Problem> {
        let page = self.manage().await?;
        let place = ids(&page).position(|id| Some(id) == self.old.as_deref());
        let form = place.and_then(|place| deletions(&page).get(place).copied().cloned());
        let form = form.ok_or_else(|| missing("the token with the noted ID", &page))?;
        done(&self.browser.send(&form.fill("confirm", "DELETE")).await?)
    }

    /// Settings → Enable, or Actions → Manage provisioning → Generate token; then Close, after which the endpoint can
    /// still be read and the token cannot.
    async fn generate(&mut self) -> Result<Shows, Problem> {
        let home = self.browser.open(&self.address).await?;
        let settings = self.browser.open(path(&home, "Settings")?).await?;
        let button = match (settings.form_with("Enable"), settings.link("Manage provisioning")) {
            (Some(button), _) => button.clone(),
            (None, Some(manage)) => form(&self.browser.open(&manage.path).await?, "Generate token")?,
            (None, None) => return Ok(Shows::Nothing),
        };
        let shown = self.browser.send(&button).await?;
        let Some(token) = shown.value("access_token") else { return refusal(&shown) };
        self.token = Some(Secret::new(token));
        self.endpoint = shown.value("scim_endpoint").map(str::to_owned);
        let closed = self.browser.send(&form(&shown, "Close")?).await?;
        if self.endpoint.is_none() {
            let shown = closed.value("scim_endpoint").ok_or_else(|| missing("the SCIM endpoint", &closed))?;
            self.endpoint = Some(shown.to_owned());
        }
        Ok(Shows::Token)
    }
}

/// The IDs of the tokens that are listed, below the head of their column.
fn ids(page: &Page) -> impl Iterator<Item = &str> {
    page.rows_under("Access tokens").iter().map(|row| row[0].as_str()).filter(|id| *id != "Token ID")
}

/// Which of the guide's answers the console's words are.
fn refusal(page: &Page) -> Result<Shows, Problem> {
    let (_, words) = notice(page)?;
    match words.to_lowercase() {
        words if words.contains("permission") => Ok(Shows::NoPermission),
        words if words.contains("two access tokens") => Ok(Shows::TwoTokens),
        _ => Err(lost(&format!("The practice console says: {words}"))),
    }
}
