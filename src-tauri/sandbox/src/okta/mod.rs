//! The practice Okta: a directory, app integrations, and the provisioning engine behind them.

mod app;
mod body;
mod catalog;
mod console;
mod contact;
mod directory;
pub(crate) mod engine;
mod export;
mod expression;
mod groups;
mod mapping;
mod probe;
mod reports;
mod system_log;
mod users;
mod wire;

use std::sync::{Arc, atomic::AtomicBool};

use axum::Router;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use self::{
    app::{App, Pushed},
    catalog::AppKind,
    directory::{Directory, EVERYONE},
    system_log::Event,
};
use crate::{Target, fault::Fault, secret::Secret, tokens::Seed, world::Shared, world::Switches};

const MOST_APPS: usize = 20;
const KEPT_EVENTS: usize = 400;

/// What Okta remembers.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Okta {
    pub apps: Vec<App>,
    pub directory: Directory,
    pub events: Vec<Event>,
    last_app: u32,
    /// Rings when there may be something to send: Okta acts on events, not on a timetable.
    #[serde(skip)]
    pub wake: Arc<Notify>,
    /// The engine is at work. Written under the world's lock, and apart from what is saved: it changes without anything to save.
    #[serde(skip)]
    under_way: AtomicBool,
}

/// What stands in Provisioning › Integration.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Connection {
    /// On disk without anything that could be a token.
    #[serde(serialize_with = "crate::outbound::address_only")]
    pub base_url: String,
    pub secret: Secret,
    pub import_groups: bool,
}

impl Default for Connection {
    fn default() -> Self {
        Connection { base_url: String::new(), secret: Secret::default(), import_groups: true }
    }
}

impl Okta {
    pub(crate) fn recall_secrets(&mut self, seed: &Seed, target: Target) {
        for app in &mut self.apps {
            app.typed.secret.recall(seed, target);
            if let Some(saved) = &mut app.saved {
                saved.secret.recall(seed, target);
            }
        }
    }

    pub(crate) fn app(&self, id: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.id == id)
    }

    pub(crate) fn app_mut(&mut self, id: &str) -> Option<&mut App> {
        self.apps.iter_mut().find(|app| app.id == id)
    }

    /// A new integration; `None` where there are too many.
    pub(crate) fn create(&mut self, kind: AppKind, label: &str, switches: &Switches) -> Option<&mut App> {
        if self.apps.len() >= MOST_APPS {
            return None;
        }
        self.last_app += 1;
        let mut app = App::new(format!("0oa{}", self.last_app), kind, label);
        if switches.has(Fault::EveryoneChosen) {
            app.assigned.push(EVERYONE.to_owned());
            app.pushed.push(Pushed::new(EVERYONE));
        }
        self.apps.push(app);
        self.apps.last_mut()
    }

    pub(crate) fn log(&mut self, event: Event) {
        self.events.push(event);
        let surplus = self.events.len().saturating_sub(KEPT_EVENTS);
        self.events.drain(..surplus);
    }
}

pub(crate) fn router() -> Router<Arc<Shared>> {
    console::router()
}
