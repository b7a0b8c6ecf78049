//! Which screen is in front, and which is behind the doctor's.

use super::State;
use crate::class::Class;

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
}

impl Front {
    /// Puts another screen in the place of one, also behind the doctor's.
    pub(super) fn replace(&mut self, one: &Self, other: Self) {
        match self {
            front if front == one => *front = other,
            Self::Doctor { from, .. } => from.replace(one, other),
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

    /// To the screen before the doctor's; from a page that was opened there, to its beginning.
    pub(super) fn leave_doctor(&mut self) -> bool {
        match std::mem::take(&mut self.front) {
            Front::Doctor { from, .. } => {
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
