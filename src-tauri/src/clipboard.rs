//! The system clipboard, on a thread of its own: on X11 the copied text is served by this process for as long as it is
//! there. Secrets are kept out of clipboard histories, and leave again after a minute. Nothing of it is logged.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use tokio::sync::oneshot;
use usher_core::{Code, Problem, Secret, app::Copyable, view::Copied};

/// How long a secret stays.
const SECRET_STAYS: Duration = Duration::from_secs(60);
/// A clipboard that is busy then is tried again after this.
const AGAIN: Duration = Duration::from_secs(1);
/// More than any token; whoever has copied a whole file is told so.
const MOST_BYTES: usize = 64 * 1024;
/// How long the exit waits for a clipboard that does not answer.
const EXIT_WAITS: Duration = Duration::from_secs(1);

/// The way to the clipboard's thread.
pub(crate) struct Clipboard {
    jobs: Sender<Job>,
}

enum Job {
    Write(Copyable, oneshot::Sender<Result<Copied, Problem>>),
    Read(oneshot::Sender<Result<Secret, Problem>>),
    Forget(Sender<()>),
}

impl Clipboard {
    /// Starts the thread. The clipboard itself is opened at the first use.
    pub(crate) fn start() -> Self {
        let (jobs, waiting) = channel();
        thread::spawn(move || Board::default().serve(&waiting));
        Self { jobs }
    }

    /// Copies.
    pub(crate) async fn write(&self, copyable: Copyable) -> Result<Copied, Problem> {
        let (answer, result) = oneshot::channel();
        self.ask(Job::Write(copyable, answer), result).await
    }

    /// Reads a text that may be a token.
    pub(crate) async fn read(&self) -> Result<Secret, Problem> {
        let (answer, result) = oneshot::channel();
        self.ask(Job::Read(answer), result).await
    }

    /// Takes a secret off the clipboard at once, because Usher ends.
    pub(crate) fn forget(&self) {
        let (done, wait) = channel();
        if self.jobs.send(Job::Forget(done)).is_ok() && wait.recv_timeout(EXIT_WAITS).is_err() {
            tracing::warn!("the clipboard did not answer at the end");
        }
    }

    async fn ask<T>(&self, job: Job, result: oneshot::Receiver<Result<T, Problem>>) -> Result<T, Problem> {
        self.jobs.send(job).map_err(|_| unavailable())?;
        result.await.map_err(|_| unavailable())?
    }
}

/// What lives on the thread.
#[derive(Default)]
struct Board {
    system: Option<arboard::Clipboard>,
    /// The secret that is there because of us.
    secret: Option<Held>,
}

/// A secret on the clipboard.
struct Held {
    secret: Secret,
    /// When it has to go.
    due: Instant,
    /// When Usher stops trying.
    latest: Instant,
}

impl Board {
    fn serve(mut self, waiting: &Receiver<Job>) {
        loop {
            match self.next_job(waiting) {
                // Whoever asked may have gone; then nobody wants the answer.
                Ok(Job::Write(copyable, answer)) => _ = answer.send(self.write(&copyable)),
                Ok(Job::Read(answer)) => _ = answer.send(self.read()),
                Ok(Job::Forget(done)) => {
                    self.forget();
                    _ = done.send(());
                }
                Err(RecvTimeoutError::Timeout) => self.forget(),
                Err(RecvTimeoutError::Disconnected) => return self.forget(),
            }
        }
    }

    fn next_job(&self, waiting: &Receiver<Job>) -> Result<Job, RecvTimeoutError> {
        match &self.secret {
            Some(held) => waiting.recv_timeout(held.due.saturating_duration_since(Instant::now())),
            None => waiting.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    fn write(&mut self, copyable: &Copyable) -> Result<Copied, Problem> {
        let text = copyable.value.expose();
        let set = self.system()?.set();
        let written = if copyable.secret { out_of_histories(set).text(text) } else { set.text(text) };
        written.map_err(|error| failed(&error))?;
        let due = Instant::now() + SECRET_STAYS;
        self.secret = copyable.secret.then(|| Held { secret: copyable.value.clone(), due, latest: due + SECRET_STAYS });
        let clears_in = copyable.secret.then_some(SECRET_STAYS.as_secs() as u32);
        Ok(Copied { what: copyable.label.clone(), clears_in })
    }

    fn read(&mut self) -> Result<Secret, Problem> {
        accept(self.system()?.get_text())
    }

    /// Clears the clipboard if the secret is still on it. What the admin has copied since then stays.
    fn forget(&mut self) {
        let Some(held) = self.secret.take() else { return };
        let gone = match self.system().map(|system| (system.get_text(), system)) {
            Ok((Ok(text), system)) if text == held.secret.expose() => system.clear().is_ok(),
            Ok((Ok(_) | Err(arboard::Error::ContentNotAvailable), _)) => true,
            // Another program has the clipboard at this moment: that says nothing about what is on it.
            Ok((Err(_), _)) | Err(_) => false,
        };
        if gone {
            return;
        }
        if Instant::now() < held.latest {
            self.secret = Some(Held { due: Instant::now() + AGAIN, ..held });
        } else {
            tracing::warn!("a secret could not be taken off the clipboard");
        }
    }

    fn system(&mut self) -> Result<&mut arboard::Clipboard, Problem> {
        if self.system.is_none() {
            self.system = Some(arboard::Clipboard::new().map_err(|error| failed(&error))?);
        }
        self.system.as_mut().ok_or_else(unavailable)
    }
}

#[cfg(windows)]
fn out_of_histories(set: arboard::Set<'_>) -> arboard::Set<'_> {
    use arboard::SetExtWindows;
    set.exclude_from_history().exclude_from_cloud().exclude_from_monitoring()
}

#[cfg(target_os = "macos")]
fn out_of_histories(set: arboard::Set<'_>) -> arboard::Set<'_> {
    use arboard::SetExtApple;
    set.exclude_from_history()
}

#[cfg(all(unix, not(target_os = "macos")))]
fn out_of_histories(set: arboard::Set<'_>) -> arboard::Set<'_> {
    use arboard::SetExtLinux;
    set.exclude_from_history()
}

fn accept(text: Result<String, arboard::Error>) -> Result<Secret, Problem> {
    let text = Secret::new(text.map_err(|error| failed(&error))?);
    if text.expose().trim().is_empty() {
        return Err(nothing_there());
    }
    if text.len() > MOST_BYTES {
        return Err(Problem::new(Code::WrongInput, "The clipboard holds a very long text, longer than any token.")
            .hint("Copy only the token, then press **Paste** again."));
    }
    Ok(text)
}

fn failed(error: &arboard::Error) -> Problem {
    match error {
        arboard::Error::ContentNotAvailable => nothing_there(),
        arboard::Error::ConversionFailure => {
            Problem::new(Code::WrongInput, "What is on the clipboard cannot be read as text.")
                .hint("Copy the token once more, then press **Paste** again.")
        }
        arboard::Error::ClipboardOccupied => {
            Problem::new(Code::Refused, "Another program is using the clipboard at this moment.")
                .hint("Wait a moment and try again.")
        }
        // The list is open-ended in arboard.
        _ => unavailable(),
    }
}

fn nothing_there() -> Problem {
    Problem::new(Code::WrongInput, "There is no text on the clipboard.")
        .hint("Copy the token in the console, then press **Paste** again.")
}

fn unavailable() -> Problem {
    Problem::new(Code::Refused, "Your system's clipboard does not answer.")
        .hint("Type or paste the value into the field, or press **Show** to read it off the screen.")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::{MOST_BYTES, accept};
    use usher_core::Code;

    #[test]
    fn a_token_is_taken_as_it_is() {
        let text = format!("  {}\n", "t".repeat(MOST_BYTES - 3));
        assert_eq!(accept(Ok(text.clone())).unwrap().expose(), text);
    }

    #[test]
    fn what_cannot_be_a_token_is_said_without_repeating_it() {
        let long = "canary".repeat(MOST_BYTES);
        for (text, says) in [
            (Ok(String::new()), "no text"),
            (Ok(" \r\n\t".to_owned()), "no text"),
            (Err(arboard::Error::ContentNotAvailable), "no text"),
            (Err(arboard::Error::ConversionFailure), "cannot be read as text"),
            (Ok(long), "longer than any token"),
        ] {
            let problem = accept(text).unwrap_err();
            assert_eq!(problem.code, Code::WrongInput);
            assert!(problem.message.contains(says), "{problem}");
            assert!(!problem.message.contains("canary") && !problem.hints.is_empty());
        }
    }
}
