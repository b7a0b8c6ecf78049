//! The line of steps at the side.

use jiff::Timestamp;

use super::Stage;
use crate::{
    error::Phase,
    recipe::{BlockKind, SecretGuide},
    view::{RailItem, RailState, Tone, Toned},
};

impl Stage<'_> {
    pub(super) fn rail(&self, phase: Phase) -> RailItem {
        let session = self.session;
        let guide = session.guide.phase(phase);
        let state = if guide.not_needed.is_some() {
            RailState::NotNeeded
        } else if session.proven(phase, self.now) {
            RailState::Proven
        } else if session.complete(phase, self.now) {
            RailState::Unproven
        } else if session.setup.reached.iter().any(|reached| *reached > phase) {
            RailState::Reopened
        } else {
            RailState::Open
        };
        let (note, ends_at) = self.rail_note(phase, state);
        RailItem {
            phase,
            title: guide.name.clone(),
            state,
            current: phase == session.setup.phase,
            reachable: session.reachable(phase, self.now),
            note,
            ends_at,
        }
    }

    fn rail_note(&self, phase: Phase, state: RailState) -> (Option<Toned>, Option<Timestamp>) {
        let session = self.session;
        let toned = |text: &str, tone| Some(Toned { text: text.into(), tone });
        let mut slots = session.guide.phase(phase).blocks.iter().filter_map(|block| match &block.kind {
            BlockKind::Secret(SecretGuide { slot, .. }) if session.home_of(slot) == Some(phase) => {
                session.setup.slots.get_key_value(slot)
            }
            _ => None,
        });
        let note = match (state, slots.next()) {
            (RailState::NotNeeded, _) => toned("not needed here", Tone::Neutral),
            (_, Some((slot, _))) if session.taken_over(slot) => {
                Some(Toned { text: format!("in use by {}", session.guide.idp_short), tone: Tone::Neutral })
            }
            (_, Some((slot, _))) if !session.needed(slot) => toned("no longer needed", Tone::Neutral),
            (_, Some((slot, facts))) if session.ended(slot, self.now) => {
                toned(if facts.expires_at.is_some() { "has ended" } else { "" }, Tone::Bad)
            }
            (_, Some((slot, facts)))
                if session.guide.slots.get(slot).is_some_and(|slot| slot.lifetime_minutes.is_some()) =>
            {
                return (None, facts.expires_at);
            }
            (RailState::Proven, Some((_, facts))) => Some(self.days_left(facts)),
            (RailState::Unproven, _) => {
                let later = session.guide.phase(phase).proven_by.and_then(|operation| {
                    session.guide.checks().find(|(_, _, own, _)| *own == operation).map(|(phase, ..)| phase)
                });
                later.map(|later| Toned {
                    text: format!("step {} proves it", session.guide.number(later)),
                    tone: Tone::Neutral,
                })
            }
            (RailState::Reopened, _) => toned("needs another look", Tone::Warn),
            (RailState::Open | RailState::Proven, _) => None,
        };
        (note, None)
    }
}
