//! What is learnt from answers: addresses that fill values of the recipe, options to choose from, advice of the recipe
//! for what failed; and what a typed text cannot be.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use super::{Session, Task};
use crate::{
    error::{Code, Problem},
    http::{is_loopback, redact::is_invisible},
    operation::Operation,
    recipe::{BlockGuide, BlockKind, Clue, Fit, Form, InputGuide, SecretGuide, Sign},
    setup::Offer,
    systems::scim::BaseUrl,
};

/// Pieces of advice where a recipe has its own.
const MOST_HINTS: usize = 3;
/// Characters of a name that the admin gives to a system.
const LONGEST_NAME: usize = 40;

impl Session {
    /// Why what was typed cannot be it.
    pub(crate) fn input_problem(&self, block: &str) -> Option<Problem> {
        self.input_problems.get(block).cloned().or_else(|| self.typed(block, false))
    }

    /// What is to be said about what was typed, although it may be right.
    pub(crate) fn input_warning(&self, block: &str) -> Option<Problem> {
        self.typed(block, true)
    }

    fn typed(&self, block: &str, warn: bool) -> Option<Problem> {
        let Some((_, BlockGuide { kind: BlockKind::Input(input), .. })) = self.guide.block(block) else { return None };
        let text = self.setup.answers.get(block).map(|text| text.trim()).filter(|text| !text.is_empty())?;
        let clue = input.clues.iter().find(|clue| self.shows(&clue.sign, text));
        match clue {
            Some(Clue { problem, warn: warns, .. }) if *warns == warn => return Some(problem.clone()),
            Some(_) if warn => return None,
            _ => {}
        }
        match (&input.gives, warn) {
            (Some(_), false) => match address(input, text) {
                Ok(base) if self.setup.practice && !is_loopback(base.url()) => Some(not_in_practice()),
                judged => judged.err(),
            },
            (Some(_), true) => other_host(input, text, &self.guide.target_short),
            (None, false) if input.names.is_some() => too_long(text),
            (None, false) if input.arrives => self.forbidden(text),
            (None, _) => None,
        }
    }

    fn shows(&self, sign: &Sign, text: &str) -> bool {
        let text = text.to_lowercase();
        match sign {
            Sign::Contains(part) => text.contains(part),
            Sign::Is(all) => all.contains(&text),
            Sign::SameAs(block) => {
                self.setup.answers.get(block).is_some_and(|other| other.trim().to_lowercase() == text)
            }
        }
    }

    /// A character that the target refuses, before it is sent there (facts B4).
    fn forbidden(&self, text: &str) -> Option<Problem> {
        let target = &self.guide.target_short;
        let bad = text.chars().find(|c| self.guide.forbidden_characters.contains(*c) || is_invisible(*c))?;
        let shown =
            if is_invisible(bad) { "an invisible character".to_owned() } else { format!("the character \"{bad}\"") };
        let message =
            format!("There is {shown} (U+{:04X}) in this name, and {target} refuses names with it.", bad as u32);
        Some(
            Problem::new(Code::WrongInput, message)
                .hint(format!("Change the name at {}, or choose another one.", self.guide.idp_short)),
        )
    }

    /// The values that a typed address fills, if it can be one.
    pub(super) fn given_by(&self, block: &str) -> BTreeMap<String, String> {
        let Some((_, BlockGuide { kind: BlockKind::Input(input), .. })) = self.guide.block(block) else {
            return BTreeMap::new();
        };
        let Some(text) = self.setup.answers.get(block).map(|text| text.trim()) else { return BTreeMap::new() };
        if text.is_empty() || self.input_problem(block).is_some() {
            return BTreeMap::new();
        }
        if let Some(name) = &input.names {
            return [(name.clone(), text.to_owned())].into();
        }
        let Some(name) = &input.gives else { return BTreeMap::new() };
        let Ok(base) = address(input, text) else { return BTreeMap::new() };
        let mut given = match input.form.as_ref().map(|form| form.fit(base.url())) {
            Some(Fit::Whole(parts) | Fit::OtherHost(parts)) => parts,
            Some(Fit::No) | None => BTreeMap::new(),
        };
        given.insert(name.clone(), base.text());
        given
    }

    /// A value that is new: what was proved with the old one says nothing about it.
    pub(super) fn learn(&mut self, name: &str, value: String) -> Vec<Task> {
        if self.value(name) == value {
            return Vec::new();
        }
        self.setup.learned.insert(name.to_owned(), value);
        self.doubt_value(name)
    }

    /// What was proved or answered with a value falls.
    pub(super) fn doubt_value(&mut self, name: &str) -> Vec<Task> {
        let stale: Vec<(String, Operation)> = self
            .guide
            .checks()
            .filter(|(_, _, operation, _)| !operation.issues() && operation.values().contains(&name))
            .map(|(_, block, operation, _)| (block.id.clone(), operation))
            .collect();
        let slots: BTreeSet<&str> = stale.iter().flat_map(|(_, operation)| operation.reads()).copied().collect();
        for slot in slots {
            self.forget_answers_about(slot);
        }
        stale.into_iter().filter_map(|(id, _)| self.unproven(id)).collect()
    }

    /// Why the address that a value comes from is not there, if it is typed on this setup's pages.
    pub(super) fn address_missing(&self, name: &str) -> Option<Problem> {
        let blocks = self.guide.phases.iter().flat_map(|guide| &guide.blocks);
        let mut asking = blocks.filter_map(|block| match &block.kind {
            BlockKind::Input(input) if input.gives.as_deref() == Some(name) => Some((&block.id, input)),
            _ => None,
        });
        let (block, input) = asking.next()?;
        let empty = self.setup.answers.get(block).is_none_or(|text| text.trim().is_empty());
        let missing = || Problem::new(Code::WrongInput, format!("Not filled in yet: {}", input.label));
        if empty { Some(self.input_problem(block).unwrap_or_else(missing)) } else { self.input_problem(block) }
    }

    /// What there is to choose from now. A choice that is no longer among it is forgotten.
    pub(super) fn take_offers(&mut self, block: &str, offers: Vec<Offer>) {
        let Some(operation) = self.operation_of(block).filter(|operation| operation.offers()) else { return };
        for id in self.choices_from(operation) {
            if self.setup.answers.get(&id).is_some_and(|chosen| offers.iter().all(|offer| offer.id != *chosen)) {
                self.setup.answers.remove(&id);
                self.answer_changed(&id);
            }
            self.setup.offers.insert(id, offers.clone());
        }
    }

    /// Another token may be another account's, with other things to choose from.
    pub(super) fn forget_offers_of(&mut self, slot: &str) {
        let operations: Vec<Operation> = self.guide.checks().map(|(_, _, operation, _)| operation).collect();
        for operation in operations.into_iter().filter(|one| one.offers() && one.reads().contains(&slot)) {
            for id in self.choices_from(operation) {
                self.setup.offers.remove(&id);
                self.setup.answers.remove(&id);
            }
        }
    }

    fn choices_from(&self, operation: Operation) -> Vec<String> {
        let blocks = self.guide.phases.iter().flat_map(|guide| &guide.blocks);
        let choices = blocks.filter(
            |block| matches!(&block.kind, BlockKind::Choice { from: Some((from, _)), .. } if *from == operation),
        );
        choices.map(|block| block.id.clone()).collect()
    }

    /// Whether something is being changed at the target with what stands in this block: then it stays until that is
    /// over, because the change cannot be called back.
    pub(super) fn held(&self, block: &str) -> bool {
        let slot = self.slot_of(block);
        self.running.values().map(|running| running.operation).filter(|operation| operation.changes()).any(
            |operation| {
                operation.answers().contains(&block)
                    || slot.as_ref().is_some_and(|slot| operation.reads().contains(&slot.as_str()))
            },
        )
    }

    /// Puts the recipe's own advice for this failure first. What is said in general gives way where it gets long, but
    /// for one step to go to.
    pub(super) fn advise(&self, block: &str, problem: &mut Problem) {
        if let Some((_, BlockGuide { kind: BlockKind::Check { hints, .. }, .. })) = self.guide.block(block)
            && let Some(own) = hints.get(&problem.code)
        {
            let general = std::mem::replace(&mut problem.hints, own.clone());
            let way = general.iter().find(|hint| hint.go.is_some()).cloned();
            problem.hints.extend(general.into_iter().take(MOST_HINTS.saturating_sub(own.len())));
            if problem.hints.iter().all(|hint| hint.go.is_none()) {
                problem.hints.extend(way);
            }
        }
    }

    pub(super) fn use_from(&self, block: String) -> Vec<Task> {
        match self.guide.block(&block) {
            Some((_, BlockGuide { kind: BlockKind::Secret(SecretGuide { or_from: Some(from), .. }), .. }))
                if self.setup.slots.contains_key(from) =>
            {
                vec![Task::UseFrom { from: from.clone(), block }]
            }
            _ => Vec::new(),
        }
    }
}

fn not_in_practice() -> Problem {
    Problem::new(
        Code::WrongInput,
        "This is practice, and this address is that of a real system. Nothing was sent there.",
    )
    .hint("Copy the address from the practice console in your browser.")
}

fn too_long(text: &str) -> Option<Problem> {
    (text.chars().count() > LONGEST_NAME || text.chars().any(|c| c.is_control() || is_invisible(c))).then(|| {
        Problem::new(Code::WrongInput, format!("A name has at most {LONGEST_NAME} characters, all of them visible."))
            .hint("It is only for you and your colleagues: a short one will do.")
    })
}

/// The address as it is used, or what is wrong with it.
fn address(input: &InputGuide, text: &str) -> Result<BaseUrl, Problem> {
    let base = BaseUrl::parse(text)?;
    if let Some(shorter) = base.without_endpoint() {
        return Err(Problem::new(Code::WrongPath, "The address has something too much at its end.")
            .hint(format!("Enter it as `{}`: what comes after it is added by whoever uses it.", shorter.text())));
    }
    match &input.form {
        Some(form) if form.fit(base.url()) == Fit::No => Err(not_built_so(form, base.url())),
        _ => Ok(base),
    }
}

fn not_built_so(form: &Form, url: &Url) -> Problem {
    let message = format!("The address is not built like this: `{}`.", form.shown());
    let path = url.path().trim_end_matches('/');
    let path = if path.is_empty() { "nothing".to_owned() } else { format!("`{path}`") };
    Problem::new(Code::WrongPath, message)
        .hint(format!("After the host there is {path}. Copy the whole address again, with the console's own copy button if there is one."))
}

fn other_host(input: &InputGuide, text: &str, target: &str) -> Option<Problem> {
    let base = address(input, text).ok()?;
    let form = input.form.as_ref()?;
    matches!(form.fit(base.url()), Fit::OtherHost(_)).then(|| {
        Problem::new(Code::WrongInput, format!("Usher does not know this host as one of {target}."))
            .hint(format!("Usually the address is `{}`. The check below shows whether this one answers.", form.shown()))
    })
}
