//! The wanted mapping beside the identity provider's default one.

use std::collections::BTreeMap;

use toml::Spanned;

use super::values::{Values, did_you_mean, template_error};
use crate::{
    recipe::{
        AttributeRules, ConsoleRules, MappingGuide, MappingRow, MappingRules, RecipeError,
        load::{File, Parsed},
        raw,
    },
    template,
};

pub(super) fn mappings(
    target: &Parsed<raw::Target>,
    idp: &Parsed<raw::Idp>,
    part: Option<&raw::PairPart>,
    values: &Values,
) -> Result<Vec<MappingGuide>, RecipeError> {
    let rows = |rows: &[raw::MappingRow]| -> Vec<MappingRow> {
        let row = |row: &raw::MappingRow| MappingRow {
            target: row.target.clone(),
            source: row.source.clone(),
            matching: row.matching,
            apply: row.apply.clone(),
            path: row.path.clone().unwrap_or_else(|| row.target.clone()),
            optional: row.optional,
        };
        rows.iter().map(row).collect()
    };
    idp.raw
        .mapping
        .iter()
        .map(|(kind, default)| {
            // A pair that says nothing keeps what the console has.
            let wanted = part.and_then(|part| part.mapping.get(kind));
            for action in wanted.into_iter().flat_map(|wanted| &wanted.actions) {
                if !default.actions.contains(action.get_ref()) {
                    let known = did_you_mean(action.get_ref(), default.actions.iter().map(String::as_str));
                    return Err(target.file.error(
                        action.span(),
                        format!("no object action is called {}", action.get_ref()),
                        known,
                    ));
                }
            }
            Ok(MappingGuide {
                id: match kind {
                    raw::ObjectKind::Users => "users",
                    raw::ObjectKind::Groups => "groups",
                },
                title: default.title.clone(),
                target_heading: default.target_heading.clone(),
                source_heading: default.source_heading.clone(),
                apply_heading: default.apply_heading.clone(),
                wanted_actions: wanted.map_or_else(
                    || default.actions.iter().cloned().collect(),
                    |wanted| wanted.actions.iter().map(|action| action.get_ref().clone()).collect(),
                ),
                actions: default.actions.clone(),
                defaults: rows(wanted.and_then(|wanted| wanted.defaults.as_ref()).unwrap_or(&default.rows)),
                wanted: wanted.map_or_else(|| rows(&default.rows), |wanted| rows(&wanted.rows)),
                rules: MappingRules {
                    attributes: attributes(target.raw.attributes.get(kind), &target.file, values)?,
                    console: console(&default.console, &idp.file, values)?,
                    without: without(wanted.map(|wanted| &wanted.without), &target.file, values)?,
                    also: wanted.map(|wanted| wanted.also.clone()).unwrap_or_default(),
                    directory: part.and_then(|part| part.directory.clone()).or_else(|| idp.raw.directory.clone()),
                },
            })
        })
        .collect()
}

fn attributes(rules: Option<&AttributeRules>, file: &File, values: &Values) -> Result<AttributeRules, RecipeError> {
    let mut rules = rules.cloned().unwrap_or_default();
    let whys = [
        &mut rules.why,
        &mut rules.required.why,
        &mut rules.one_value.why,
        &mut rules.unsupported.why,
        &mut rules.complete.why,
    ];
    for why in whys {
        *why = fill(why, file, 0..file.text.len(), values)?;
    }
    Ok(rules)
}

fn console(rules: &ConsoleRules, file: &File, values: &Values) -> Result<ConsoleRules, RecipeError> {
    let mut rules = rules.clone();
    for why in rules.off.values_mut().chain([&mut rules.fixed.why]) {
        *why = fill(why, file, 0..file.text.len(), values)?;
    }
    Ok(rules)
}

fn without(
    texts: Option<&BTreeMap<String, Spanned<String>>>,
    file: &File,
    values: &Values,
) -> Result<BTreeMap<String, String>, RecipeError> {
    let filled = |(name, text): (&String, &Spanned<String>)| {
        Ok((name.clone(), fill(text.get_ref(), file, text.span(), values)?))
    };
    texts.into_iter().flatten().map(filled).collect()
}

fn fill(text: &str, file: &File, span: std::ops::Range<usize>, values: &Values) -> Result<String, RecipeError> {
    template::fill(text, values).map_err(|error| template_error(&error, file, span, values))
}
