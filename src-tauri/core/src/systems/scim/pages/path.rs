//! Where an attribute stands in a user: `name.givenName`, `emails[type eq "work"].value`,
//! `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department`.

/// The core schema: its attributes stand at the top.
const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:user";

/// A path in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    pub(super) schema: Option<String>,
    pub(super) name: String,
    /// Of several values, that of this `type`.
    pub(super) kind: Option<String>,
    pub(super) part: Option<String>,
}

impl Path {
    /// `None` for what is no path, such as a text without letters.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (schema, rest) = match text.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("urn:")) {
            true => {
                let head = text.split('[').next().unwrap_or(text);
                let at = head.rfind(':')?;
                (Some(&text[..at]), &text[at + 1..])
            }
            false => (None, text),
        };
        let schema = schema.filter(|schema| !schema.eq_ignore_ascii_case(CORE)).map(str::to_owned);
        let (name, kind, part) = match rest.split_once('[') {
            Some((name, rest)) => {
                let (selector, rest) = rest.split_once(']')?;
                (name, selector, rest.trim_start_matches('.'))
            }
            None => {
                let (name, part) = rest.split_once('.').unwrap_or((rest, ""));
                (name, "", part)
            }
        };
        let is_name = |name: &str| {
            !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '$'))
        };
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        (is_name(name) && (part.is_empty() || is_name(part))).then(|| Self {
            schema,
            name: name.to_owned(),
            kind: kind_of(kind),
            part: some(part),
        })
    }

    /// One that is known to be one.
    pub(crate) fn of_name(text: &str) -> Self {
        let (name, part) = text.split_once('.').map_or((text, None), |(name, part)| (name, Some(part)));
        Self { schema: None, name: name.to_owned(), kind: None, part: part.map(str::to_owned) }
    }

    /// The whole attribute, as `attributes=` names it.
    pub(super) fn attribute(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}:{}", self.name),
            None => self.name.clone(),
        }
    }

    /// Whether letter case counts: only for ids (RFC 7643, sections 3.1 and 8.7.1).
    pub(crate) fn is_case_exact(&self) -> bool {
        self.schema.is_none() && ["id", "externalId"].iter().any(|name| self.name.eq_ignore_ascii_case(name))
    }

    /// Without a part and a type.
    pub(crate) fn is_whole(&self) -> bool {
        self.kind.is_none() && self.part.as_deref().is_none_or(|part| part.eq_ignore_ascii_case("value"))
    }

    /// Whether the other one is this attribute or a part of it.
    pub(crate) fn is_of(&self, other: &Self) -> bool {
        self.name.eq_ignore_ascii_case(&other.name)
            && match (&self.schema, &other.schema) {
                (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
                (None, None) => true,
                _ => false,
            }
    }

    /// Whether it is this attribute, whatever part of it.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.schema.is_none() && self.name.eq_ignore_ascii_case(name)
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}:")?;
        }
        f.write_str(&self.name)?;
        if let Some(kind) = &self.kind {
            write!(f, "[type eq \"{kind}\"]")?;
        }
        if let Some(part) = &self.part {
            write!(f, ".{part}")?;
        }
        Ok(())
    }
}

/// The type in `type eq "work"`; another selector, such as `primary eq true`, wants the best one there is.
fn kind_of(selector: &str) -> Option<String> {
    let mut words = selector.splitn(3, ' ').map(str::trim);
    match (words.next(), words.next(), words.next()) {
        (Some(attribute), Some(operator), Some(value))
            if attribute.eq_ignore_ascii_case("type") && operator.eq_ignore_ascii_case("eq") =>
        {
            Some(value.trim_matches('"').to_owned())
        }
        _ => None,
    }
}
