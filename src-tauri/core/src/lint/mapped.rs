//! One row of a mapping in Entra, in the names of Microsoft Graph. Graph's own answers begin those with a small letter,
//! what PowerShell makes of them with a capital one: case says nothing.

use std::fmt::Formatter;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

#[derive(Debug, Default)]
pub(super) struct AttributeMapping {
    pub(super) target_attribute_name: Option<String>,
    pub(super) source: Option<Source>,
    pub(super) default_value: Option<String>,
    pub(super) flow_type: Option<String>,
    pub(super) matching_priority: Option<i64>,
}

/// Where a row's value comes from.
#[derive(Debug, Default)]
pub(super) struct Source {
    pub(super) expression: Option<String>,
    pub(super) name: Option<String>,
    pub(super) kind: Option<String>,
    parameters: Value,
}

/// The rows of one mapping and nothing around them.
pub(super) struct Rows(pub(super) Vec<AttributeMapping>);

/// The name of the next field in lower case.
pub(super) fn next_name<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<String>, A::Error> {
    Ok(map.next_key::<String>()?.map(|name| name.to_ascii_lowercase()))
}

impl<'de> Deserialize<'de> for AttributeMapping {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MappingVisitor)
    }
}

struct MappingVisitor;

impl<'de> Visitor<'de> for MappingVisitor {
    type Value = AttributeMapping;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object with the fields of a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut row = AttributeMapping::default();
        while let Some(name) = next_name(&mut map)? {
            match name.as_str() {
                "targetattributename" => row.target_attribute_name = map.next_value()?,
                "source" => row.source = map.next_value()?,
                "defaultvalue" => row.default_value = map.next_value()?,
                "flowtype" => row.flow_type = map.next_value()?,
                "matchingpriority" => row.matching_priority = map.next_value()?,
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(row)
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SourceVisitor)
    }
}

struct SourceVisitor;

impl<'de> Visitor<'de> for SourceVisitor {
    type Value = Source;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object with the source of a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut source = Source::default();
        while let Some(name) = next_name(&mut map)? {
            match name.as_str() {
                "expression" => source.expression = map.next_value()?,
                "name" => source.name = map.next_value()?,
                "type" => source.kind = map.next_value()?,
                "parameters" => source.parameters = map.next_value()?,
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(source)
    }
}

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RowsVisitor)
    }
}

struct RowsVisitor;

impl<'de> Visitor<'de> for RowsVisitor {
    type Value = Rows;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a list of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = seq.next_element()? {
            rows.push(row);
        }
        Ok(Rows(rows))
    }

    /// Around a list, PowerShell can put an object with the field `value`.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut rows = Vec::new();
        while let Some(name) = next_name(&mut map)? {
            match name.as_str() {
                "value" => rows = map.next_value()?,
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(Rows(rows))
    }
}

impl Source {
    /// The function that it is, put together from its name and parameters; nothing if some of them are missing.
    pub(super) fn call(&self) -> Option<String> {
        call(self.name.as_deref()?, Some(&self.parameters))
    }
}

/// A text as an expression has it.
pub(super) fn constant(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Without parameters it cannot be told from one whose parameters were cut off.
fn call(name: &str, parameters: Option<&Value>) -> Option<String> {
    let parameters = parameters?.as_array().filter(|list| !list.is_empty() && !name.trim().is_empty())?;
    let written = |parameter: &Value| match field(parameter.as_object()?, "value") {
        None | Some(Value::Null) => Some(String::new()),
        Some(value) => part(value.as_object()?),
    };
    let parameters: Option<Vec<String>> = parameters.iter().map(written).collect();
    Some(format!("{name}({})", parameters?.join(", ")))
}

fn part(source: &Map<String, Value>) -> Option<String> {
    let text = |name| field(source, name).and_then(Value::as_str);
    if let Some(expression) = text("expression").filter(|text| !text.trim().is_empty()) {
        return Some(expression.to_owned());
    }
    let name = text("name").unwrap_or_default();
    match text("type").unwrap_or_default().to_ascii_lowercase().as_str() {
        "constant" => Some(constant(name)),
        "function" => call(name, field(source, "parameters")),
        _ if name.is_empty() => None,
        _ => Some(format!("[{name}]")),
    }
}

fn field<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
