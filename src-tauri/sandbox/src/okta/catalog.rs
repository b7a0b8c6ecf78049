//! The app catalogue: which integrations there are, what they ask for, and the rows their mapping begins with.

use serde::{Deserialize, Serialize};

use super::mapping::{Apply, Row};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum AppKind {
    ScimTest,
    Aws,
}

/// An entry of the catalogue. Those without a kind are listed to be told apart and cannot be added here.
pub(crate) struct Entry {
    pub name: &'static str,
    pub title: &'static str,
    pub text: &'static str,
    pub kind: Option<AppKind>,
}

pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "scim2testapp",
        title: "SCIM 2.0 Test App (OAuth Bearer Token)",
        text: "Provisions to any SCIM 2.0 endpoint with a long-lived bearer token. Despite its name there is no OAuth sign-in: the token is pasted.",
        kind: Some(AppKind::ScimTest),
    },
    Entry {
        name: "scim2testapp_basic",
        title: "SCIM 2.0 Test App (Basic Auth)",
        text: "Signs in to the SCIM 2.0 endpoint with a user name and a password.",
        kind: None,
    },
    Entry {
        name: "scim2headerauth",
        title: "SCIM 2.0 Test App (Header Auth)",
        text: "Sends the token as it stands in the Authorization header, without the word Bearer.",
        kind: None,
    },
    Entry {
        name: "aws_iam_identity_center",
        title: "AWS IAM Identity Center",
        text: "Single sign-on and provisioning to AWS accounts. Formerly AWS Single Sign-On.",
        kind: Some(AppKind::Aws),
    },
    Entry {
        name: "amazon_aws",
        title: "AWS Account Federation",
        text: "Signs in to a single AWS account with SAML. It does not provision to IAM Identity Center.",
        kind: None,
    },
    Entry { name: "zoomus", title: "Zoom", text: "Not part of this practice world.", kind: None },
];

pub(crate) fn entry(name: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.name == name)
}

/// All words of the query must be there; nothing typed finds everything.
pub(crate) fn search(query: &str) -> Vec<&'static Entry> {
    let words: Vec<String> = query.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let has = |entry: &&Entry| words.iter().all(|word| entry.title.to_lowercase().contains(word.as_str()));
    ENTRIES.iter().filter(has).collect()
}

impl AppKind {
    pub(crate) fn title(self) -> &'static str {
        match self {
            AppKind::ScimTest => "SCIM 2.0 Test App (OAuth Bearer Token)",
            AppKind::Aws => "AWS IAM Identity Center",
        }
    }

    pub(crate) fn base_url_label(self) -> &'static str {
        match self {
            AppKind::ScimTest => "SCIM 2.0 Base Url",
            AppKind::Aws => "Base URL",
        }
    }

    pub(crate) fn token_label(self) -> &'static str {
        match self {
            AppKind::ScimTest => "OAuth Bearer Token",
            AppKind::Aws => "API Token",
        }
    }

    /// Assumption: AWS supports neither (facts B3), so its app sends neither.
    pub(crate) fn sends_groups_and_password(self) -> bool {
        self == AppKind::ScimTest
    }

    /// Facts B3: AWS takes members by their path alone, at most 100 at a time.
    pub(crate) fn members_by_path_only(self) -> bool {
        self == AppKind::Aws
    }

    /// Facts B5: with AWS the group that is assigned cannot be pushed as well; HPE documents that it can (facts A3).
    pub(crate) fn refuses_the_assigned_group(self) -> bool {
        self == AppKind::Aws
    }

    pub(crate) fn attributes(self) -> impl Iterator<Item = &'static Attribute> {
        ATTRIBUTES.iter().filter(move |attribute| match self {
            AppKind::ScimTest => true,
            AppKind::Aws => attribute.aws,
        })
    }

    pub(crate) fn attribute(self, name: &str) -> Option<&'static Attribute> {
        self.attributes().find(|attribute| attribute.name == name)
    }

    /// Facts A3: with the test app the rows apply on Create; assumption: with the AWS app on Create and update.
    pub(crate) fn default_rows(self) -> Vec<Row> {
        let apply = match self {
            AppKind::ScimTest => Apply::Create,
            AppKind::Aws => Apply::CreateAndUpdate,
        };
        let row = |attribute: &Attribute| Row {
            attribute: attribute.name.to_owned(),
            expression: attribute.expression.to_owned(),
            apply,
        };
        self.attributes().map(row).collect()
    }
}

/// One attribute of an app's profile, what fills it, and where it stands in the SCIM body.
pub(crate) struct Attribute {
    pub name: &'static str,
    pub title: &'static str,
    pub expression: &'static str,
    pub place: Place,
    aws: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Place {
    Plain(&'static str),
    Part(&'static str, &'static str),
    /// The primary one of a list.
    Primary(&'static str, &'static str),
    Enterprise(&'static str),
    Manager(&'static str),
}

const fn both(name: &'static str, title: &'static str, expression: &'static str, place: Place) -> Attribute {
    Attribute { name, title, expression, place, aws: true }
}

const fn test_app(name: &'static str, title: &'static str, expression: &'static str, place: Place) -> Attribute {
    Attribute { name, title, expression, place, aws: false }
}

const EMAIL_TYPE: &str = "(user.email != null && user.email != '') ? 'work' : ''";
const PHONE_TYPE: &str = "(user.primaryPhone != null && user.primaryPhone != '') ? 'work' : ''";
const ADDRESS_TYPE: &str = "(user.streetAddress != null && user.streetAddress != '') ? 'work' : ''";

/// Facts A3 gives six of them; README "Assumptions" says where the others come from.
const ATTRIBUTES: &[Attribute] = &[
    both("givenName", "Given name", "user.firstName", Place::Part("name", "givenName")),
    both("familyName", "Family name", "user.lastName", Place::Part("name", "familyName")),
    test_app("middleName", "Middle name", "user.middleName", Place::Part("name", "middleName")),
    test_app("honorificPrefix", "Honorific prefix", "user.honorificPrefix", Place::Part("name", "honorificPrefix")),
    test_app("honorificSuffix", "Honorific suffix", "user.honorificSuffix", Place::Part("name", "honorificSuffix")),
    both("email", "Primary email", "user.email", Place::Primary("emails", "value")),
    both("emailType", "Primary email type", EMAIL_TYPE, Place::Primary("emails", "type")),
    both("title", "Title", "user.title", Place::Plain("title")),
    both("displayName", "Display name", "user.displayName", Place::Plain("displayName")),
    both("nickName", "Nickname", "user.nickName", Place::Plain("nickName")),
    test_app("profileUrl", "Profile URL", "user.profileUrl", Place::Plain("profileUrl")),
    both("primaryPhone", "Primary phone", "user.primaryPhone", Place::Primary("phoneNumbers", "value")),
    both("primaryPhoneType", "Primary phone type", PHONE_TYPE, Place::Primary("phoneNumbers", "type")),
    both("addressType", "Address type", ADDRESS_TYPE, Place::Primary("addresses", "type")),
    both("streetAddress", "Street address", "user.streetAddress", Place::Primary("addresses", "streetAddress")),
    both("locality", "Locality", "user.city", Place::Primary("addresses", "locality")),
    both("region", "Region", "user.state", Place::Primary("addresses", "region")),
    both("postalCode", "Postal code", "user.zipCode", Place::Primary("addresses", "postalCode")),
    both("country", "Country", "user.countryCode", Place::Primary("addresses", "country")),
    both("preferredLanguage", "Preferred language", "user.preferredLanguage", Place::Plain("preferredLanguage")),
    both("locale", "Locale name", "user.locale", Place::Plain("locale")),
    both("timezone", "Time zone", "user.timezone", Place::Plain("timezone")),
    both("userType", "User type", "user.userType", Place::Plain("userType")),
    both("employeeNumber", "Employee number", "user.employeeNumber", Place::Enterprise("employeeNumber")),
    both("costCenter", "Cost center", "user.costCenter", Place::Enterprise("costCenter")),
    both("organization", "Organization", "user.organization", Place::Enterprise("organization")),
    both("division", "Division", "user.division", Place::Enterprise("division")),
    both("department", "Department", "user.department", Place::Enterprise("department")),
    test_app("managerValue", "Manager value", "user.managerId", Place::Manager("value")),
    test_app("managerDisplayName", "Manager display name", "user.manager", Place::Manager("displayName")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_default_row_can_be_read() {
        for kind in [AppKind::ScimTest, AppKind::Aws] {
            for row in kind.default_rows() {
                assert!(super::super::expression::parse(&row.expression).is_ok(), "{}", row.expression);
            }
        }
        assert_eq!((AppKind::ScimTest.default_rows().len(), AppKind::Aws.default_rows().len()), (30, 24));
    }

    #[test]
    fn the_search_tells_the_variants_apart() {
        assert_eq!(search("scim 2.0").len(), 3);
        assert_eq!(search("scim 2.0 bearer").len(), 1);
        assert_eq!(search("aws").len(), 2);
        assert!(search("greenlake").is_empty());
    }
}
