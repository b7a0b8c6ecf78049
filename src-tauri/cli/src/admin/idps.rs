//! Which identity provider's console the administrator stands before. What there is to do at each stands in a file of
//! its own.

use usher_core::{
    Problem,
    view::{ChoiceOption, MappingTable},
};
use usher_sandbox::Addresses;

use super::{
    browser::{Browser, lost},
    console::Console,
    entra::Entra,
    okta::Okta,
    told::Told,
};

pub(super) enum AnyIdp {
    Entra(Entra),
    Okta(Okta),
}

/// What a console answered to the test of address and token.
pub(super) struct Said {
    pub(super) words: String,
    pub(super) details: String,
}

impl AnyIdp {
    pub(super) fn of(idp: &str, addresses: &Addresses, browser: &Browser) -> Result<Self, Problem> {
        match idp {
            "entra" => Ok(Self::Entra(Entra::new(browser.clone(), &addresses.entra_url))),
            "okta" => Ok(Self::Okta(Okta::new(browser.clone(), &addresses.okta_url))),
            _ => Err(lost(&format!("The practice world has no console of \"{idp}\"."))),
        }
    }

    /// What the guide's sentences above a check say that is to be done.
    pub(super) async fn comes_to_check(&mut self, id: &str) -> Result<(), Problem> {
        match self {
            Self::Entra(console) => console.comes_to_check(id).await,
            Self::Okta(console) => console.comes_to_check(id).await,
        }
    }

    /// Works through one table of the mapping.
    pub(super) async fn map(&self, table: &MappingTable) -> Result<(), Problem> {
        match self {
            Self::Entra(console) => console.map(table).await,
            Self::Okta(console) => console.map(table).await,
        }
    }

    /// Changes the members of a group that travels, and back the next time.
    pub(super) async fn changes_something(&mut self) -> Result<(), Problem> {
        match self {
            Self::Entra(console) => console.changes_something().await,
            Self::Okta(console) => console.changes_something().await,
        }
    }

    /// What the test said when it failed.
    pub(super) fn refusal(&self) -> Option<&str> {
        match self {
            Self::Entra(console) => console.refusal(),
            Self::Okta(console) => console.refusal(),
        }
    }

    /// What the console's own pages say about why somebody or something does not arrive.
    pub(super) async fn complaint(&self) -> Result<Option<String>, Problem> {
        match self {
            Self::Entra(console) => console.complaint().await,
            Self::Okta(console) => console.complaint().await,
        }
    }
}

impl Console for AnyIdp {
    async fn does(&mut self, id: &str) -> Result<bool, Problem> {
        match self {
            Self::Entra(console) => console.does(id).await,
            Self::Okta(console) => console.does(id).await,
        }
    }

    async fn answers(&mut self, told: &Told, id: &str, options: &[ChoiceOption]) -> Result<Option<String>, Problem> {
        match self {
            Self::Entra(console) => console.answers(told, id, options).await,
            Self::Okta(console) => console.answers(told, id, options).await,
        }
    }

    async fn types(&mut self, id: &str) -> Result<Option<String>, Problem> {
        match self {
            Self::Entra(console) => console.types(id).await,
            Self::Okta(console) => console.types(id).await,
        }
    }
}

/// The option of the guide that says what the console said: by its words, by the parts of them around "…", by a code
/// in the details ("An error that contains …"); else the last one, "Something else".
pub(super) fn option(said: &Said, options: &[ChoiceOption]) -> Option<String> {
    let exact = options.iter().find(|option| option.label == said.words);
    let in_parts = || options.iter().find(|option| option.label.contains('…') && fits(&option.label, &said.words));
    let by_code = || {
        options.iter().find(|option| {
            let code = option.label.split(' ').next_back().unwrap_or_default();
            code.len() > 20 && said.details.contains(code)
        })
    };
    exact.or_else(in_parts).or_else(by_code).or(options.last()).map(|option| option.id.clone())
}

/// Whether the parts of a label around "…" stand in these words one after the other.
fn fits(label: &str, words: &str) -> bool {
    let mut rest = words;
    label.split('…').map(str::trim).all(|part| match rest.find(part) {
        Some(place) => {
            rest = &rest[place + part.len()..];
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use usher_core::view::ChoiceOption;

    use super::{Said, option};

    #[test]
    fn the_consoles_words_lead_to_their_option() {
        let labels = [
            "It was verified",
            "Error while verifying if user … exists: Unauthorized",
            "An error that contains CredentialValidationUnavailable",
            "Something else",
        ];
        let option_of = |(id, label): (usize, &&str)| ChoiceOption {
            id: id.to_string(),
            label: (*label).to_owned(),
            chosen: false,
        };
        let options: Vec<ChoiceOption> = labels.iter().enumerate().map(option_of).collect();
        for (words, details, wanted) in [
            ("It was verified", "", "0"),
            ("Error while verifying if user a@b exists: Unauthorized (401)", "", "1"),
            ("No", "… SystemCredentialValidationUnavailable CredentialValidationUnavailable", "2"),
            ("It was verified not", "", "3"),
        ] {
            let said = Said { words: words.to_owned(), details: details.to_owned() };
            assert_eq!(option(&said, &options).as_deref(), Some(wanted), "{words}");
        }
    }
}
