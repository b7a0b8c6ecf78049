//! What one target needs of a person who comes from one identity provider: taken from the guide of the pair.

use std::collections::HashMap;

use crate::{
    recipe::{Guide, IdpStyle, MappingRow, PeopleGuide},
    systems::scim::User,
};

/// What a column of a list can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// By which a person signs in and is found again.
    UserName,
    /// The work e-mail address.
    Email,
    /// First name.
    GivenName,
    /// Surname.
    FamilyName,
    /// The name that is shown.
    DisplayName,
    /// Whether the account may sign in, or whether it is blocked.
    Enabled,
    /// Member or guest.
    UserType,
    /// Another attribute that the mapping sends.
    Other,
}

impl Attribute {
    /// The word in JSON and in ids.
    pub fn slug(self) -> &'static str {
        match self {
            Self::UserName => "user-name",
            Self::Email => "email",
            Self::GivenName => "given-name",
            Self::FamilyName => "family-name",
            Self::DisplayName => "display-name",
            Self::Enabled => "enabled",
            Self::UserType => "user-type",
            Self::Other => "other",
        }
    }

    /// In a sentence: "no surname".
    pub fn words(self) -> &'static str {
        match self {
            Self::UserName => "user name",
            Self::Email => "e-mail address",
            Self::GivenName => "given name",
            Self::FamilyName => "surname",
            Self::DisplayName => "display name",
            Self::Enabled => "state of the account",
            Self::UserType => "kind of user",
            Self::Other => "other attribute",
        }
    }
}

/// What the mapping sends, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) attribute: Attribute,
    /// The attribute at the identity provider.
    pub(crate) source: String,
    /// Where it stands at the target.
    pub(crate) path: String,
    /// A person without it is refused, or Usher counts it as needed.
    pub(crate) required: bool,
}

impl Wanted {
    fn user_name(source: &str) -> Self {
        let (source, path) = (source.to_owned(), "userName".to_owned());
        Self { attribute: Attribute::UserName, source, path, required: true }
    }
}

/// Who is at the target already.
#[derive(Debug, Clone, Default)]
pub struct Existing {
    /// The userName as it is written there, by the same in small letters.
    pub(crate) user_names: HashMap<String, String>,
    /// Whose e-mail address it is, by the address in small letters.
    pub(crate) emails: HashMap<String, String>,
}

impl Existing {
    /// These people.
    pub fn of(users: &[User]) -> Self {
        let mut existing = Self::default();
        for user in users {
            existing.add(&user.user_name, &user.emails);
        }
        existing
    }

    /// One person there.
    pub fn add(&mut self, user_name: &str, emails: impl IntoIterator<Item = impl AsRef<str>>) {
        for email in emails {
            self.emails.entry(email.as_ref().trim().to_lowercase()).or_insert_with(|| user_name.to_owned());
        }
        self.user_names.insert(user_name.trim().to_lowercase(), user_name.to_owned());
    }

    /// How many people are there.
    pub fn len(&self) -> usize {
        self.user_names.len()
    }

    /// Whether nobody is there.
    pub fn is_empty(&self) -> bool {
        self.user_names.is_empty()
    }
}

/// What is needed of each person.
#[derive(Debug, Clone)]
pub struct Rules {
    pub(crate) target: String,
    pub(crate) idp: String,
    pub(crate) style: IdpStyle,
    pub(crate) wanted: Vec<Wanted>,
    /// Characters that the target refuses in names.
    pub(crate) forbidden: String,
    pub(crate) people: PeopleGuide,
    pub(crate) existing: Option<Existing>,
    /// The attribute by which people are found again.
    pub(crate) matching: String,
    /// Attributes that the mapping makes by an expression, which cannot be foretold from a list.
    pub(crate) computed: Vec<String>,
    /// Whether a mapping says what is sent; without one, what is usual is looked at.
    pub(crate) mapped: bool,
}

impl Rules {
    /// The rules of a pair.
    pub fn of(guide: &Guide) -> Self {
        let users = guide.mappings.iter().find(|mapping| mapping.id == "users");
        let rows = users.map(|mapping| mapping.wanted.as_slice()).unwrap_or_default();
        let mut wanted: Vec<Wanted> = rows.iter().filter_map(wanted).collect();
        if !wanted.iter().any(|wanted| wanted.attribute == Attribute::UserName) {
            let source = match guide.asks_like {
                IdpStyle::Entra => "userPrincipalName",
                IdpStyle::Okta => "login",
            };
            wanted.insert(0, Wanted::user_name(source));
        }
        Self {
            target: guide.target_short.clone(),
            idp: guide.idp_short.clone(),
            style: guide.asks_like,
            wanted,
            forbidden: guide.forbidden_characters.clone(),
            people: guide.people.clone(),
            existing: None,
            matching: rows.iter().find(|row| row.matching == Some(1)).map_or("userName", |row| &row.path).to_owned(),
            computed: rows.iter().filter(|row| is_computed(row)).map(|row| row.path.clone()).collect(),
            mapped: true,
        }
    }

    /// Those of no pair: the attributes that nearly every mapping sends, and nothing that would be refused.
    pub fn usual() -> Self {
        let wanted = |attribute, source: &str, path: &str| Wanted {
            attribute,
            source: source.to_owned(),
            path: path.to_owned(),
            required: false,
        };
        Self {
            target: "the target".to_owned(),
            idp: "the identity provider".to_owned(),
            style: IdpStyle::Entra,
            wanted: vec![
                Wanted::user_name("userPrincipalName"),
                wanted(Attribute::DisplayName, "displayName", "displayName"),
                wanted(Attribute::GivenName, "givenName", "name.givenName"),
                wanted(Attribute::FamilyName, "surname", "name.familyName"),
                wanted(Attribute::Email, "mail", "emails[type eq \"work\"].value"),
                wanted(Attribute::Other, "jobTitle", "title"),
                wanted(Attribute::Other, "title", "title"),
                wanted(
                    Attribute::Other,
                    "department",
                    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
                ),
                wanted(Attribute::Other, "externalId", "externalId"),
            ],
            forbidden: String::new(),
            people: PeopleGuide::default(),
            existing: None,
            matching: "userName".to_owned(),
            computed: Vec::new(),
            mapped: false,
        }
    }

    /// With those who are at the target already.
    #[must_use]
    pub fn with_existing(self, existing: Existing) -> Self {
        Self { existing: Some(existing), ..self }
    }

    /// Where the attribute comes from, if the mapping sends it as it is.
    pub(crate) fn source(&self, attribute: Attribute) -> Option<&str> {
        self.wanted.iter().find(|wanted| wanted.attribute == attribute).map(|wanted| wanted.source.as_str())
    }
}

/// Whether its value is made by an expression.
fn is_computed(row: &MappingRow) -> bool {
    attribute(&row.path).is_some() && wanted(row).is_none()
}

/// Rows with an expression say nothing about one column; `active` has a default of its own everywhere.
fn wanted(row: &MappingRow) -> Option<Wanted> {
    let attribute = attribute(&row.path)?;
    let source = row.source.trim_start_matches("user.");
    if attribute == Attribute::UserName && source.contains(' ') {
        // Okta's row says where it is set; what is set there is the login unless somebody changed it.
        return Some(Wanted::user_name("login"));
    }
    let plain = source.chars().all(|character| character.is_alphanumeric() || character == '_');
    plain.then(|| Wanted { attribute, source: source.to_owned(), path: row.path.clone(), required: !row.optional })
}

fn attribute(path: &str) -> Option<Attribute> {
    let path = path.to_lowercase();
    Some(match path.as_str() {
        "username" => Attribute::UserName,
        "displayname" => Attribute::DisplayName,
        "name.givenname" => Attribute::GivenName,
        "name.familyname" => Attribute::FamilyName,
        "active" | "" => return None,
        _ if path.starts_with("emails") => Attribute::Email,
        _ => Attribute::Other,
    })
}
