//! Which screen is in front, and which is behind it, where Back leads.

use super::State;
use crate::{class::Class, session::Session};

/// Which screen is in front.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Front {
    #[default]
    Home,
    About,
    NewSetup {
        practice: bool,
        target: Option<String>,
        idp: Option<String>,
    },
    Setup(String),
    Doctor {
        class: Option<Class>,
        /// Where Back leads.
        from: Box<Front>,
    },
    /// Who arrived, for a setup.
    Arrived {
        setup: String,
        /// Where Back leads.
        from: Box<Front>,
    },
}

impl Front {
    /// Puts another screen in the place of one, also behind others.
    pub(super) fn replace(&mut self, one: &Self, other: Self) {
        match self {
            front if front == one => *front = other,
            Self::Doctor { from, .. } | Self::Arrived { from, .. } => from.replace(one, other),
            Self::Home | Self::About | Self::NewSetup { .. } | Self::Setup(_) => {}
        }
    }

    fn before_the_doctor(self) -> Box<Self> {
        match self {
            Self::Doctor { from, .. } => from.before_the_doctor(),
            other => Box::new(other),
        }
    }
}

impl State {
    /// An unknown class opens the place for a text.
    pub(super) fn open_doctor(&mut self, class: Option<&str>) {
        let class = class.and_then(|slug| slug.parse().ok());
        let from = match (std::mem::take(&mut self.front), class) {
            // From page to page, Back leads to where the text was handed over.
            (Front::Doctor { class: Some(_), from }, Some(_)) => from,
            (Front::Doctor { from, .. }, None) => from.before_the_doctor(),
            (other, _) => Box::new(other),
        };
        self.front = Front::Doctor { class, from };
    }

    /// To who arrived for a setup, if there is something to compare.
    pub(super) fn open_arrived(&mut self, setup: &str) {
        let comparable = self.sessions.get(setup).is_some_and(Session::comparable);
        let at_it = matches!(&self.front, Front::Arrived { setup: open, .. } if open == setup);
        if comparable && !at_it {
            let from = Box::new(std::mem::take(&mut self.front));
            self.front = Front::Arrived { setup: setup.to_owned(), from };
        }
    }

    /// To the screen before one that was opened from everywhere; from a page that was opened at the doctor's, to its
    /// beginning.
    pub(super) fn leave(&mut self) -> bool {
        match std::mem::take(&mut self.front) {
            Front::Doctor { from, .. } | Front::Arrived { from, .. } => {
                self.front = *from;
                true
            }
            other => {
                self.front = other;
                false
            }
        }
    }
}
