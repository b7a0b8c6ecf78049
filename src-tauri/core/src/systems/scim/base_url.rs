//! The base URL as it is pasted, and the URLs below it.

use url::Url;

use crate::{
    error::{Code, Problem},
    http::{
        check_scheme,
        redact::{cut, is_invisible, one_line},
    },
};

/// Flags of Entra's own client, put behind the tenant URL (facts/targets.md D2); servers never see them.
const FLAGS: [&str; 2] = ["aadOptscim062020", "AzureAdScimPatch2017"];

/// Last segments that are not part of a base URL: the identity provider adds them itself.
const ENDPOINTS: [&str; 6] = ["users", "groups", "serviceproviderconfig", "schemas", "resourcetypes", "bulk"];

/// A base URL as it is used: https (or http to loopback), no trailing slash, no doubled slashes, Entra's flag apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    url: Url,
    flag: Option<String>,
}

impl BaseUrl {
    /// Understands blanks and quotes around it, trailing and doubled slashes and Entra's `?aadOptscim062020`.
    ///
    /// # Errors
    /// [`Code::WrongInput`] if it is empty or no URL; [`Code::WrongPath`] for http outside loopback, another query, a
    /// `#`, or a user name in it.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let text: String = raw.chars().filter(|character| !is_invisible(*character)).collect();
        let text = text.trim_matches(is_around);
        if text.is_empty() {
            return Err(Problem::new(Code::WrongInput, "The base URL is empty.")
                .hint("Copy the SCIM base URL from the console; it starts with https://."));
        }
        if text.contains(char::is_whitespace) || !text.contains("://") {
            return Err(not_a_url(text));
        }
        let url = Url::parse(text).map_err(|_| not_a_url(text))?;
        check_scheme(&url)?;
        check_parts(&url)?;
        let flag = flag(&url)?;
        Ok(Self { url: tidy(url), flag })
    }

    /// A URL below it: segments are encoded and joined with exactly one slash.
    pub fn join(&self, segments: &[&str]) -> Url {
        let mut url = self.url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }

    /// [`BaseUrl::join`] with a query. Blanks become `%20`: not every server reads `+`.
    pub fn with_query(&self, segments: &[&str], pairs: &[(&str, &str)]) -> Url {
        let mut url = self.join(segments);
        url.query_pairs_mut().extend_pairs(pairs);
        let query = url.query().unwrap_or_default().replace('+', "%20");
        url.set_query(Some(&query));
        url
    }

    /// Without a trailing slash and without Entra's flag.
    pub fn text(&self) -> String {
        self.url.as_str().trim_end_matches('/').to_owned()
    }

    /// Entra's flag, if one was there.
    pub fn flag(&self) -> Option<&str> {
        self.flag.as_deref()
    }

    /// The URL itself, without the flag.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The same without `/Users`, `/Groups` and the like at its end, if there is one.
    pub fn without_endpoint(&self) -> Option<Self> {
        let last = self.url.path_segments()?.next_back()?.to_lowercase();
        ENDPOINTS.contains(&last.as_str()).then(|| self.parent()).flatten()
    }

    /// The same without its last segment.
    pub fn parent(&self) -> Option<Self> {
        let mut url = self.url.clone();
        if url.path() == "/" {
            return None;
        }
        url.path_segments_mut().ok()?.pop();
        Some(Self { url: tidy(url), flag: self.flag.clone() })
    }

    /// The same with more segments.
    pub fn child(&self, segments: &[&str]) -> Self {
        Self { url: tidy(self.join(segments)), flag: self.flag.clone() }
    }
}

/// Blanks, quotes and brackets that copying puts around a URL.
fn is_around(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '"' | '\'' | '`' | '„' | '“' | '”' | '‘' | '’' | '‚' | '«' | '»' | '<' | '>' | ',' | ';')
}

fn not_a_url(text: &str) -> Problem {
    let shown = cut(&one_line(text), 100);
    let problem = Problem::new(Code::WrongInput, format!("“{shown}” is not a URL."));
    if text.contains('.') && !text.contains(char::is_whitespace) && !text.contains("://") {
        return problem.hint(format!("If this is the address, write https:// in front of it: https://{shown}"));
    }
    problem.hint("Copy the SCIM base URL from the console; it starts with https:// and has no blanks.")
}

fn check_parts(url: &Url) -> Result<(), Problem> {
    let wrong = |message: &str| {
        Problem::new(Code::WrongPath, message)
            .hint("Copy the SCIM base URL from the console, without anything behind it.")
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("The base URL has a user name or a password in it. Usher did not send anything."));
    }
    if url.fragment().is_some() {
        return Err(wrong(
            "The base URL has a “#” in it: this is the address of a console's page, not that of a SCIM server.",
        ));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(wrong("The base URL names no host."));
    }
    Ok(())
}

fn flag(url: &Url) -> Result<Option<String>, Problem> {
    let Some(query) = url.query().filter(|query| !query.is_empty()) else {
        return Ok(None);
    };
    let known = query.split('&').map(|part| part.trim_end_matches('=').trim_end_matches('/')).collect::<Vec<_>>();
    if known.iter().all(|part| FLAGS.iter().any(|flag| flag.eq_ignore_ascii_case(part))) {
        return Ok(Some(known.join("&")));
    }
    Err(Problem::new(
        Code::WrongPath,
        "The base URL has a “?” with something behind it that does not belong to a base URL.",
    )
    .hint(format!("Use the part before the “?”: {}", cut(url.as_str().split('?').next().unwrap_or_default(), 300)))
    .hint("Only Entra's own flag ?aadOptscim062020 may stand there."))
}

/// No query, no empty segments.
fn tidy(mut url: Url) -> Url {
    url.set_query(None);
    let path: Vec<&str> = url.path().split('/').filter(|segment| !segment.is_empty()).collect();
    let path = format!("/{}", path.join("/"));
    url.set_path(&path);
    url
}
