//! Reminders: files for the calendar, and notifications while Usher runs.

use jiff::{Timestamp, tz::TimeZone};

use super::App;
use crate::{
    reminder::{self, Reminder},
    runbook,
    session::Session,
    setup::{SavedReminders, Setup, TOKEN_SLOT},
};

/// Something for the system's notifications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    setup: String,
    /// For which end, and how many days before it.
    reached: (Timestamp, i64),
    /// Heading.
    pub title: String,
    /// One or two sentences.
    pub body: String,
}

impl App {
    /// Writes an `.ics` file for the open setup. A calendar takes the newest for an update of the older ones.
    pub(super) fn save_reminders(&self) {
        let now = self.now();
        let mut state = self.state();
        let Some(session) = state.current().filter(|session| !session.rotates()) else { return };
        let rotation = state.rotation_of(&session.setup.id);
        if !session.setup.uses_own_token(rotation) {
            return;
        }
        let Some((text, ends, sequence)) = calendar(session, now) else { return };
        let name = format!("Usher reminders {} from {}", session.guide.target_short, session.guide.idp_short);
        let id = session.setup.id.clone();
        match runbook::save(&self.inner.config.documents_dir, &name, "ics", &text) {
            Ok(path) => {
                let path = path.display().to_string();
                state.announce(format!("Reminders saved in {path}."));
                state.notices.remove("reminders");
                if let Some(session) = state.sessions.get_mut(&id) {
                    session.setup.reminders = Some(SavedReminders { path, ends, sequence });
                    let until = crate::present::end_in_words(Some(ends));
                    session.setup.note(now, format!("Reminders were saved for the token that {until}."));
                }
            }
            Err(problem) => {
                state.notices.insert("reminders".into(), problem);
            }
        }
    }

    /// What the system should notify of now; to be reported by [`App::notified`] when it has.
    pub fn notifications(&self) -> Vec<Notification> {
        let now = self.now();
        let state = self.state();
        let own = state.sessions.values().filter(|session| !session.setup.practice && !session.rotates());
        own.filter_map(|session| notification(session, state.rotation_of(&session.setup.id), now)).collect()
    }

    /// It was shown, and need not be again.
    pub fn notified(&self, notification: &Notification) {
        if let Some(session) = self.state().sessions.get_mut(&notification.setup) {
            session.setup.notified = Some(notification.reached);
        }
        self.settle();
    }
}

fn notification(session: &Session, rotation: Option<&Setup>, now: Timestamp) -> Option<Notification> {
    let ends = session.setup.in_use(rotation).token()?.expires_at?;
    let reached = (ends, reached(ends, now)?);
    // The nearest day only, and each once; a clock that was wrong for a while does not silence the others.
    if session.setup.notified == Some(reached) {
        return None;
    }
    let (target, idp) = (&session.guide.target_name, &session.guide.idp_name);
    let left = crate::token::left_in_words(crate::token::left(ends, now));
    let title = format!("Token for {target} ← {idp}");
    let body = if ends > now {
        format!("It ends in {left}. Replace it in Usher before then, so that users and groups go on arriving.")
    } else {
        format!("By what Usher knows, it {left}. If users and groups no longer arrive, replace it in Usher.")
    };
    Some(Notification { setup: session.setup.id.clone(), reached, title, body })
}

/// The nearest of the reminder's days that has come; 0 at the end itself.
fn reached(ends: Timestamp, now: Timestamp) -> Option<i64> {
    let begun = |days: &i64| moment(ends, *days).is_some_and(|at| at <= now);
    reminder::DAYS.iter().copied().chain([0]).filter(begun).min()
}

fn moment(ends: Timestamp, days: i64) -> Option<Timestamp> {
    ends.checked_sub(jiff::SignedDuration::from_hours(24 * days)).ok()
}

/// When the next notification is due.
pub(super) fn next(session: &Session, now: Timestamp) -> Option<Timestamp> {
    let ends = session.setup.token()?.expires_at?;
    let moments = reminder::DAYS.iter().copied().chain([0]).filter_map(|days| moment(ends, days));
    moments.filter(|at| *at > now).min()
}

/// The file for the token in use, the end that it is for, and its number; nothing where the end is not known or past.
fn calendar(session: &Session, now: Timestamp) -> Option<(String, Timestamp, u32)> {
    let facts = session.setup.token()?;
    let ends = facts.expires_at.filter(|ends| *ends > now)?;
    let sequence = session.setup.reminders.as_ref().map_or(0, |saved| saved.sequence + 1);
    let label = session.guide.slots.get(TOKEN_SLOT).map_or("token", |slot| &slot.label);
    let text = reminder::calendar(&Reminder {
        setup: &session.setup.id,
        target: &session.guide.target_name,
        idp: &session.guide.idp_name,
        token: &format!("{label} ending in {}", facts.last_four),
        ends,
        zone: &TimeZone::system(),
        written: now,
        sequence,
        practice: session.setup.practice,
    });
    Some((text, ends, sequence))
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::reached;

    #[test]
    fn the_nearest_day_that_has_come_is_said() {
        let ends = Timestamp::from_second(2_000_000_000).unwrap_or(Timestamp::MAX);
        let at = |days: f64| ends - SignedDuration::from_secs_f64(days * 86_400.0);
        for (days, said) in [
            (100.0, None),
            (90.0, Some(90)),
            (61.0, Some(90)),
            (20.0, Some(30)),
            (1.5, Some(7)),
            (0.5, Some(1)),
            (-3.0, Some(0)),
        ] {
            assert_eq!(reached(ends, at(days)), said, "{days} days before");
        }
    }
}
