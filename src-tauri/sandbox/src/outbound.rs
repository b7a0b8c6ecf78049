//! The way out that both identity providers share: to this computer only, bounded in time and size.

use std::{net::IpAddr, time::Duration};

use reqwest::{Client, Response, redirect};
use serde_json::Value;
use url::{Host, Url};

const PATIENCE: Duration = Duration::from_secs(10);
const LARGEST_ANSWER: usize = 2 * 1024 * 1024;
/// What is left of an answer that is larger.
const KEPT_OF_IT: usize = 1000;

/// Facts D2: redirects are not followed; the practice world speaks to loopback, so no proxy is asked either.
pub(crate) fn client() -> Result<Client, reqwest::Error> {
    Client::builder().no_proxy().redirect(redirect::Policy::none()).timeout(PATIENCE).build()
}

/// Why an address is not called.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoWay {
    /// No address at all.
    Unreadable,
    /// Neither https nor, on this computer, http.
    Scheme,
    /// A real system.
    Elsewhere(String),
}

impl NoWay {
    /// In the same words at every console; what is wrong with the form is for each to say in its own.
    pub(crate) fn real(host: &str) -> String {
        format!(
            "This is practice: nothing is sent to {host}. Enter the address that the practice console of the target shows."
        )
    }
}

/// An address that may be called: one on this computer.
pub(crate) fn address(text: &str) -> Result<Url, NoWay> {
    let url = Url::parse(text).map_err(|_| NoWay::Unreadable)?;
    let loopback = match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    match url.scheme() {
        "http" | "https" if loopback => Ok(url),
        "https" => Err(NoWay::Elsewhere(url.host_str().unwrap_or_default().to_owned())),
        _ => Err(NoWay::Scheme),
    }
}

/// Whether it was the certificate that kept a connection from coming about.
pub(crate) fn is_about_certificate(error: &reqwest::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(one) = cause {
        if one.to_string().to_lowercase().contains("certificate") {
            return true;
        }
        cause = one.source();
    }
    false
}

/// What a target answered.
pub(crate) struct Reply {
    pub status: u16,
    pub text: String,
    pub json: Option<Value>,
    /// Method and address, for the logs; without the token, which never stands in an address.
    pub request: String,
}

impl Reply {
    pub(crate) async fn read(response: Response, request: String) -> Result<Reply, reqwest::Error> {
        let status = response.status().as_u16();
        let text = read(response).await?;
        Ok(Reply { status, json: serde_json::from_str(&text).ok(), text, request })
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The resources of a list answer; `None` if it is not one. Neither identity provider asks for pages by cursor, so a
    /// list says how many there are, as an integer (facts D1, D2, D3).
    pub(crate) fn resources(&self) -> Option<&[Value]> {
        let json = self.json.as_ref().filter(|_| self.status == 200)?;
        json.get("totalResults")?.as_u64()?;
        match json.get("Resources") {
            Some(Value::Array(resources)) => Some(resources),
            Some(_) => None,
            None => Some(&[]),
        }
    }

    pub(crate) fn excerpt(&self) -> String {
        self.text.chars().take(1200).collect()
    }
}

/// An answer's text; only the beginning of one that is larger than any list here.
async fn read(mut response: Response) -> Result<String, reqwest::Error> {
    let mut bytes = Vec::new();
    while let Some(piece) = response.chunk().await? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > LARGEST_ANSWER {
            bytes.truncate(KEPT_OF_IT);
            break;
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// For a field with an address: a token pasted there by mistake must not reach the disk, neither in place of the address
/// nor as a part of it.
pub(crate) fn address_only<S: serde::Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&writable(text))
}

/// Without user name, password, fragment and everything in the query that is not one of Entra's flags (facts D2).
fn writable(text: &str) -> String {
    let Ok(url) = address(text) else { return String::new() };
    let flag = |part: &str| {
        let part = part.to_ascii_lowercase();
        ["aadoptscim062020", "azureadscimpatch062020", "azureadscimpatch2017"].contains(&part.as_str())
    };
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if plain && url.query().is_none_or(flag) {
        return text.to_owned();
    }
    let mut bare = url.clone();
    let host_only = bare.set_username("").and_then(|()| bare.set_password(None));
    bare.set_fragment(None);
    bare.set_query(url.query().and_then(|query| query.split('&').find(|part| flag(part))));
    if host_only.is_ok() { bare.into() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_computer_is_called() {
        for fine in ["http://127.0.0.1:80/scim", "http://localhost:80/scim", "https://localhost/v2", "http://[::1]:1/"]
        {
            assert!(address(fine).is_ok(), "{fine}");
        }
        for (real, host) in [
            ("https://scim.example.com/v2", "scim.example.com"),
            ("https://sps.us1.greenlake-hpe.com/v1alpha1/scimproxy", "sps.us1.greenlake-hpe.com"),
            ("https://localhost.example.com/", "localhost.example.com"),
            ("https://127.0.0.1@scim.example.com/", "scim.example.com"),
            ("https://192.0.2.1/", "192.0.2.1"),
        ] {
            assert_eq!(address(real), Err(NoWay::Elsewhere(host.to_owned())), "{real}");
        }
        for bad in ["http://scim.example.com", "ftp://localhost", "file:///etc/hosts"] {
            assert_eq!(address(bad), Err(NoWay::Scheme), "{bad}");
        }
        for bad in ["scim.example.com", ""] {
            assert_eq!(address(bad), Err(NoWay::Unreadable), "{bad}");
        }
    }

    #[test]
    fn of_an_address_only_the_address_is_written() {
        for kept in ["http://127.0.0.1:9/scim/", "http://127.0.0.1:9/scim?aadOptscim062020"] {
            assert_eq!(writable(kept), kept);
        }
        for (typed, written) in [
            ("http://secret@127.0.0.1:9/scim", "http://127.0.0.1:9/scim"),
            ("http://a:secret@127.0.0.1:9/scim", "http://127.0.0.1:9/scim"),
            ("http://127.0.0.1:9/scim?token=secret", "http://127.0.0.1:9/scim"),
            ("http://127.0.0.1:9/scim?secret&aadOptscim062020", "http://127.0.0.1:9/scim?aadOptscim062020"),
            ("http://127.0.0.1:9/scim#secret", "http://127.0.0.1:9/scim"),
            ("https://scim.example.com/?secret", ""),
            ("secret", ""),
        ] {
            assert_eq!(writable(typed), written, "{typed}");
        }
    }

    #[test]
    fn a_list_says_how_many_there_are() {
        let reply = |json: Value| Reply { status: 200, text: String::new(), json: Some(json), request: String::new() };
        assert_eq!(reply(serde_json::json!({ "totalResults": 0 })).resources().map(<[Value]>::len), Some(0));
        assert!(reply(serde_json::json!({ "nextCursor": "a", "Resources": [] })).resources().is_none());
        assert!(reply(serde_json::json!({ "totalResults": 1, "Resources": {} })).resources().is_none());
    }
}
