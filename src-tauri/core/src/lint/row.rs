//! One row: what is found beside what is wanted.

mod missing;
mod source;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    found::{Apply, FoundRow, FoundTable, Kind},
    path::{self, Path},
    report::{Row, Severity, Verb},
};
use crate::{
    class::Class,
    http::redact::{cut, one_line, redact},
    recipe::{AttributeRules, Guide, IdpStyle, MappingGuide, MappingRow, Others},
};

/// Characters of an attribute's name and of a source that are shown.
const NAME: usize = 200;
const SOURCE: usize = 300;

/// Everything that a row is judged by.
pub(super) struct Judge<'a> {
    table: &'a FoundTable,
    mapping: &'a MappingGuide,
    guide: &'a Guide,
    /// The number of the attribute that decides who is found again.
    lowest: Option<u32>,
}

/// One thing that is to be said of a row.
struct Finding {
    verb: Verb,
    severity: Severity,
    why: String,
    class: Option<Class>,
}

impl Finding {
    fn new(verb: Verb, severity: Severity, why: impl Into<String>, class: Class) -> Self {
        Self { verb, severity, why: why.into(), class: Some(class) }
    }

    fn keep(why: impl Into<String>) -> Self {
        Self { verb: Verb::Keep, severity: Severity::Note, why: why.into(), class: None }
    }
}

impl<'a> Judge<'a> {
    pub(super) fn new(table: &'a FoundTable, mapping: &'a MappingGuide, guide: &'a Guide) -> Self {
        let lowest = table.rows.iter().filter_map(|row| row.matching).min();
        Self { table, mapping, guide, lowest }
    }

    pub(super) fn rules(&self) -> &AttributeRules {
        &self.mapping.rules.attributes
    }

    /// All rows: those of the input, then those that are missing.
    pub(super) fn rows(&self) -> Vec<Row> {
        let mut ids = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let surplus = self.surplus();
        let mut rows = Vec::new();
        for (index, found) in self.table.rows.iter().enumerate() {
            let wanted = self.wanted(&found.target);
            // An attribute that the console offers, and that nobody mapped.
            if found.source.is_none() && wanted.is_none() && !self.is_fixed(&found.target) {
                continue;
            }
            let finding = if seen.insert(path::plain(&found.target)) {
                self.judge(found, wanted, surplus.contains(&index))
            } else {
                let why = "There is a second row for this attribute. Delete this one.";
                Finding::new(Verb::Duplicate, Severity::Must, why, Class::MappingInvalid)
            };
            rows.push(self.row(&found.target, found.source.as_deref(), wanted, finding, &mut ids));
        }
        for wanted in self.mapping.wanted.iter().filter(|wanted| !seen.contains(&path::plain(&wanted.target))) {
            rows.push(self.row(&wanted.target, None, Some(wanted), self.missing(wanted), &mut ids));
        }
        rows
    }

    fn row(
        &self,
        target: &str,
        source: Option<&str>,
        wanted: Option<&MappingRow>,
        finding: Finding,
        ids: &mut BTreeMap<String, usize>,
    ) -> Row {
        Row {
            id: self.id(wanted.map_or(target, |wanted| &wanted.target), ids),
            attribute: wanted.map_or_else(|| cut(&one_line(target), NAME), |wanted| wanted.target.clone()),
            found: source.map(shown),
            wanted: wanted.map(|wanted| wanted.source.clone()),
            verb: finding.verb,
            severity: finding.severity,
            why: finding.why,
            class: finding.class,
        }
    }

    /// That of the row in the guide's table; numbered where several would be the same.
    fn id(&self, target: &str, ids: &mut BTreeMap<String, usize>) -> String {
        let safe: String = target.chars().take(NAME).map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let id = format!("{}-{safe}", self.mapping.id);
        let before = ids.get(&id).copied().unwrap_or(0);
        if before == 0 {
            ids.insert(id.clone(), 1);
            return id;
        }
        // An attribute may be called so already.
        let mut free = (before + 1..).map(|number| (number, format!("{id}-{number}")));
        let (number, numbered) = free.find(|(_, numbered)| !ids.contains_key(numbered)).unwrap_or_default();
        ids.insert(id, number);
        ids.insert(numbered.clone(), 1);
        numbered
    }

    fn wanted(&self, target: &str) -> Option<&'a MappingRow> {
        self.mapping.wanted.iter().find(|wanted| path::same(&wanted.target, target))
    }

    fn is_fixed(&self, target: &str) -> bool {
        self.mapping.rules.console.fixed.attributes.iter().any(|fixed| path::same(fixed, target))
    }

    /// Where an attribute stands in SCIM, whatever the console calls it.
    pub(super) fn path(&self, target: &str) -> Path {
        let rows = self.mapping.wanted.iter().chain(&self.mapping.defaults);
        let known =
            rows.filter(|row| path::same(&row.target, target)).map(|row| &row.path).find(|path| !path.is_empty());
        let other = self.mapping.rules.console.paths.get(target);
        Path::parse(known.or(other).map_or(target, String::as_str))
    }

    fn judge(&self, found: &FoundRow, wanted: Option<&MappingRow>, surplus: bool) -> Finding {
        match (wanted, &found.source) {
            _ if self.is_fixed(&found.target) => Finding::keep(&self.mapping.rules.console.fixed.why),
            (Some(wanted), Some(source)) => self.mapped(found, wanted, source),
            (Some(wanted), None) => self.unmapped(wanted),
            (None, _) => self.extra(found, surplus),
        }
    }

    /// A row of the guide: the gravest of what there is to say about it decides, and all of it is said.
    fn mapped(&self, found: &FoundRow, wanted: &MappingRow, source: &str) -> Finding {
        let all = [
            self.matching(found, wanted),
            self.source(wanted, source),
            self.forbidden(source),
            self.apply(found, wanted),
        ];
        let mut all: Vec<Finding> = all.into_iter().flatten().collect();
        // Stable, so that of equal ones the first decides.
        all.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        let whys = all.iter().map(|finding| finding.why.as_str()).collect::<Vec<_>>().join(" ");
        match all.into_iter().next() {
            Some(first) => Finding { why: whys, ..first },
            None => Finding::keep(""),
        }
    }

    fn matching(&self, found: &FoundRow, wanted: &MappingRow) -> Option<Finding> {
        if !self.table.says_matching {
            return None;
        }
        let wrong =
            |severity, why: String| Some(Finding::new(Verb::WrongMatching, severity, why, Class::MappingInvalid));
        let (idp, kind) = (&self.guide.idp_short, self.table.kind.id());
        let set = "set **Match objects using this attribute** to **Yes** and **Matching precedence** to 1";
        match (wanted.matching, found.matching) {
            (Some(_), None) => wrong(
                Severity::Must,
                format!("{idp} has to find {kind} again by this attribute: open the row, {set}."),
            ),
            (Some(_), Some(number)) if Some(number) != self.lowest => wrong(
                Severity::Must,
                format!("Another attribute is asked for first, and by it {idp} can miss {kind} or take the wrong ones: open the row, {set}."),
            ),
            (None, Some(_)) => wrong(
                Severity::Should,
                "It is a matching attribute, and should not be one: open the row and set **Match objects using this attribute** to **No**.".to_owned(),
            ),
            (Some(_), Some(_)) | (None, None) => None,
        }
    }

    fn apply(&self, found: &FoundRow, wanted: &MappingRow) -> Option<Finding> {
        let by_guide = match (&wanted.apply, self.guide.asks_like) {
            (Some(apply), _) if apply.eq_ignore_ascii_case("Create") => Apply::OnCreate,
            (Some(_), _) => Apply::Always,
            // Without updates there is nothing but creating.
            (None, IdpStyle::Entra) if self.mapping.wanted_actions.contains("Update") => Apply::Always,
            (None, IdpStyle::Entra | IdpStyle::Okta) => Apply::Unknown,
        };
        let wrong = |severity, why: String, class| Some(Finding::new(Verb::WrongApply, severity, why, class));
        let target = &self.guide.target_short;
        match (found.apply, by_guide, self.guide.asks_like) {
            (Apply::OnCreate, Apply::Always, IdpStyle::Entra) if path::same(&wanted.target, "active") => wrong(
                Severity::Must,
                format!(
                    "It is sent only when somebody is created, so nobody is ever disabled at {target}: set **Apply this mapping** to **Always**."
                ),
                Class::UpdateOff,
            ),
            (Apply::OnCreate, Apply::Always, IdpStyle::Entra) => wrong(
                Severity::Should,
                format!(
                    "It is sent only when somebody is created; later changes do not reach {target}. Set **Apply this mapping** to **Always**."
                ),
                Class::MappingInvalid,
            ),
            (Apply::OnCreate, Apply::Always, IdpStyle::Okta) => wrong(
                Severity::Should,
                format!(
                    "It is sent only when somebody is created; later changes do not reach {target}. Set **Apply on** to **Create and update**."
                ),
                Class::MappingInvalid,
            ),
            (Apply::Always, Apply::OnCreate, _) => wrong(
                Severity::Should,
                format!(
                    "The guide for {target} sends it only when somebody is created: set **Apply on** to **Create**."
                ),
                Class::MappingInvalid,
            ),
            (Apply::Always | Apply::OnCreate | Apply::Unknown, _, _) => None,
        }
    }

    /// A row that the guide does not have.
    fn extra(&self, found: &FoundRow, surplus: bool) -> Finding {
        let rules = self.rules();
        let delete =
            |severity, why: &str, class| Finding::new(Verb::Delete, severity, self.with_remarks(found, why), class);
        let path = self.path(&found.target);
        if rules.unsupported.attributes.iter().any(|attribute| path.is(attribute)) {
            return delete(Severity::Must, &rules.unsupported.why, Class::UnsupportedAttribute);
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
    fn surplus(&self) -> BTreeSet<usize> {
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

    fn is_required(&self, wanted: &MappingRow) -> bool {
        let path = Path::parse(if wanted.path.is_empty() { &wanted.target } else { &wanted.path });
        self.rules().required.attributes.iter().any(|attribute| path.is(attribute))
    }

    fn of_people(&self) -> bool {
        match self.table.kind {
            Kind::Users => true,
            Kind::Groups => false,
        }
    }
}

/// A source as it can be shown: fixed text in it may be anything, and is searched for what looks like a secret.
fn shown(source: &str) -> String {
    if source.contains(['"', '\'']) { redact(source, &[], SOURCE) } else { cut(&one_line(source), SOURCE) }
}
