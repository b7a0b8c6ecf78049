//! The administrator's part at the consoles of the practice world: what to do there when the guide comes to a block.
//! How the consoles look stands in a file for each of them; here is only that there are two, the target's and the
//! identity provider's.

mod aws;
mod azion;
mod browser;
mod console;
mod entra;
mod greenlake;
mod idps;
mod okta;
mod page;
mod service;
mod targets;
mod told;

use usher_core::{
    Code, Problem, Secret,
    view::{Block, ChoiceOption, MappingTable},
};
use usher_sandbox::Addresses;

use browser::{Browser, lost};
use console::Console as _;
use idps::AnyIdp;
use targets::AnyTarget;
use told::Told;

/// What a page of the practice world says, without its footer: that names what goes wrong on purpose.
pub fn words_of(html: &str) -> String {
    page::Page::read(String::new(), html).text
}

/// What a rotation asks to be confirmed only where its check cannot show it.
const SHOWN_BY_A_CHECK: [&str; 3] = ["cycle-seen", "old-deleted", "old-left"];

/// One administrator, for one rehearsal: told by whoever shows the guide what it says, block after block, and asked what
/// came of it. Ids are those of the guide's blocks. An error means that the administrator cannot go on; that a console
/// refuses something is an answer like any other.
pub struct Admin {
    browser: Browser,
    target: AnyTarget,
    idp: AnyIdp,
    told: Told,
}

impl Admin {
    /// At the consoles of the practice world at these addresses: the target's, and the one of the identity provider that
    /// is called `idp` in the recipes.
    pub fn new(addresses: &Addresses, idp: &str) -> Result<Self, Problem> {
        let browser = Browser::new(&addresses.api_base_url)?;
        let target = AnyTarget::of(addresses, &browser);
        let idp = AnyIdp::of(idp, addresses, &browser)?;
        Ok(Self { browser, target, idp, told: Told::default() })
    }

    /// Keeps a copied value until it is pasted.
    pub fn note(&mut self, id: &str, value: Secret) {
        self.told.note(id, value);
    }

    /// Address and token as the identity provider gets them, once the guide has shown both.
    pub fn connection(&self) -> Option<(&Secret, &Secret)> {
        self.told.copied("tenant-url").zip(self.told.copied("secret-token"))
    }

    /// Opens a page that the guide links to.
    pub async fn opens(&self, address: &str) -> Result<(), Problem> {
        self.browser.open(address).await.map(drop)
    }

    /// A new step is shown: what the one before asked for is done.
    pub fn begins_step(&mut self) {
        self.told.turn_page();
    }

    /// Reads a block; before a check, what the sentences above it say is done.
    pub async fn comes_to(&mut self, block: &Block) -> Result<(), Problem> {
        self.told.hear(block);
        match block {
            Block::Check { id, .. } if id == "scim-old-token-refused" => self.target.deletes_the_old_token().await,
            Block::Check { id, .. } => self.idp.comes_to_check(id).await,
            _ => Ok(()),
        }
    }

    /// The secret that a console shows.
    pub async fn secret(&mut self, id: &str) -> Result<Secret, Problem> {
        self.target.secret(id).await?.ok_or_else(|| unknown(id))
    }

    /// Does what is to be confirmed; `false` for what need not be, because a check shows it.
    pub async fn does(&mut self, id: &str) -> Result<bool, Problem> {
        if self.target.does(id).await? || self.idp.does(id).await? {
            Ok(true)
        } else if SHOWN_BY_A_CHECK.contains(&id) {
            Ok(false)
        } else {
            Err(unknown(id))
        }
    }

    /// Changes something in the identity provider's directory that travels.
    pub async fn changes_something(&mut self) -> Result<(), Problem> {
        self.idp.changes_something().await
    }

    /// The answer to a question; `None` leaves it as it is.
    pub async fn answers(&mut self, id: &str, options: &[ChoiceOption]) -> Result<Option<String>, Problem> {
        if let Some(answer) = self.target.answers(&self.told, id, options).await? {
            return Ok(Some(answer));
        }
        match self.idp.answers(&self.told, id, options).await? {
            None if !options.iter().any(|option| option.chosen) => Err(unknown(id)),
            answer => Ok(answer),
        }
    }

    /// What is to be typed into the guide, as a console shows it.
    pub async fn types(&mut self, id: &str) -> Result<String, Problem> {
        match self.target.types(id).await? {
            Some(text) => Ok(text),
            None => self.idp.types(id).await?.ok_or_else(|| unknown(id)),
        }
    }

    /// Works through the mapping at the console; returns what is to be ticked.
    pub async fn maps(&self, tables: &[MappingTable]) -> Result<Vec<String>, Problem> {
        let mut done = Vec::new();
        for table in tables {
            self.idp.map(table).await?;
            done.extend(table.actions.iter().map(|action| action.id.clone()));
            done.extend(table.rows.iter().map(|row| row.id.clone()));
        }
        Ok(done)
    }

    /// After a refusal: what the consoles say about it, as the hints ask for. Nothing if they do not help with this code.
    pub async fn looks_into(&self, code: Code) -> Option<String> {
        match code {
            Code::ConsoleRefused => return self.idp.refusal().map(str::to_owned),
            Code::NotArrived | Code::MembersMissing => {}
            _ => return None,
        }
        match self.idp.complaint().await {
            Ok(complaint) => complaint,
            Err(problem) => {
                tracing::debug!(%problem, "the console does not say");
                None
            }
        }
    }
}

fn unknown(id: &str) -> Problem {
    lost(&format!("The guide asks for \"{id}\", and the rehearsal's administrator has not learnt what to do there."))
}
