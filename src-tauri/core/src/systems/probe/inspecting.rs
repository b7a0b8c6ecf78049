//! Recognises a company's proxy or a virus scanner that opens TLS on the way, by the issuer of the certificate that it
//! shows in place of the server's own.

use crate::http::Certificate;

/// How a word in the issuer's organisation or common name begins, in lower case, and whose product it is.
const PRODUCTS: [(&str, &str); 36] = [
    ("zscaler", "Zscaler"),
    ("netskope", "Netskope"),
    ("goskope", "Netskope"),
    ("palo alto networks", "Palo Alto Networks"),
    ("fortinet", "Fortinet"),
    ("fortigate", "Fortinet"),
    ("blue coat", "Blue Coat (Symantec)"),
    ("bluecoat", "Blue Coat (Symantec)"),
    ("symantec web", "Symantec Web Security"),
    ("cisco umbrella", "Cisco Umbrella"),
    ("cisco secure", "Cisco Secure Access"),
    ("opendns", "Cisco Umbrella"),
    ("sophos", "Sophos"),
    ("mcafee", "McAfee (Skyhigh)"),
    ("skyhigh", "Skyhigh Security"),
    ("check point", "Check Point"),
    ("forcepoint", "Forcepoint"),
    ("websense", "Forcepoint"),
    ("barracuda", "Barracuda"),
    ("sonicwall", "SonicWall"),
    ("watchguard", "WatchGuard"),
    ("cato networks", "Cato Networks"),
    ("iboss", "iboss"),
    ("menlo security", "Menlo Security"),
    ("cloudflare for teams", "Cloudflare Gateway"),
    ("gateway ca - cloudflare", "Cloudflare Gateway"),
    ("kaspersky", "Kaspersky"),
    ("eset ssl", "ESET"),
    ("avast", "Avast"),
    ("avg web", "AVG"),
    ("bitdefender", "Bitdefender"),
    ("mitmproxy", "mitmproxy"),
    ("fiddler", "Fiddler"),
    ("charles proxy", "Charles"),
    ("burp", "Burp Suite"),
    ("portswigger", "Burp Suite"),
];

/// Hosts that everybody reaches under certificates of public authorities.
const PUBLIC_HOSTS: [&str; 6] =
    [".amazonaws.com", ".api.aws", ".greenlake-hpe.com", ".greenlake.hpe.com", ".azion.com", ".azionapi.net"];

/// Organisations that issue certificates for such hosts.
const PUBLIC_AUTHORITIES: [&str; 24] = [
    "amazon",
    "digicert",
    "let's encrypt",
    "internet security research group",
    "google trust services",
    "sectigo",
    "comodo",
    "usertrust",
    "globalsign",
    "entrust",
    "godaddy",
    "starfield",
    "microsoft corporation",
    "cloudflare, inc",
    "identrust",
    "zerossl",
    "ssl.com",
    "ssl corp",
    "buypass",
    "certum",
    "asseco",
    "harica",
    "hewlett packard enterprise",
    "actalis",
];

/// Who looks into the connection to `host`, if somebody does; the server's certificate comes first in `chain`.
pub(super) fn recognised(chain: &[Certificate], host: &str) -> Option<String> {
    let issuers: Vec<String> = chain.iter().flat_map(|each| &each.issuer).map(|part| part.to_lowercase()).collect();
    let product = PRODUCTS.iter().find(|(begin, _)| issuers.iter().any(|issuer| has_word(issuer, begin)));
    if let Some((_, name)) = product {
        return Some((*name).to_owned());
    }
    let public = PUBLIC_HOSTS.iter().any(|end| host.to_ascii_lowercase().ends_with(end));
    let known = |issuer: &String| PUBLIC_AUTHORITIES.iter().any(|name| issuer.contains(name));
    let first = chain.first()?;
    (public && !issuers.iter().any(known)).then(|| first.issuer_words())
}

/// Whether a word of it begins like this.
fn has_word(text: &str, begin: &str) -> bool {
    text.match_indices(begin).any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issued_by(issuer: &[&str]) -> Vec<Certificate> {
        vec![Certificate {
            names: vec!["scim.example.com".to_owned()],
            issuer: issuer.iter().map(|part| (*part).to_owned()).collect(),
            self_signed: false,
            not_before: None,
            not_after: None,
        }]
    }

    #[test]
    fn who_looks_into_the_connection() {
        let aws = "scim.eu-central-1.amazonaws.com";
        for (issuer, host, expected) in [
            (
                ["Zscaler Inc.", "Zscaler Intermediate Root CA (zscaler.net)"].as_slice(),
                "scim.example.com",
                Some("Zscaler"),
            ),
            (&["Fortinet", "FG100FTK00000000"], aws, Some("Fortinet")),
            (&["Savasta", "Savasta CA"], "scim.example.com", None),
            (&["City of Palo Alto", "City of Palo Alto CA"], "scim.example.com", None),
            (&["Example", "Proxy (avast! Web/Mail Shield Root)"], "scim.example.com", Some("Avast")),
            (&["PortSwigger", "PortSwigger CA"], "scim.example.com", Some("Burp Suite")),
            (&["Palo Alto Networks"], "scim.example.com", Some("Palo Alto Networks")),
            (&["Amazon", "Amazon RSA 2048 M03"], aws, None),
            (&["DigiCert Inc", "DigiCert Global G2"], "sps.us1.greenlake-hpe.com", None),
            (&["Example Corp", "Example Corp Web Gateway"], aws, Some("Example Corp Web Gateway (Example Corp)")),
            (&["Example Corp", "Example Corp Internal CA"], "scim.example.com", None),
            (&["Example Corp", "Internal"], "amazonaws.com.example.com", None),
            (&[], aws, Some("an issuer without a name")),
        ] {
            assert_eq!(recognised(&issued_by(issuer), host).as_deref(), expected, "{issuer:?} for {host}");
        }
        assert_eq!(recognised(&[], aws), None, "no certificate was seen");
    }
}
