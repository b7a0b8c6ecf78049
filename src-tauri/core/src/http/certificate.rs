//! Whose a server's certificate is, for which names, by whom and until when: what can be told to an administrator. It
//! judges nothing; whether a certificate can be trusted is for the verifier of the client to say. Every text in it was
//! written by somebody else and is cut and cleaned.

use jiff::Timestamp;
use x509_parser::{certificate::X509Certificate, extensions::GeneralName, prelude::FromDer as _, x509::X509Name};

use super::redact::{cut, one_line};

/// Names that are kept; some certificates have hundreds.
const NAMES: usize = 50;
/// Characters of one name that are kept.
const LONGEST: usize = 120;

/// What stands in one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Certificate {
    /// The DNS names and addresses that it is for; the common name where there are none.
    pub(crate) names: Vec<String>,
    /// Who signed it: organisation and common name, where they are given.
    pub(crate) issuer: Vec<String>,
    /// Whether it is signed in its own name.
    pub(crate) self_signed: bool,
    pub(crate) not_before: Option<Timestamp>,
    pub(crate) not_after: Option<Timestamp>,
}

impl Certificate {
    /// Reads one; `None` if it is none.
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let (_, read) = X509Certificate::from_der(der).ok()?;
        Some(Self {
            names: names(&read),
            issuer: who(read.issuer()),
            self_signed: read.issuer().as_raw() == read.subject().as_raw(),
            not_before: Timestamp::from_second(read.validity().not_before.timestamp()).ok(),
            not_after: Timestamp::from_second(read.validity().not_after.timestamp()).ok(),
        })
    }

    /// "Example CA (Example Inc.)", or that it names nobody.
    pub(crate) fn issuer_words(&self) -> String {
        match self.issuer.as_slice() {
            [] => "an issuer without a name".to_owned(),
            [one] => one.clone(),
            [organisation, common, ..] => format!("{common} ({organisation})"),
        }
    }

    /// "a.example, b.example and 12 more".
    pub(crate) fn names_words(&self) -> String {
        const SHOWN: usize = 4;
        match self.names.len() {
            0 => "no name at all".to_owned(),
            count if count <= SHOWN => self.names.join(", "),
            count => format!("{} and {} more", self.names[..SHOWN].join(", "), count - SHOWN),
        }
    }
}

fn names(read: &X509Certificate<'_>) -> Vec<String> {
    let alternative = read.subject_alternative_name().ok().flatten();
    let listed: Vec<String> = alternative
        .iter()
        .flat_map(|names| &names.value.general_names)
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some(clean(name)),
            GeneralName::IPAddress(bytes) => address(bytes),
            _ => None,
        })
        .take(NAMES)
        .collect();
    if listed.is_empty() { common_name(read.subject()).into_iter().collect() } else { listed }
}

fn address(bytes: &[u8]) -> Option<String> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(|four| std::net::Ipv4Addr::from(four).to_string()),
        16 => <[u8; 16]>::try_from(bytes).ok().map(|sixteen| std::net::Ipv6Addr::from(sixteen).to_string()),
        _ => None,
    }
}

/// Organisation, then common name.
fn who(name: &X509Name<'_>) -> Vec<String> {
    let organisation = name.iter_organization().find_map(|part| part.as_str().ok()).map(clean);
    organisation.into_iter().chain(common_name(name)).filter(|part| !part.is_empty()).collect()
}

fn common_name(name: &X509Name<'_>) -> Option<String> {
    name.iter_common_name().find_map(|part| part.as_str().ok()).map(clean)
}

fn clean(text: &str) -> String {
    cut(&one_line(text), LONGEST)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use proptest::prelude::*;
    use rcgen::{CertificateParams, DnType, KeyPair};

    use super::*;

    fn made(change: impl FnOnce(&mut CertificateParams)) -> Vec<u8> {
        let mut params =
            CertificateParams::new(["*.example.com".to_owned(), "192.0.2.7".to_owned(), "2001:db8::7".to_owned()])
                .unwrap();
        params.not_after = rcgen::date_time_ymd(2027, 3, 3);
        change(&mut params);
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    #[test]
    fn it_tells_names_issuer_and_end() {
        let read = Certificate::read(&made(|params| {
            params.distinguished_name.push(DnType::OrganizationName, "Example Inc.");
            params.distinguished_name.push(DnType::CommonName, "Example CA");
        }))
        .unwrap();
        assert_eq!(read.names, ["*.example.com", "192.0.2.7", "2001:db8::7"]);
        assert_eq!(read.issuer_words(), "Example CA (Example Inc.)");
        assert_eq!(read.not_after.unwrap().to_string(), "2027-03-03T00:00:00Z");
        assert!(read.self_signed);
    }

    #[test]
    fn a_certificate_cannot_act_on_a_screen() {
        let read = Certificate::read(&made(|params| {
            let nasty = format!("\u{1b}[31mred\u{202e}der {}", "long ".repeat(200));
            params.distinguished_name.push(DnType::CommonName, nasty);
        }))
        .unwrap();
        let words = read.issuer_words();
        assert!(!words.contains(|c: char| c.is_control() || c == '\u{202e}'), "{words:?}");
        assert!(words.chars().count() <= LONGEST + 1, "{words}");
    }

    proptest! {
        #[test]
        fn damaged_ones_do_no_harm(at in 0_usize..400, byte: u8, end in 0_usize..600) {
            let mut der = made(|_| {});
            let at = at % der.len();
            der[at] = byte;
            der.truncate(end);
            let _ = Certificate::read(&der);
        }
    }
}
