//! The object actions: which are on, which have to be, and what it means.

use super::{
    found::{FoundTable, Kind},
    report::{Action, Severity},
};
use crate::{
    class::Class,
    recipe::{Guide, MappingGuide},
};

pub(super) fn compared(found: &FoundTable, mapping: &MappingGuide, guide: &Guide) -> Vec<Action> {
    let action = |name: &String| {
        let is_on = found.actions.as_ref().map(|on| on.contains(name.as_str()));
        let wanted = mapping.wanted_actions.contains(name);
        let (severity, why) = judged(name, is_on, wanted, found.kind, mapping, guide);
        Action {
            id: format!("{}-action-{name}", mapping.id),
            name: name.clone(),
            found: is_on,
            wanted,
            severity,
            class: (!why.is_empty()).then(|| class(name, found.kind)),
            why,
        }
    };
    mapping.actions.iter().map(action).collect()
}

fn judged(
    name: &str,
    is_on: Option<bool>,
    wanted: bool,
    kind: Kind,
    mapping: &MappingGuide,
    guide: &Guide,
) -> (Severity, String) {
    let off = mapping.rules.console.off.get(name).cloned().unwrap_or_default();
    let without = mapping.rules.without.get(name).cloned().unwrap_or_default();
    let target = &guide.target_short;
    match (is_on, wanted) {
        (Some(true), true) => (Severity::Note, String::new()),
        (Some(false), false) => (Severity::Note, without),
        (Some(false), true) => (off_severity(name, kind), format!("Tick **{name}**. {off}").trim_end().to_owned()),
        (Some(true), false) => {
            let why = format!("Untick **{name}**: the guide for {target} leaves it off. {without}");
            (Severity::Should, why.trim_end().to_owned())
        }
        (None, true) => (Severity::Note, format!("See on the page that it is on. {off}").trim_end().to_owned()),
        (None, false) => (Severity::Note, format!("See on the page that it is off. {without}").trim_end().to_owned()),
    }
}

/// Nobody arrives without creating; without updates nobody is disabled and no group has members.
fn off_severity(name: &str, kind: Kind) -> Severity {
    match (name, kind) {
        ("Delete", Kind::Users | Kind::Groups) => Severity::Should,
        _ => Severity::Must,
    }
}

fn class(name: &str, kind: Kind) -> Class {
    match (name, kind) {
        ("Update", Kind::Users) => Class::UpdateOff,
        ("Create Users", Kind::Users) => Class::MatchingUserNotFound,
        _ => Class::AppSetting,
    }
}
