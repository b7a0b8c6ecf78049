//! The values that fill placeholders, and the words for a placeholder that nothing fills.

use std::collections::BTreeMap;

use crate::{
    recipe::{
        RecipeError,
        load::{File, Parsed},
        raw,
    },
    template::{self, TemplateError},
};

pub(super) type Values = BTreeMap<String, String>;

/// What a rotation says about the token that it replaces: its last four characters, and the day it came in.
pub(crate) const OLD_TOKEN: [&str; 2] = ["old_token", "old_token_since"];

/// The values of both files and of the pair, then the practice world's over them.
pub(super) fn values(
    target: &Parsed<raw::Target>,
    idp: &Parsed<raw::Idp>,
    part: Option<&raw::PairPart>,
    addresses: Option<&Values>,
    learned: &Values,
) -> Result<Values, RecipeError> {
    let mut merged: Values = Values::new();
    let mut places: BTreeMap<String, (&File, std::ops::Range<usize>)> = BTreeMap::new();
    let none = BTreeMap::new();
    let parts = [
        (&idp.raw.values, &idp.file),
        (&target.raw.values, &target.file),
        (part.map_or(&none, |p| &p.values), &target.file),
    ];
    if let Some((name, value)) = target.raw.values.iter().find(|(name, _)| idp.raw.values.contains_key(*name)) {
        return Err(target.file.error(
            value.span(),
            format!("{} has a value {name} too, and the practice world could fill only one of them", idp.file.name),
            "Give this one another name.",
        ));
    }
    for (table, file) in parts {
        for (name, value) in table {
            merged.insert(name.clone(), value.get_ref().clone());
            places.insert(name.clone(), (file, value.span()));
        }
    }
    for (name, value) in [
        ("target", &target.raw.short),
        ("target_name", target.raw.called.as_ref().unwrap_or(&target.raw.name)),
        ("idp", &idp.raw.short),
        ("idp_name", &idp.raw.name),
    ] {
        merged.insert(name.to_owned(), value.clone());
    }
    // A rotation learns them when it begins.
    for name in OLD_TOKEN {
        merged.insert(name.to_owned(), "…".to_owned());
    }
    if let Some(addresses) = addresses {
        let practice = [
            (target.raw.practice.as_ref().map(|p| &p.values), &target.file),
            (idp.raw.practice.as_ref().map(|p| &p.values), &idp.file),
        ];
        for (table, file) in practice {
            for (name, value) in table.into_iter().flatten() {
                let filled = template::fill(value.get_ref(), addresses)
                    .map_err(|error| template_error(&error, file, value.span(), addresses))?;
                merged.insert(name.clone(), escaped(&filled));
            }
        }
    }
    merged.extend(learned.iter().map(|(name, value)| (name.clone(), escaped(value))));
    template::resolve(&merged).map_err(|(name, error)| {
        let (file, span) = places.get(&name).cloned().unwrap_or((&target.file, 0..0));
        match &error {
            // What an identity provider's file takes for granted, the target has to have.
            TemplateError::Unknown(missing) if file.name == idp.file.name => target.file.error(
                0..0,
                format!("there is no value {missing}, and {} needs it", idp.file.name),
                format!("Add {missing} = \"…\" to [values]."),
            ),
            _ => template_error(&error, file, span, &merged),
        }
    })
}

/// An address is final; its braces, if any, are not placeholders.
fn escaped(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

pub(super) fn template_error(
    error: &TemplateError,
    file: &File,
    span: std::ops::Range<usize>,
    known: &Values,
) -> RecipeError {
    match error {
        TemplateError::Unknown(name) => {
            let at = file.find(span, &format!("{{{name}}}"));
            file.error(at, format!("nothing fills {{{name}}}"), did_you_mean(name, known.keys().map(String::as_str)))
        }
        TemplateError::Circular(name) => file.error(
            span,
            format!("the value {name} leads back to itself"),
            "Give one of the values of this circle its text in full.",
        ),
        TemplateError::Unclosed => {
            file.error(span, "a brace has no partner", "Write {{ and }} for braces that are text.")
        }
    }
}

pub(super) fn did_you_mean<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    let nearest =
        known.iter().map(|other| (strsim::jaro_winkler(name, other), other)).max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((likeness, other)) if likeness > 0.75 => {
            format!("Did you mean {other}? Known are: {}.", known.join(", "))
        }
        _ => format!("Known are: {}.", known.join(", ")),
    }
}
