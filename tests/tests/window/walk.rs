//! The whole way from Home to Finish in practice, one function for each step. The admin of these tests reads what the
//! window says and does it in the consoles.

use serde_json::json;

use crate::{
    console::Console,
    desktop::Desktop,
    window::{Window, of_block},
    words::Pair,
};

/// The six, as the window names them.
pub(crate) const PHASES: [&str; 6] =
    ["role", "access-token", "scim-token", "idp-credentials", "mappings", "provisioning"];

/// The pair of this walk.
pub(crate) const PAIR: Pair<'static> = ("hpe-greenlake", "entra");

pub(crate) struct Walk<'a> {
    pub(crate) desktop: &'a Desktop,
    /// The app at the identity provider, once it is created.
    app: Option<String>,
    /// Every secret that was seen on the way.
    secrets: Vec<String>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(desktop: &'a Desktop) -> Self {
        Self { desktop, app: None, secrets: Vec::new() }
    }

    /// From Home to the first step.
    pub(crate) async fn begin(&self, window: &Window) {
        self.choose_pair(window).await;
        window.press("continue").await;
        window.screen("needs").await;
        window.press("continue").await;
        window.step(PHASES[0]).await;
    }

    pub(crate) async fn choose_pair(&self, window: &Window) {
        window.screen("home").await;
        window.press("practice").await;
        window.screen("new-setup").await;
        let (target, idp) = PAIR;
        window.click(&format!("[data-target='{target}'] input")).await;
        window.click(&format!("[data-idp='{idp}'] input")).await;
    }

    /// Does what a step asks for and leaves it as it is then.
    pub(crate) async fn work(&mut self, window: &Window, phase: &str) {
        match phase {
            "role" => self.role(window).await,
            "access-token" => self.access_token(window).await,
            "scim-token" => self.scim_token(window).await,
            "idp-credentials" => self.idp_credentials(window).await,
            "mappings" => self.mappings(window).await,
            "provisioning" => self.provisioning(window).await,
            other => panic!("there is no step {other}"),
        }
    }

    /// Neither Usher's files nor its log at the level "trace", nor anything else on the desktop, holds a secret.
    pub(crate) fn no_secret_is_in_a_file(&self) {
        assert_eq!(self.secrets.len(), 2, "both tokens were seen");
        self.desktop.no_file_holds(&self.secrets);
    }

    /// To the next step, or to the end.
    pub(crate) async fn go_on(&self, window: &Window, phase: &str) {
        window.press("continue").await;
        match PHASES.iter().skip_while(|it| **it != phase).nth(1) {
            Some(next) => window.step(next).await,
            None => window.screen("finish").await,
        }
    }

    async fn role(&self, window: &Window) {
        self.open(window, "open-portal").await.assign_role().await;
        self.tick(window, "role-assigned").await;
    }

    async fn access_token(&mut self, window: &Window) {
        let token = self.open(window, "open-flex").await.access_token().await;
        self.desktop.copy_elsewhere(&format!("Bearer {token}\n"));
        self.secrets.push(token);
        window.press_in("access-token", "paste").await;
        window.block("access-token", "filled").await;
    }

    async fn scim_token(&self, window: &Window) {
        self.run(window, "greenlake-create-token").await;
        window.block("proxy-token", "filled").await;
        self.run(window, "scim-test-connection").await;
    }

    async fn idp_credentials(&mut self, window: &Window) {
        let console = self.open(window, "open-apps").await;
        let app = console.create_app(&self.copied(window, "app-name").await).await;
        let tenant_url = self.copied(window, "tenant-url").await;
        let secret_token = self.copied(window, "secret-token").await;
        self.run(window, "test-again").await;
        let said = console.connect(&app, &tenant_url, &secret_token).await;
        let known = window.text_of(&format!("{} [data-option='success']", of_block("console-said"))).await;
        assert!(known.contains("was successful") || said.contains("authorized"), "{known} / {said}");
        let option = if said.contains("authorized") { "success-older" } else { "success" };
        let option = format!("{} [data-option='{option}']", of_block("console-said"));
        window.click(&format!("{option} input")).await;
        window.see(&format!("{option}.chosen")).await;
        self.secrets.push(secret_token);
        self.app = Some(app);
    }

    async fn mappings(&self, window: &Window) {
        let console = Console::at_the_opened_link(self.desktop);
        let app = self.app.as_deref().expect("the app was created in step 4");
        for (table, kind) in ["users", "groups"].into_iter().enumerate() {
            let delete = "return [...document.querySelectorAll('[data-block=mapping] table')[arguments[0]] \
                 .querySelectorAll('tbody tr:has(.tag.delete)')].map((row) => row.querySelector('th .mono').innerText)";
            let wanted = "return [...document.querySelectorAll('[data-block=mapping] fieldset')[arguments[0]] \
                 .querySelectorAll('label')].filter((it) => !/is off there/.test(it.innerText)).map((it) => it.querySelector('strong').innerText)";
            let delete = strings(&window.run(delete, vec![json!(table)]).await);
            let wanted = strings(&window.run(wanted, vec![json!(table)]).await);
            assert!(!wanted.is_empty(), "the window says which object actions are to be ticked");
            console.set_mapping(app, kind, &delete, &wanted).await;
        }
        let boxes =
            window.run("return document.querySelectorAll('[data-block=mapping] [data-row]').length", vec![]).await;
        for index in 0..boxes.as_u64().unwrap() {
            let next = "document.querySelectorAll('[data-block=mapping] [data-row]')[arguments[0]].click()";
            window.run(next, vec![json!(index)]).await;
        }
        window.until("all rows are ticked", ALL_TICKED).await;
        self.tick(window, "mappings-saved").await;
    }

    async fn provisioning(&self, window: &Window) {
        let console = Console::at_the_opened_link(self.desktop);
        let app = self.app.as_deref().expect("the app was created in step 4");
        console.assign(app, "GreenLake Users").await;
        window.write("sample-group", "GreenLake Users").await;
        window.write("sample-user", "zoe.oconnor-mueller@northwind.example").await;
        console.provision_on_demand(app, "u1").await;
        self.run(window, "scim-find-user").await;
        console.start(app).await;
        self.run(window, "scim-watch-arrivals").await;
    }

    pub(crate) async fn open(&self, window: &Window, link: &str) -> Console {
        let before = self.desktop.opened().len();
        window.press_in(link, "open-link").await;
        self.desktop.opened_after(before).await;
        Console::at_the_opened_link(self.desktop)
    }

    pub(crate) async fn tick(&self, window: &Window, block: &str) {
        let ticked = window.see(&format!("{} input", of_block(block))).await.is_selected().await.unwrap();
        if !ticked {
            window.click(&format!("{} input", of_block(block))).await;
        }
        // By what the view says: a box shows its tick before Usher has taken it.
        window.see(&format!("{} label.done", of_block(block))).await;
    }

    pub(crate) async fn run(&self, window: &Window, check: &str) {
        window.press_in(check, "run").await;
        window.block(check, "passed").await;
    }

    /// Presses Copy and reads the clipboard as another program does.
    pub(crate) async fn copied(&self, window: &Window, block: &str) -> String {
        self.desktop.copy_elsewhere(BEFORE);
        window.press_in(block, "copy").await;
        self.desktop.copied_after(BEFORE).await
    }
}

/// What is on the clipboard before something is copied.
pub(crate) const BEFORE: &str = "something else";

/// All rows, as the view counts them.
const ALL_TICKED: &str =
    "const it = document.querySelector('[data-block=mapping] progress'); return it.value === it.max";

fn strings(value: &serde_json::Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|it| it.as_str()).map(str::to_owned).collect()
}
