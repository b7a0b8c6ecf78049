//! Placeholders (`{name}`) and the two marks of emphasis (`**console's words**`, `` `a value` ``) in recipe texts.

use std::collections::BTreeMap;

use crate::view::Span;

/// What is wrong with a text that has placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TemplateError {
    /// A name that nothing fills.
    Unknown(String),
    /// A value that leads back to itself.
    Circular(String),
    /// A brace without its partner.
    Unclosed,
}

/// Puts values in; `{{` and `}}` are literal braces.
pub(crate) fn fill(text: &str, values: &BTreeMap<String, String>) -> Result<String, TemplateError> {
    fill_with(text, &mut |name| values.get(name).cloned().ok_or_else(|| TemplateError::Unknown(name.to_owned())))
}

/// Resolves values that name each other.
pub(crate) fn resolve(raw: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, (String, TemplateError)> {
    raw.keys()
        .map(|key| {
            let value = resolve_one(key, raw, &mut Vec::new()).map_err(|error| (key.clone(), error))?;
            Ok((key.clone(), value))
        })
        .collect()
}

fn resolve_one(key: &str, raw: &BTreeMap<String, String>, above: &mut Vec<String>) -> Result<String, TemplateError> {
    if above.iter().any(|name| name == key) {
        return Err(TemplateError::Circular(key.to_owned()));
    }
    let text = raw.get(key).ok_or_else(|| TemplateError::Unknown(key.to_owned()))?;
    above.push(key.to_owned());
    let value = fill_with(text, &mut |name| resolve_one(name, raw, above));
    above.pop();
    value
}

fn fill_with(
    text: &str,
    lookup: &mut dyn FnMut(&str) -> Result<String, TemplateError>,
) -> Result<String, TemplateError> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        filled.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            filled.push_str(brace);
            rest = after;
        } else if brace == "{" {
            let end = rest.find('}').ok_or(TemplateError::Unclosed)?;
            filled.push_str(&lookup(&rest[..end])?);
            rest = &rest[end + 1..];
        } else {
            return Err(TemplateError::Unclosed);
        }
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Cuts a text at its marks. A mark without a partner is an ordinary character.
pub(crate) fn spans(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let Some((inner, strong, after)) = marked(rest) else {
            let next = rest.chars().next().map_or(rest.len(), char::len_utf8);
            let step = rest[next..].find(['*', '`']).map_or(rest.len(), |at| at + next);
            plain.push_str(&rest[..step]);
            rest = &rest[step..];
            continue;
        };
        if !plain.is_empty() {
            found.push(Span::Plain(std::mem::take(&mut plain)));
        }
        found.push(if strong { Span::Strong(inner.to_owned()) } else { Span::Code(inner.to_owned()) });
        rest = after;
    }
    if !plain.is_empty() {
        found.push(Span::Plain(plain));
    }
    found
}

fn marked(text: &str) -> Option<(&str, bool, &str)> {
    let (mark, strong) = if text.starts_with("**") { ("**", true) } else { ("`", false) };
    let (inner, after) = text.strip_prefix(mark)?.split_once(mark)?;
    (!inner.is_empty()).then_some((inner, strong, after))
}

/// The words without the marks, for places that show plain text.
pub(crate) fn plain(text: &str) -> String {
    spans(text)
        .into_iter()
        .map(|span| match span {
            Span::Plain(text) | Span::Strong(text) | Span::Code(text) => text,
        })
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn fills_and_escapes() {
        let values = values(&[("a", "1"), ("b", "{a}")]);
        assert_eq!(fill("x{a}{{y}}{b}", &values), Ok("x1{y}{a}".into()));
        assert_eq!(fill("{c}", &values), Err(TemplateError::Unknown("c".into())));
        assert_eq!(fill("{a", &values), Err(TemplateError::Unclosed));
        assert_eq!(fill("a}", &values), Err(TemplateError::Unclosed));
    }

    #[test]
    fn values_may_name_each_other_but_not_themselves() {
        assert_eq!(resolve(&values(&[("a", "{b}/x"), ("b", "y")])).unwrap()["a"], "y/x");
        assert!(matches!(resolve(&values(&[("a", "{b}"), ("b", "{a}")])), Err((_, TemplateError::Circular(_)))));
    }

    #[test]
    fn marks_become_spans() {
        assert_eq!(
            spans("Open **Users** and type `a*b`. 2 * 3"),
            vec![
                Span::Plain("Open ".into()),
                Span::Strong("Users".into()),
                Span::Plain(" and type ".into()),
                Span::Code("a*b".into()),
                Span::Plain(". 2 * 3".into()),
            ]
        );
        assert_eq!(spans("**open"), vec![Span::Plain("**open".into())]);
    }

    proptest! {
        #[test]
        fn no_text_panics_and_none_is_lost(text in "[a*`{} ü]{0,40}") {
            let _ = fill(&text, &BTreeMap::new());
            let unmarked: String = plain(&text).chars().filter(|c| *c != '*' && *c != '`').collect();
            let expected: String = text.chars().filter(|c| *c != '*' && *c != '`').collect();
            prop_assert_eq!(unmarked, expected);
        }
    }
}
