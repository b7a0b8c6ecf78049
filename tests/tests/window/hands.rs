//! What is done in the window with the mouse, the keyboard and the clipboard, and the administrator who reads the guide
//! there and works at the practice consoles: the one of the rehearsals.

use std::collections::BTreeSet;

use serde_json::json;

use usher_cli::admin::Admin;
use usher_core::{
    Secret, View,
    recipe::Recipes,
    view::{Block, CheckState, Screen, SecretState, Step},
};
use usher_sandbox::{Addresses, Target};

use crate::{
    desktop::Desktop,
    walk::{BEFORE, PHASES},
    window::{Window, of_block},
    words::Pair,
};

/// One administrator for one connection, through however many windows.
pub(crate) struct Hands<'a> {
    desktop: &'a Desktop,
    pair: Pair<'a>,
    /// Known as soon as the first page of the practice world was opened.
    admin: Option<Admin>,
}

/// From Home to what is needed.
pub(crate) async fn choose(window: &Window, (target, idp): Pair<'_>) {
    window.screen("home").await;
    window.press("practice").await;
    window.screen("new-setup").await;
    window.click(&format!("[data-target='{target}'] input")).await;
    window.click(&format!("[data-idp='{idp}'] input")).await;
    window.press("continue").await;
    window.screen("needs").await;
}

/// The view that the page shows, from where the page has it.
pub(crate) async fn view(window: &Window) -> View {
    let ask = "const done = arguments[arguments.length - 1]; \
               window.__TAURI_INTERNALS__.invoke('view').then((view) => done(JSON.stringify(view)))";
    let text = window.run_async(ask, vec![]).await;
    serde_json::from_str(text.as_str().unwrap()).unwrap()
}

/// The step that is shown.
pub(crate) async fn step(window: &Window) -> Option<Step> {
    match view(window).await.screen {
        Screen::Step(step) => Some(step),
        _ => None,
    }
}

impl<'a> Hands<'a> {
    pub(crate) fn new(desktop: &'a Desktop, pair: Pair<'a>) -> Self {
        Self { desktop, pair, admin: None }
    }

    /// All six steps, from Home to the page of the connection. Answers with the id of the setup.
    pub(crate) async fn set_up(&mut self, window: &Window) -> String {
        choose(window, self.pair).await;
        window.press("continue").await;
        for phase in PHASES {
            window.step(phase).await;
            self.work(window, phase).await;
            window.press("continue").await;
        }
        window.screen("finish").await;
        match view(window).await.screen {
            Screen::Finish(finish) => finish.id,
            other => panic!("{other:#?}"),
        }
    }

    /// Everything on one step, top to bottom.
    pub(crate) async fn work(&mut self, window: &Window, phase: &str) {
        if let Some(admin) = &mut self.admin {
            admin.begins_step();
        }
        let mut done = BTreeSet::new();
        while let Some(block) = next(window, phase, &done).await {
            done.insert(block.id().to_owned());
            self.block(window, block).await;
        }
    }

    /// The address at which the identity provider finds the target.
    pub(crate) fn tenant_url(&self) -> String {
        let connection = self.admin.as_ref().and_then(Admin::connection);
        connection.expect("the address was copied").0.expose().to_owned()
    }

    async fn block(&mut self, window: &Window, block: Block) {
        if let Some(admin) = &mut self.admin {
            admin.comes_to(&block).await.unwrap();
        }
        match block {
            Block::Link { id, .. } => self.open(window, &id).await,
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
                let copied = self.copied(window, &id).await;
                self.admin().note(&id, Secret::new(copied));
            }
            Block::Choice { id, options, .. } => {
                if let Some(option) = self.admin().answers(&id, &options).await.unwrap() {
                    let option = format!("{} [data-option='{option}']", of_block(&id));
                    window.click(&format!("{option} input")).await;
                    window.see(&format!("{option}.chosen")).await;
                }
            }
            // A rotation knows what was typed in the setup.
            Block::Input { value, .. } if !value.is_empty() => {}
            Block::Input { id, .. } => {
                let text = self.admin().types(&id).await.unwrap();
                window.write(&id, &text).await;
                assert_eq!(window.value_of(&id).await, Some(text), "{id}");
            }
            Block::Confirm { id, done: false, .. } => {
                // What a check shows need not be confirmed.
                if self.admin().does(&id).await.unwrap() {
                    window.click(&format!("{} input", of_block(&id))).await;
                    window.see(&format!("{} label.done", of_block(&id))).await;
                }
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
            | Block::Intake(_)
            | Block::Confirm { .. }
            | Block::Check { .. } => {}
        }
    }

    /// Presses a link button; the browser of this desktop writes down what it was given.
    async fn open(&mut self, window: &Window, id: &str) {
        let before = self.desktop.opened().len();
        window.press_in(id, "open-link").await;
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

    async fn copied(&self, window: &Window, block: &str) -> String {
        self.desktop.copy_elsewhere(BEFORE);
        window.press_in(block, "copy").await;
        self.desktop.copied_after(BEFORE).await
    }
}

async fn next(window: &Window, phase: &str, done: &BTreeSet<String>) -> Option<Block> {
    let step = step(window).await.filter(|step| step.phase.id() == phase)?;
    step.blocks.into_iter().find(|block| !done.contains(block.id()))
}

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
