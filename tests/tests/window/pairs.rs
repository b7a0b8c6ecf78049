//! Every pair with a guide from Home to Finish, each at its own practice consoles, with a look at every step. The
//! administrator is the rehearsal's: it reads the guide as the window holds it and works at the consoles; what is to be
//! done in the window is done with the mouse, the keyboard and the clipboard.

use std::collections::BTreeSet;

use serde_json::json;

use usher_cli::admin::Admin;
use usher_core::{
    Secret, View,
    recipe::Recipes,
    view::{Block, CheckState, Screen, SecretState},
};
use usher_sandbox::{Addresses, Target};

use crate::{
    desktop::{Desktop, Scheme},
    picture::{self, Findings},
    program::Program,
    walk::{BEFORE, PHASES},
    window::{Window, of_block},
    words::Pair,
};

/// One test for each row, and the table of all rows.
macro_rules! pairs {
    ($($name:ident: $target:literal with $idp:literal, $scheme:ident;)+) => {
        const PAIRS: &[Pair<'static>] = &[$(($target, $idp)),+];
        $(
            #[tokio::test]
            async fn $name() {
                rehearse(($target, $idp), Scheme::$scheme).await;
            }
        )+
    };
}

pairs! {
    aws_identity_center_with_entra: "aws-identity-center" with "entra", Light;
    aws_identity_center_with_okta: "aws-identity-center" with "okta", Dark;
    azion_with_entra: "azion" with "entra", Light;
    a_plain_service_with_entra: "generic-scim" with "entra", Dark;
    a_plain_service_with_okta: "generic-scim" with "okta", Light;
    hpe_greenlake_with_entra: "hpe-greenlake" with "entra", Light;
    hpe_greenlake_with_okta: "hpe-greenlake" with "okta", Dark;
}

#[test]
fn no_pair_is_left_out() {
    let walked: BTreeSet<(String, String)> =
        PAIRS.iter().map(|(target, idp)| ((*target).to_owned(), (*idp).to_owned())).collect();
    assert_eq!(walked, Recipes::builtin().unwrap().pairs().into_iter().collect());
}

async fn rehearse(pair: Pair<'_>, scheme: Scheme) {
    let (target, idp) = pair;
    let desktop = Desktop::start(scheme);
    let usher = Program::start(&desktop).await;
    let window = &usher.window;
    let mut found = Findings::default();
    let mut look = async |name: &str| {
        picture::look(window, scheme, &format!("{target}-{idp}-{name}"), Some(pair), &mut found).await;
    };
    window.screen("home").await;
    window.press("practice").await;
    window.screen("new-setup").await;
    window.click(&format!("[data-target='{target}'] input")).await;
    window.click(&format!("[data-idp='{idp}'] input")).await;
    window.press("continue").await;
    window.screen("needs").await;
    look("needs").await;
    window.press("continue").await;

    let mut hands = Hands { window, desktop: &desktop, pair, admin: None };
    for (index, phase) in PHASES.into_iter().enumerate() {
        window.step(phase).await;
        look(&format!("step-{}", index + 1)).await;
        hands.work(phase).await;
        look(&format!("step-{}-done", index + 1)).await;
        window.press("continue").await;
        match PHASES.get(index + 1) {
            Some(next) => window.step(next).await,
            None => window.screen("finish").await,
        }
    }
    look("finish").await;
    window.press("home").await;
    window.see("[data-setup]").await;
    usher.close().await;
    found.must_be_none();
}

/// What is done in the window, and the administrator who reads it.
struct Hands<'a> {
    window: &'a Window,
    desktop: &'a Desktop,
    pair: Pair<'a>,
    /// Known as soon as the first page of the practice world was opened.
    admin: Option<Admin>,
}

impl Hands<'_> {
    async fn work(&mut self, phase: &str) {
        if let Some(admin) = &mut self.admin {
            admin.begins_step();
        }
        let mut done = BTreeSet::new();
        while let Some(block) = self.next(phase, &done).await {
            done.insert(block.id().to_owned());
            self.block(block).await;
        }
    }

    /// The view that the page shows, from where the page has it.
    async fn view(&self) -> View {
        let ask = "const done = arguments[arguments.length - 1]; \
                   window.__TAURI_INTERNALS__.invoke('view').then((view) => done(JSON.stringify(view)))";
        let text = self.window.run_async(ask, vec![]).await;
        serde_json::from_str(text.as_str().unwrap()).unwrap()
    }

    async fn next(&self, phase: &str, done: &BTreeSet<String>) -> Option<Block> {
        match self.view().await.screen {
            Screen::Step(step) if step.phase.id() == phase => {
                step.blocks.into_iter().find(|block| !done.contains(block.id()))
            }
            _ => None,
        }
    }

    async fn block(&mut self, block: Block) {
        let window = self.window;
        if let Some(admin) = &mut self.admin {
            admin.comes_to(&block).await.unwrap();
        }
        match block {
            Block::Link { id, .. } => self.open(&id).await,
            Block::Secret { state: SecretState::Filled { .. }, fillable: true, .. } => {}
            Block::Secret { id, fillable: true, offer: Some(_), .. } => {
                window.press_in(&id, "use-secret").await;
                window.block(&id, "filled").await;
            }
            Block::Secret { id, fillable: true, .. } => {
                let secret = self.admin().secret(&id).await.unwrap();
                self.desktop.copy_elsewhere(secret.expose());
                window.press_in(&id, "paste").await;
                window.block(&id, "filled").await;
            }
            Block::Copy { id, .. } | Block::Secret { id, .. } => {
                let copied = self.copied(&id).await;
                self.admin().note(&id, Secret::new(copied));
            }
            Block::Choice { id, options, .. } => {
                if let Some(option) = self.admin().answers(&id, &options).await.unwrap() {
                    let option = format!("{} [data-option='{option}']", of_block(&id));
                    window.click(&format!("{option} input")).await;
                    window.see(&format!("{option}.chosen")).await;
                }
            }
            Block::Input { id, .. } => {
                let text = self.admin().types(&id).await.unwrap();
                window.write(&id, &text).await;
                let shown = window.run(TYPED, vec![json!(of_block(&id))]).await;
                assert_eq!(shown.as_str(), Some(text.as_str()), "{id}");
            }
            Block::Confirm { id, done: false, .. } => {
                self.admin().does(&id).await.unwrap();
                window.click(&format!("{} input", of_block(&id))).await;
                window.see(&format!("{} label.done", of_block(&id))).await;
            }
            Block::Mapping { id, tables, .. } => {
                let rows = self.admin().maps(&tables).await.unwrap();
                assert!(!rows.is_empty(), "{id}");
                for index in 0..rows.len() {
                    window.run(TICK, vec![json!(index)]).await;
                }
                window.until("all rows are ticked", ALL_TICKED).await;
            }
            Block::Check { id, state: CheckState::Waiting, .. } => {
                window.press_in(&id, "run").await;
                window.block(&id, "passed").await;
            }
            Block::Heading { .. }
            | Block::Text { .. }
            | Block::Note { .. }
            | Block::Confirm { .. }
            | Block::Check { .. } => {}
        }
    }

    /// Presses a link button; the browser of this desktop writes down what it was given.
    async fn open(&mut self, id: &str) {
        let before = self.desktop.opened().len();
        self.window.press_in(id, "open-link").await;
        let address = self.desktop.opened_after(before).await;
        if self.admin.is_none() {
            self.admin = Some(Admin::new(&addresses(&address, self.pair.0), self.pair.1).unwrap());
        }
        self.admin().opens(&address).await.unwrap();
    }

    /// Each guide opens a page of the practice world before it asks for anything.
    fn admin(&mut self) -> &mut Admin {
        self.admin.as_mut().expect("the guide has led to a console")
    }

    async fn copied(&self, block: &str) -> String {
        self.desktop.copy_elsewhere(BEFORE);
        self.window.press_in(block, "copy").await;
        self.desktop.copied_after(BEFORE).await
    }
}

const TYPED: &str = "return document.querySelector(arguments[0] + ' input').value";
const TICK: &str = "document.querySelectorAll('[data-block=mapping] [data-row]')[arguments[0]].click()";
const ALL_TICKED: &str =
    "const it = document.querySelector('[data-block=mapping] progress'); return it.value === it.max";

/// Everything of one practice world is at one origin, that of any of its pages.
fn addresses(page: &str, target: &str) -> Addresses {
    let origin: String = page.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    let practised = Recipes::builtin().unwrap().practice(target).expect("the target can be practised").parse();
    let target: Target = practised.expect("the practice world has this target");
    let portal = match target {
        Target::HpeGreenlake => "greenlake",
        Target::AwsIdentityCenter => "aws",
        Target::Azion => "azion",
        Target::Generic => "service",
    };
    Addresses {
        target,
        api_base_url: origin.clone(),
        personal_access_token: None,
        scim_base_url: String::new(),
        scim_token: None,
        entra_url: format!("{origin}/entra/"),
        okta_url: format!("{origin}/okta/"),
        portal_url: format!("{origin}/{portal}/"),
        control_url: String::new(),
    }
}
