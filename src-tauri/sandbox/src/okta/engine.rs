//! The engine: sends what is due, one thing after the other, as soon as something was changed. Users go before groups, so that members exist.

use std::sync::{Arc, atomic::Ordering};

use super::{app::Task, groups, users};
use crate::world::{Shared, World};

pub(crate) async fn run(shared: Arc<Shared>) {
    let wake = shared.read(|world| world.okta.wake.clone());
    while !shared.stop.is_cancelled() {
        let work = async {
            match shared.read(pick) {
                Some(Due::User { app, key, task }) => users::run(&shared, &app, &key, task).await,
                Some(Due::Group { app, key }) => groups::run(&shared, &app, &key).await,
                None => wake.notified().await,
            }
            shared.read(|world| world.okta.under_way.store(false, Ordering::Relaxed));
        };
        tokio::select! {
            () = work => {}
            () = shared.stop.cancelled() => {}
        }
    }
}

enum Due {
    User { app: String, key: String, task: Task },
    Group { app: String, key: String },
}

/// What is due next, marked as under way in the same moment: Push now is not due any more as soon as the push begins.
fn pick(world: &World) -> Option<Due> {
    let due = next(world);
    world.okta.under_way.store(due.is_some(), Ordering::Relaxed);
    due
}

pub(crate) fn is_idle(world: &World) -> bool {
    !world.okta.under_way.load(Ordering::Relaxed) && next(world).is_none()
}

/// What ended, well or badly, is not due again before something changes.
fn next(world: &World) -> Option<Due> {
    let okta = &world.okta;
    let people = okta.directory.people();
    okta.apps.iter().filter(|app| app.saved.is_some()).find_map(|app| {
        let user = people.iter().find_map(|one| {
            let task = app.task(&okta.directory, one, &world.switches)?;
            Some(Due::User { app: app.id.clone(), key: one.key().to_owned(), task })
        });
        let group = || app.pushed.iter().find(|one| app.group_is_due(&okta.directory, one));
        user.or_else(|| group().map(|one| Due::Group { app: app.id.clone(), key: one.group.clone() }))
    })
}

/// Whether an app has something left to send, for the pages that show its state.
pub(crate) fn is_busy(world: &World, id: &str) -> bool {
    match next(world) {
        Some(Due::User { app, .. } | Due::Group { app, .. }) => app == id,
        None => false,
    }
}
