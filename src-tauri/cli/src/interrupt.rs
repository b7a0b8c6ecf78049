//! Ctrl-C, and what a system sends to end a program: waited for, so that everything can be cleared away first.

#[cfg(unix)]
pub(crate) struct Interrupted {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Interrupted {
    pub(crate) fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    pub(crate) async fn wait(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
        }
    }
}

#[cfg(not(unix))]
pub(crate) struct Interrupted;

#[cfg(not(unix))]
impl Interrupted {
    pub(crate) fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    pub(crate) async fn wait(self) {
        if let Err(error) = tokio::signal::ctrl_c().await {
            crate::out::note(&format!("Ctrl-C cannot be received ({error})."));
        }
    }
}
