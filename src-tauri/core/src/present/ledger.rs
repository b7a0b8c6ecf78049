//! A setup as a line of the ledger: its token, how urgent it is, what happened; and the bar of a rotation.

use jiff::{SignedDuration, Timestamp, ToSpan};

use super::{Stage, dates};
use crate::{
    error::{Code, Phase, Problem},
    session::Session,
    setup::{OLD_TOKEN_SLOT, Setup, SlotFacts, TOKEN_SLOT},
    token,
    view::{EndField, EndOffer, HistoryLine, Reminders, Rotation, SetupCard, Tone, Toned},
};

/// What the ledger knows of a setup besides the setup.
#[derive(Default)]
pub(crate) struct Beside<'a> {
    /// Being checked right now.
    pub(crate) checking: bool,
    /// An end that was entered and cannot be it.
    pub(crate) end: Option<&'a (String, Problem)>,
}

pub(super) fn rotate_label(rotating: bool) -> &'static str {
    if rotating { "Go on with the rotation" } else { "Rotate token" }
}

impl Stage<'_> {
    /// Its line on Home.
    pub(crate) fn card(&self, beside: &Beside<'_>) -> SetupCard {
        let Session { setup, guide, .. } = self.session;
        let rotation = self.rotating();
        let facts = setup.in_use(rotation).token();
        let checked = setup.checked.as_ref();
        let can_rotate = rotation.is_some() || setup.can_be_asked();
        SetupCard {
            id: setup.id.clone(),
            target: guide.target_name.clone(),
            idp: guide.idp_name.clone(),
            practice: setup.practice,
            status: self.status(),
            token: facts.map_or_else(
                || Toned { text: "No token yet".into(), tone: Tone::Neutral },
                |facts| {
                    let left = self.days_left(facts);
                    Toned { text: format!("Token ending in {}: {}", facts.last_four, left.text), ..left }
                },
            ),
            age: facts.map(|facts| self.age(facts)),
            health: self.health(),
            problem: checked.and_then(|checked| checked.problem.clone()).map(|problem| self.without_ways(problem)),
            checking: beside.checking,
            end: setup
                .token()
                .filter(|_| setup.uses_own_token(rotation))
                .and_then(|facts| self.end_field(facts, beside.end)),
            rotate: can_rotate.then(|| rotate_label(self.rotation.is_some()).to_owned()),
            open: if setup.finished_at.is_some() { "Open" } else { "Continue" }.into(),
            comparable: setup.finished_at.is_some() && self.session.comparable(),
        }
    }

    /// The setup that rotates its token.
    fn rotating(&self) -> Option<&Setup> {
        self.rotation.map(|session| &session.setup)
    }

    fn status(&self) -> String {
        let Session { setup, guide, .. } = self.session;
        if let Some(rotation) = self.rotation {
            let (phase, guide) = (rotation.setup.phase, &rotation.guide);
            let (number, all) = (guide.number(phase), guide.phases.len());
            return format!("Rotation: step {number} of {all}, {}", guide.phase(phase).name);
        }
        if Phase::ALL.into_iter().all(|phase| self.session.proven(phase, self.now)) {
            return "All six steps proven".into();
        }
        format!("Step {} of 6, {}", setup.phase.number(), guide.phase(setup.phase).name)
    }

    fn age(&self, facts: &SlotFacts) -> String {
        match self.now.duration_since(facts.entered_at).as_hours() / 24 {
            ..1 => "in use since today".to_owned(),
            1 => "in use for 1 day".to_owned(),
            days => format!("in use for {days} days"),
        }
    }

    /// When it was last proven to work, or that it was not.
    fn health(&self) -> Option<Toned> {
        let setup = &self.session.setup;
        let proven = self.session.proved_with_token(setup);
        let worked = setup.checked.as_ref().and_then(|checked| checked.worked_at).max(proven);
        let proven =
            worked.map_or_else(|| "nothing proven yet".into(), |at| format!("last proven {}", self.day_and_time(at)));
        Some(match setup.checked.as_ref().filter(|checked| checked.problem.is_some()) {
            Some(checked) => {
                Toned { text: format!("not confirmed {}", self.day_and_time(checked.at)), tone: Tone::Bad }
            }
            None => Toned { text: proven, tone: Tone::Neutral },
        })
    }

    /// Steps to go to mean nothing outside of them.
    pub(crate) fn without_ways(&self, mut problem: Problem) -> Problem {
        problem.hints.iter_mut().for_each(|hint| hint.go = None);
        if matches!(problem.code, Code::Unauthorized | Code::Forbidden) && self.session.setup.finished_at.is_some() {
            problem.hints.clear();
            let text = format!(
                "If the token was deleted or has ended, choose **{}**: it takes a new one to {}.",
                rotate_label(self.rotation.is_some()),
                self.session.guide.idp_short
            );
            return problem.hint(text);
        }
        problem.docs = None;
        problem
    }

    /// Only where neither the token nor the target says when it ends.
    fn end_field(&self, facts: &SlotFacts, wrong: Option<&(String, Problem)>) -> Option<EndField> {
        if facts.expires_at.is_some() && !facts.end_entered {
            return None;
        }
        let guide = &self.session.guide;
        let iso = |at: Timestamp| at.to_zoned(self.zone.clone()).date().to_string();
        let known = facts.expires_at.map_or_else(String::new, iso);
        let days = guide.slots.get(TOKEN_SLOT).and_then(|slot| slot.lifetime_days);
        let offered = days.and_then(|days| {
            let begun = facts.entered_at.to_zoned(self.zone.clone());
            let end = if days == 365 { begun.checked_add(1.year()) } else { begun.checked_add(i64::from(days).days()) };
            end.ok().map(|end| end.timestamp())
        });
        let offer = offered.map(|end| EndOffer {
            value: iso(end),
            label: format!("One year after it was entered here: {}", dates::day(end, &self.zone)),
        });
        Some(EndField {
            known: facts.expires_at.is_some(),
            value: wrong.map_or(known, |(typed, _)| typed.clone()),
            note: format!(
                "{} shows it where the token was made; the token itself does not say it.",
                guide.target_short
            ),
            offer,
            problem: wrong.map(|(_, problem)| problem.clone()),
        })
    }

    /// The less, the more urgent: refused or ended, rotation under way, ending soon, in work, end unknown, the rest; real
    /// ones before practice.
    pub(crate) fn urgency(&self) -> (bool, u8, Timestamp) {
        let setup = &self.session.setup;
        let in_use = setup.in_use(self.rotating());
        let end = in_use.token().and_then(|facts| facts.expires_at);
        let left = end.map(|end| token::left(end, self.now));
        let bad = setup.checked.as_ref().is_some_and(|checked| checked.problem.is_some());
        let rank = match left {
            _ if bad => 0,
            Some(left) if !left.is_positive() => 0,
            _ if self.rotation.is_some() => 1,
            Some(left) if left < SignedDuration::from_hours(24 * 30) => 2,
            _ if setup.finished_at.is_none() => 3,
            None => 4,
            Some(_) => 5,
        };
        (setup.practice, rank, end.unwrap_or(Timestamp::MAX))
    }

    pub(super) fn reminders(&self) -> Option<Reminders> {
        let setup = &self.session.setup;
        // They are for the new one as soon as the rotation is done.
        let facts = setup.token().filter(|_| setup.uses_own_token(self.rotating()))?;
        let note = |text: &str, tone| Toned { text: text.to_owned(), tone };
        let Some(end) = facts.expires_at else {
            let text = "The token's end is not known. Enter it under All connections, then reminders can be made.";
            return Some(Reminders { note: note(text, Tone::Warn), saved: None, current: true, possible: false });
        };
        if end <= self.now {
            return None;
        }
        let saved = setup.reminders.as_ref();
        let current = saved.is_some_and(|saved| saved.ends == end);
        let note = match saved {
            Some(_) if current => note("The saved reminders are for the token in use.", Tone::Neutral),
            Some(_) => note(
                "The saved reminders are for another end. Save them anew: the new file moves the old entry.",
                Tone::Warn,
            ),
            None => note(
                "A file for your calendar, with alarms 90, 60, 30, 14, 7 and 1 days before the end. How many of them ring depends on the calendar.",
                Tone::Neutral,
            ),
        };
        Some(Reminders { note, saved: saved.map(|saved| saved.path.clone()), current, possible: true })
    }

    /// What happened, the newest first.
    pub(super) fn history(&self) -> Vec<HistoryLine> {
        let line = |event: &crate::setup::Event| HistoryLine {
            at: dates::day_and_time(event.at, self.now, &self.zone),
            text: event.text.clone(),
        };
        self.session.setup.journal.iter().rev().map(line).collect()
    }

    /// That these are the steps of a rotation.
    pub(super) fn rotation(&self) -> Rotation {
        let Session { setup, guide, .. } = self.session;
        let text = setup.slots.get(OLD_TOKEN_SLOT).map_or_else(
            || "Replaces the token in use".to_owned(),
            |old| format!("Replaces the token ending in {}", old.last_four),
        );
        let cancel = if self.session.may_have_new_token() {
            format!(
                "Usher asks {} whether the old token still works. If it does, it stays in use and the new one is forgotten here.",
                guide.target_short
            )
        } else {
            "The token in use stays as it is.".to_owned()
        };
        Rotation { text, cancel }
    }
}
