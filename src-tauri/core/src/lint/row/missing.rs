//! Rows of the guide that are not there, or are filled from nothing.

use super::{Finding, Judge};
use crate::{
    class::Class,
    lint::report::{Severity, Verb},
    recipe::{MappingRow, Others},
};

impl Judge<'_> {
    pub(super) fn missing(&self, wanted: &MappingRow) -> Finding {
        if self.is_fixed(&wanted.target) {
            return Finding::keep(&self.mapping.rules.console.fixed.why);
        }
        let severity = self.severity_of_absence(wanted);
        let add = match severity {
            Severity::Note => format!("The guide has it, filled from `{}`. It may be added.", wanted.source),
            Severity::Should | Severity::Must if wanted.matching.is_some() => {
                format!("Add it, filled from `{}`, as the matching attribute with the precedence 1.", wanted.source)
            }
            Severity::Should | Severity::Must => format!("Add it, filled from `{}`.", wanted.source),
        };
        Finding::new(Verb::Add, severity, self.reasoned(wanted, add), Class::MissingAttribute)
    }

    pub(super) fn unmapped(&self, wanted: &MappingRow) -> Finding {
        let text = format!("The row is there, and filled from nothing. Set `{}` as its source.", wanted.source);
        let severity = self.severity_of_absence(wanted);
        Finding::new(Verb::Unmapped, severity, self.reasoned(wanted, text), Class::MissingAttribute)
    }

    fn severity_of_absence(&self, wanted: &MappingRow) -> Severity {
        let rules = &self.mapping.rules;
        match rules.attributes.others {
            _ if self.is_required(wanted) => Severity::Must,
            Others::Refused if !wanted.optional => Severity::Must,
            Others::Refused => Severity::Should,
            _ if rules.without.contains_key(&wanted.target) => Severity::Should,
            Others::Unneeded if !wanted.optional => Severity::Should,
            Others::Unneeded | Others::Welcome => Severity::Note,
        }
    }

    fn reasoned(&self, wanted: &MappingRow, text: String) -> String {
        let required = self.is_required(wanted).then(|| self.rules().required.why.clone());
        let without = self.mapping.rules.without.get(&wanted.target).cloned();
        [Some(text), required, without].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}
