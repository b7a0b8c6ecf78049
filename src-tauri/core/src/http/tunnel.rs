//! A connection through an HTTP proxy, opened by hand so that it can be said what the proxy answered. The client opens
//! its own in the same way.

use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, timeout_at},
};
use url::Url;

use super::redact;

/// Bytes of a proxy's answer that are read.
const LONGEST: usize = 8 * 1024;

/// What the proxy did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tunnel {
    Open,
    /// It wants a password, or another one.
    Password,
    /// It answered with this status.
    Refused(u16),
    /// Nobody answers at the proxy's address.
    Unreachable,
    /// It is of a kind that is not looked at here.
    Unseen,
}

/// Host and port of a proxy, without name and password.
pub(super) fn place(proxy: &Intercept) -> String {
    let authority = proxy.uri().authority().map_or("", |authority| authority.as_str());
    redact::one_line(authority.rsplit('@').next().unwrap_or_default())
}

/// The variable that should name the proxy, if what stands in it cannot be read as an address: then no proxy is asked.
/// What it is, is not repeated: there may be a password in it.
pub(super) fn unreadable(variable: impl Fn(&str) -> Option<String>) -> Option<&'static str> {
    // In the order of the client.
    [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]].iter().find_map(|names| {
        let (name, value) = names.iter().find_map(|name| Some((*name, variable(name)?)))?;
        let somewhere = http::Uri::from_static("https://scim.example.com/");
        let reads = Matcher::builder().https(value.clone()).build().intercept(&somewhere).is_some();
        (!reads && !value.trim().is_empty()).then_some(name)
    })
}

/// Asks the proxy for a way to the host of `url`.
pub(super) async fn open(proxy: &Intercept, url: &Url, end: Instant) -> (Tunnel, Option<TcpStream>) {
    let uri = proxy.uri();
    let (Some("http"), Some(host)) = (uri.scheme_str(), uri.host()) else { return (Tunnel::Unseen, None) };
    let port = uri.port_u16().unwrap_or(80);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let Ok(Ok(mut stream)) = timeout_at(end, TcpStream::connect((host, port))).await else {
        return (Tunnel::Unreachable, None);
    };
    match timeout_at(end, ask(proxy, url, &mut stream)).await {
        Ok(Some(status)) if (200..300).contains(&status) => (Tunnel::Open, Some(stream)),
        Ok(Some(407)) => (Tunnel::Password, None),
        // tinyproxy says so of a wrong password.
        Ok(Some(401)) if proxy.basic_auth().is_some() => (Tunnel::Password, None),
        Ok(Some(status)) => (Tunnel::Refused(status), None),
        Ok(None) | Err(_) => (Tunnel::Unreachable, None),
    }
}

async fn ask(proxy: &Intercept, url: &Url, stream: &mut TcpStream) -> Option<u16> {
    let target = format!("{}:{}", url.host_str()?, url.port_or_known_default()?);
    let mut head = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n").into_bytes();
    if let Some(login) = proxy.basic_auth() {
        head.extend_from_slice(b"Proxy-Authorization: ");
        head.extend_from_slice(login.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    stream.write_all(&head).await.ok()?;
    let answer = head_of_answer(stream).await?;
    let line = answer.strip_prefix("HTTP/1.")?.split_once(' ')?.1;
    line.get(..3)?.parse().ok()
}

/// Byte by byte: what follows the head belongs to the host behind the proxy.
async fn head_of_answer(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= LONGEST {
            return None;
        }
        head.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_is_no_address_is_named() {
        let unread = |set: &[(&str, &str)]| {
            unreadable(|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
        };
        for good in
            ["http://proxy.corp:3128", "proxy.corp:3128", "http://u:canary@proxy.corp:1", "socks5://a:1", "", " "]
        {
            assert_eq!(unread(&[("HTTPS_PROXY", good)]), None, "{good}");
        }
        for bad in ["::::", "http://", "ftp://proxy.corp", "http://proxy corp:3128"] {
            assert_eq!(unread(&[("https_proxy", bad)]), Some("https_proxy"), "{bad}");
            assert_eq!(unread(&[("HTTPS_PROXY", "a:1"), ("https_proxy", bad)]), None, "the first one counts");
            assert_eq!(unread(&[("ALL_PROXY", bad)]), Some("ALL_PROXY"), "{bad}");
        }
        assert_eq!(unread(&[]), None);
    }
}
