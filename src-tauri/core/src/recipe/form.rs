//! How an address is built: a URL with `{names}` in it, such as `https://scim.{region}.example.com/{tenant}/scim/v2`,
//! and what a typed address has in their places.

use std::collections::BTreeMap;

use url::Url;

/// A URL with names in braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    text: String,
    host: String,
    path: Vec<String>,
}

/// How an address and a form go together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fit {
    /// It is built like this.
    Whole(BTreeMap<String, String>),
    /// Only the host is another one.
    OtherHost(BTreeMap<String, String>),
    /// The path is built otherwise.
    No,
}

impl Form {
    /// `None` if it has no host.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (_, rest) = text.split_once("://")?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        (!host.is_empty()).then(|| Self {
            text: text.to_owned(),
            host: host.to_owned(),
            path: path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect(),
        })
    }

    /// As written in the recipe, with angle brackets around the names: for people.
    pub(crate) fn shown(&self) -> String {
        self.text.replace('{', "<").replace('}', ">")
    }

    /// The names in it.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.host.split('.').chain(self.path.iter().map(String::as_str)).filter_map(name)
    }

    pub(crate) fn fit(&self, url: &Url) -> Fit {
        let host = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => return Fit::No,
        };
        let typed: Vec<&str> = url.path().split('/').filter(|segment| !segment.is_empty()).collect();
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let Some(mut values) = parts(&path, &typed) else { return Fit::No };
        let (own, other): (Vec<&str>, Vec<&str>) = (self.host.split('.').collect(), host.split('.').collect());
        match parts(&own, &other) {
            Some(of_host) => {
                values.extend(of_host);
                Fit::Whole(values)
            }
            None => Fit::OtherHost(values),
        }
    }
}

/// What stands in the places of the names; `None` if something else differs.
fn parts(form: &[&str], typed: &[&str]) -> Option<BTreeMap<String, String>> {
    if form.len() != typed.len() {
        return None;
    }
    let mut values = BTreeMap::new();
    for (part, text) in form.iter().zip(typed) {
        match name(part) {
            Some(name) if plain(text) => {
                values.insert(name.to_owned(), (*text).to_owned());
            }
            Some(_) => return None,
            None if part.eq_ignore_ascii_case(text) => {}
            None => return None,
        }
    }
    Some(values)
}

fn name(part: &str) -> Option<&str> {
    part.strip_prefix('{')?.strip_suffix('}')
}

fn plain(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn fit(text: &str) -> Fit {
        let form = Form::parse("https://scim.{region}.example.com/{tenant}/scim/v2").unwrap();
        form.fit(&Url::parse(text).unwrap())
    }

    fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_stands_in_the_places_is_taken() {
        let both = values(&[("region", "eu-central-1"), ("tenant", "a1-b2")]);
        assert_eq!(fit("https://scim.eu-central-1.example.com/a1-b2/scim/v2"), Fit::Whole(both.clone()));
        assert_eq!(fit("https://scim.eu-central-1.example.com/a1-b2/scim/v2/"), Fit::Whole(both));
    }

    #[test]
    fn another_host_is_not_the_same_as_another_path() {
        let tenant = values(&[("tenant", "a1")]);
        assert_eq!(fit("https://scim.eu.api.aws/a1/scim/v2"), Fit::OtherHost(tenant.clone()));
        assert_eq!(fit("https://scim.eu-central-1.example.com:8443/a1/scim/v2"), Fit::OtherHost(tenant));
        for path in ["", "a1", "a1/scim", "a1/scim/v2/Users", "a%20b/scim/v2", "a1/SCIM/v3"] {
            assert_eq!(fit(&format!("https://scim.eu.example.com/{path}")), Fit::No, "{path}");
        }
    }
}
