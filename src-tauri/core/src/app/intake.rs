//! Files and texts that the admin hands over: looked at in the background, piece by piece, and kept in memory only.
//! People's names are in them, so nothing of them goes to disk.

use std::{
    collections::BTreeMap,
    io::{self, Read},
    ops::ControlFlow,
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use tokio::{sync::mpsc, task::spawn_blocking};
use tokio_util::sync::CancellationToken;

use super::{App, Front, Inner, State, arrived};
use crate::{
    error::{Code, Problem},
    examine::{self, Known, Reading},
    http::{Http, Journal, Limits},
    people::Existing,
    recipe::{BlockKind, Guide, Subject},
    setup::Place,
    systems::scim::Scim,
    view::IntakeState,
};

/// Pieces that wait to be read; a window that sends faster waits too.
const WAITING: usize = 4;
/// How often a view tells how far it is.
const BETWEEN_VIEWS: Duration = Duration::from_millis(100);
/// How long the target is asked for the people it has.
const PATIENCE: Duration = Duration::from_secs(60);
/// The intake on the doctor's own screen.
pub(crate) const DOCTOR: &str = "doctor";

/// Where an examination is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shelf {
    Doctor,
    Block {
        setup: String,
        block: String,
    },
    /// Of who should have arrived: the people, or one file of groups.
    Export(arrived::Place),
}

/// A file or a text on its way.
pub(super) struct Examination {
    shelf: Shelf,
    /// Gone when all has been sent.
    sender: Option<mpsc::Sender<Vec<u8>>>,
    stop: CancellationToken,
}

impl Examination {
    /// What was not sent yet is not waited for.
    fn stop(&mut self) {
        self.stop.cancel();
        self.sender = None;
    }
}

/// What is needed to look at something.
pub(super) struct Order {
    pub(super) serial: u32,
    pub(super) shelf: Shelf,
    pub(super) name: String,
    size: Option<u64>,
    pub(super) subject: Subject,
    pub(super) guide: Option<Arc<Guide>>,
    pub(super) stop: CancellationToken,
}

impl App {
    /// Begins to look at what [`App::feed`] will bring.
    pub(super) fn examine(&self, intake: &str, name: &str, size: Option<u64>) {
        let (order, receiver) = {
            let mut state = self.state();
            let Some((shelf, subject, guide)) = state.intake(intake) else { return state.refuse_export(intake) };
            state.stop_examining(&shelf);
            state.examined += 1;
            let (sender, receiver) = mpsc::channel(WAITING);
            let (serial, stop) = (state.examined, CancellationToken::new());
            let examination = Examination { shelf: shelf.clone(), sender: Some(sender), stop: stop.clone() };
            state.examinations.insert(serial, examination);
            let name = crate::http::redact::cut(&crate::http::redact::one_line(name), 120);
            let doing = "Reading".to_owned();
            state.begin_file(&shelf, &name);
            state.shelve(&shelf, IntakeState::Reading { name: name.clone(), serial, doing, percent: size.map(|_| 0) });
            (Order { serial, shelf, name, size, subject, guide, stop }, receiver)
        };
        // What is never sent to its end must not keep a closed window's app alive.
        tokio::spawn(look_through(Arc::downgrade(&self.inner), order, receiver));
    }

    /// The next piece of what is looked at; an empty one is the end. `false`: no more is wanted.
    pub async fn feed(&self, serial: u32, piece: Vec<u8>) -> bool {
        let sender = {
            let mut state = self.state();
            let Some(examination) = state.examinations.get_mut(&serial) else { return false };
            if piece.is_empty() {
                examination.sender = None;
            }
            examination.sender.clone()
        };
        match sender {
            Some(sender) => sender.send(piece).await.is_ok(),
            None => false,
        }
    }

    /// Stops looking, and shows what was found until then; or puts away what was found.
    pub(super) fn put_away(&self, intake: &str) {
        let mut state = self.state();
        if state.put_away_groups(intake) {
            return;
        }
        let Some((shelf, ..)) = state.intake(intake) else { return };
        match state.examinations.values_mut().find(|examination| examination.shelf == shelf) {
            Some(running) => running.stop(),
            None => state.shelve(&shelf, IntakeState::Empty),
        }
    }

    /// The file cannot be read any further: half of it would say something wrong.
    pub(super) fn break_off(&self, serial: u32) {
        let mut state = self.state();
        let Some(mut examination) = state.examinations.remove(&serial) else { return };
        examination.stop();
        let name = match &examination.shelf {
            Shelf::Export(place) => state.file_name(place),
            shelf => match state.shelved(shelf) {
                Some(IntakeState::Reading { name, .. }) => name.clone(),
                _ => String::new(),
            },
        };
        let problem = unreadable(&name);
        state.announce(problem.message.clone());
        state.shelve(&examination.shelf, IntakeState::Failed { name, problem });
    }

    pub(super) fn finished(&self, serial: u32, shelf: &Shelf, state: IntakeState, ticks: &BTreeMap<String, bool>) {
        let spoken = match &state {
            IntakeState::Done { sheet, .. } => sheet.verdict.text.clone(),
            IntakeState::Failed { problem, .. } => problem.message.clone(),
            IntakeState::Empty | IntakeState::Reading { .. } => "Stopped.".into(),
        };
        {
            let mut all = self.state();
            // Replaced by another.
            if all.examinations.remove(&serial).is_none() {
                return;
            }
            all.announce(crate::template::plain(&spoken));
            all.shelve(shelf, state);
            all.tick(shelf, ticks);
        }
        self.settle();
    }

    fn tell(&self, serial: u32, shelf: &Shelf, reading: IntakeState) {
        let mut state = self.state();
        if state.examinations.contains_key(&serial) {
            state.shelve(shelf, reading);
            drop(state);
            self.inner.changed.send_modify(|revision| *revision += 1);
        }
    }

    /// The names that the target has already. That they could not be asked for is said, and no reason to stop.
    async fn people_there(&self, setup: &str, order: &Order) -> Known {
        let reading = |doing: String| IntakeState::Reading {
            name: order.name.clone(),
            serial: order.serial,
            doing,
            percent: None,
        };
        let (scim, who) = {
            let state = self.state();
            let Some(session) = state.sessions.get(setup) else { return Known::NotAsked };
            (session.value("scim").to_owned(), session.guide.target_short.clone())
        };
        let Ok(Some(token)) = self.secret(setup, "scim-token").await else { return Known::NotAsked };
        self.tell(order.serial, &order.shelf, reading(format!("Asking {who} who is there already")));
        let limits = Limits { loopback_only: self.practice(setup), ..self.inner.config.limits.clone() };
        let asked = async {
            let http = Http::with(limits)?;
            Scim::new(&http, &scim, &token, &Journal::new())?.all_users().await
        };
        tokio::select! {
            asked = tokio::time::timeout(PATIENCE, asked) => match asked {
                Ok(Ok(users)) => Known::These(Existing::of(&users)),
                Ok(Err(problem)) => Known::Unasked(crate::template::plain(&problem.message)),
                Err(_) => Known::Unasked(format!("{who} has more people than can be listed in a minute.")),
            },
            () = order.stop.cancelled() => Known::NotAsked,
        }
    }
}

impl State {
    /// Where an intake of the screen in front is shown, and what it is about.
    fn intake(&self, id: &str) -> Option<(Shelf, Subject, Option<Arc<Guide>>)> {
        if let Front::Arrived { setup, .. } = &self.front {
            let place = self.place_of_export(setup, id)?;
            let guide = self.sessions.get(setup)?.guide.clone();
            return Some((Shelf::Export(place), Subject::People, Some(guide)));
        }
        if let Front::Doctor { .. } = self.front {
            return (id == DOCTOR).then_some((Shelf::Doctor, Subject::Trouble, None));
        }
        let session = self.current()?;
        let (phase, block) = session.guide.block(id)?;
        let in_sight = session.setup.place == Place::Step && session.setup.phase == phase;
        match &block.kind {
            BlockKind::Intake(intake) if in_sight => {
                let shelf = Shelf::Block { setup: session.setup.id.clone(), block: id.to_owned() };
                Some((shelf, intake.subject, Some(session.guide.clone())))
            }
            _ => None,
        }
    }

    /// A setup that is removed takes what was handed over for it along.
    pub(super) fn stop_examining_for(&mut self, id: &str) {
        self.examinations.retain(|_, examination| match &examination.shelf {
            Shelf::Block { setup, .. } | Shelf::Export(arrived::Place { setup, .. }) if setup == id => {
                examination.stop();
                false
            }
            Shelf::Doctor | Shelf::Block { .. } | Shelf::Export(_) => true,
        });
    }

    fn shelved(&self, shelf: &Shelf) -> Option<&IntakeState> {
        match shelf {
            Shelf::Doctor => Some(&self.doctor),
            Shelf::Block { setup, block } => self.sessions.get(setup)?.intakes.get(block),
            Shelf::Export(_) => None,
        }
    }

    pub(super) fn stop_examining(&mut self, shelf: &Shelf) {
        self.examinations.retain(|_, examination| {
            let other = examination.shelf != *shelf;
            if !other {
                examination.stop();
            }
            other
        });
    }

    /// What a handed over mapping shows need not be ticked by hand.
    fn tick(&mut self, shelf: &Shelf, ticks: &BTreeMap<String, bool>) {
        if let Shelf::Block { setup, .. } = shelf
            && let Some(session) = self.sessions.get_mut(setup)
        {
            session.tick_mapping(ticks);
        }
    }

    fn shelve(&mut self, shelf: &Shelf, state: IntakeState) {
        match shelf {
            Shelf::Doctor => self.doctor = state,
            Shelf::Block { setup, block } => {
                if let Some(session) = self.sessions.get_mut(setup) {
                    session.intakes.insert(block.clone(), state);
                }
            }
            Shelf::Export(place) => self.shelve_export(place, state),
        }
    }
}

/// From the first piece to the sheet.
async fn look_through(app: Weak<Inner>, order: Order, receiver: mpsc::Receiver<Vec<u8>>) {
    if let Shelf::Export(place) = order.shelf.clone() {
        return arrived::read(app, order, place, receiver).await;
    }
    let open = || app.upgrade().map(|inner| App { inner });
    let known = match (&order.shelf, order.subject, open()) {
        (Shelf::Block { setup, .. }, Subject::People, Some(app)) => app.people_there(setup, &order).await,
        _ => Known::NotAsked,
    };
    let tell = telling(app.clone(), &order);
    let Order { serial, shelf, name, subject, guide, stop, .. } = order;
    let fed = Fed::new(receiver, stop.clone());
    let looked = spawn_blocking(move || examine::examine(subject, guide.as_deref(), fed, &known, tell)).await;
    let Some(app) = open() else { return };
    let mut ticks = BTreeMap::new();
    let state = match looked {
        Ok(Ok(found)) if stop.is_cancelled() => IntakeState::Done { name, at: app.now(), sheet: found.sheet.stopped() },
        Ok(Ok(found)) => {
            ticks = found.ticks;
            IntakeState::Done { name, at: app.now(), sheet: found.sheet }
        }
        Ok(Err(_)) if stop.is_cancelled() => IntakeState::Empty,
        Ok(Err(problem)) => IntakeState::Failed { name, problem },
        Err(_) => IntakeState::Failed { name, problem: broke_off() },
    };
    app.finished(serial, &shelf, state, &ticks);
}

/// Tells the window how far the reading is, but not too often. It is stopped where it reads, so that what was read until
/// then is looked at like all of it.
pub(super) fn telling(app: Weak<Inner>, order: &Order) -> impl FnMut(&Reading) -> ControlFlow<()> + Send + 'static {
    let Order { serial, shelf, name, size, .. } = order;
    let (serial, shelf, name, size) = (*serial, shelf.clone(), name.clone(), *size);
    let mut told: Option<Instant> = None;
    move |reading: &Reading| {
        if told.is_none_or(|at| at.elapsed() >= BETWEEN_VIEWS)
            && let Some(inner) = app.upgrade()
        {
            told = Some(Instant::now());
            let percent = size.filter(|size| *size > 0).map(|size| hundredths(reading.bytes, size));
            let doing = reading.words();
            App { inner }.tell(serial, &shelf, IntakeState::Reading { name: name.clone(), serial, doing, percent });
        }
        ControlFlow::Continue(())
    }
}

/// The pieces as one stream, for a thread that may wait.
pub(super) struct Fed {
    receiver: mpsc::Receiver<Vec<u8>>,
    piece: io::Cursor<Vec<u8>>,
    stop: CancellationToken,
}

impl Fed {
    pub(super) fn new(receiver: mpsc::Receiver<Vec<u8>>, stop: CancellationToken) -> Self {
        Self { receiver, piece: io::Cursor::default(), stop }
    }
}

impl Read for Fed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.stop.is_cancelled() {
                return Ok(0);
            }
            let read = self.piece.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            match self.receiver.blocking_recv() {
                Some(piece) => self.piece = io::Cursor::new(piece),
                None => return Ok(0),
            }
        }
    }
}

fn hundredths(done: u64, size: u64) -> u8 {
    u8::try_from((u128::from(done) * 100 / u128::from(size)).min(100)).unwrap_or(100)
}

fn unreadable(name: &str) -> Problem {
    Problem::new(Code::WrongInput, format!("{name} could not be read to its end, so nothing is said about it."))
        .hint("Is it a folder, or was the file moved or deleted meanwhile? Choose it again.")
}

pub(super) fn broke_off() -> Problem {
    Problem::new(Code::Cancelled, "Looking at this broke off because of a fault in Usher. Nothing was changed.")
        .hint("Try a smaller part of it. If it happens again, tell Usher's makers what kind of file it was.")
}
