//! The ledger on Home, and `usher-cli status` where there is a keyring: what is urgent stands first, every endpoint can
//! be asked at once, and what came of it is said once.

use std::{
    fs,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, watch},
    task::JoinHandle,
};
use usher_core::{
    Action, App, Code, Phase, Problem, Secret, View,
    app::Notification,
    setup::{Checked, Place, Setup, SlotFacts},
    status::{self, Question, State},
    vault::{MemoryVault, Vault},
    view::{CheckAll, Home as HomeScreen, Progress, Screen, SetupCard, Tone, Toned},
};

use crate::support::{
    stage::{Home, at, limits, until},
    target::{Asked, Reply, Target, json, nobody},
};

const NOW: &str = "2027-01-10T12:00:00Z";
const TOKEN: &str = "wiki-AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJ3f9c";

/// A clock that a test moves.
#[derive(Clone)]
pub(crate) struct Clock(Arc<Mutex<Timestamp>>);

impl Clock {
    pub(crate) fn at(now: &str) -> Self {
        Self(Arc::new(Mutex::new(at(now))))
    }

    pub(crate) fn set(&self, now: &str) {
        *self.0.lock().expect("nobody panics while holding it") = at(now);
    }

    fn set_before(&self, end: Timestamp, hours: i64) {
        *self.0.lock().expect("nobody panics while holding it") = end - SignedDuration::from_hours(hours);
    }

    pub(crate) fn for_app(&self) -> usher_core::app::Clock {
        let now = self.0.clone();
        Arc::new(move || *now.lock().expect("nobody panics while holding it"))
    }
}

/// What is known of a token.
pub(crate) fn facts(token: &str, entered_at: Timestamp, expires_at: Option<Timestamp>) -> SlotFacts {
    let last_four = Secret::new(token).last_four();
    SlotFacts { last_four, entered_at, expires_at, end_entered: false, saved: true, about: Vec::new() }
}

/// A finished connection with a service at this address.
pub(crate) fn connection(id: &str, scim: &str, facts: SlotFacts) -> Setup {
    let mut setup = Setup::new(id.into(), "generic-scim".into(), "entra".into(), false, facts.entered_at);
    setup.place = Place::Finish;
    setup.phase = Phase::Provisioning;
    setup.reached.extend(Phase::ALL);
    setup.finished_at = Some(facts.entered_at);
    setup.learned = [("service", "Wiki"), ("scim", scim)].map(|(name, value)| (name.into(), value.into())).into();
    setup.slots.insert("scim-token".into(), facts);
    setup
}

/// Into the data folder, where no window has it open.
pub(crate) fn save(home: &Home, setup: &Setup) {
    fs::create_dir_all(home.data_dir()).expect("there is room");
    let text = serde_json::to_string_pretty(setup).expect("a setup is data");
    fs::write(home.data_dir().join(format!("{}.json", setup.id)), text).expect("there is room");
}

/// A window on connections that were made before.
struct Ledger {
    home: Home,
    clock: Clock,
    app: App,
}

impl Ledger {
    fn open(setups: &[Setup]) -> Self {
        let (home, clock) = (Home::new(), Clock::at(NOW));
        for setup in setups {
            save(&home, setup);
            let key = format!("{}/scim-token", setup.id);
            home.vault.put(&key, &Secret::new(TOKEN)).expect("it is not locked");
        }
        let app = open(&home, &clock);
        Self { home, clock, app }
    }

    /// Closed and opened again.
    fn reopen(self) -> Self {
        let Self { home, clock, app } = self;
        drop(app);
        let app = open(&home, &clock);
        Self { home, clock, app }
    }

    /// One connection of each name at a target.
    fn at(target: &Target, names: &[&str]) -> Self {
        let setup = |id: &&str| connection(id, &format!("{}/{id}", target.address), token(Some(300)));
        Self::open(&names.iter().map(setup).collect::<Vec<_>>())
    }

    async fn check(&self) -> View {
        self.app.act(Action::CheckAll).await;
        until(&self.app, "the end of the check", |view| check(view).is_some_and(|check| check.running.is_none())).await
    }

    async fn history(&self, setup: &str) -> Vec<String> {
        let view = self.app.act(Action::OpenSetup { setup: setup.into() }).await;
        self.app.act(Action::Home).await;
        match view.screen {
            Screen::Finish(finish) => finish.history.into_iter().map(|line| line.text).collect(),
            other => panic!("not the last page but {other:#?}"),
        }
    }

    /// What the system notifies of now.
    fn notify(&self) -> Vec<Notification> {
        let due = self.app.notifications();
        due.iter().for_each(|notification| self.app.notified(notification));
        due
    }

    async fn set_end(&self, day: &str) -> View {
        self.app.act(Action::SetEnd { setup: "a".into(), day: day.into() }).await
    }
}

fn open(home: &Home, clock: &Clock) -> App {
    let now = clock.for_app();
    home.open_with([].into(), |config| config.now = now)
}

/// The token in use since a month, with so many days left.
fn token(days: Option<i64>) -> SlotFacts {
    let in_days = |days: i64| at(NOW) + SignedDuration::from_hours(24 * days);
    facts(TOKEN, in_days(-31), days.map(in_days))
}

fn shown(view: &View) -> &HomeScreen {
    match &view.screen {
        Screen::Home(home) => home,
        other => panic!("not Home but {other:#?}"),
    }
}

fn card<'a>(view: &'a View, id: &str) -> &'a SetupCard {
    let found = shown(view).setups.iter().find(|card| card.id == id);
    found.unwrap_or_else(|| panic!("there is no {id} in {:#?}", shown(view).setups))
}

fn order(view: &View) -> Vec<&str> {
    shown(view).setups.iter().map(|card| card.id.as_str()).collect()
}

fn check(view: &View) -> Option<&CheckAll> {
    shown(view).check.as_ref()
}

fn progress(view: &View) -> Option<(u32, u32)> {
    check(view)?.running.map(|Progress { done, total }| (done, total))
}

fn result(view: &View) -> Option<(&str, Tone)> {
    check(view)?.result.as_ref().map(|Toned { text, tone }| (text.as_str(), *tone))
}

fn refusal() -> Reply {
    let body = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"401","detail":"The token was deleted."}"#;
    json(401, body)
}

#[tokio::test]
async fn what_is_urgent_stands_first() {
    let nowhere = |id: &str, days| connection(id, "http://127.0.0.1:9/scim", token(days));
    let practice = Setup { practice: true, ..nowhere("0-practice-that-has-ended", Some(-30)) };
    let unfinished = Setup { finished_at: None, place: Place::Step, ..nowhere("c-unfinished", None) };
    let mut refused = nowhere("f-refused", Some(200));
    let problem = Some(Problem::new(Code::Unauthorized, "It does not accept the token."));
    refused.checked = Some(Checked { at: at(NOW), worked_at: None, problem });
    let ledger = Ledger::open(&[
        practice,
        nowhere("a-far", Some(300)),
        nowhere("a-further", Some(301)),
        nowhere("b-unknown", None),
        unfinished,
        nowhere("d-soon", Some(10)),
        nowhere("e-rotating", Some(150)),
        refused,
        nowhere("g-ended", Some(-3)),
    ]);
    ledger.app.act(Action::Rotate { setup: "e-rotating".into() }).await;
    let view = ledger.app.act(Action::Home).await;
    let expected = [
        "g-ended",
        "f-refused",
        "e-rotating",
        "d-soon",
        "c-unfinished",
        "b-unknown",
        "a-far",
        "a-further",
        "0-practice-that-has-ended",
    ];
    assert_eq!(order(&view), expected);
    let tone = |id| card(&view, id).token.tone;
    assert_eq!(["g-ended", "d-soon", "a-far"].map(tone), [Tone::Bad, Tone::Warn, Tone::Neutral]);
    assert_eq!(card(&view, "d-soon").token.text, "Token ending in 3f9c: 10 days left");
    assert_eq!(card(&view, "b-unknown").age.as_deref(), Some("in use for 31 days"));
    assert!(card(&view, "e-rotating").status.starts_with("Rotation: step 1 of "), "{:#?}", card(&view, "e-rotating"));
    // Time alone moves a connection up.
    ledger.clock.set("2027-11-01T12:00:00Z");
    assert_eq!(order(&ledger.app.view())[0], "g-ended");
    assert_eq!(order(&ledger.app.view())[6..8], ["c-unfinished", "b-unknown"], "{:#?}", order(&ledger.app.view()));
}

#[tokio::test]
async fn without_a_token_there_is_nothing_to_check() {
    let ledger = Ledger::open(&[]);
    assert_eq!(check(&ledger.app.view()), None);
    let mut begun = connection("begun", "http://127.0.0.1:9/scim", token(None));
    begun.slots.clear();
    let unfinished =
        Setup { finished_at: None, place: Place::Step, ..connection("x", "http://127.0.0.1:9/scim", token(None)) };
    let ledger = Ledger::open(&[begun, unfinished]);
    let view = ledger.app.act(Action::CheckAll).await;
    assert_eq!(check(&view), None);
    assert_eq!(card(&view, "begun").token.text, "No token yet");
}

#[tokio::test]
async fn all_are_asked_and_how_far_it_is_can_be_seen() {
    let (gate, open) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
    let (held, opened) = (gate.clone(), open.clone());
    let target = Target::start(move |asked: &Asked| match asked.path.as_str() {
        path if path.starts_with("/held/") && !opened.load(Ordering::SeqCst) => {
            Reply::Gated(held.clone(), Box::new(nobody()))
        }
        path if path.starts_with("/refused/") => refusal(),
        _ => nobody(),
    });
    let target = target.await;
    let ledger = Ledger::at(&target, &["held", "one", "two", "refused"]);
    assert_eq!(result(&ledger.app.view()), None);
    assert_eq!(progress(&ledger.app.act(Action::CheckAll).await), Some((0, 4)));
    let view = until(&ledger.app, "three answers", |view| progress(view) == Some((3, 4))).await;
    let checking = |id| card(&view, id).checking;
    assert_eq!(["held", "one", "two", "refused"].map(checking), [true, false, false, false]);
    assert_eq!(order(&view)[0], "refused", "what was learnt already counts");
    // Pressing it again changes nothing.
    assert_eq!(progress(&ledger.app.act(Action::CheckAll).await), Some((3, 4)));

    open.store(true, Ordering::SeqCst);
    gate.notify_one();
    let view = until(&ledger.app, "the end", |view| progress(view).is_none()).await;
    assert_eq!(result(&view), Some(("1 of 4 connections were not confirmed.", Tone::Bad)));
    assert_eq!(view.announcement.as_ref().map(|said| said.text.as_str()), result(&view).map(|(text, _)| text));
    assert!(shown(&view).setups.iter().all(|card| !card.checking));
    assert_eq!(card(&view, "one").health.as_ref().map(|health| health.tone), Some(Tone::Neutral));
    assert!(target.tokens().iter().all(|token| token == TOKEN));
    assert!(target.asked().iter().all(|asked| asked.starts_with("GET ")), "it only reads");
}

#[tokio::test]
async fn when_all_answer_as_they_should_that_is_said_too() {
    let target = Target::start(|_| nobody()).await;
    assert_eq!(result(&Ledger::at(&target, &["a"]).check().await), Some(("The connection works.", Tone::Good)));
    let ledger = Ledger::at(&target, &["a", "b"]);
    assert_eq!(result(&ledger.check().await), Some(("All 2 connections work.", Tone::Good)));
    let ledger = ledger.reopen();
    let view = ledger.app.view();
    assert_eq!(result(&view), None, "of the last window");
    let health = card(&view, "a").health.as_ref().expect("it was checked");
    assert!(health.text.starts_with("last proven today, "), "{health:?}");
}

#[tokio::test]
async fn stopped_in_the_middle_it_keeps_what_it_has() {
    let target = Target::start(|asked: &Asked| match asked.path.as_str() {
        path if path.starts_with("/silent/") => Reply::Silence,
        path if path.starts_with("/refused/") => refusal(),
        _ => nobody(),
    });
    let target = target.await;
    let ledger = Ledger::at(&target, &["silent", "refused", "well"]);
    ledger.app.act(Action::CheckAll).await;
    until(&ledger.app, "two answers", |view| progress(view) == Some((2, 3))).await;
    let view = ledger.app.act(Action::StopCheckAll).await;
    assert_eq!(progress(&view), None);
    assert_eq!(result(&view), Some(("Stopped after 2 of 3.", Tone::Neutral)));
    assert_eq!(view.announcement.as_ref().map(|said| said.text.as_str()), Some("Stopped."));
    assert!(shown(&view).setups.iter().all(|card| !card.checking));
    assert!(card(&view, "refused").problem.is_some(), "what was learnt stays");
    assert_eq!(card(&view, "silent").problem, None, "who did not answer in time for that is not blamed");
    assert_eq!(ledger.history("silent").await, [""; 0]);
    // And it can be begun anew.
    assert_eq!(progress(&ledger.app.act(Action::CheckAll).await), Some((0, 3)));
    ledger.app.act(Action::StopCheckAll).await;
}

#[tokio::test]
async fn a_refused_token_shows_its_cause_and_stands_in_the_history_once() {
    let refuses = Arc::new(AtomicBool::new(true));
    let asked = refuses.clone();
    let target = Target::start(move |_| if asked.load(Ordering::SeqCst) { refusal() } else { nobody() }).await;
    let ledger = Ledger::at(&target, &["a"]);
    for _ in 0..3 {
        let view = ledger.check().await;
        assert_eq!(result(&view), Some(("The connection was not confirmed.", Tone::Bad)));
        let card = card(&view, "a");
        let problem = card.problem.as_ref().expect("the cause");
        assert_eq!(problem.code, Code::Unauthorized, "{problem}");
        assert!(problem.message.contains("127.0.0.1"), "who refused: {problem}");
        assert!(problem.hints.iter().all(|hint| hint.go.is_none()), "{problem:#?}");
        assert!(problem.hints.iter().any(|hint| hint.text.contains("**Rotate token**")), "{problem:#?}");
        let health = card.health.as_ref().expect("it was checked");
        assert!(health.text.starts_with("not confirmed today, ") && health.tone == Tone::Bad, "{health:?}");
        assert_eq!(card.rotate.as_deref(), Some("Rotate token"));
    }
    let history = ledger.history("a").await;
    assert_eq!(history.len(), 1, "{history:#?}");
    assert!(history[0].starts_with("The token ending in 3f9c was not confirmed. "), "{history:#?}");
    // It is still known in the next window, which does not say it again either.
    let ledger = ledger.reopen();
    assert!(card(&ledger.app.view(), "a").problem.is_some());
    ledger.check().await;
    assert_eq!(ledger.history("a").await.len(), 1);

    refuses.store(false, Ordering::SeqCst);
    for _ in 0..2 {
        assert_eq!(card(&ledger.check().await, "a").problem, None);
    }
    let history = ledger.history("a").await;
    assert_eq!((history.len(), history[0].as_str()), (2, "The endpoint accepts the token ending in 3f9c again."));
    refuses.store(true, Ordering::SeqCst);
    assert!(card(&ledger.check().await, "a").problem.is_some());
    assert_eq!(ledger.history("a").await.len(), 3);
}

#[tokio::test]
async fn a_token_that_left_the_keyring_and_a_locked_keyring_are_told_apart_from_a_refusal() {
    let target = Target::start(|_| nobody()).await;
    let ledger = Ledger::at(&target, &["a"]);
    ledger.home.vault.lock(true);
    let view = ledger.check().await;
    assert!(card(&view, "a").problem.as_ref().is_some_and(|problem| problem.message.contains("locked")), "{view:#?}");
    ledger.home.vault.lock(false);
    ledger.home.vault.remove("a/scim-token").expect("it is not locked");
    let view = ledger.check().await;
    assert!(card(&view, "a").problem.as_ref().is_some_and(|problem| problem.code == Code::Vault), "{view:#?}");
    assert_eq!(target.asked(), [""; 0]);
}

fn end_value(view: &View) -> &str {
    &card(view, "a").end.as_ref().expect("it can be entered").value
}

#[tokio::test]
async fn the_end_can_be_entered_corrected_and_taken_back() {
    let ledger = Ledger::open(&[connection("a", "http://127.0.0.1:9/scim", token(None))]);
    let view = ledger.app.view();
    assert_eq!((end_value(&view), card(&view, "a").token.text.as_str()), ("", "Token ending in 3f9c: end not known"));
    let view = ledger.set_end(" 2027-02-01 ").await;
    assert_eq!(end_value(&view), "2027-02-01");
    assert!(card(&view, "a").token.text.ends_with("days left"), "{:?}", card(&view, "a").token);
    assert_eq!(card(&view, "a").token.tone, Tone::Warn);
    let said = view.announcement.as_ref().expect("it is said").text.clone();
    assert_eq!(said, "Saved: the token ends on 1 February 2027.");
    let known = ledger.app.status(SignedDuration::from_hours(24 * 30));
    assert_eq!(known[0].state, State::Ending);

    for (day, words) in [
        ("tomorrow", "not a day"),
        ("2027-02-30", "not a day"),
        ("01.02.2027", "not a day"),
        ("2026-12-01", "before the token was entered"),
        ("2048-01-01", "twenty years"),
    ] {
        let view = ledger.set_end(day).await;
        let field = card(&view, "a").end.as_ref().expect("it can be entered");
        let problem = field.problem.as_ref().unwrap_or_else(|| panic!("{day} was taken"));
        assert_eq!((field.value.as_str(), problem.code), (day, Code::WrongInput), "what was typed stays");
        assert!(problem.message.contains(words), "{day}: {problem}");
        assert_eq!(view.announcement.as_ref().map(|said| &said.text), Some(&problem.message));
        assert_eq!(ledger.app.status(SignedDuration::ZERO)[0].ends_at, known[0].ends_at, "{day} changed nothing");
    }
    let ledger = ledger.reopen();
    assert_eq!(end_value(&ledger.app.view()), "2027-02-01", "what was wrong is not kept");
    ledger.set_end("tomorrow").await;
    let view = ledger.set_end("2027-03-01").await;
    assert_eq!(card(&view, "a").end.as_ref().and_then(|field| field.problem.clone()), None);
    let view = ledger.set_end("").await;
    assert_eq!((end_value(&view), card(&view, "a").token.text.as_str()), ("", "Token ending in 3f9c: end not known"));
    let history = ledger.history("a").await;
    assert_eq!(history.len(), 3, "{history:#?}");
    assert!(history[0].contains("is not known") && history[2].contains("1 February 2027"), "{history:#?}");
}

#[tokio::test]
async fn an_end_that_the_token_itself_says_is_not_overwritten() {
    let ledger = Ledger::open(&[connection("a", "http://127.0.0.1:9/scim", token(Some(300)))]);
    let before = ledger.app.view();
    assert_eq!(card(&before, "a").end, None, "no field to enter it");
    for day in ["2030-01-01", "", "tomorrow"] {
        let view = ledger.set_end(day).await;
        assert_eq!(card(&view, "a"), card(&before, "a"), "{day:?}");
        assert_eq!(view.announcement, before.announcement, "{day:?}");
    }
    assert_eq!(ledger.app.status(SignedDuration::ZERO)[0].ends_at, token(Some(300)).expires_at);
    assert_eq!(ledger.history("a").await, [""; 0]);
}

#[tokio::test]
async fn each_threshold_is_notified_of_once_and_practice_never() {
    let nowhere = |id: &str, days| connection(id, "http://127.0.0.1:9/scim", token(days));
    let practice = Setup { practice: true, ..nowhere("practice", Some(100)) };
    let mut ledger = Ledger::open(&[practice, nowhere("real", Some(100)), nowhere("unknown", None)]);
    let end = token(Some(100)).expires_at.expect("it is known");
    for (hours, words) in [
        (24 * 100, None),
        (24 * 90 + 1, None),
        (24 * 90, Some("90 days")),
        (24 * 90, None),
        (24 * 61, None),
        (24 * 60, Some("60 days")),
        // The machine was off for a month: one notification, not two.
        (24 * 20, Some("20 days")),
        (24 * 15, None),
        (24 * 14, Some("14 days")),
        (24 * 7, Some("7 days")),
        (24, Some("24 hours")),
        (23, None),
        (0, Some("ended just now")),
        (-24 * 5, None),
    ] {
        ledger.clock.set_before(end, hours);
        let said = ledger.notify();
        assert_eq!(said.len(), usize::from(words.is_some()), "{hours} hours before: {said:#?}");
        for (notification, words) in said.iter().zip(words) {
            assert_eq!(notification.title, "Token for Wiki ← Microsoft Entra ID");
            assert!(notification.body.contains(words), "{words}: {notification:#?}");
        }
        assert_eq!(ledger.notify(), [], "{hours} hours before, asked again");
        // Nor does the next window say it again.
        ledger = ledger.reopen();
        assert_eq!(ledger.notify(), [], "{hours} hours before, in another window");
    }
}

#[tokio::test]
async fn another_end_is_notified_of_anew() {
    let ledger = Ledger::open(&[connection("a", "http://127.0.0.1:9/scim", token(None))]);
    assert_eq!(ledger.notify(), []);
    ledger.set_end("2027-01-20").await;
    // Until it was shown, it is due.
    assert_eq!((ledger.app.notifications().len(), ledger.app.notifications().len()), (1, 1));
    assert_eq!(ledger.notify().len(), 1);
    assert_eq!(ledger.notify(), []);
    ledger.set_end("2027-01-21").await;
    assert_eq!(ledger.notify().len(), 1);
    ledger.set_end("2027-12-01").await;
    assert_eq!(ledger.notify(), []);
}

/// A server that counts how many wait for it, and lets them wait until there were enough at once.
struct Crowd {
    address: String,
    peak: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Crowd {
    async fn of(enough: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        let (waiting, peak) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let highest = peak.clone();
        let task = tokio::spawn(async move {
            let full = watch::Sender::new(false);
            while let Ok((stream, _)) = listener.accept().await {
                let (waiting, highest, full) = (waiting.clone(), highest.clone(), full.clone());
                tokio::spawn(async move { wait(stream, enough, &waiting, &highest, &full).await });
            }
        });
        Self { address, peak, task }
    }

    fn peak(&self) -> usize {
        self.peak.load(Ordering::SeqCst)
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn wait(
    mut stream: TcpStream,
    enough: usize,
    waiting: &AtomicUsize,
    highest: &AtomicUsize,
    full: &watch::Sender<bool>,
) {
    let mut chunk = [0; 4_096];
    // A request without a body comes in one piece here.
    if !matches!(stream.read(&mut chunk).await, Ok(length) if length > 0) {
        return;
    }
    let count = waiting.fetch_add(1, Ordering::SeqCst) + 1;
    highest.fetch_max(count, Ordering::SeqCst);
    if count >= enough {
        full.send_replace(true);
    }
    // Then for a moment, so that those who do not wait for their turn have time to come.
    if full.subscribe().wait_for(|full| *full).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    waiting.fetch_sub(1, Ordering::SeqCst);
    let Reply::Whole(_, _, body) = nobody() else { return };
    let length = body.len();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
    // A client that has hung up is no matter here.
    let _ = stream.write_all(format!("{head}content-length: {length}\r\n\r\n{body}").as_bytes()).await;
    let _ = stream.shutdown().await;
}

const MANY: usize = 40;

fn many(crowd: &Crowd) -> Vec<Setup> {
    let one = |number| connection(&format!("a-{number}"), &format!("{}/scim", crowd.address), token(Some(300)));
    (0..MANY).map(one).collect()
}

#[tokio::test]
async fn status_asks_several_at_a_time_and_never_more_than_sixteen() {
    let crowd = Crowd::of(5).await;
    let (home, vault) = (Home::new(), Arc::new(MemoryVault::default()));
    for setup in many(&crowd) {
        save(&home, &setup);
        vault.put(&format!("{}/scim-token", setup.id), &Secret::new(TOKEN)).expect("memory does not refuse");
    }
    let question = Question { within: SignedDuration::from_hours(24), ask: Some(limits()), now: at(NOW) };
    let lines = status::read(&home.data_dir(), vault, &question).await.expect("the recipes are whole");
    assert_eq!(lines.len(), MANY);
    assert!(lines.iter().all(|line| line.state == State::Well), "{lines:#?}");
    assert!((5..=16).contains(&crowd.peak()), "{} at once", crowd.peak());
}

#[tokio::test]
async fn home_asks_several_at_a_time_and_never_more_than_eight() {
    let crowd = Crowd::of(5).await;
    let ledger = Ledger::open(&many(&crowd));
    assert_eq!(result(&ledger.check().await), Some(("All 40 connections work.", Tone::Good)));
    assert!((5..=8).contains(&crowd.peak()), "{} at once", crowd.peak());
}

/// A keyring in which these cannot be read, and that counts how often it is asked.
#[derive(Default)]
struct Refusing {
    held: MemoryVault,
    only: Option<&'static str>,
    asked: AtomicUsize,
}

impl Vault for Refusing {
    fn put(&self, key: &str, secret: &Secret) -> Result<(), Problem> {
        self.held.put(key, secret)
    }

    fn get(&self, key: &str) -> Result<Option<Secret>, Problem> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        match self.only {
            Some(only) if only != key => self.held.get(key),
            _ => Err(Problem::new(Code::Vault, "Your system's keyring is locked.")),
        }
    }

    fn remove(&self, key: &str) -> Result<(), Problem> {
        self.held.remove(key)
    }
}

async fn status_with(vault: Refusing) -> (Vec<status::Line>, usize) {
    let target = Target::start(|_| nobody()).await;
    let (home, vault) = (Home::new(), Arc::new(vault));
    for number in 0..9 {
        let id = format!("a-{number}");
        save(&home, &connection(&id, &target.address, token(Some(300))));
        vault.put(&format!("{id}/scim-token"), &Secret::new(TOKEN)).expect("memory does not refuse");
    }
    let question = Question { within: SignedDuration::from_hours(24), ask: Some(limits()), now: at(NOW) };
    let lines = status::read(&home.data_dir(), vault.clone(), &question).await.expect("the recipes are whole");
    assert_eq!(lines.len(), 9);
    (lines, vault.asked.load(Ordering::SeqCst))
}

/// Each question may open a window that asks for the password.
#[tokio::test]
async fn a_locked_keyring_is_not_asked_for_every_connection() {
    let (lines, asked) = status_with(Refusing::default()).await;
    assert!((1..=2).contains(&asked), "asked {asked} times");
    for line in &lines {
        assert!(line.attention && line.state == State::NoToken && line.code == Some(Code::Vault), "{line:#?}");
        assert_eq!(line.message, "Your system's keyring is locked. The token ends in 300 days.");
    }
}

#[tokio::test]
async fn one_damaged_token_does_not_hide_the_others() {
    let (lines, asked) = status_with(Refusing { only: Some("a-3/scim-token"), ..Refusing::default() }).await;
    assert_eq!(asked, 9);
    for line in &lines {
        assert_eq!(line.state, if line.setup == "a-3" { State::NoToken } else { State::Well }, "{line:#?}");
    }
}

#[cfg(target_os = "linux")]
mod keyring {
    //! `usher-cli status` with a real keyring, which runs on a message bus of its own for this test.

    use std::{net::TcpListener, process::Command};

    use usher_core::vault::KeyringVault;
    use usher_sandbox::{Options, Sandbox, Target};

    use super::{
        Arc, Duration, Home, Secret, SignedDuration, TOKEN, Timestamp, Vault as _, connection, facts, fs, save,
    };
    use crate::support::tools::{built, client};

    const INSIDE: &str = "USHER_TEST_KEYRING";
    const NEEDED: &str = "dbus-run-session and gnome-keyring-daemon are needed: `make test` installs them";

    /// Begins itself again there.
    #[tokio::test(flavor = "multi_thread")]
    async fn what_the_endpoint_says_decides() {
        if std::env::var_os(INSIDE).is_some() {
            return ask_all().await;
        }
        let folder = tempfile::Builder::new().prefix("usher-keyring-").tempdir().expect("there is room");
        let script = "printf 'of this test' | gnome-keyring-daemon --unlock --components=secrets >/dev/null \
                      && exec \"$1\" --exact ledger::keyring::what_the_endpoint_says_decides";
        let mut command = Command::new("dbus-run-session");
        command.args(["--", "sh", "-c", script, "sh"]);
        command.arg(std::env::current_exe().expect("a running program has a place")).env(INSIDE, "1");
        for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"] {
            let inside = folder.path().join(name.to_lowercase());
            fs::create_dir(&inside).expect("there is room");
            command.env(name, inside);
        }
        let output = tokio::task::spawn_blocking(move || command.output()).await.expect("it ends").expect(NEEDED);
        let said = String::from_utf8_lossy(&output.stdout);
        let ended_well = output.status.success() && said.contains("1 passed");
        assert!(ended_well, "{said}{}\n{NEEDED}", String::from_utf8_lossy(&output.stderr));
    }

    struct Computer {
        home: Home,
        vault: KeyringVault,
    }

    impl Computer {
        /// A connection whose token ends in 300 days, as far as this computer knows.
        fn connect(&self, id: &str, scim: &str, token: Option<&str>) {
            let (now, days) = (Timestamp::now(), |days: i64| SignedDuration::from_hours(24 * days + 6));
            let facts = facts(token.unwrap_or(TOKEN), now - days(60), Some(now + days(300)));
            save(&self.home, &connection(id, scim, facts));
            if let Some(token) = token {
                self.vault.put(&format!("{id}/scim-token"), &Secret::new(token)).expect("the keyring takes it");
            }
        }

        fn remove(&self, id: &str) {
            fs::remove_file(self.home.data_dir().join(format!("{id}.json"))).expect("it was there");
        }

        /// Exit code, output, and that nothing secret is in it.
        async fn status(self: &Arc<Self>, arguments: &'static [&'static str]) -> (Option<i32>, String) {
            let mut command = Command::new(built("usher-cli"));
            command.args(["status", "--timeout", "5"]).args(arguments).env("USHER_DATA_DIR", self.home.data_dir());
            let output = tokio::task::spawn_blocking(move || command.output()).await.expect("it ends");
            let output = output.expect("the program starts");
            let said = String::from_utf8(output.stdout).expect("it is UTF-8");
            assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{said}");
            (output.status.code(), said)
        }
    }

    /// One line: its mark and state, and what must stand in it.
    fn assert_line(said: &str, start: &str, words: &[&str]) {
        let found = said.lines().find(|line| line.starts_with(start) && words.iter().all(|word| line.contains(word)));
        assert!(found.is_some(), "{start} {words:?} in {said}");
    }

    async fn service(target: Target) -> (Sandbox, String, String) {
        let world = Sandbox::start(Options { target, prepared: true, ..Options::default() }).await.expect("it starts");
        let token = world.addresses().scim_token.clone().expect("a prepared world has one");
        let scim = world.addresses().scim_base_url.clone();
        (world, scim, token)
    }

    async fn ask_all() {
        let computer = Arc::new(Computer { home: Home::new(), vault: KeyringVault::new(KeyringVault::SERVICE) });
        let (wiki, scim, token) = service(Target::Generic).await;
        computer.connect("wiki", &scim, Some(&token));
        let (code, said) = computer.status(&[]).await;
        assert_eq!(code, Some(0), "{said}");
        assert_line(&said, "ok         well ", &["…", "The token ends in 300 days."]);
        assert!(!said.contains(&token), "{said}");

        // Nobody is there; and one whose token is not in the keyring.
        let port = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("it is bound").port();
        computer.connect("gone", &format!("http://127.0.0.1:{port}/scim"), Some(&token));
        computer.connect("lost", &scim, None);
        let (code, said) = computer.status(&[]).await;
        assert_eq!((code, said.lines().count()), (Some(1), 3), "{said}");
        assert_line(&said, "attention  unreachable ", &[&port.to_string(), "The token ends in 300 days."]);
        assert_line(&said, "attention  no-token ", &["not in this system's keyring"]);
        assert_line(&said, "ok         well ", &[]);
        computer.remove("gone");
        computer.remove("lost");

        // This computer believes in 300 days, the other side's clock says otherwise.
        let (aws, scim, token) = service(Target::AwsIdentityCenter).await;
        computer.connect("aws", &scim, Some(&token));
        assert_eq!(computer.status(&[]).await.0, Some(0));
        aws.advance(Duration::from_secs(366 * 24 * 60 * 60));
        let (code, said) = computer.status(&[]).await;
        assert_eq!((code, said.lines().count()), (Some(1), 2), "{said}");
        assert_line(&said, "attention  refused ", &["127.0.0.1", "The token ends in 300 days."]);
        let (_, said) = computer.status(&["--json"]).await;
        assert!(said.contains(r#""state":"refused""#) && said.contains(r#""code":"unauthorized""#), "{said}");
        assert_eq!(computer.status(&["--offline"]).await.0, Some(0), "nobody is asked then");
        computer.remove("aws");

        let portal = wiki.addresses().portal_url.trim_end_matches('/').to_owned();
        let deleted = client().post(format!("{portal}/tokens/1/delete")).send().await.expect("the sandbox answers");
        assert!(deleted.status().is_success() || deleted.status().is_redirection(), "{deleted:?}");
        let (code, said) = computer.status(&[]).await;
        assert_eq!((code, said.lines().count()), (Some(1), 1), "{said}");
        assert_line(&said, "attention  refused ", &["127.0.0.1"]);
    }
}
