//! Attribute mappings: the default rows of an app, and what a row's target path means.

use serde::{Deserialize, Serialize};

use super::{
    AppKind,
    directory::{self, Group, Person},
    expression,
};

const MOST_ROWS: usize = 60;

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Mapping {
    pub enabled: bool,
    pub create: bool,
    pub update: bool,
    pub delete: bool,
    pub rows: Vec<Row>,
    next_row: u32,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Row {
    pub id: u32,
    pub target: String,
    pub source: String,
    /// Matching precedence; the lowest decides.
    pub matching: Option<u32>,
}

impl Mapping {
    fn of(rows: &[(&str, &str)], matching: &str) -> Mapping {
        let mut mapping =
            Mapping { enabled: true, create: true, update: true, delete: true, rows: Vec::new(), next_row: 0 };
        for (target, source) in rows {
            mapping.push(target, source, (*target == matching).then_some(1));
        }
        mapping
    }

    fn push(&mut self, target: &str, source: &str, matching: Option<u32>) {
        self.next_row += 1;
        self.rows.push(Row { id: self.next_row, target: target.to_owned(), source: source.to_owned(), matching });
    }

    /// The row to match on.
    pub(crate) fn matching(&self) -> Option<&Row> {
        self.rows.iter().filter(|row| row.matching.is_some()).min_by_key(|row| row.matching)
    }

    pub(crate) fn has(&self, target: &str) -> bool {
        self.rows.iter().any(|row| row.target.eq_ignore_ascii_case(target))
    }

    pub(crate) fn add(&mut self, kind: Kind, target: &str, source: &str, matching: Option<u32>) -> Result<(), String> {
        if self.rows.len() >= MOST_ROWS {
            return Err("There are enough rows.".to_owned());
        }
        self.check(kind, target, source, None)?;
        self.push(target, source, matching);
        Ok(())
    }

    pub(crate) fn change(
        &mut self,
        kind: Kind,
        id: u32,
        target: &str,
        source: &str,
        matching: Option<u32>,
    ) -> Result<(), String> {
        self.check(kind, target, source, Some(id))?;
        let row = self.rows.iter_mut().find(|row| row.id == id).ok_or("This row is not there any more.")?;
        (row.target, row.source, row.matching) = (target.to_owned(), source.to_owned(), matching);
        Ok(())
    }

    /// Answers with the row that stands in its place now, if any is left.
    pub(crate) fn delete_row(&mut self, id: u32) -> Result<Option<u32>, String> {
        let place = self.rows.iter().position(|row| row.id == id).ok_or("This row is not there any more.")?;
        self.rows.remove(place);
        Ok(self.rows.get(place).or(self.rows.last()).map(|row| row.id))
    }

    /// Replaces the rows with the default ones; the object actions stay.
    pub(crate) fn restore(&mut self, kind: Kind, app: AppKind) {
        let fresh = kind.default_mapping(app);
        (self.rows, self.next_row) = (fresh.rows, fresh.next_row);
    }

    fn check(&self, kind: Kind, target: &str, source: &str, own: Option<u32>) -> Result<(), String> {
        Target::parse(target)?;
        expression::parse(source, kind.attributes())?;
        let twice = self.rows.iter().any(|row| Some(row.id) != own && row.target.eq_ignore_ascii_case(target));
        if twice { Err(format!("There is a row for “{target}” already.")) } else { Ok(()) }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Users,
    Groups,
}

impl Kind {
    pub(crate) fn parse(name: &str) -> Option<Kind> {
        match name {
            "users" => Some(Kind::Users),
            "groups" => Some(Kind::Groups),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Users => "users",
            Kind::Groups => "groups",
        }
    }

    pub(crate) fn attributes(self) -> &'static [&'static str] {
        match self {
            Kind::Users => directory::ATTRIBUTES,
            Kind::Groups => directory::GROUP_ATTRIBUTES,
        }
    }

    pub(crate) fn default_mapping(self, app: AppKind) -> Mapping {
        match (self, app) {
            (Kind::Users, AppKind::AwsIdentityCenter) => aws_users(),
            (Kind::Users, AppKind::NonGallery | AppKind::Registration) => users(),
            (Kind::Groups, _) => groups(),
        }
    }
}

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Facts 1.2: the default rows of the non-gallery app.
fn users() -> Mapping {
    Mapping::of(
        &[
            ("userName", "userPrincipalName"),
            ("active", r#"Switch([IsSoftDeleted], , "False", "True", "True", "False")"#),
            ("displayName", "displayName"),
            ("title", "jobTitle"),
            (r#"emails[type eq "work"].value"#, "mail"),
            ("preferredLanguage", "preferredLanguage"),
            ("name.givenName", "givenName"),
            ("name.familyName", "surname"),
            ("name.formatted", r#"Join(" ", [givenName], [surname])"#),
            (r#"addresses[type eq "work"].formatted"#, "physicalDeliveryOfficeName"),
            (r#"addresses[type eq "work"].streetAddress"#, "streetAddress"),
            (r#"addresses[type eq "work"].locality"#, "city"),
            (r#"addresses[type eq "work"].region"#, "state"),
            (r#"addresses[type eq "work"].postalCode"#, "postalCode"),
            (r#"addresses[type eq "work"].country"#, "country"),
            (r#"phoneNumbers[type eq "work"].value"#, "telephoneNumber"),
            (r#"phoneNumbers[type eq "mobile"].value"#, "mobile"),
            (r#"phoneNumbers[type eq "fax"].value"#, "facsimileTelephoneNumber"),
            ("externalId", "mailNickname"),
            ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber", "employeeId"),
            ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "department"),
            ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "manager"),
        ],
        "userName",
    )
}

/// Facts B5: the attributes of Microsoft's tutorial for the gallery app AWS IAM Identity Center: one phone number only. The tutorial
/// does not say where the values come from; here, as in the non-gallery app. It names locale, timezone, division, costCenter and
/// organization too, for which that app has no source: they are left out.
fn aws_users() -> Mapping {
    let mut mapping = users();
    let second = [r#"phoneNumbers[type eq "mobile"].value"#, r#"phoneNumbers[type eq "fax"].value"#];
    mapping.rows.retain(|row| !second.contains(&row.target.as_str()));
    mapping
}

fn groups() -> Mapping {
    Mapping::of(&[("displayName", "displayName"), ("externalId", "objectId"), ("members", "members")], "displayName")
}

/// A target path such as `emails[type eq "work"].value`, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub extension: bool,
    pub name: String,
    pub filter: Option<(String, String)>,
    pub part: Option<String>,
}

impl Target {
    pub(crate) fn parse(path: &str) -> Result<Target, String> {
        let wrong =
            || format!("“{path}” is not an attribute path such as name.givenName or emails[type eq \"work\"].value.");
        let (extension, rest) = match path.strip_prefix(ENTERPRISE) {
            Some(rest) => (true, rest.strip_prefix(':').ok_or_else(wrong)?),
            None => (false, path),
        };
        let (name, filter, rest) = match rest.split_once('[') {
            None => {
                let (name, part) = rest.split_once('.').map_or((rest, None), |(name, part)| (name, Some(part)));
                (name, None, part)
            }
            Some((name, rest)) => {
                let (inside, rest) = rest.split_once(']').ok_or_else(wrong)?;
                let (key, value) = inside.split_once(" eq ").ok_or_else(wrong)?;
                (name, Some((key.trim().to_owned(), value.trim().trim_matches('"').to_owned())), rest.strip_prefix('.'))
            }
        };
        let word = |text: &str| {
            !text.is_empty() && text.chars().all(|one| one.is_ascii_alphanumeric() || one == '_' || one == '$')
        };
        let sound = word(name) && rest.is_none_or(word) && (filter.is_none() || rest.is_some());
        let part = rest.map(str::to_owned);
        if sound { Ok(Target { extension, name: name.to_owned(), filter, part }) } else { Err(wrong()) }
    }
}

/// What a person's attributes come to: target path and value, without those the directory has nothing for.
pub(crate) fn person_values(mapping: &Mapping, person: &Person, enabled: bool) -> Vec<(String, String)> {
    values(mapping, Kind::Users, &|name| person.attribute(name, enabled))
}

pub(crate) fn group_values(mapping: &Mapping, group: &Group) -> Vec<(String, String)> {
    values(mapping, Kind::Groups, &|name| group.attribute(name))
}

fn values(mapping: &Mapping, kind: Kind, attribute: &dyn Fn(&str) -> Option<String>) -> Vec<(String, String)> {
    let one = |row: &Row| {
        let expression = expression::parse(&row.source, kind.attributes()).ok()?;
        Some((row.target.clone(), expression::value(&expression, attribute)?))
    };
    mapping.rows.iter().filter_map(one).collect()
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn every_default_row_can_be_read() {
        for (kind, mapping) in [(Kind::Users, users()), (Kind::Users, aws_users()), (Kind::Groups, groups())] {
            for row in &mapping.rows {
                Target::parse(&row.target).expect("a target path");
                expression::parse(&row.source, kind.attributes()).expect("a source");
            }
            assert!(mapping.matching().is_some());
        }
    }

    #[test]
    fn the_gallery_app_maps_one_phone_number() {
        let mapping = aws_users();
        assert_eq!(mapping.rows.len(), users().rows.len() - 2);
        assert_eq!(mapping.rows.iter().filter(|row| row.target.starts_with("phoneNumbers")).count(), 1);
        assert_eq!(mapping.matching().map(|row| row.target.as_str()), Some("userName"));
    }

    #[test]
    fn target_paths() {
        let part = Target::parse(r#"emails[type eq "work"].value"#).expect("a path");
        assert_eq!(part.filter, Some(("type".to_owned(), "work".to_owned())));
        assert_eq!(part.part.as_deref(), Some("value"));
        assert!(Target::parse("name.givenName.x").is_err());
        assert!(Target::parse("two words").is_err());
    }

    #[test]
    fn the_hpe_mapping_sends_four_attributes() {
        let mut mapping = users();
        mapping.rows.retain(|row| {
            ["userName", "displayName", "name.givenName", "name.familyName"].contains(&row.target.as_str())
        });
        let zoe = directory::person("u1").expect("in the directory");
        assert_eq!(person_values(&mapping, &zoe, true).len(), 4);
        let sukarno = directory::person("u7").expect("in the directory");
        assert_eq!(person_values(&mapping, &sukarno, true).len(), 3);
    }
}
