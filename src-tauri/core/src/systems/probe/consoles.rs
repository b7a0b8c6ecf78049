//! Addresses of consoles that are pasted where a SCIM base URL belongs. They are told by their host; nothing is asked
//! there, and above all no token is sent there.

use url::Url;

use super::{IdpStyle, report::Finding};
use crate::error::{Code, Phase, Problem};

struct Console {
    /// The host, or its end if it begins with a dot.
    hosts: &'static [&'static str],
    who: &'static str,
    /// Where the right address stands.
    copy: &'static str,
}

/// facts/targets.md A1, A3, B1, B2, C; facts/identity-providers.md.
const CONSOLES: [Console; 5] = [
    Console {
        hosts: &[
            ".awsapps.com",
            "console.aws.amazon.com",
            ".console.aws.amazon.com",
            "signin.aws.amazon.com",
            ".signin.aws.amazon.com",
            ".signin.aws",
        ],
        who: "AWS's console or sign-in",
        copy: "Copy the **SCIM endpoint** in IAM Identity Center: **Settings → Identity source → Actions → Manage provisioning**. It reads `https://scim.<region>.amazonaws.com/<tenant>/scim/v2`.",
    },
    Console {
        hosts: &[
            "client.greenlake.hpe.com",
            "common.cloud.hpe.com",
            "console.greenlake.hpe.com",
            "sso.common.cloud.hpe.com",
        ],
        who: "HPE GreenLake's console",
        copy: "The SCIM endpoint of HPE GreenLake Flex Solutions is documented as `https://sps.us1.greenlake-hpe.com/v1alpha1/scimproxy`. Usher did not try it, because it is another host.",
    },
    Console {
        hosts: &["console.azion.com", "manager.azion.com", "sso.azion.com", "www.azion.com"],
        who: "Azion's console",
        copy: "Azion's API gives the SCIM address as `scim_url` of your SAML identity provider; Usher's step **SCIM endpoint** reads it.",
    },
    Console {
        hosts: &[
            "portal.azure.com",
            "entra.microsoft.com",
            "aad.portal.azure.com",
            "login.microsoftonline.com",
            "graph.microsoft.com",
            "myapps.microsoft.com",
        ],
        who: "Microsoft's console, the identity provider itself",
        copy: "Copy the SCIM address in the console of the service that the accounts go to.",
    },
    Console {
        hosts: &[".okta.com", ".oktapreview.com", ".okta-emea.com"],
        who: "Okta's console, the identity provider itself",
        copy: "Copy the SCIM address in the console of the service that the accounts go to.",
    },
];

/// What is wrong with an address of a console; `None` if it is none that is known.
pub(super) fn recognised(url: &Url) -> Option<Finding> {
    let host = url.host_str()?.to_ascii_lowercase();
    let is = |known: &&'static str| if known.starts_with('.') { host.ends_with(*known) } else { host == **known };
    let console = CONSOLES.iter().find(|console| console.hosts.iter().any(is))?;
    let message = format!(
        "{host} is the address of {}, for people, and not that of a SCIM endpoint. Usher did not ask there and sent no token.",
        console.who
    );
    let problem = Problem::new(Code::WrongPath, message).hint_go(console.copy, Phase::IdpCredentials);
    Some(Finding::from(problem).in_words("the address of a console, not of a SCIM endpoint"))
}

/// The AWS region that a SCIM endpoint's host names.
fn region(host: &str) -> Option<&str> {
    host.strip_prefix("scim.")?.strip_suffix(".amazonaws.com").filter(|region| !region.contains('.'))
}

/// A region is part of the host's name at AWS, so a wrong one looks like a wrong name or a wrong token.
pub(super) fn about_the_region(url: &Url, code: Code) -> Option<String> {
    let region = region(url.host_str()?)?;
    match code {
        Code::Dns => Some(format!(
            "AWS has the region in the host name, here `{region}`. Compare it with the one in the console's address; it reads like `eu-central-1`."
        )),
        Code::Unauthorized | Code::Forbidden => Some(format!(
            "The address is for the region `{region}`. IAM Identity Center lives in one region: if its console shows another one, address and token do not belong together."
        )),
        _ => None,
    }
}

/// AWS's console shows the address with a slash at the end, which Okta's form for AWS refuses (facts/targets.md B2).
pub(super) fn about_the_slash(url: &Url, given: &str, style: IdpStyle) -> Option<String> {
    let ends = given.trim().split('?').next().is_some_and(|given| given.ends_with('/'));
    let refused = style == IdpStyle::Okta && ends && region(url.host_str()?).is_some();
    let without = crate::http::redact::cut(url.as_str().trim_end_matches('/'), 300);
    refused.then(|| format!("Okta refuses a Base URL with a slash at the end for AWS (“Does not match required pattern”): use {without} without it."))
}

/// From where it was asked, and what the identity provider may see differently (facts/failures.md 16).
pub(super) fn seen_from(style: IdpStyle) -> String {
    let others = match style {
        IdpStyle::Entra => {
            "Microsoft Entra ID asks from Microsoft's own addresses (service tag AzureActiveDirectory, weekly list 56519 of Microsoft's download centre). A firewall or an allow-list can let this computer in and keep those out; a private address is reached only with Microsoft's provisioning agent"
        }
        IdpStyle::Okta => {
            "Okta asks from the addresses of your org's cell, which Okta publishes as its IP ranges. A firewall or an allow-list can let this computer in and keep those out; a private address is reached only with Okta's provisioning agent"
        }
    };
    format!("Tested from this computer, over its own line. {others}.")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn a_region_is_named_where_it_may_be_the_reason() {
        let about = |url: &str, code| about_the_region(&url.parse().expect("BUG: a URL"), code);
        let wrong = "https://scim.eu-centrall-1.amazonaws.com/t/scim/v2";
        for code in [Code::Dns, Code::Unauthorized, Code::Forbidden] {
            assert!(about(wrong, code).is_some_and(|hint| hint.contains("`eu-centrall-1`")), "{code:?}");
        }
        assert_eq!(about(wrong, Code::NotScim), None, "it has nothing to do with it");
        for other in ["https://scim.example.com/v2", "https://scim.a.b.amazonaws.com/", "https://s3.amazonaws.com/"] {
            assert_eq!(about(other, Code::Dns), None, "{other}");
        }
    }

    #[test]
    fn oktas_form_for_aws_wants_no_slash_at_the_end() {
        let about = |given: &str, style| about_the_slash(&given.trim().parse().expect("BUG: a URL"), given, style);
        let shown = " https://scim.eu-central-1.amazonaws.com/t/scim/v2/\n";
        let hint = about(shown, IdpStyle::Okta).expect("a hint");
        assert!(hint.contains("use https://scim.eu-central-1.amazonaws.com/t/scim/v2 without"), "{hint}");
        assert_eq!(about(shown, IdpStyle::Entra), None);
        assert_eq!(about(shown.trim().trim_end_matches('/'), IdpStyle::Okta), None);
        assert_eq!(about("https://scim.example.com/v2/", IdpStyle::Okta), None);
    }

    #[test]
    fn endpoints_of_the_same_vendors_are_no_consoles() {
        for url in [
            "https://scim.eu-central-1.amazonaws.com/t/scim/v2",
            "https://sps.us1.greenlake-hpe.com/v1alpha1/scimproxy",
            "https://api.azion.com/scim/v2",
            "https://awsapps.com.example.com/scim/v2",
            "https://notokta.com/scim/v2",
        ] {
            assert!(recognised(&url.parse().expect("BUG: a URL")).is_none(), "{url}");
        }
    }
}
