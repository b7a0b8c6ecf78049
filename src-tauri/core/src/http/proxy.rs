//! By which setting a proxy is named, and not which one it is: for somebody else to read.

use hyper_util::client::proxy::matcher::Matcher;

use super::tunnel;

/// Those that the client reads for https, in its order.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// In words, without host, name and password.
pub(crate) fn setting() -> String {
    said(|name| std::env::var(name).ok(), &Matcher::from_system())
}

fn said(variable: impl Fn(&str) -> Option<String>, system: &Matcher) -> String {
    let set = |name: &str| variable(name).is_some_and(|value| !value.trim().is_empty());
    let somewhere = http::Uri::from_static("https://scim.example.com/");
    let proxy = system.intercept(&somewhere);
    let mut text = match (tunnel::unreadable(&variable), VARIABLES.iter().find(|name| set(name)), &proxy) {
        (Some(name), ..) => format!("the variable {name} is set and is no address"),
        (None, Some(name), _) => format!("yes, by the variable {name}"),
        (None, None, Some(_)) => "yes, by the settings of the system".into(),
        (None, None, None) => "no".into(),
    };
    if proxy.is_some_and(|proxy| proxy.basic_auth().is_some() || proxy.raw_auth().is_some()) {
        text.push_str(", with a user name");
    }
    if set("NO_PROXY") || set("no_proxy") {
        text.push_str("; with exceptions");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the matcher of this system would know of these variables.
    fn text(set: &[(&str, &str)]) -> String {
        let variable = |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let value = |names: [&str; 2]| names.iter().find_map(|name| variable(name)).unwrap_or_default();
        let system = Matcher::builder()
            .https(value(["HTTPS_PROXY", "https_proxy"]))
            .all(value(["ALL_PROXY", "all_proxy"]))
            .no(value(["NO_PROXY", "no_proxy"]))
            .build();
        said(variable, &system)
    }

    #[test]
    fn the_setting_is_named_and_the_proxy_is_not() {
        for (set, said) in [
            (&[][..], "no"),
            (&[("HTTPS_PROXY", "")], "no"),
            (&[("HTTPS_PROXY", "http://proxy.canary:3128")], "yes, by the variable HTTPS_PROXY"),
            (&[("https_proxy", "proxy.canary:3128")], "yes, by the variable https_proxy"),
            (&[("ALL_PROXY", "http://canary:secret@proxy:1")], "yes, by the variable ALL_PROXY, with a user name"),
            (&[("all_proxy", "socks5://canary:1")], "yes, by the variable all_proxy"),
            (
                &[("HTTPS_PROXY", "http://canary:1"), ("NO_PROXY", "intranet.canary")],
                "yes, by the variable HTTPS_PROXY; with exceptions",
            ),
            (&[("HTTPS_PROXY", "http://canary here")], "the variable HTTPS_PROXY is set and is no address"),
        ] {
            assert_eq!(text(set), said, "{set:?}");
        }
        let system = Matcher::builder().https("http://canary:1").build();
        assert_eq!(said(|_| None, &system), "yes, by the settings of the system");
    }
}
