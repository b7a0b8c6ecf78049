//! A JSON document as far as the check understands it: one kind of node for every object that can come up, because a
//! schema, a rule of it and a part of that rule are all exported. What is not known is skipped without being kept.

use std::collections::BTreeSet;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::mapped::AttributeMapping;

/// Names of unknown fields that are kept, to tell what a document is.
const MOST_NAMES: usize = 200;

/// An object; or an array, whose objects are its entries.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// The names of its fields.
    pub(super) names: BTreeSet<String>,
    /// It is an array, or an object with the array `value`.
    pub(super) entries: Option<Vec<Node>>,
    /// Of a template or a job.
    pub(super) schema: Option<Box<Node>>,
    // Of a schema, a rule, an object mapping.
    pub(super) rules: Option<Vec<Node>>,
    pub(super) object_mappings: Option<Vec<Node>>,
    pub(super) attribute_mappings: Option<Vec<AttributeMapping>>,
    pub(super) source_directory: Option<String>,
    pub(super) target_directory: Option<String>,
    pub(super) source_object: Option<String>,
    pub(super) target_object: Option<String>,
    pub(super) priority: Option<i64>,
    pub(super) enabled: Option<bool>,
    pub(super) flow_types: Option<String>,
    pub(super) scope: Option<Box<Node>>,
    // Of a scope.
    pub(super) filter_groups: usize,
    // Of a profile mapping, its two ends, and its properties.
    pub(super) source: Option<Box<Node>>,
    pub(super) target: Option<Box<Node>>,
    pub(super) properties: Option<Vec<(String, Node)>>,
    pub(super) name: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) expression: Option<String>,
    pub(super) push_status: Option<String>,
    /// Of a stored credential: only its name, never its value.
    pub(super) key: Option<String>,
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor).map(Option::unwrap_or_default)
    }
}

/// A node where something else may stand, which is skipped.
struct Loose(Option<Node>);

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor).map(Loose)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Option<Node>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut node = Node::default();
        while let Some(name) = map.next_key::<String>()? {
            node.field(&name, &mut map)?;
            if node.names.len() < MOST_NAMES {
                node.names.insert(name);
            }
        }
        Ok(Some(node))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(Loose(entry)) = seq.next_element()? {
            entries.extend(entry);
        }
        Ok(Some(Node { entries: Some(entries), ..Node::default() }))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

impl Node {
    /// Whether it is a list of rows without the mapping that they belong to.
    pub(super) fn lists_rows(&self) -> bool {
        let is_row = |name: &String| name.eq_ignore_ascii_case("targetAttributeName");
        self.entries.iter().flatten().any(|entry| entry.names.iter().any(is_row))
    }

    /// Names in any case: PowerShell begins them with a capital letter.
    fn field<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name.to_ascii_lowercase().as_str() {
            "value" => self.entries = map.next_value::<Loose>()?.0.and_then(|node| node.entries),
            "schema" => self.schema = boxed(map)?,
            "synchronizationrules" => self.rules = list(map)?,
            "objectmappings" => self.object_mappings = list(map)?,
            "attributemappings" => self.attribute_mappings = map.next_value()?,
            "sourcedirectoryname" => self.source_directory = map.next_value()?,
            "targetdirectoryname" => self.target_directory = map.next_value()?,
            "sourceobjectname" => self.source_object = map.next_value()?,
            "targetobjectname" => self.target_object = map.next_value()?,
            "priority" => self.priority = map.next_value::<LooseNumber>()?.0,
            "enabled" => self.enabled = map.next_value()?,
            "flowtypes" => self.flow_types = map.next_value()?,
            "scope" => self.scope = boxed(map)?,
            "groups" | "inputfiltergroups" | "categoryfiltergroups" => {
                self.filter_groups += list(map)?.map_or(0, |groups| groups.len());
            }
            "source" => self.source = boxed(map)?,
            "target" => self.target = boxed(map)?,
            "properties" => self.properties = map.next_value::<Properties>()?.0,
            "name" => self.name = text(map)?,
            "type" => self.kind = text(map)?,
            "expression" => self.expression = text(map)?,
            "pushstatus" => self.push_status = text(map)?,
            "key" => self.key = text(map)?,
            _ => _ = map.next_value::<IgnoredAny>()?,
        }
        Ok(())
    }
}

fn boxed<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<Box<Node>>, A::Error> {
    Ok(map.next_value::<Loose>()?.0.map(Box::new))
}

fn list<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<Vec<Node>>, A::Error> {
    Ok(map.next_value::<Loose>()?.0.and_then(|node| node.entries))
}

fn text<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<String>, A::Error> {
    Ok(match map.next_value::<Scalar>()? {
        Scalar::Text(text) => Some(text),
        Scalar::Number(_) | Scalar::Other => None,
    })
}

/// A text or a number where something else may stand, which is skipped and not kept meanwhile.
enum Scalar {
    Text(String),
    Number(i64),
    Other,
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a text or a number")
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar::Number(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar, E> {
        Ok(i64::try_from(number).map_or(Scalar::Other, Scalar::Number))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }
}

struct LooseNumber(Option<i64>);

impl<'de> Deserialize<'de> for LooseNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Scalar::deserialize(deserializer)? {
            Scalar::Number(number) => Some(number),
            Scalar::Text(_) | Scalar::Other => None,
        }))
    }
}

/// In the order of the document. An attribute that is `null` has no source.
struct Properties(Option<Vec<(String, Node)>>);

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PropertiesVisitor).map(Self)
    }
}

struct PropertiesVisitor;

impl<'de> Visitor<'de> for PropertiesVisitor {
    type Value = Option<Vec<(String, Node)>>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object with a field for each attribute")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut properties = Vec::new();
        while let Some((name, Loose(node))) = map.next_entry()? {
            // One more than is allowed, so that it is noticed.
            if properties.len() <= super::found::MOST_ROWS {
                properties.push((name, node.unwrap_or_default()));
            }
        }
        Ok(Some(properties))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}
