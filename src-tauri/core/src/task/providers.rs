//! Azion's identity providers: which there are, and SCIM turned on for the chosen one.

use super::{Job, Report, findings};
use crate::{
    error::{Code, Phase, Problem},
    http::Journal,
    setup::Offer,
    systems::azion::{self, IdentityProvider},
};

impl Job {
    pub(super) async fn list_identity_providers(&self) -> Report {
        let journal = Journal::new();
        let asked = async {
            let token = self.secret("access-token")?;
            azion::list_identity_providers(&self.http, &self.api()?, token, &journal).await
        };
        let found = asked.await;
        let findings = findings(&journal.lines());
        match found {
            Err(problem) => Report { findings, ..Err(problem).into() },
            Ok(found) => {
                let offers: Vec<Offer> = found.iter().filter(|provider| speaks_saml(provider)).map(offer).collect();
                let active = offers.iter().filter(|offer| offer.usable).count();
                let result = match offers.len() {
                    0 => Err(self.no_provider(found.len())),
                    1 => Ok(format!("{} has one identity provider; {active} active.", self.who())),
                    many => Ok(format!("{} has {many} identity providers; {active} active.", self.who())),
                };
                Report { findings, offers: Some(offers), ..result.into() }
            }
        }
    }

    fn no_provider(&self, others: usize) -> Problem {
        let what = match others {
            0 => format!("{} has no identity provider yet.", self.who()),
            _ => format!("{} has no identity provider with SAML; SCIM is documented for those only.", self.who()),
        };
        Problem::new(Code::NotFound, what)
            .hint_go(format!("Set one up for {} first, then ask again.", self.guide.idp_short), Phase::Role)
    }

    pub(super) async fn enable_scim(&self) -> Report {
        let journal = Journal::new();
        let uuid = self.answer("identity-provider");
        let asked = async {
            let (api, token) = (self.api()?, self.secret("access-token")?);
            let provider = azion::identity_provider(&self.http, &api, token, uuid, &journal).await?;
            // What is on already is not asked for once more.
            match provider {
                IdentityProvider { active: false, name, .. } => Err(inactive(&name)),
                IdentityProvider { scim: true, scim_url: Some(url), name, .. } => Ok((name, url, true)),
                IdentityProvider { .. } => {
                    let provider = azion::enable_scim(&self.http, &api, token, uuid, &journal).await?;
                    let url = provider.scim_url.unwrap_or_default();
                    Ok((provider.name, url, false))
                }
            }
        };
        let asked = asked.await;
        let findings = findings(&journal.lines());
        match asked {
            Err(problem) => Report { findings, ..Err(problem).into() },
            Ok((name, url, already)) => {
                let done = if already { "was on already" } else { "is on now" };
                let learned = [("scim_documented".to_owned(), url)].into();
                Report { findings, learned, ..Ok(format!("SCIM {done} for \"{name}\".")).into() }
            }
        }
    }
}

/// A provider whose protocol is not told may be one.
fn speaks_saml(provider: &IdentityProvider) -> bool {
    provider.protocol.is_empty() || provider.protocol.to_ascii_uppercase().contains("SAML")
}

fn offer(provider: &IdentityProvider) -> Offer {
    let state = match (provider.active, provider.scim) {
        (false, _) => ", not active",
        (true, true) => ", SCIM is on",
        (true, false) => "",
    };
    Offer { id: provider.uuid.clone(), label: format!("{}{state}", provider.name), usable: provider.active }
}

fn inactive(name: &str) -> Problem {
    Problem::new(Code::Refused, format!("The identity provider \"{name}\" is not active, so SCIM stays off."))
        .hint("Activate it in the console first, then press the button again.")
}
