//! A rotation in another process, with the administrator at the practice consoles: walked, and killed where a test wants
//! it.

use std::{collections::BTreeMap, path::Path, time::Duration};

use serde_json::{Value, json};
use tempfile::TempDir;
use usher_cli::admin::Admin;
use usher_core::{
    Phase, Problem, Secret, View,
    view::{Block, CheckState, Screen, SecretState, Step},
};
use usher_sandbox::{Options, Sandbox, Target};

use super::{
    remote::{self, Files, Remote},
    tools::client,
};

/// When the process is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kill {
    /// After every action, when its end is shown.
    After,
    /// So many milliseconds after an action was sent, whatever came of it.
    During(u64),
}

pub(crate) struct Rotation {
    pub(crate) folder: TempDir,
    world: Sandbox,
    addresses: BTreeMap<String, String>,
    admin: Admin,
    pub(crate) usher: Remote,
    pub(crate) setup: String,
    /// What the administrator was asked once; somebody who comes back does not do it twice.
    pub(crate) memory: BTreeMap<String, Value>,
    kill: Option<Kill>,
    /// How many were completed.
    rotations: usize,
    /// Phase and action of every kill.
    pub(crate) killed: Vec<(Phase, String)>,
}

impl Rotation {
    /// A finished setup of this target with Entra.
    pub(crate) async fn of(target: &str, plays: Target) -> Self {
        let folder = tempfile::tempdir().expect("there is room");
        let world = Sandbox::start(Options { target: plays, ..Options::default() }).await.expect("it starts");
        let addresses = world.addresses().places();
        let admin = Admin::new(world.addresses(), "entra").expect("there is one");
        let usher = Remote::start(folder.path(), &addresses, TEST);
        let (memory, killed) = (BTreeMap::new(), Vec::new());
        let mut rotation = Self {
            folder,
            world,
            addresses,
            admin,
            usher,
            setup: String::new(),
            memory,
            kill: None,
            rotations: 0,
            killed,
        };
        for action in [
            json!({ "type": "new-setup", "practice": true }),
            json!({ "type": "choose-target", "target": target }),
            json!({ "type": "choose-idp", "idp": "entra" }),
            json!({ "type": "continue" }),
            json!({ "type": "continue" }),
        ] {
            rotation.usher.act(&action).await;
        }
        rotation.walk().await;
        let Screen::Finish(finish) = rotation.usher.view().await.screen else { panic!("it is finished") };
        rotation.setup = finish.id;
        rotation.memory.clear();
        rotation
    }

    pub(crate) fn vault(&self) -> Files {
        remote::vault(self.folder.path())
    }

    /// Begins, and goes on until this step is shown.
    pub(crate) async fn until(&mut self, phase: Phase) {
        self.memory.clear();
        self.usher.act(&json!({ "type": "rotate", "setup": self.setup })).await;
        while shown(&self.usher.view().await, phase).is_none() {
            let Screen::Step(step) = self.usher.view().await.screen else { panic!("there is no step {phase:?}") };
            self.admin.begins_step();
            self.step(step.phase).await;
        }
        self.admin.begins_step();
    }

    /// Does what one block asks for.
    pub(crate) async fn deal_with(&mut self, id: &str) {
        let view = self.usher.view().await;
        let Screen::Step(step) = &view.screen else { panic!("a step is shown") };
        let block = step.blocks.iter().find(|block| block.id() == id).expect("it is there").clone();
        self.memory.insert(id.to_owned(), json!(true));
        self.admin.comes_to(&block).await.expect("the administrator knows what to do");
        let action = self.deed(&block).await.expect("there is something to do");
        self.act(step.phase, &action).await;
    }

    /// Presses Stop; what a notice says about it.
    pub(crate) async fn stop(&mut self) -> Option<Problem> {
        let view = self.usher.act(&json!({ "type": "cancel-rotation" })).await;
        view.notices.into_iter().find(|notice| notice.id == "rotation").map(|notice| notice.problem)
    }

    /// Whether a rotation is shown.
    pub(crate) async fn goes_on(&mut self) -> bool {
        matches!(self.usher.view().await.screen, Screen::Step(step) if step.rotation.is_some())
    }

    /// No token stands in a file of the data folder, in the log or in a view.
    async fn nothing_leaks(&mut self) {
        let mut texts: Vec<String> = vec![json!(self.usher.view().await).to_string()];
        let files = std::fs::read_dir(self.folder.path().join("data")).expect("it is there").flatten();
        texts.extend(files.filter_map(|file| std::fs::read_to_string(file.path()).ok()));
        let log = std::fs::read(remote::log(self.folder.path())).expect("it is written");
        assert!(log.len() > 1_000, "the search can find");
        texts.push(String::from_utf8_lossy(&log).into_owned());
        let vault = self.vault();
        let secrets = vault.keys().into_iter().filter(|key| key.ends_with("token")).filter_map(|key| vault.holds(&key));
        for secret in secrets {
            assert!(texts.iter().all(|text| !text.contains(&secret)), "a token stands where none may stand");
        }
    }

    /// To the end of what is open, step by step.
    pub(crate) async fn walk(&mut self) {
        loop {
            let view = self.usher.view().await;
            let Screen::Step(step) = &view.screen else { return };
            let phase = step.phase;
            self.admin.begins_step();
            self.step(phase).await;
        }
    }

    /// Every block of a step, then Continue. A kill begins the step anew, with what is done already.
    async fn step(&mut self, phase: Phase) {
        while !self.step_once(phase).await {}
    }

    /// `false` if Continue was killed.
    async fn step_once(&mut self, phase: Phase) -> bool {
        let mut done = Vec::new();
        loop {
            let view = self.usher.view().await;
            let Some(step) = shown(&view, phase) else { return true };
            let Some(block) = step.blocks.iter().find(|block| !done.contains(&block.id().to_owned())).cloned() else {
                break;
            };
            done.push(block.id().to_owned());
            // What was deleted cannot be deleted again.
            if block.id() != OLD_TOKEN || self.memory.insert(OLD_TOKEN.to_owned(), json!(true)).is_none() {
                self.admin.comes_to(&block).await.expect("the administrator knows what to do");
            }
            if let Some(action) = self.deed(&block).await
                && self.act(phase, &action).await
            {
                done.clear();
            }
        }
        if self.act(phase, &json!({ "type": "continue" })).await {
            return false;
        }
        let turned = async {
            while let Some(step) = shown(&self.usher.view().await, phase) {
                let failed = step.blocks.iter().find_map(failure);
                assert!(failed.is_none(), "{phase:?}: {failed:?}");
                assert!(
                    step.forward.enabled || step.forward.missing.as_deref() == Some("A check is running."),
                    "{step:#?}"
                );
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), turned).await.expect("it goes on");
        true
    }

    /// What there is to do at a block, if it is not done yet.
    async fn deed(&mut self, block: &Block) -> Option<Value> {
        let id = block.id().to_owned();
        match block {
            Block::Secret { fillable: true, offer, state: SecretState::Empty, .. } => Some(match offer {
                Some(_) => json!({ "type": "use-secret", "block": id }),
                None => {
                    let secret = match self.memory.get(&id) {
                        Some(known) => known.clone(),
                        None => json!(self.admin.secret(&id).await.expect("a console shows it").expose()),
                    };
                    self.memory.insert(id.clone(), secret.clone());
                    json!({ "type": "fill-secret", "block": id, "secret": secret })
                }
            }),
            Block::Copy { .. } | Block::Secret { fillable: false, .. } => {
                let value = self.usher.copy(&id).await?;
                self.admin.note(&id, Secret::new(value));
                None
            }
            Block::Choice { options, .. } if !options.iter().any(|option| option.chosen) => {
                if !self.memory.contains_key(&id) {
                    let answer = self.admin.answers(&id, options).await.expect("the console says something")?;
                    self.memory.insert(id.clone(), json!(answer));
                }
                Some(json!({ "type": "choose", "block": id, "option": self.memory[&id] }))
            }
            Block::Input { value, .. } if value.is_empty() => {
                let value = self.admin.types(&id).await.expect("the console shows it");
                Some(json!({ "type": "type", "block": id, "value": value }))
            }
            Block::Confirm { done: false, .. } => {
                if !self.memory.contains_key(&id) {
                    let done = self.admin.does(&id).await.expect("it can be done");
                    self.memory.insert(id.clone(), json!(done));
                }
                (self.memory[&id] == true).then(|| json!({ "type": "tick", "block": id, "row": "", "done": true }))
            }
            Block::Mapping { tables, .. } => {
                for row in self.admin.maps(tables).await.expect("the console has these rows") {
                    self.usher.act(&json!({ "type": "tick", "block": id, "row": row, "done": true })).await;
                }
                None
            }
            Block::Check { enabled: true, state: CheckState::Waiting, .. } => {
                Some(json!({ "type": "run", "block": id }))
            }
            _ => None,
        }
    }

    /// Does it; `true` if the process was killed.
    async fn act(&mut self, phase: Phase, action: &Value) -> bool {
        let name = action["block"].as_str().or(action["type"].as_str()).unwrap_or_default().to_owned();
        // Each once, or nothing would ever be done.
        let kill = self.kill.filter(|_| !self.killed.contains(&(phase, name.clone())));
        match kill {
            None => {
                self.usher.act(action).await;
                self.quiet().await;
                return false;
            }
            Some(Kill::After) => {
                self.usher.act(action).await;
                self.quiet().await;
            }
            Some(Kill::During(wait)) => {
                self.usher.send(&json!({ "act": action })).await;
                tokio::time::sleep(Duration::from_millis(wait)).await;
            }
        }
        let before = self.kept(phase);
        self.restart().await;
        self.nothing_is_lost(&before).await;
        self.nothing_leaks().await;
        self.killed.push((phase, name));
        true
    }

    /// Waits until no check runs.
    async fn quiet(&mut self) {
        let running = |view: &View| match &view.screen {
            Screen::Step(step) => {
                step.blocks.iter().any(|block| matches!(block, Block::Check { state: CheckState::Running { .. }, .. }))
            }
            _ => false,
        };
        while running(&self.usher.view().await) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Which step must be open again at least, and the tokens in the vault.
    fn kept(&self, phase: Phase) -> (Phase, Vec<String>) {
        (phase, self.tokens())
    }

    pub(crate) fn tokens(&self) -> Vec<String> {
        let vault = self.vault();
        let keys = [format!("{}/scim-token", self.setup), format!("{}.rotation/scim-token", self.setup)];
        keys.iter().filter_map(|key| vault.holds(key)).collect()
    }

    /// Kills it, starts it again, and goes on with the rotation.
    async fn restart(&mut self) {
        let fresh = Remote::start(self.folder.path(), &self.addresses, TEST);
        // The lock of the data folder goes with the process that held it.
        std::mem::replace(&mut self.usher, fresh).kill().await;
        let view = self.usher.view().await;
        if matches!(view.screen, Screen::Blocked(_)) {
            self.usher.act(&json!({ "type": "try-again" })).await;
        }
        let view = self.usher.act(&json!({ "type": "home" })).await;
        let Screen::Home(home) = view.screen else { panic!("it begins with Home: {:#?}", view.screen) };
        assert!(home.unreadable.is_empty(), "{:#?}", home.unreadable);
        let card = home.setups.iter().find(|card| card.id == self.setup).expect("the connection is there");
        assert_eq!(home.setups.len(), 1, "a rotation is no connection of its own");
        let label = card.rotate.clone().expect("its token can be rotated");
        let action = if label.starts_with("Go on") { "rotate" } else { "open-setup" };
        self.usher.act(&json!({ "type": action, "setup": self.setup })).await;
    }

    async fn nothing_is_lost(&mut self, before: &(Phase, Vec<String>)) {
        let tokens = self.tokens();
        for token in &before.1 {
            let replaced = self.usher.view().await;
            let over = matches!(replaced.screen, Screen::Finish(_));
            assert!(tokens.contains(token) || over, "a token is gone from the vault in {:?}", before.0);
        }
        // The one in use first: at HPE GreenLake the first use of the new one ends it.
        let mut works = false;
        for token in &tokens {
            works = works || self.accepted(token).await;
        }
        assert!(works, "no token of the vault works any more, in {:?}", before.0);
        if let Screen::Step(step) = self.usher.view().await.screen {
            assert!(step.rotation.is_some(), "it goes on with the rotation");
            let place = |phase: Phase| step.rail.iter().position(|item| item.phase == phase);
            assert!(place(step.phase) >= place(before.0), "it is thrown back from {:?} to {:?}", before.0, step.phase);
        }
    }

    pub(crate) async fn accepted(&self, token: &str) -> bool {
        let url = format!("{}/Users?startIndex=1&count=1", self.world.addresses().scim_base_url.trim_end_matches('/'));
        let answer = client().get(url).bearer_auth(token).header("user-agent", "a test").send().await;
        answer.expect("the world answers").status().is_success()
    }

    /// The whole rotation, with these kills.
    pub(crate) async fn go(&mut self, kill: Option<Kill>) {
        let old = self.tokens().first().cloned().expect("there is a token");
        self.kill = kill;
        let begin = json!({ "type": "rotate", "setup": self.setup });
        match kill {
            None | Some(Kill::After) => {
                self.usher.act(&begin).await;
            }
            Some(Kill::During(wait)) => {
                self.usher.send(&json!({ "act": begin })).await;
                tokio::time::sleep(Duration::from_millis(wait)).await;
            }
        }
        if kill.is_some() {
            self.restart().await;
            self.usher.act(&begin).await;
        }
        self.walk().await;
        self.kill = None;
        let Screen::Finish(finish) = self.usher.view().await.screen else { panic!("it ends on the connection's page") };
        let new = self.tokens();
        assert_eq!(new.len(), 1, "nothing of the rotation is left in the vault: {:?}", self.vault().keys());
        assert_ne!(new[0], old);
        assert!(self.accepted(&new[0]).await, "the new token works");
        assert!(!self.accepted(&old).await, "the old one does not");
        assert!(finish.history.iter().any(|line| line.text.contains("was replaced by")), "{:#?}", finish.history);
        let replaced = finish.history.iter().filter(|line| line.text.contains("was replaced by")).count();
        self.rotations += 1;
        assert_eq!(replaced, self.rotations, "each stands there once: {:#?}", finish.history);
        assert!(files(self.folder.path()).iter().all(|name| !name.contains("rotation")), "its file is gone");
    }
}

const OLD_TOKEN: &str = "scim-old-token-refused";
/// The test that is the other process.
const TEST: &str = "killed::the_other_process";

fn files(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder.join("data")).expect("it is there").flatten();
    files.map(|file| file.file_name().to_string_lossy().into_owned()).collect()
}

fn shown(view: &View, phase: Phase) -> Option<Step> {
    match &view.screen {
        Screen::Step(step) if step.phase == phase => Some(step.clone()),
        _ => None,
    }
}

fn failure(block: &Block) -> Option<String> {
    match block {
        Block::Check { state: CheckState::Failed { problem, .. }, .. } => Some(problem.to_string()),
        _ => None,
    }
}
