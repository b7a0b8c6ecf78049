//! Makes the whole view: the screen in front, the banner, the notices.

use jiff::{Timestamp, tz::TimeZone};

use super::{App, Config, Front, State, arrived::Arrived};
use crate::{
    error::{Code, Problem},
    present::{self, Beside, Stage},
    recipe::{Recipes, SlotKind},
    session::Session,
    setup::{Place, Setup},
    view::{Blocked, CheckAll, Choosable, Forward, Home, NewSetup, Notice, Screen, Tone, View},
};

impl App {
    pub(super) fn shown(&self) -> View {
        let now = self.now();
        let revision = *self.inner.changed.borrow();
        let state = self.state();
        View {
            revision,
            banner: state.banner(),
            notices: state.notices(now),
            announcement: state.announcement.clone(),
            screen: state.screen(now, &self.inner.config),
        }
    }
}

impl State {
    fn screen(&self, now: Timestamp, config: &Config) -> Screen {
        if let Some(problem) = &self.blocked {
            return Screen::Blocked(Blocked { problem: problem.clone() });
        }
        match (&self.front, self.current(), &self.recipes) {
            (Front::Setup(_), Some(session), _) => self.stage(session, now).screen(),
            (Front::NewSetup { practice, target, idp }, _, Some(recipes)) => {
                Screen::NewSetup(new_setup(recipes, *practice, target.as_deref(), idp.as_deref()))
            }
            (Front::Arrived { setup, .. }, ..) => {
                self.arrived_screen(setup).unwrap_or_else(|| Screen::Home(self.home(now)))
            }
            (Front::Doctor { class, .. }, ..) => Screen::Doctor(present::doctor(*class, self.doctor.clone())),
            (Front::About, ..) => Screen::About(self.about(config)),
            _ => Screen::Home(self.home(now)),
        }
    }

    fn home(&self, now: Timestamp) -> Home {
        let mut stages: Vec<Stage<'_>> = self
            .sessions
            .values()
            .filter(|session| !session.rotates())
            .map(|session| self.stage(session, now))
            .collect();
        stages.sort_by_key(|stage| (stage.urgency(), std::cmp::Reverse(stage.session.setup.touched_at)));
        let setups: Vec<_> = stages.iter().map(|stage| stage.card(&self.beside(&stage.session.setup.id))).collect();
        let (title, lead) = if setups.is_empty() {
            (
                "Welcome to Usher",
                "Usher connects your identity provider to a service, so that users and groups arrive there by themselves, and proves every step.",
            )
        } else {
            (
                "Connections",
                "Users and groups travel from your identity provider to these services by themselves, as long as the token lives.",
            )
        };
        let running = self.checking.as_ref().map(|checking| checking.progress);
        let check = self.checkable().next().map(|_| CheckAll { running, result: self.check_result.clone() });
        Home { title: title.into(), lead: lead.into(), setups, unreadable: self.unreadable.clone(), check }
    }

    /// A setup with the rotation of its token, if there is one.
    pub(super) fn stage<'a>(&'a self, session: &'a Session, now: Timestamp) -> Stage<'a> {
        let rotation = self.sessions.get(&Setup::rotation_id(&session.setup.id));
        let compared = self.arrived.get(&session.setup.id).and_then(Arrived::verdict);
        Stage { rotation, compared, ..Stage::new(session, now, TimeZone::system()) }
    }

    fn beside(&self, setup: &str) -> Beside<'_> {
        let checking = self.checking.as_ref().is_some_and(|all| all.setups.iter().any(|open| open == setup));
        Beside { checking, end: self.end_problems.get(setup) }
    }

    fn banner(&self) -> Option<String> {
        self.in_practice(&self.front).then(|| "Practice: nothing here reaches a real system".into())
    }

    fn in_practice(&self, front: &Front) -> bool {
        match front {
            Front::Home | Front::About => false,
            Front::NewSetup { practice, .. } => *practice,
            Front::Setup(id) => self.sessions.get(id).is_some_and(|session| session.setup.practice),
            Front::Arrived { setup, .. } => self.in_practice(&Front::Setup(setup.clone())),
            Front::Doctor { from, .. } => self.in_practice(from),
        }
    }

    fn notices(&self, now: Timestamp) -> Vec<Notice> {
        let ended =
            self.current().filter(|session| session.setup.place == Place::Step).and_then(|session| ended(session, now));
        let kept = self.notices.iter().map(|(id, problem)| Notice {
            id: id.clone(),
            tone: if id == "vault" { Tone::Bad } else { Tone::Warn },
            problem: problem.clone(),
            dismissible: id != "disk",
        });
        ended.into_iter().chain(kept).collect()
    }
}

/// A short-lived token that ended while another step is open.
fn ended(session: &Session, now: Timestamp) -> Option<Notice> {
    let short =
        |slot: &&String| session.guide.slots.get(*slot).is_some_and(|guide| guide.kind == SlotKind::AccessToken);
    let slot =
        session.setup.slots.keys().filter(short).find(|slot| session.needed(slot) && session.ended(slot, now))?;
    let home = session.home_of(slot).filter(|home| *home != session.setup.phase)?;
    let problem =
        Problem::new(Code::Expired, format!("The {} has ended. Nothing else is lost.", session.slot_label(slot)))
            .hint_go("Get a fresh one.", home);
    Some(Notice { id: "ended".into(), tone: Tone::Warn, problem, dismissible: false })
}

fn new_setup(recipes: &Recipes, practice: bool, target: Option<&str>, idp: Option<&str>) -> NewSetup {
    let targets = recipes.targets().into_iter().map(|system| {
        let available = !practice || recipes.practice(&system.id).is_some();
        Choosable {
            chosen: target == Some(system.id.as_str()),
            note: if available { system.summary } else { "Cannot be practised yet.".into() },
            available,
            id: system.id,
            name: system.name,
        }
    });
    let idps = recipes.idps().into_iter().filter(|_| target.is_some()).map(|system| {
        let available = target.is_some_and(|target| recipes.has_guide(target, &system.id));
        Choosable {
            chosen: idp == Some(system.id.as_str()),
            note: if available { system.summary } else { "There is no guide for this pair yet.".into() },
            available,
            id: system.id,
            name: system.name,
        }
    });
    let missing = match (target, idp) {
        (None, _) => Some("Choose where the accounts go."),
        (_, None) => Some("Choose where the accounts come from."),
        _ => None,
    };
    NewSetup {
        practice,
        targets: targets.collect(),
        idps: idps.collect(),
        forward: Forward { label: "Continue".into(), enabled: missing.is_none(), missing: missing.map(Into::into) },
    }
}
