//! Rows that the guide does not have.

use std::collections::BTreeSet;

use super::{Finding, Judge};
use crate::{
    class::Class,
    lint::{
        found::FoundRow,
        path::Path,
        report::{Severity, Verb},
    },
    recipe::Others,
};

impl Judge<'_> {
    /// A row that the guide does not have.
    pub(super) fn extra(&self, found: &FoundRow, surplus: bool) -> Finding {
        let rules = self.rules();
        let delete =
            |severity, why: &str, class| Finding::new(Verb::Delete, severity, self.with_remarks(found, why), class);
        let path = self.path(&found.target);
        if rules.unsupported.attributes.iter().any(|attribute| path.is(attribute)) {
            return delete(Severity::Must, &rules.unsupported.why, Class::UnsupportedAttribute);
        }
        if !rules.known.is_empty() && !rules.known.iter().any(|attribute| path.is(attribute)) {
            let why = format!(
                "It is not among the attributes that {} says it takes, and can make it refuse {}.",
                self.guide.target_short,
                if self.of_people() { "the person" } else { "the group" }
            );
            return delete(Severity::Must, &why, Class::UnsupportedAttribute);
        }
        if surplus {
            return delete(Severity::Must, &rules.one_value.why, Class::UnsupportedAttribute);
        }
        match rules.others {
            Others::Refused => delete(Severity::Must, &rules.why, Class::UnsupportedAttribute),
            Others::Unneeded => delete(Severity::Should, &rules.why, Class::UnsupportedAttribute),
            Others::Welcome => self.welcome(found),
        }
    }

    fn welcome(&self, found: &FoundRow) -> Finding {
        let matching = found.matching.filter(|_| self.mapping.wanted.iter().any(|row| row.matching.is_some()));
        let forbidden = found.source.as_deref().and_then(|source| self.forbidden(source));
        match (matching, forbidden) {
            (Some(_), _) => Finding::new(
                Verb::WrongMatching,
                Severity::Should,
                "It is a matching attribute, and should not be one: open the row and set **Match objects using this attribute** to **No**.",
                Class::MappingInvalid,
            ),
            (None, Some(forbidden)) => forbidden,
            (None, None) => Finding::keep(format!("It is not in the guide and may stay. {}", self.rules().why)),
        }
    }

    /// What else there is to know before a row is deleted.
    fn with_remarks(&self, found: &FoundRow, why: &str) -> String {
        let key = self.mapping.wanted.iter().find(|row| row.matching.is_some());
        let matching = key.filter(|_| found.matching.is_some()).map(|key| {
            format!("It is a matching attribute now: first make `{}` the one, then delete this row.", key.target)
        });
        let without = self.mapping.rules.without.get(&found.target).cloned();
        [Some(why.to_owned()), matching, without].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// The rows that give an attribute a second value where the target takes one. Those of the guide come first.
    pub(super) fn surplus(&self) -> BTreeSet<usize> {
        let filled = self.table.rows.iter().enumerate().filter(|(_, row)| row.source.is_some());
        let rows: Vec<(usize, Path, bool)> =
            filled.map(|(index, row)| (index, self.path(&row.target), self.wanted(&row.target).is_some())).collect();
        let of = |attribute: &String| {
            let values: Vec<_> = rows.iter().filter(|(_, path, _)| path.base.eq_ignore_ascii_case(attribute)).collect();
            let kept = values.iter().find(|(_, _, wanted)| *wanted).or(values.first()).map(|(_, path, _)| &path.filter);
            let others = values.iter().filter(|(_, path, _)| Some(&path.filter) != kept);
            others.map(|(index, _, _)| *index).collect::<Vec<_>>()
        };
        self.rules().one_value.attributes.iter().flat_map(of).collect()
    }
}
