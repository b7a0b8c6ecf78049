//! The attributes of RFC 7643 as data, the discovery documents made from them, and the normal form of a resource.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::{
    profile::Profile,
    store::{Kind, Refused},
};

pub(crate) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(crate) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub(crate) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Facts A4 document this one for HPE's platform API; for scimproxy it is an assumption.
pub(crate) const HPE_GROUP: &str = "urn:ietf:params:scim:schemas:extensions:hpe-greenlake:2.0:Group";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    String,
    Boolean,
    Complex,
    Reference,
    Binary,
}

#[derive(Debug)]
pub(crate) struct Attribute {
    pub name: &'static str,
    pub kind: Type,
    pub many: bool,
    pub exact: bool,
    pub mutability: &'static str,
    pub returned: &'static str,
    pub unique: bool,
    pub references: &'static [&'static str],
    pub parts: Vec<Attribute>,
}

impl Attribute {
    fn new(name: &'static str, kind: Type) -> Attribute {
        Attribute {
            name,
            kind,
            many: false,
            exact: false,
            mutability: "readWrite",
            returned: "default",
            unique: false,
            references: &[],
            parts: Vec::new(),
        }
    }

    fn many(mut self) -> Self {
        self.many = true;
        self
    }

    fn exact(mut self) -> Self {
        self.exact = true;
        self
    }

    fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    fn mutability(mut self, mutability: &'static str) -> Self {
        self.mutability = mutability;
        if mutability == "writeOnly" {
            self.returned = "never";
        }
        self
    }

    fn refers_to(mut self, types: &'static [&'static str]) -> Self {
        self.references = types;
        self.exact = true;
        self
    }

    pub(crate) fn part(&self, name: &str) -> Option<&Attribute> {
        self.parts.iter().find(|one| one.name.eq_ignore_ascii_case(name))
    }

    /// `required` and `unknown` hold paths, `above` is the path to here; nothing for what is unknown.
    fn describe(&self, required: &[&str], unknown: &[&str], above: &str) -> Option<Value> {
        let path = format!("{above}{}", self.name);
        if unknown.contains(&path.as_str()) {
            return None;
        }
        let below = format!("{path}.");
        let mut object = json!({
            "name": self.name,
            "type": match self.kind {
                Type::String => "string",
                Type::Boolean => "boolean",
                Type::Complex => "complex",
                Type::Reference => "reference",
                Type::Binary => "binary",
            },
            "multiValued": self.many,
            "description": self.name,
            "required": required.iter().any(|one| *one == path || one.starts_with(&below)),
            "caseExact": self.exact,
            "mutability": self.mutability,
            "returned": self.returned,
            "uniqueness": if self.unique { "server" } else { "none" },
        });
        if !self.references.is_empty() {
            object["referenceTypes"] = json!(self.references);
        }
        if !self.parts.is_empty() {
            object["subAttributes"] =
                self.parts.iter().filter_map(|part| part.describe(required, unknown, &below)).collect();
        }
        Some(object)
    }
}

fn text(name: &'static str) -> Attribute {
    Attribute::new(name, Type::String)
}

fn complex(name: &'static str, parts: Vec<Attribute>) -> Attribute {
    Attribute { parts, ..Attribute::new(name, Type::Complex) }
}

/// The usual value, display, type, primary.
fn plural(name: &'static str, value: Attribute) -> Attribute {
    let parts = vec![value, text("display"), text("type"), Attribute::new("primary", Type::Boolean)];
    complex(name, parts).many()
}

fn user() -> Vec<Attribute> {
    let web = |name| Attribute::new(name, Type::Reference).refers_to(&["external"]);
    let address = ["formatted", "streetAddress", "locality", "region", "postalCode", "country", "type"];
    let mut address: Vec<_> = address.into_iter().map(text).collect();
    address.push(Attribute::new("primary", Type::Boolean));
    vec![
        text("userName").unique(),
        complex(
            "name",
            ["formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix"]
                .map(text)
                .into(),
        ),
        text("displayName"),
        text("nickName"),
        web("profileUrl"),
        text("title"),
        text("userType"),
        text("preferredLanguage"),
        text("locale"),
        text("timezone"),
        Attribute::new("active", Type::Boolean),
        text("password").mutability("writeOnly"),
        plural("emails", text("value")),
        plural("phoneNumbers", text("value")),
        plural("ims", text("value")),
        plural("photos", web("value")),
        complex("addresses", address).many(),
        complex(
            "groups",
            vec![
                text("value").mutability("readOnly"),
                Attribute::new("$ref", Type::Reference).refers_to(&["Group"]).mutability("readOnly"),
                text("display").mutability("readOnly"),
                text("type").mutability("readOnly"),
            ],
        )
        .many()
        .mutability("readOnly"),
        plural("entitlements", text("value")),
        plural("roles", text("value")),
        plural("x509Certificates", Attribute::new("value", Type::Binary).exact()),
    ]
}

fn group() -> Vec<Attribute> {
    let parts = vec![
        text("value").mutability("immutable"),
        Attribute::new("$ref", Type::Reference).refers_to(&["User", "Group"]).mutability("immutable"),
        text("display").mutability("immutable"),
        text("type").mutability("immutable"),
    ];
    vec![text("displayName"), complex("members", parts).many()]
}

fn enterprise() -> Vec<Attribute> {
    let names = ["employeeNumber", "costCenter", "organization", "division", "department"];
    let mut attributes: Vec<_> = names.into_iter().map(text).collect();
    attributes.push(complex(
        "manager",
        vec![
            text("value"),
            Attribute::new("$ref", Type::Reference).refers_to(&["User"]),
            text("displayName").mutability("readOnly"),
        ],
    ));
    attributes
}

static USER_ATTRIBUTES: LazyLock<Vec<Attribute>> = LazyLock::new(user);
static GROUP_ATTRIBUTES: LazyLock<Vec<Attribute>> = LazyLock::new(group);
static ENTERPRISE_ATTRIBUTES: LazyLock<Vec<Attribute>> = LazyLock::new(enterprise);
static HPE_GROUP_ATTRIBUTES: LazyLock<Vec<Attribute>> = LazyLock::new(|| vec![text("source")]);
static EXTERNAL_ID: LazyLock<Attribute> = LazyLock::new(|| text("externalId").exact());

pub(crate) fn attributes(kind: Kind) -> &'static [Attribute] {
    match kind {
        Kind::User => &USER_ATTRIBUTES,
        Kind::Group => &GROUP_ATTRIBUTES,
    }
}

/// What a resource of this kind cannot do without.
fn required(profile: &Profile, kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::User => profile.required,
        Kind::Group => &["displayName"],
    }
}

/// The schema extension of a kind of resource, and its attributes.
pub(crate) fn extension(profile: &Profile, kind: Kind) -> Option<(&'static str, &'static [Attribute])> {
    let extension: (_, &[Attribute]) = match kind {
        Kind::User => (ENTERPRISE, &ENTERPRISE_ATTRIBUTES),
        Kind::Group => (HPE_GROUP, &HPE_GROUP_ATTRIBUTES),
    };
    profile.extended.contains(&kind).then_some(extension)
}

/// The attribute at a path such as `["name", "familyName"]` or `[ENTERPRISE, "manager"]`.
pub(crate) fn find(profile: &Profile, kind: Kind, path: &[String]) -> Option<&'static Attribute> {
    let (first, rest) = path.split_first()?;
    if let Some((urn, extended)) = extension(profile, kind)
        && first.eq_ignore_ascii_case(urn)
    {
        let (name, rest) = rest.split_first()?;
        return descend(extended.iter().find(|one| one.name.eq_ignore_ascii_case(name))?, rest);
    }
    let own = attributes(kind).iter().chain(std::iter::once(&*EXTERNAL_ID));
    descend(own.into_iter().find(|one| one.name.eq_ignore_ascii_case(first))?, rest)
}

fn descend(attribute: &'static Attribute, rest: &[String]) -> Option<&'static Attribute> {
    match rest {
        [] => Some(attribute),
        [part] => attribute.part(part),
        _ => None,
    }
}

/// `name.familyName`, `urn:…:enterprise:2.0:User:manager.value` and so on, cut into names.
pub(crate) fn segments(path: &str) -> Vec<String> {
    let dotted = |text: &str| text.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    for urn in [USER, GROUP, ENTERPRISE, HPE_GROUP] {
        let Some((head, rest)) = path.split_at_checked(urn.len()) else { continue };
        if !head.eq_ignore_ascii_case(urn) || !(rest.is_empty() || rest.starts_with(':')) {
            continue;
        }
        let mut names = dotted(rest.trim_start_matches(':'));
        if urn == ENTERPRISE || urn == HPE_GROUP {
            names.insert(0, urn.to_owned());
        }
        return names;
    }
    dotted(path)
}

/// A resource as the store keeps it: known attributes only, under their proper names, in the schema's order, without nulls and
/// read-only values. Entra's "True" and "False" become booleans (facts D2).
pub(crate) fn normal(profile: &Profile, kind: Kind, body: &Map<String, Value>) -> Result<Map<String, Value>, Refused> {
    let mut result = Map::new();
    if let Some(value) = take(body, "externalId").map(|value| coerce(&EXTERNAL_ID, value)).transpose()?.flatten() {
        result.insert("externalId".to_owned(), value);
    }
    pick(attributes(kind), body, &mut result)?;
    if let Some((urn, extended)) = extension(profile, kind)
        && let Some(Value::Object(given)) = take(body, urn)
    {
        let mut inner = Map::new();
        pick(extended, given, &mut inner)?;
        if !inner.is_empty() {
            result.insert(urn.to_owned(), Value::Object(inner));
        }
    }
    match required(profile, kind).iter().find(|path| is_blank(&result, path)) {
        Some(path) => Err(missing(profile, path)),
        None => Ok(result),
    }
}

fn is_blank(body: &Map<String, Value>, path: &str) -> bool {
    let value = match path.split_once('.') {
        Some((name, part)) => body.get(name).and_then(|inner| inner.get(part)),
        None => body.get(path),
    };
    value.and_then(Value::as_str).is_none_or(|text| text.trim().is_empty())
}

fn take<'a>(body: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    body.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn pick(known: &[Attribute], body: &Map<String, Value>, into: &mut Map<String, Value>) -> Result<(), Refused> {
    for attribute in known {
        if attribute.mutability == "readOnly" || attribute.returned == "never" {
            continue;
        }
        if let Some(value) = take(body, attribute.name)
            && let Some(value) = coerce(attribute, value)?
        {
            into.insert(attribute.name.to_owned(), value);
        }
    }
    Ok(())
}

/// What is answered to a resource without a required attribute.
pub(crate) fn missing(profile: &Profile, name: &str) -> Refused {
    Refused::new(400, Some("invalidValue"), &(profile.missing)(name))
}

fn coerce(attribute: &Attribute, value: &Value) -> Result<Option<Value>, Refused> {
    if !attribute.many {
        return coerce_one(attribute, value);
    }
    let several = match value {
        Value::Array(values) => values.as_slice(),
        other => std::slice::from_ref(other),
    };
    let values =
        several.iter().filter_map(|one| coerce_one(attribute, one).transpose()).collect::<Result<Vec<_>, _>>()?;
    Ok((!values.is_empty()).then_some(Value::Array(values)))
}

fn coerce_one(attribute: &Attribute, value: &Value) -> Result<Option<Value>, Refused> {
    let wrong =
        || Refused::new(400, Some("invalidValue"), &format!("The value of '{}' has the wrong type.", attribute.name));
    match (attribute.kind, value) {
        (_, Value::Null) => Ok(None),
        (Type::Complex, Value::Object(object)) => {
            let mut inner = Map::new();
            pick(&attribute.parts, object, &mut inner)?;
            Ok((!inner.is_empty()).then_some(Value::Object(inner)))
        }
        (Type::Complex, Value::String(text)) if attribute.part("value").is_some() => Ok(Some(json!({ "value": text }))),
        (Type::Boolean, Value::Bool(_)) => Ok(Some(value.clone())),
        (Type::Boolean, Value::String(text)) => match text.to_ascii_lowercase().as_str() {
            "true" => Ok(Some(Value::Bool(true))),
            "false" => Ok(Some(Value::Bool(false))),
            _ => Err(wrong()),
        },
        (Type::String | Type::Reference | Type::Binary, Value::String(_)) => Ok(Some(value.clone())),
        _ => Err(wrong()),
    }
}

fn meta(kind: &str, location: String) -> Value {
    json!({ "resourceType": kind, "location": location })
}

pub(crate) fn schemas(profile: &Profile, base: &str) -> Vec<Value> {
    let one = |id: &str, name: &str, required: &[&str], attributes: &[Attribute]| {
        let known = attributes.iter().filter_map(|one| one.describe(required, profile.unknown, ""));
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "id": id,
            "name": name,
            "description": name,
            "attributes": known.collect::<Vec<_>>(),
            "meta": meta("Schema", format!("{base}/Schemas/{id}")),
        })
    };
    let mut schemas = vec![
        one(USER, "User", required(profile, Kind::User), &USER_ATTRIBUTES),
        one(GROUP, "Group", required(profile, Kind::Group), &GROUP_ATTRIBUTES),
    ];
    for (kind, name) in [(Kind::User, "EnterpriseUser"), (Kind::Group, "GreenLakeGroup")] {
        schemas.extend(extension(profile, kind).map(|(urn, attributes)| one(urn, name, &[], attributes)));
    }
    schemas
}

pub(crate) fn resource_types(profile: &Profile, base: &str) -> Vec<Value> {
    let one = |kind: Kind, schema: &str| {
        let name = kind.name();
        let extension = extension(profile, kind).map(|(urn, _)| json!({ "schema": urn, "required": false }));
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": name,
            "name": name,
            "description": name,
            "endpoint": format!("/{}", kind.endpoint()),
            "schema": schema,
            "schemaExtensions": Vec::from_iter(extension),
            "meta": meta("ResourceType", format!("{base}/ResourceTypes/{name}")),
        })
    };
    vec![one(Kind::User, USER), one(Kind::Group, GROUP)]
}

pub(crate) fn service_provider_config(profile: &Profile, base: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "documentationUri": format!("{base}/ServiceProviderConfig"),
        "patch": { "supported": true },
        "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
        "filter": { "supported": true, "maxResults": profile.most_results },
        "changePassword": { "supported": false },
        "sort": { "supported": profile.sorts },
        "etag": { "supported": false },
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": profile.scheme[0],
            "description": profile.scheme[1],
            "primary": true,
        }],
        "meta": meta("ServiceProviderConfig", format!("{base}/ServiceProviderConfig")),
    })
}
