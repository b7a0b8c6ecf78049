//! The administrator's part at the two consoles of the practice world: what to do there when the guide comes to a
//! block. How the consoles look stands in [`greenlake`] and [`entra`]; here is only which one a step is about.

mod browser;
mod entra;
mod greenlake;
mod page;

use usher_core::{
    Code, Problem, Secret,
    view::{Block, ChoiceOption, MappingTable},
};
use usher_sandbox::{Addresses, Target};

use browser::{Browser, lost};

/// A value that was copied in the guide, to be pasted at a console.
pub(crate) struct Noted {
    pub(crate) id: String,
    pub(crate) value: Secret,
}

/// One administrator, for one rehearsal.
pub(crate) struct Admin {
    browser: Browser,
    target: Target,
    console: entra::Console,
    scim_base_url: String,
    noted: Vec<Noted>,
}

impl Admin {
    pub(crate) fn new(addresses: &Addresses) -> Result<Self, Problem> {
        let browser = Browser::new(&addresses.api_base_url)?;
        Ok(Self {
            browser,
            target: addresses.target,
            console: entra::Console::new(&addresses.entra_url),
            scim_base_url: addresses.scim_base_url.clone(),
            noted: Vec::new(),
        })
    }

    /// Where the target can be read.
    pub(crate) fn scim_base_url(&self) -> &str {
        &self.scim_base_url
    }

    /// Keeps a copied value until it is pasted.
    pub(crate) fn note(&mut self, id: &str, value: Secret) {
        self.noted.retain(|noted| noted.id != id);
        self.noted.push(Noted { id: id.to_owned(), value });
    }

    pub(crate) fn noted(&self, id: &str) -> Option<&Secret> {
        self.noted.iter().find(|noted| noted.id == id).map(|noted| &noted.value)
    }

    /// Opens a page that the guide links to.
    pub(crate) async fn opens(&self, address: &str) -> Result<(), Problem> {
        self.browser.open(address).await.map(drop)
    }

    /// What the guide's sentences above this block say that is to be done.
    pub(crate) async fn comes_to(&mut self, block: &Block) -> Result<(), Problem> {
        let Block::Check { id, .. } = block else { return Ok(()) };
        match id.as_str() {
            "scim-find-user" => self.console.provision_on_demand(&self.browser).await,
            "scim-watch-arrivals" => self.console.start(&self.browser).await,
            _ => Ok(()),
        }
    }

    /// The secret that a console shows.
    pub(crate) async fn secret(&self, id: &str) -> Result<Secret, Problem> {
        match (id, self.target) {
            ("access-token", Target::HpeGreenlake) => greenlake::access_token(&self.browser).await,
            _ => Err(unknown(id)),
        }
    }

    /// Does what is to be confirmed.
    pub(crate) async fn does(&self, id: &str) -> Result<(), Problem> {
        match (id, self.target) {
            ("role-assigned", Target::HpeGreenlake) => greenlake::assign_role(&self.browser).await,
            ("mappings-saved", _) => self.console.mappings_saved(&self.browser).await,
            _ => Err(unknown(id)),
        }
    }

    /// The answer to a question; `None` leaves it as it is.
    pub(crate) async fn answers(&mut self, id: &str, options: &[ChoiceOption]) -> Result<Option<String>, Problem> {
        match id {
            "console-said" => {
                let said = self.connect().await?;
                Ok(entra::option(&said, options))
            }
            _ if options.iter().any(|option| option.chosen) => Ok(None),
            _ => Err(unknown(id)),
        }
    }

    /// What is to be typed into the guide, as the console shows it.
    pub(crate) async fn types(&mut self, id: &str) -> Result<String, Problem> {
        match id {
            "sample-group" => self.console.assign_group(&self.browser).await,
            "sample-user" => self.console.member(),
            _ => Err(unknown(id)),
        }
    }

    /// Works through the mapping at the console; returns what is to be ticked.
    pub(crate) async fn maps(&self, tables: &[MappingTable]) -> Result<Vec<String>, Problem> {
        let mut done = Vec::new();
        for table in tables {
            self.console.map(&self.browser, table).await?;
            done.extend(table.actions.iter().map(|action| action.id.clone()));
            done.extend(table.rows.iter().map(|row| row.id.clone()));
        }
        Ok(done)
    }

    /// After a refusal: what the consoles say about it, as the hints ask for.
    pub(crate) async fn looks_into(&self, code: Code) -> Option<String> {
        match code {
            Code::ConsoleRefused => return self.console.refusal().map(str::to_owned),
            Code::NotArrived => {}
            _ => return None,
        }
        match self.console.complaint(&self.browser).await {
            Ok(complaint) => complaint,
            Err(problem) => {
                tracing::debug!(%problem, "the console does not say");
                None
            }
        }
    }

    async fn connect(&mut self) -> Result<entra::Said, Problem> {
        let find =
            |id: &str| self.noted(id).cloned().ok_or_else(|| lost(&format!("The guide has not shown {id} yet.")));
        let (name, url, token) = (find("app-name")?, find("tenant-url")?, find("secret-token")?);
        self.console.connect(&self.browser, name.expose(), &url, &token).await
    }
}

fn unknown(id: &str) -> Problem {
    lost(&format!("The guide asks for \"{id}\", and the rehearsal's administrator has not learnt what to do there."))
}
