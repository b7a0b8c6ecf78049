//! What the name of a target's attribute means as a SCIM path.

const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:";

/// A path such as `emails[type eq "work"].value`, taken apart; lower case, as names ignore it (RFC 7643 section 2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    /// `emails`, with the URN of an extension before it.
    pub(super) base: String,
    /// `type eq "work"`, if it chooses a value.
    pub(super) filter: Option<String>,
    /// `value`, if it is a part.
    pub(super) part: Option<String>,
}

impl Path {
    pub(super) fn parse(text: &str) -> Self {
        let text = plain(text);
        let (base, filter, rest) = match text.split_once('[') {
            Some((base, rest)) => match rest.rsplit_once(']') {
                Some((filter, rest)) => (base.to_owned(), Some(filter.to_owned()), rest.to_owned()),
                None => (text, None, String::new()),
            },
            None => {
                // The dots of a URN, as in 2.0, stand before its last colon.
                let name = text.rfind(':').map_or(0, |colon| colon + 1);
                match text[name..].split_once('.') {
                    Some((base, part)) => (format!("{}{base}", &text[..name]), None, part.to_owned()),
                    None => (text, None, String::new()),
                }
            }
        };
        let part = rest.trim_start_matches('.');
        Self { base, filter, part: (!part.is_empty()).then(|| part.to_owned()) }
    }

    /// Whether it is that attribute, or that part of any of its values.
    pub(super) fn is(&self, attribute: &str) -> bool {
        let attribute = plain(attribute);
        let whole = self.part.as_ref().map(|part| format!("{}.{part}", self.base));
        self.base == attribute || whole.is_some_and(|whole| whole == attribute)
    }
}

/// Whether two names mean the same attribute.
pub(super) fn same(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

/// Lower case, without the URN of the core and without differences in blanks and quotes.
pub(super) fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let lower = words.join(" ").replace('\'', "\"").to_ascii_lowercase();
    let core = CORE.to_ascii_lowercase();
    match lower.strip_prefix(&core).and_then(|rest| rest.split_once(':')) {
        Some((_, name)) => name.to_owned(),
        None => lower,
    }
}

#[cfg(test)]
mod tests {
    use super::{Path, same};

    #[test]
    fn paths_are_taken_apart() {
        let parts = |text: &str| {
            let path = Path::parse(text);
            (path.base, path.filter.unwrap_or_default(), path.part.unwrap_or_default())
        };
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager";
        for (text, base, filter, part) in [
            ("userName", "username", "", ""),
            ("name.givenName", "name", "", "givenname"),
            (r#"emails[type eq "work"].value"#, "emails", r#"type eq "work""#, "value"),
            ("addresses[primary eq true].country", "addresses", "primary eq true", "country"),
            ("urn:ietf:params:scim:schemas:core:2.0:User:userName", "username", "", ""),
            ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", enterprise, "", ""),
            (
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName",
                enterprise,
                "",
                "displayname",
            ),
            ("emails[broken", "emails[broken", "", ""),
        ] {
            assert_eq!(parts(text), (base.to_owned(), filter.to_owned(), part.to_owned()), "{text}");
        }
        assert!(Path::parse(r#"emails[type eq "home"].display"#).is("emails.display"));
        assert!(!Path::parse("name.givenName").is("name.familyName"));
        assert!(same("emails[type eq 'work'].value", "Emails[type  eq \"work\"].value"));
    }
}
