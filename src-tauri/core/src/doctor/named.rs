//! Which identity provider a text names, so that what is to be done is said for that one alone.

use std::sync::LazyLock;

use regex::Regex;

use super::Page;

/// An identity provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Entra,
    Okta,
}

/// The one that the text names; none where it names both or neither.
pub(super) fn named(text: &str) -> Option<Named> {
    static ENTRA: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bentra\b|\bazure ?(ad|active directory)\b|\baadsts ?\d|crossdomainidentitymanagement|customappsso|microsoftonline|graph\.microsoft",
        )
    });
    static OKTA: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bokta\b|errors reported by remote server|automatic (?:provisioning|profile push|deprovisioning) of (?:user )?|\bE00000\d\d\b|group push mapping",
        )
    });
    match (ENTRA.is_match(text), OKTA.is_match(text)) {
        (true, false) => Some(Named::Entra),
        (false, true) => Some(Named::Okta),
        _ => None,
    }
}

/// The page without the sentences that are for the other identity provider.
pub(super) fn only_for(named: Option<Named>, page: Page) -> Page {
    let Some(named) = named else { return page };
    Page { fix: sentences_for(named, &page.fix), next: sentences_for(named, &page.next), ..page }
}

/// A part begins with `Entra: ` or `Okta: ` and goes on to the next of these. What stands before both is for everybody.
fn sentences_for(named: Named, text: &str) -> String {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|[.;] )(Entra|Okta): "));
    let labels: Vec<(usize, Named)> = LABEL
        .captures_iter(text)
        .filter_map(|found| found.get(1))
        .map(|label| (label.start(), if label.as_str() == "Entra" { Named::Entra } else { Named::Okta }))
        .collect();
    // What is said for the other one only is still the best there is.
    if !labels.iter().any(|(_, whom)| *whom == named) {
        return text.to_owned();
    }
    let mut kept = text[..labels.first().map_or(text.len(), |(start, _)| *start)].to_owned();
    for (place, (start, whom)) in labels.iter().enumerate() {
        let end = labels.get(place + 1).map_or(text.len(), |(next, _)| *next);
        if *whom == named {
            kept.push_str(&text[*start..end]);
        }
    }
    kept.trim_end().to_owned()
}

fn pattern(text: &str) -> Regex {
    #[expect(clippy::expect_used, reason = "every pattern here is compiled by the tests")]
    Regex::new(text).expect("BUG: the pattern is valid")
}

#[cfg(test)]
mod tests {
    use super::{Named, named, sentences_for};
    use crate::doctor::diagnose;

    #[test]
    fn the_identity_provider_is_known_by_its_words() {
        assert_eq!(named("SystemForCrossDomainIdentityManagementBadRequest"), Some(Named::Entra));
        assert_eq!(named("Bad Request. Errors reported by remote server: x"), Some(Named::Okta));
        assert_eq!(named("it works from Okta but not from Entra"), None);
        assert_eq!(named("HTTP 429"), None);
    }

    #[test]
    fn only_the_part_for_one_of_them_is_said() {
        let text = "Wait. Entra: **Overview**, then **Save**. Okta: **Assignments**.";
        assert_eq!(sentences_for(Named::Entra, text), "Wait. Entra: **Overview**, then **Save**.");
        assert_eq!(sentences_for(Named::Okta, text), "Wait. Okta: **Assignments**.");
        assert_eq!(sentences_for(Named::Okta, "Entra: **Overview**."), "Entra: **Overview**.");
        assert_eq!(sentences_for(Named::Okta, "Ask whoever runs it."), "Ask whoever runs it.");
    }

    #[test]
    fn the_next_click_is_one_of_the_console_that_the_text_is_from() {
        let okta = diagnose(
            "Unable to update Group Push mapping target App group Eng: Not Found. Errors reported by remote server: Group not found",
        );
        assert!(okta[0].next.starts_with("Okta: ") && !okta[0].next.contains("Entra"), "{:?}", okta[0].next);
        let entra = diagnose(
            "SystemForCrossDomainIdentityManagementCredentialValidationFailure Response Status Code: Unauthorized",
        );
        assert!(entra[0].next.starts_with("Entra: ") && !entra[0].next.contains("Okta"), "{:?}", entra[0].next);
    }
}
