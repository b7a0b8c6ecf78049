//! What stands around the six steps: the line on Home, what is needed before, and the end.

use super::{Stage, dates};
use crate::{
    error::Phase,
    session::Session,
    setup::{SlotFacts, TOKEN_SLOT},
    view::{CopyField, Fact, Finish, Forward, Need, Needs, ProvenStep, Tone},
};

impl Stage<'_> {
    /// The six with what proved each.
    pub(crate) fn proofs(&self) -> Vec<ProvenStep> {
        let step = |phase: Phase| ProvenStep {
            phase,
            title: self.session.guide.phase(phase).name.clone(),
            proven: self.session.proven(phase, self.now),
            not_needed: self.session.guide.phase(phase).not_needed.is_some(),
            proof: self.session.proof(phase),
        };
        Phase::ALL.into_iter().map(step).collect()
    }

    pub(super) fn needs(&self) -> Needs {
        let guide = &self.session.guide;
        Needs {
            target: guide.target_name.clone(),
            idp: guide.idp_name.clone(),
            lead: format!(
                "With these at hand, the six steps are about fifteen minutes of work. You can stop at any time; Usher opens again where you left it.{}",
                if self.session.setup.practice {
                    " While you practise, nobody has to give you anything: it is all there."
                } else {
                    ""
                }
            ),
            needs: guide
                .needs
                .iter()
                .map(|need| Need {
                    what: need.what.clone(),
                    place: need.place.clone(),
                    how_long: need.how_long.clone(),
                    who: need.who.clone(),
                })
                .collect(),
            request: guide.request.as_ref().map(|(label, text)| CopyField {
                id: "request".into(),
                label: label.clone(),
                value: text.clone(),
            }),
            forward: Forward { label: "Begin".into(), enabled: true, missing: None },
        }
    }

    /// `rotating`: a rotation of its token is under way.
    pub(super) fn finish(&self, rotating: bool) -> Finish {
        let guide = &self.session.guide;
        let (title, lead) = self.summary();
        let mut facts = Vec::new();
        let mut fact = |name: &str, value: String, tone| facts.push(Fact { name: name.into(), value, tone });
        if let Some(token) = self.session.setup.slots.get(TOKEN_SLOT) {
            fact(
                "Token",
                format!("{} ending in {}", guide.slots.get(TOKEN_SLOT).map_or("", |slot| &slot.label), token.last_four),
                Tone::Neutral,
            );
            let days = self.days_left(token);
            let end = token.expires_at.map(|end| format!("{} ({})", dates::day(end, &self.zone), days.text));
            fact("Token ends", end.unwrap_or_else(|| "not known".into()), days.tone);
            if !self.session.setup.practice {
                fact("Next date to act", self.date_to_act(token), Tone::Neutral);
            }
        }
        if let Some(url) = guide.values.get("scim") {
            fact("SCIM endpoint", url.clone(), Tone::Neutral);
        }
        Finish {
            id: self.session.setup.id.clone(),
            rotate: super::ledger::rotate_label(rotating).to_owned(),
            compare: self.compare_door(String::new()),
            reminders: self.reminders(),
            history: self.history(),
            target: guide.target_name.clone(),
            idp: guide.idp_name.clone(),
            title,
            lead,
            attention: self.session.setup.checked.as_ref().is_some_and(|checked| checked.problem.is_some()),
            proofs: self.proofs(),
            facts,
            runbook: self.session.setup.runbook.clone(),
        }
    }

    /// Heading and first sentence of the connection's page: what is wrong, what was done just now, or that all is well.
    fn summary(&self) -> (String, String) {
        let Session { setup, guide, .. } = self.session;
        if let Some(problem) = setup.checked.as_ref().and_then(|checked| checked.problem.as_ref()) {
            return ("This connection needs attention".into(), crate::template::plain(&problem.message));
        }
        if setup.token().and_then(|token| token.expires_at).is_some_and(|end| end <= self.now) {
            return ("This connection needs attention".into(), "By what Usher knows, its token has ended.".into());
        }
        let day = jiff::SignedDuration::from_hours(24);
        let lead = match (setup.rotated_at.filter(|at| self.now.duration_since(*at) < day), setup.token()) {
            (Some(_), Some(token)) => {
                format!("The token was replaced: the one ending in {} is in use now.", token.last_four)
            }
            _ if setup.practice => "The rehearsal is complete. A real set-up takes the same six steps.".into(),
            _ => format!("{} sends changes to {} from now on.", guide.idp_short, guide.target_short),
        };
        ("Users and groups arrive by themselves".into(), lead)
    }

    fn date_to_act(&self, token: &SlotFacts) -> String {
        let month = jiff::SignedDuration::from_hours(24 * 30);
        match token.expires_at.and_then(|end| end.checked_sub(month).ok()) {
            Some(at) => format!("{}: replace the token before it ends", dates::day(at, &self.zone)),
            None => "Look up the token's end at the target, and enter it under All connections.".into(),
        }
    }
}
