//! The wanted mapping beside the identity provider's default one.

use super::values::did_you_mean;
use crate::recipe::{MappingGuide, MappingRow, RecipeError, load::Parsed, raw};

pub(super) fn mappings(
    target: &Parsed<raw::Target>,
    idp: &Parsed<raw::Idp>,
    part: Option<&raw::PairPart>,
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
            })
        })
        .collect()
}
