//! Every pair with a guide from Home to Finish, each at its own practice consoles, with a look at every step. The
//! administrator is the rehearsal's: it reads the guide as the window holds it and works at the consoles; what is to be
//! done in the window is done with the mouse, the keyboard and the clipboard.

use std::collections::BTreeSet;

use serde_json::json;

use usher_core::{
    Secret, View,
    recipe::Recipes,
    view::{Block, CheckState, Screen, SecretState},
};
use usher_sandbox::Addresses;

use crate::{
    admin::Admin,
    axe::Violations,
    desktop::{Desktop, Scheme},
    picture,
    program::Program,
    walk::PHASES,
    window::{Window, of_block},
};

#[tokio::test]
async fn aws_identity_center_with_entra() {
    rehearse("aws-identity-center", "entra", Scheme::Light).await;
}

#[tokio::test]
async fn aws_identity_center_with_okta() {
    rehearse("aws-identity-center", "okta", Scheme::Dark).await;
}

#[tokio::test]
async fn azion_with_entra() {
    rehearse("azion", "entra", Scheme::Light).await;
}

#[tokio::test]
async fn a_plain_service_with_entra() {
    rehearse("generic-scim", "entra", Scheme::Dark).await;
}

#[tokio::test]
async fn a_plain_service_with_okta() {
    rehearse("generic-scim", "okta", Scheme::Light).await;
}

#[tokio::test]
async fn hpe_greenlake_with_okta() {
    rehearse("hpe-greenlake", "okta", Scheme::Dark).await;
}

/// The pair that is walked in `journey`.
const ELSEWHERE: (&str, &str) = ("hpe-greenlake", "entra");

#[test]
fn no_pair_is_left_out() {
    let here = include_str!("pairs.rs");
    for (target, idp) in Recipes::builtin().unwrap().pairs() {
        let walked = here.contains(&format!("rehearse(\"{target}\", \"{idp}\""));
        assert!(walked || (target.as_str(), idp.as_str()) == ELSEWHERE, "{target} × {idp} is not walked in the window");
    }
}

async fn rehearse(target: &str, idp: &str, scheme: Scheme) {
    let desktop = Desktop::start(scheme);
    let usher = Program::start(&desktop).await;
    let window = &usher.window;
    let mut violations = Violations::default();
    let mut look = async |name: &str| {
        picture::look(window, scheme, &format!("{target}-{idp}-{name}"), &mut violations).await;
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

    let mut hands = Hands { window, desktop: &desktop, idp: idp.to_owned(), admin: None };
    for (index, phase) in PHASES.into_iter().enumerate() {
        window.step(phase).await;
        hands.no_foreign_words(target, idp).await;
        hands.work(phase).await;
        look(&format!("step-{}", index + 1)).await;
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
    violations.must_be_none();
}

/// What is done in the window, and the administrator who reads it.
struct Hands<'a> {
    window: &'a Window,
    desktop: &'a Desktop,
    idp: String,
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
        let address = loop {
            match self.desktop.opened().get(before) {
                Some(address) => break address.clone(),
                None => tokio::task::yield_now().await,
            }
        };
        if self.admin.is_none() {
            self.admin = Some(Admin::new(&addresses(&address), &self.idp).unwrap());
        }
        self.admin().opens(&address).await.unwrap();
    }

    /// Each guide opens a page of the practice world before it asks for anything.
    fn admin(&mut self) -> &mut Admin {
        self.admin.as_mut().expect("the guide has led to a console")
    }

    async fn copied(&self, block: &str) -> String {
        self.desktop.copy_elsewhere("something else");
        self.window.press_in(block, "copy").await;
        loop {
            let text = self.desktop.clipboard();
            if text != "something else" {
                return text;
            }
        }
    }

    /// A guide for these two speaks of no other system.
    async fn no_foreign_words(&self, target: &str, idp: &str) {
        let text = self.window.run(WORDS, vec![]).await.as_str().unwrap().to_lowercase();
        let said: BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
        let words = [
            ("hpe-greenlake", ["greenlake", "hpe", "flex"]),
            ("aws-identity-center", ["aws", "amazon", "awsapps"]),
            ("azion", ["azion", "rtm", "teams"]),
            ("entra", ["entra", "microsoft", "quarantine"]),
            ("okta", ["okta", "push", "oin"]),
        ];
        for (system, words) in words {
            if system != target && system != idp {
                let found: Vec<&str> = words.into_iter().filter(|word| said.contains(word)).collect();
                assert!(found.is_empty(), "{target} × {idp} speaks of {found:?}:\n{text}");
            }
        }
        // Nothing is empty, and no button breaks its words over two lines.
        let faults = self.window.run(FAULTS, vec![]).await;
        assert_eq!(faults, json!([]), "{target} × {idp}");
    }
}

/// All words of the page but those that the practice world itself offers to choose from.
const WORDS: &str = "const page = document.body.cloneNode(true); \
    page.querySelectorAll('[data-option], script, style').forEach((it) => it.remove()); \
    const texts = document.createTreeWalker(page, NodeFilter.SHOW_TEXT); const all = []; \
    while (texts.nextNode()) all.push(texts.currentNode.data); return all.join(' ')";
const TYPED: &str = "return document.querySelector(arguments[0] + ' input').value";
const TICK: &str = "document.querySelectorAll('[data-block=mapping] [data-row]')[arguments[0]].click()";
const ALL_TICKED: &str =
    "const it = document.querySelector('[data-block=mapping] progress'); return it.value === it.max";
const FAULTS: &str = "\
    const shown = (it) => it.checkVisibility() && it.closest('details:not([open]) > :not(summary)') === null; \
    const lines = (it) => { const texts = document.createTreeWalker(it, NodeFilter.SHOW_TEXT); const tops = []; \
        while (texts.nextNode()) { const range = document.createRange(); range.selectNodeContents(texts.currentNode); \
            for (const r of range.getClientRects()) if (r.width > 2 && !tops.some((top) => Math.abs(top - r.top) < 10)) tops.push(r.top); } \
        return tops.length; }; \
    const empty = [...document.querySelectorAll('main h1, main h2, main h3, main h4, main li, main label')] \
        .filter((it) => shown(it) && it.textContent.trim() === ''); \
    const wrapped = [...document.querySelectorAll('button:not([data-go], [data-do=open-source])')].filter((it) => shown(it) && lines(it) > 1); \
    return [...empty.map((it) => 'empty: ' + it.outerHTML.slice(0, 120)), ...wrapped.map((it) => 'wrapped: ' + it.innerText)]";

/// Everything of one practice world is at one origin.
fn addresses(address: &str) -> Addresses {
    let origin: String = address.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    let portal = address.strip_prefix(&origin).and_then(|path| path.split('/').nth(1)).unwrap_or_default();
    let target = match portal {
        "greenlake" => usher_sandbox::Target::HpeGreenlake,
        "aws" => usher_sandbox::Target::AwsIdentityCenter,
        "azion" => usher_sandbox::Target::Azion,
        _ => usher_sandbox::Target::Generic,
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
