//! The canary test: a walk in the practice world with everything logged, then a search for the bytes of every secret in
//! the log, in the files and in every view, plain and in the forms in which text leaks.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE},
};
use tracing_subscriber::fmt::MakeWriter;
use usher_core::{
    Action, App, Phase, Secret, View,
    app::{PracticeRequest, World},
    recipe::{Purpose, Recipes},
    view::{Block, MappingTable, Screen},
};
use usher_sandbox::{Options, Sandbox, Target};

use crate::{
    about,
    support::{
        look,
        stage::{CREATE, Home, ROTATE, TEST, run, to_step_2, until},
        tools::client,
        walk::Walk,
    },
};

/// A log that is kept in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("nobody panics while holding it")).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panics while holding it").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// A secret as it stands, percent-encoded, escaped as JSON, and in base64 at each of the three offsets.
fn forms(secret: &str) -> Vec<String> {
    let percent =
        |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    let mut forms = vec![secret.to_owned(), secret.bytes().map(percent).collect()];
    forms.push(serde_json::to_string(secret).expect("text is JSON").trim_matches('"').to_owned());
    for shift in 0..3 {
        let shifted = [&vec![b'x'; shift][..], secret.as_bytes()].concat();
        for engine in [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE] {
            // Without the characters at both ends, which depend on the neighbours.
            let encoded = engine.encode(&shifted);
            let length = encoded.len();
            forms.push(encoded[4..length - 4].to_owned());
        }
    }
    // A part is a leak as well.
    if secret.len() >= 64 {
        forms.extend([secret[..32].to_owned(), secret[secret.len() - 32..].to_owned()]);
    }
    forms
}

/// Where the secret stands.
fn found(secret: &str, places: &[(String, String)]) -> Vec<String> {
    let forms = forms(secret);
    let leaks = |text: &str| forms.iter().any(|form| text.contains(form.as_str()));
    places.iter().filter(|(_, text)| leaks(text)).map(|(place, _)| place.clone()).collect()
}

/// Every file below a folder, as text.
fn files(folder: &Path, all: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, all);
        } else {
            let text = String::from_utf8_lossy(&fs::read(&path).expect("it can be read")).into_owned();
            all.push((path.display().to_string(), format!("{} {text}", path.display())));
        }
    }
}

/// Remembers every view.
struct Watched {
    app: App,
    views: Vec<(String, String)>,
}

impl Watched {
    fn see(&mut self, view: &View) {
        let text = serde_json::to_string(view).expect("a view is data");
        self.views.push((format!("view {}", view.revision), format!("{text} {view:?}")));
    }

    async fn act(&mut self, action: Action) -> View {
        let view = self.app.act(action).await;
        self.see(&view);
        view
    }

    async fn run(&mut self, block: &str) -> View {
        let view = run(&self.app, block).await;
        self.see(&view);
        view
    }
}

/// The practice world that an app starts, once it has, and the file that it keeps its state in.
type Started = Arc<Mutex<Option<(Sandbox, PathBuf)>>>;

/// A practice world whose tokens exist already, so that creating meets a conflict and rotating issues.
fn open(home: &Home, target: Target) -> (App, Started) {
    let world = Started::default();
    let kept = world.clone();
    let app = home.open_with(Default::default(), |config| {
        config.practice = Some(Arc::new(move |request: PracticeRequest| {
            let kept = kept.clone();
            Box::pin(async move {
                let (seed, state_file) = (Some(request.seed), request.state_file);
                let options = Options {
                    target,
                    seed,
                    state_file: Some(state_file.clone()),
                    prepared: true,
                    ..Options::default()
                };
                let sandbox = Sandbox::start(options).await.expect("it starts");
                let addresses = sandbox.addresses().places();
                *kept.lock().expect("nobody panics while holding it") = Some((sandbox, state_file));
                Ok(World { addresses, guard: Box::new(()) })
            })
        }));
    });
    (app, world)
}

#[tokio::test]
async fn no_secret_is_in_the_log_the_files_or_a_view() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    let _listening = tracing::subscriber::set_default(subscriber);
    let home = Home::new();
    let (app, world) = open(&home, Target::HpeGreenlake);
    let mut watched = Watched { app, views: Vec::new() };
    to_step_2(&watched.app).await;
    let access = {
        let world = world.lock().expect("nobody panics while holding it");
        world.as_ref().expect("it was started").0.personal_access_token().expect("this target has one")
    };
    // By mistake into a field that is saved as text, then where it belongs.
    watched.act(Action::Type { block: "sample-user".into(), value: access.clone() }).await;
    watched
        .act(Action::FillSecret { block: "access-token".into(), secret: Secret::new(format!("Bearer {access}")) })
        .await;
    watched.act(Action::Continue).await;
    until(&watched.app, "step 3", |view| look::step(view).phase == Phase::ScimToken).await;
    let view = watched.run(CREATE).await;
    assert!(look::check_or_none(&view, ROTATE).is_some(), "{:?}", look::check(&view, CREATE));
    let view = watched.run(ROTATE).await;
    // It stands for creating, and has no line of its own once it has passed.
    look::proof(&view, CREATE);
    let view = watched.run(TEST).await;
    look::proof(&view, TEST);
    let scim = home.holds("scim-token").expect("it was issued");
    let seed = home.holds("practice-seed").expect("there is one");
    let base = watched.app.copyable("tenant-url").await.expect("it is for copying").value;
    finish(&mut watched, base.expose(), &scim).await;
    let revealed = watched.app.reveal("proxy-token").await.expect("it can be shown");
    watched.act(Action::Home).await;
    let mut places = watched.views;
    places.push(("log".into(), log.text()));
    files(home.folder.path(), &mut places);

    // The search can find: each secret in each form, and a value that is everywhere.
    for secret in [&access, &scim, &seed] {
        for form in forms(secret) {
            assert_eq!(found(secret, &[("here".into(), format!("…{form}…"))]), ["here"]);
        }
        let inside = STANDARD.encode(format!("Authorization: Bearer {secret} and so on"));
        assert_eq!(found(secret, &[("here".into(), inside)]), ["here"]);
    }
    assert_eq!(found(&scim, &[("reveal".into(), revealed.expose().to_owned())]), ["reveal"]);
    let common = found("hpe-greenlake-entra", &places);
    assert!(common.iter().any(|place| place.ends_with(".json")), "the files were read: {common:?}");
    assert!(log.text().contains("/v1alpha1/proxytoken"), "the log was listened to");
    assert!(places.iter().any(|(place, text)| place.starts_with("view") && text.contains(&scim[scim.len() - 4..])));
    assert!(places.iter().any(|(place, text)| place.ends_with(".md") && text.contains("ada@example.com")));
    assert!(places.len() > 20, "{} places", places.len());

    for (name, secret) in [("access token", &access), ("SCIM token", &scim), ("seed", &seed)] {
        assert_eq!(found(secret, &places), Vec::<String>::new(), "the {name} leaked");
    }
}

/// Steps 4 to 6. What the identity provider would send is sent here: the consoles' own walk is the rehearsal's.
async fn finish(watched: &mut Watched, scim: &str, token: &str) {
    watched.act(Action::Continue).await;
    watched.run("test-again").await;
    watched.act(Action::Choose { block: "console-said".into(), option: "success".into() }).await;
    let view = watched.act(Action::Continue).await;
    assert_eq!(look::step(&view).phase, Phase::Mappings);
    for block in &look::step(&view).blocks {
        if let Block::Mapping { id, tables, .. } = block {
            let rows = |table: &MappingTable| {
                let actions = table.actions.iter().map(|action| action.id.clone());
                table.rows.iter().map(|row| row.id.clone()).chain(actions).collect::<Vec<_>>()
            };
            for row in tables.iter().flat_map(rows) {
                watched.app.act(Action::Tick { block: id.clone(), row, done: true }).await;
            }
        }
    }
    watched.act(Action::Tick { block: "mappings-saved".into(), row: String::new(), done: true }).await;
    watched.act(Action::Continue).await;
    watched.act(Action::Type { block: "sample-group".into(), value: "SCIM pilot".into() }).await;
    watched.act(Action::Type { block: "sample-user".into(), value: "ada@example.com".into() }).await;
    let problem = look::problem(&watched.run("scim-find-user").await, "scim-find-user").clone();
    assert!(problem.message.contains("ada@example.com"), "{problem}");
    // While an error is open that names somebody.
    let told = diagnostics(watched).await;
    assert!(told.contains("not_arrived (not-assigned), hpe-greenlake from entra, less than a day ago"), "{told}");
    names_nobody(&told, scim);
    let id = arrive(
        scim,
        token,
        "Users",
        serde_json::json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "ada@example.com",
            "displayName": "Ada Lovelace",
            "name": { "givenName": "Ada", "familyName": "Lovelace" },
        }),
    )
    .await;
    arrive(
        scim,
        token,
        "Groups",
        serde_json::json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "displayName": "SCIM pilot",
            "externalId": "4711",
            "members": [{ "value": id }],
        }),
    )
    .await;
    watched.act(Action::Continue).await;
    let end = until(&watched.app, "the end", |view| matches!(view.screen, Screen::Finish(_))).await;
    watched.see(&end);
    watched.act(Action::SaveRunbook).await;
}

/// What is told to whoever helps; the setup is open again afterwards.
async fn diagnostics(watched: &mut Watched) -> String {
    let view = about::opened(&watched.app).await;
    watched.see(&view);
    let told = watched.app.copyable("diagnostics").await.expect("it is shown").value.expose().to_owned();
    let view = watched.act(Action::Back).await;
    let Screen::Home(home) = view.screen else { panic!("not Home but {:#?}", view.screen) };
    watched.act(Action::OpenSetup { setup: home.setups[0].id.clone() }).await;
    told
}

/// No person, no group, no address, and nothing of a path but what every computer has.
fn names_nobody(told: &str, address: &str) {
    let host = reqwest::Url::parse(address).expect("it is an address").authority().to_owned();
    let folder = std::env::temp_dir().display().to_string();
    let port = host.rsplit(':').next().unwrap_or_default().to_owned();
    for name in ["ada@", "lovelace", "example.com", "scim pilot", "127.0.0.1", "://", &host, &port, &folder] {
        assert!(!told.to_lowercase().contains(name), "{name} is in\n{told}");
    }
}

async fn arrive(base: &str, token: &str, path: &str, body: serde_json::Value) -> String {
    let request = client().post(format!("{base}/{path}")).bearer_auth(token);
    let request = request.header("content-type", "application/scim+json").body(body.to_string());
    let answer = request.send().await.expect("the sandbox answers");
    let text = answer.text().await.expect("it has a body");
    let created: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    created["id"].as_str().unwrap_or_else(|| panic!("refused: {text}")).to_owned()
}

/// Every pair, walked in a practice world of its own.
#[tokio::test]
async fn no_pair_lets_a_secret_out() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    let _listening = tracing::subscriber::set_default(subscriber);
    let recipes = Recipes::builtin().expect("the recipes hold");
    let pairs = recipes.pairs();
    assert!(pairs.len() >= 6, "{pairs:?}");
    for (target, idp) in pairs {
        let guide = recipes.guide(&target, &idp, Purpose::Setup, None, &BTreeMap::new()).expect("there is one");
        let plays = recipes.practice(&target).expect("it can be practised").parse().expect("the sandbox plays it");
        let home = Home::new();
        let before = log.text().len();
        let (app, world) = open(&home, plays);
        app.act(Action::NewSetup { practice: true }).await;
        app.act(Action::ChooseTarget { target: target.clone() }).await;
        app.act(Action::ChooseIdp { idp: idp.clone() }).await;
        app.act(Action::Continue).await;
        app.act(Action::Continue).await;
        let (world, state_file) = world.lock().expect("nobody panics while holding it").take().expect("it was started");
        let mut places = Vec::new();
        // A short-lived one is forgotten on the way.
        let mut secrets: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut see = |view: &View| {
            let text = serde_json::to_string(view).expect("a view is data");
            places.push((format!("view {}", view.revision), format!("{text} {view:?}")));
            for slot in guide.slots.keys().map(String::as_str).chain(["practice-seed"]) {
                secrets.entry(slot.to_owned()).or_default().extend(home.holds(slot));
            }
        };
        Walk::new(&app, &world, &mut see).go().await;
        app.act(Action::SaveRunbook).await;
        let view = about::opened(&app).await;
        see(&view);
        let told = app.copyable("diagnostics").await.expect("it is shown").value;
        assert!(told.expose().contains(&format!("1 × {target} from {idp}, practice: well")), "{}", told.expose());
        names_nobody(told.expose(), &world.addresses().scim_base_url);
        drop(app);
        let said = log.text().split_off(before);
        let path = world.addresses().scim_base_url.replace(&world.addresses().api_base_url, "");
        assert!(path.len() > 5 && said.contains(&path), "{target} × {idp}: the log was listened to for {path}");
        places.push(("log".into(), said));
        files(home.folder.path(), &mut places);

        let state = state_file.display().to_string();
        assert!(places.iter().any(|(place, text)| *place == state && text.contains("\"version\"")), "{state} was read");
        let scim = home.holds("scim-token").expect("it was entered or issued");
        let last_four = &scim[scim.len() - 4..];
        assert!(places.iter().any(|(place, text)| place.starts_with("view") && text.contains(last_four)), "{target}");
        assert!(places.iter().any(|(place, _)| place.ends_with(".md")), "{target} × {idp} has a runbook");
        for (slot, held) in secrets {
            assert!(!held.is_empty(), "{target} × {idp} had no {slot}");
            for secret in held {
                assert_eq!(found(&secret, &[("here".into(), format!("…{secret}…"))]), ["here"]);
                assert_eq!(found(&secret, &places), Vec::<String>::new(), "{slot} of {target} × {idp} leaked");
            }
        }
    }
}
