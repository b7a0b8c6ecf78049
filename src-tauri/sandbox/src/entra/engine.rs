//! The engine: waits until a provisioning cycle is due on the world's clock, and runs it. A long jump of the clock runs one cycle, not a
//! hundred: like a service that was asleep.

use std::{sync::Arc, time::Duration};

use super::cycle;
use crate::world::{Shared, World};

const LONGEST_NAP: Duration = Duration::from_secs(60);

pub(crate) async fn run(shared: Arc<Shared>) {
    while !shared.stop.is_cancelled() {
        let work = async {
            match shared.read(next) {
                Next::Now(app) => cycle::run(&shared, &app).await,
                Next::In(wait) => {
                    let _ = tokio::time::timeout(wait.min(LONGEST_NAP), shared.wake.notified()).await;
                }
            }
        };
        tokio::select! {
            () = work => {}
            () = shared.stop.cancelled() => {}
        }
    }
}

enum Next {
    Now(String),
    In(Duration),
}

fn next(world: &World) -> Next {
    let due =
        world.entra.apps.iter().filter_map(|app| Some((app.job.next_cycle.filter(|_| app.job.on)?, &app.id))).min();
    match due {
        None => Next::In(LONGEST_NAP),
        Some((at, app)) => {
            let wait = at.duration_since(world.now());
            match Duration::try_from(wait) {
                Ok(wait) if !wait.is_zero() => Next::In(wait),
                _ => Next::Now(app.clone()),
            }
        }
    }
}
