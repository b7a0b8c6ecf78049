//! Whether a row is filled from the right thing.

use super::{Finding, Judge};
use crate::{
    class::Class,
    lint::{
        expression::{self, Likeness, Shape},
        report::{Severity, Verb},
    },
    recipe::{IdpStyle, MappingRow, Others},
};

impl Judge<'_> {
    pub(super) fn source(&self, wanted: &MappingRow, found: &str) -> Option<Finding> {
        let also = self.mapping.rules.also.get(&wanted.target);
        match self.likeness(found, &wanted.source) {
            Likeness::Same => None,
            _ if also.into_iter().flatten().any(|other| self.likeness(found, other) == Likeness::Same) => {
                Some(Finding::keep("This source serves as well; keep it as it is once people have arrived."))
            }
            Likeness::Cleaned if wanted.matching.is_some() => Some(self.another_key(wanted, found, Shape::Function)),
            Likeness::Recased | Likeness::Cleaned => {
                Some(Finding::keep(format!("It is `{}` in another form. See that it is never empty.", wanted.source)))
            }
            Likeness::Different => Some(self.another_source(wanted, found)),
        }
    }

    fn another_source(&self, wanted: &MappingRow, found: &str) -> Finding {
        let shape = match self.guide.asks_like {
            IdpStyle::Entra => expression::shape_in_entra(found),
            IdpStyle::Okta => expression::shape_in_okta(found),
        };
        if wanted.matching.is_some() {
            return self.another_key(wanted, found, shape);
        }
        let rules = &self.mapping.rules;
        let without = rules.without.get(&wanted.target).map_or("", String::as_str);
        let set = format!("Set `{}` as its source. {without}", wanted.source).trim_end().to_owned();
        let wrong = |severity, why: String, class| Finding::new(Verb::WrongSource, severity, why, class);
        let required = self.is_required(wanted);
        match (rules.attributes.others, shape) {
            // It never changes, so nobody is ever disabled.
            (_, Shape::Constant) if !without.is_empty() => wrong(Severity::Must, set, Class::MappingInvalid),
            (Others::Welcome, _) if !without.is_empty() => wrong(Severity::Should, set, Class::MappingInvalid),
            (Others::Welcome, Shape::Attribute) if required => {
                let why = format!(
                    "See that nobody has it empty, or set `{}`. {}",
                    wanted.source, rules.attributes.required.why
                );
                wrong(Severity::Should, why, Class::MissingAttribute)
            }
            (Others::Welcome, Shape::Attribute | Shape::Constant | Shape::Function) => {
                Finding::keep(format!("The guide fills it from `{}`; this source may stay.", wanted.source))
            }
            (Others::Refused, _) if !wanted.optional => wrong(Severity::Must, set, Class::MappingInvalid),
            (Others::Unneeded, _) if required => wrong(Severity::Must, set, Class::MappingInvalid),
            (Others::Refused | Others::Unneeded, _) => wrong(Severity::Should, set, Class::MappingInvalid),
        }
    }

    /// The source of the attribute by which people and groups are found again.
    fn another_key(&self, wanted: &MappingRow, found: &str, shape: Shape) -> Finding {
        let target = &self.guide.target_short;
        let set = format!("Set `{}` as its source", wanted.source);
        let wrong = |severity, why, class| Finding::new(Verb::WrongSource, severity, why, class);
        let mut identifies = self.mapping.rules.console.identifies.iter();
        let names_a_person =
            identifies.any(|other| matches!(self.likeness(found, other), Likeness::Same | Likeness::Recased));
        match shape {
            Shape::Constant => {
                let text = format!("Everybody would arrive under the same name. {set}.");
                wrong(Severity::Must, text, Class::MappingInvalid)
            }
            _ if !self.of_people() && self.likeness(found, &wanted.source) == Likeness::Cleaned => wrong(
                Severity::Should,
                format!("{set}: groups have other names at {target} wherever this function changes something."),
                Class::MappingInvalid,
            ),
            _ if !self.of_people() => wrong(
                Severity::Must,
                format!("{set}: by it groups are found again at {target}."),
                Class::MappingInvalid,
            ),
            Shape::Attribute | Shape::Function if names_a_person => {
                let text = format!(
                    "{set}, unless people sign in to {target} with this one: it has to be the value that {target} gets at sign-in (the **NameID** of SAML), and nobody may have it empty."
                );
                wrong(Severity::Should, text, Class::NameidMismatch)
            }
            Shape::Function => {
                let text = format!(
                    "It makes another value, and `{}` then differs from what people sign in with. {set}, unless {target} gets this very value at sign-in (the **NameID** of SAML).",
                    wanted.target
                );
                wrong(Severity::Should, text, Class::NameidMismatch)
            }
            Shape::Attribute => {
                let text = format!(
                    "{set}: people who arrive under another name than the one with which they sign in cannot use their account."
                );
                wrong(Severity::Must, text, Class::NameidMismatch)
            }
        }
    }

    /// Fixed text with a character in it that the target refuses.
    pub(super) fn forbidden(&self, source: &str) -> Option<Finding> {
        let refused = &self.guide.forbidden_characters;
        if refused.is_empty() {
            return None;
        }
        let (texts, shape) = match self.guide.asks_like {
            IdpStyle::Entra => (expression::fixed_text_in_entra(source), expression::shape_in_entra(source)),
            IdpStyle::Okta => (expression::fixed_text_in_okta(source), expression::shape_in_okta(source)),
        };
        let bad = texts.iter().flat_map(|text| text.chars()).find(|c| refused.contains(*c) || c.is_control())?;
        let name = match bad {
            '\t' => "a tab".to_owned(),
            bad if bad.is_control() => "a control character".to_owned(),
            bad => format!("the character `{bad}`"),
        };
        let severity = match shape {
            Shape::Constant => Severity::Must,
            Shape::Attribute | Shape::Function => Severity::Should,
        };
        let why =
            format!("{} refuses {name}, which this source puts into the value. Take it out.", self.guide.target_short);
        Some(Finding::new(Verb::WrongSource, severity, why, Class::ForbiddenCharacter))
    }

    fn likeness(&self, found: &str, wanted: &str) -> Likeness {
        match self.guide.asks_like {
            IdpStyle::Entra => expression::likeness_in_entra(found, wanted),
            IdpStyle::Okta => expression::likeness_in_okta(found, wanted),
        }
    }
}
