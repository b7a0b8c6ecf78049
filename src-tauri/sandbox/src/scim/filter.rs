//! Filters, evaluated on a resource's JSON. The grammar itself is parsed by the crate `scim_v2`.

use std::cmp::Ordering;

use scim_v2::filter::{AttrExp, AttrPath, CompValue, CompareOp, Filter, ValFilter};
use serde_json::Value;

use super::{schema, store::Refused};

pub(crate) fn parse(text: &str) -> Result<Filter, Refused> {
    text.parse().map_err(|_| Refused::new(400, Some("invalidFilter"), &format!("The filter cannot be read: {text}")))
}

pub(crate) fn matches(filter: &Filter, resource: &Value) -> bool {
    match filter {
        Filter::Attr(expression) => holds(expression, resource),
        Filter::ValuePath(path) => {
            let mut found = Vec::new();
            collect(resource, &names(&path.attr), &mut found);
            found.into_iter().any(|element| element_matches(&path.filter, element))
        }
        Filter::Not(inner) => !matches(inner, resource),
        Filter::And(all) => all.iter().all(|one| matches(one, resource)),
        Filter::Or(any) => any.iter().any(|one| matches(one, resource)),
    }
}

/// The inside of `emails[…]`, on one of the values.
pub(crate) fn element_matches(filter: &ValFilter, element: &Value) -> bool {
    match filter {
        ValFilter::Attr(expression) => holds(expression, element),
        ValFilter::Not(inner) => !element_matches(inner, element),
        ValFilter::And(all) => all.iter().all(|one| element_matches(one, element)),
        ValFilter::Or(any) => any.iter().any(|one| element_matches(one, element)),
    }
}

/// A path of the parser as plain names, with the core schemas' prefixes taken off.
pub(crate) fn names(path: &AttrPath) -> Vec<String> {
    let head = path.uri.as_ref().map(|uri| format!("{uri}:")).unwrap_or_default();
    let tail = path.sub_attr.as_ref().map(|part| format!(".{part}")).unwrap_or_default();
    schema::segments(&format!("{head}{}{tail}", path.name))
}

fn holds(expression: &AttrExp, resource: &Value) -> bool {
    match expression {
        AttrExp::Present(path) => !values(resource, path).is_empty(),
        AttrExp::Comparison(path, op, wanted) => {
            let names = names(path);
            let exact =
                names.last().is_some_and(|name| ["id", "$ref", "externalid"].contains(&name.to_lowercase().as_str()));
            let found = values(resource, path);
            match (op, wanted) {
                (CompareOp::Eq, CompValue::Null) => found.is_empty(),
                (CompareOp::Ne, CompValue::Null) => !found.is_empty(),
                (CompareOp::Ne, _) => !found.iter().any(|value| compares(value, &CompareOp::Eq, wanted, exact)),
                _ => found.iter().any(|value| compares(value, op, wanted, exact)),
            }
        }
    }
}

fn values<'a>(resource: &'a Value, path: &AttrPath) -> Vec<&'a Value> {
    let mut found = Vec::new();
    collect(resource, &names(path), &mut found);
    found
        .into_iter()
        .map(|value| value.get("value").unwrap_or(value))
        .filter(|value| !value.is_null() && value.as_str() != Some(""))
        .collect()
}

/// Every value at a path; lists are looked into.
pub(crate) fn collect<'a>(value: &'a Value, names: &[String], found: &mut Vec<&'a Value>) {
    match (value, names.split_first()) {
        (Value::Array(values), _) => values.iter().for_each(|one| collect(one, names, found)),
        (_, None) => found.push(value),
        (Value::Object(object), Some((name, rest))) => {
            if let Some((_, inner)) = object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)) {
                collect(inner, rest, found);
            }
        }
        _ => {}
    }
}

fn compares(value: &Value, op: &CompareOp, wanted: &CompValue, exact: bool) -> bool {
    match (value, wanted) {
        (Value::String(have), CompValue::Str(want)) if exact => text_compares(have, op, want),
        (Value::String(have), CompValue::Str(want)) => text_compares(&have.to_lowercase(), op, &want.to_lowercase()),
        (Value::Bool(have), CompValue::True | CompValue::False) => {
            *op == CompareOp::Eq && *have == matches!(wanted, CompValue::True)
        }
        // Entra asks for active eq "True" now and then.
        (Value::Bool(have), CompValue::Str(want)) => {
            *op == CompareOp::Eq && want.eq_ignore_ascii_case(&have.to_string())
        }
        (Value::Number(have), CompValue::Number(want)) => {
            let order = have.as_f64().zip(want.as_f64()).and_then(|(have, want)| have.partial_cmp(&want));
            order.is_some_and(|order| ordered(order, op))
        }
        _ => false,
    }
}

fn text_compares(have: &str, op: &CompareOp, want: &str) -> bool {
    match op {
        CompareOp::Co => have.contains(want),
        CompareOp::Sw => have.starts_with(want),
        CompareOp::Ew => have.ends_with(want),
        _ => ordered(have.cmp(want), op),
    }
}

fn ordered(order: Ordering, op: &CompareOp) -> bool {
    match op {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Co | CompareOp::Sw | CompareOp::Ew => false,
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at the first surprise")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_grammar_of_rfc_7644() {
        let zoe = json!({
            "id": "Aa", "userName": "Zoe@example.com", "active": true, "name": { "familyName": "O'Connor" },
            "emails": [{ "type": "work", "value": "zoe@example.com" }, { "type": "home", "value": "z@home.example" }],
            "meta": { "created": "2026-01-02T00:00:00Z" },
            schema::ENTERPRISE: { "department": "Sales", "manager": { "value": "42" } },
        });
        let table = [
            (r#"userName eq "zoe@EXAMPLE.com""#, true),
            (r#"USERNAME Eq "zoe@example.com""#, true),
            (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "zoe""#, true),
            (r#"id eq "aa""#, false),
            (r#"userName ne "other""#, true),
            (r#"name.familyName co "conn""#, true),
            (r#"name.familyName ew "x""#, false),
            ("title pr", false),
            ("title eq null", true),
            ("active eq true and title pr", false),
            ("active eq true or title pr", true),
            (r#"not (active eq "False")"#, true),
            (r#"emails[type eq "work" and value co "@example.com"]"#, true),
            (r#"emails[type eq "home" and value co "@example.com"]"#, false),
            (r#"emails.type eq "home""#, true),
            (r#"emails co "home.example""#, true),
            (r#"meta.created gt "2026-01-01T00:00:00Z""#, true),
            (r#"meta.created le "2026-01-01T00:00:00Z""#, false),
            (r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "sales""#, true),
            (r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "42""#, true),
        ];
        for (text, expected) in table {
            assert_eq!(matches(&parse(text).expect(text), &zoe), expected, "{text}");
        }
        assert_eq!(parse("userName is me").err().and_then(|refusal| refusal.scim_type), Some("invalidFilter"));
    }
}
