//! Reading lists beside the threads that wait, with a way to stop it: what `people` and `verify` share.

use std::time::Duration;

use tokio::task::{JoinError, JoinHandle};
use usher_core::{Code, Problem};

use crate::{check::Finding, interrupt::Interrupted};

/// How long a reading that was asked to stop may take until it looks around: one of standard input cannot.
const PATIENCE: Duration = Duration::from_secs(2);

pub(crate) fn interrupted() -> Result<Interrupted, Box<Finding>> {
    Interrupted::listen().map_err(|error| {
        Finding::wrong_use(&format!("Ctrl-C cannot be received ({error})."), &["Try again in another terminal."])
    })
}

/// How the work ended; `None` if it was asked to stop and did not look around.
pub(crate) async fn ended<T>(
    mut work: JoinHandle<T>,
    stopped: impl Future<Output = ()>,
) -> Option<Result<T, JoinError>> {
    tokio::select! {
        ended = &mut work => Some(ended),
        () = stopped => tokio::time::timeout(PATIENCE, work).await.ok(),
    }
}

pub(crate) fn stopped() -> Box<Finding> {
    Box::new(Finding::from_problem(&Problem::new(Code::Cancelled, "Stopped while waiting for the list.")))
}
