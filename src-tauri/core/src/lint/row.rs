//! One row: what is found beside what is wanted.

mod extra;
mod missing;
mod source;
mod twice;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    found::{Apply, FoundRow, FoundTable, Kind},
    path::{self, Path},
    report::{Row, Severity, Verb},
};
use crate::{
    class::Class,
    http::redact::{cut, one_line, redact},
    recipe::{AttributeRules, Guide, IdpStyle, MappingGuide, MappingRow},
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

/// A row of the input, with what is to be said of it.
struct Judged<'a> {
    found: &'a FoundRow,
    wanted: Option<&'a MappingRow>,
    /// Its name, the same for all ways to write it.
    name: String,
    finding: Finding,
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
        let mut judged = self.judged();
        let surplus = twice::marked(&mut judged);
        let target = |row: &Judged<'a>| row.wanted.map_or(row.found.target.as_str(), |wanted| wanted.target.as_str());
        let mut ids = BTreeMap::new();
        // The rows that stay have the ids of the guide's table.
        let (gone, stay): (Vec<usize>, Vec<usize>) = (0..judged.len()).partition(|index| surplus.contains(index));
        let named: BTreeMap<usize, String> =
            stay.into_iter().chain(gone).map(|index| (index, self.id(target(&judged[index]), &mut ids))).collect();
        let seen: BTreeSet<String> = judged.iter().map(|row| row.name.clone()).collect();
        let found = judged.into_iter().zip(named.into_values());
        let mut rows: Vec<Row> = found
            .map(|(row, id)| self.row(id, &row.found.target, row.found.source.as_deref(), row.wanted, row.finding))
            .collect();
        for wanted in self.mapping.wanted.iter().filter(|wanted| !seen.contains(&path::plain(&wanted.target))) {
            let id = self.id(&wanted.target, &mut ids);
            rows.push(self.row(id, &wanted.target, None, Some(wanted), self.missing(wanted)));
        }
        rows
    }

    /// What is to be said of each row by itself.
    fn judged(&self) -> Vec<Judged<'a>> {
        let surplus = self.surplus();
        let mut judged = Vec::new();
        for (index, found) in self.table.rows.iter().enumerate() {
            let wanted = self.wanted(&found.target);
            // An attribute that the console offers, and that nobody mapped.
            if found.source.is_none() && wanted.is_none() && !self.is_fixed(&found.target) {
                continue;
            }
            let finding = self.judge(found, wanted, surplus.contains(&index));
            judged.push(Judged { found, wanted, name: path::plain(&found.target), finding });
        }
        judged
    }

    fn row(
        &self,
        id: String,
        target: &str,
        source: Option<&str>,
        wanted: Option<&MappingRow>,
        finding: Finding,
    ) -> Row {
        Row {
            id,
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
        let other = || self.mapping.rules.console.paths.iter().find(|(name, _)| path::same(name, target));
        Path::parse(known.or_else(|| other().map(|(_, path)| path)).map_or(target, String::as_str))
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
            if found.readable { self.source(wanted, source) } else { Some(unclear(wanted)) },
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

/// Of a function, the input has only the name.
fn unclear(wanted: &MappingRow) -> Finding {
    let why = format!(
        "What this function works on is not in the export, so it cannot be read. See on the page that it means `{}`.",
        wanted.source
    );
    Finding::new(Verb::Unclear, Severity::Should, why, Class::MappingInvalid)
}

/// A source as it can be shown: fixed text in it may be anything, and is searched for what looks like a secret.
fn shown(source: &str) -> String {
    if source.contains(['"', '\'']) { redact(source, &[], SOURCE) } else { cut(&one_line(source), SOURCE) }
}
