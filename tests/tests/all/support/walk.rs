//! Walks a setup to the end, whatever its target and identity provider: does what the blocks of each step ask for, with
//! the tokens and the address of a prepared practice world. What the identity provider would send is sent here: the
//! consoles' own walk is the rehearsal's.

use std::collections::BTreeSet;

use usher_core::{
    Action, App, Code, Phase, Secret, View,
    view::{Block, CheckState, MappingTable, Screen, SecretState, Verb},
};
use usher_sandbox::Sandbox;

use super::{
    look,
    stage::{run, until},
    tools::client,
};

const PERSON: &str = "ada@example.com";
const GROUP: &str = "SCIM pilot";

/// One walk.
pub(crate) struct Walk<'a> {
    pub(crate) app: &'a App,
    pub(crate) world: &'a Sandbox,
    /// Sees every view on the way.
    pub(crate) see: &'a mut (dyn FnMut(&View) + Send),
    /// Attributes that the mapping leaves.
    mapped: BTreeSet<String>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(app: &'a App, world: &'a Sandbox, see: &'a mut (dyn FnMut(&View) + Send)) -> Self {
        Self { app, world, see, mapped: BTreeSet::new() }
    }

    /// From the first step to this one, which is left as it is.
    pub(crate) async fn to(&mut self, last: Phase) {
        for phase in Phase::ALL.into_iter().take_while(|phase| *phase != last) {
            self.step(phase).await;
        }
        assert_eq!(look::step(&self.app.view()).phase, last);
    }

    /// From the first step to the last screen.
    pub(crate) async fn go(&mut self) {
        for phase in Phase::ALL {
            assert_eq!(look::step(&self.app.view()).phase, phase);
            if phase == Phase::Provisioning {
                self.provision().await;
            }
            self.step(phase).await;
        }
        let view = self.app.view();
        assert!(matches!(view.screen, Screen::Finish(_)), "{:#?}", view.screen);
        (self.see)(&view);
    }

    async fn step(&mut self, phase: Phase) {
        let mut done = BTreeSet::new();
        while let Some(block) = next(&self.app.view(), phase, &mut done) {
            self.block(block).await;
        }
        self.act(Action::Continue).await;
        let what = format!("the end of step {}", phase.number());
        let view = until(self.app, &what, |view| match &view.screen {
            Screen::Step(step) if step.phase == phase => {
                assert!(step.forward.enabled, "{:#?}", step.forward);
                assert_eq!(failure(view), None, "in step {}", phase.number());
                false
            }
            _ => true,
        });
        (self.see)(&view.await);
    }

    async fn block(&mut self, block: Block) {
        match block {
            Block::Confirm { id, done: false, .. } => self.tick(id, String::new()).await,
            Block::Input { id, value, placeholder, .. } if value.is_empty() => {
                let value = match id.as_str() {
                    _ if placeholder.starts_with("https://") => self.world.addresses().scim_base_url.clone(),
                    "sample-user" => PERSON.to_owned(),
                    "sample-group" => GROUP.to_owned(),
                    _ => "Another name".to_owned(),
                };
                self.act(Action::Type { block: id, value }).await;
            }
            Block::Secret { id, offer: Some(_), state: SecretState::Empty, .. } => {
                self.act(Action::UseSecret { block: id }).await;
            }
            Block::Secret { id, fillable: true, state: SecretState::Empty, .. } => {
                let at = self.world.addresses();
                let token = self.world.personal_access_token().or(at.scim_token.clone()).expect("a prepared world");
                self.act(Action::FillSecret { block: id, secret: Secret::new(token) }).await;
            }
            Block::Choice { id, options, .. } if options.iter().all(|option| !option.chosen) => {
                self.act(Action::Choose { block: id, option: options[0].id.clone() }).await;
            }
            Block::Mapping { id, tables, .. } => {
                let users = tables.first().into_iter().flat_map(|table| &table.rows);
                self.mapped.extend(users.filter(|row| row.verb != Verb::Delete).map(|row| row.target.clone()));
                for table in &tables {
                    for row in rows(table) {
                        self.tick(id.clone(), row).await;
                    }
                }
            }
            Block::Check { id, enabled: true, state: CheckState::Waiting, .. } => {
                let view = run(self.app, &id).await;
                (self.see)(&view);
                // A token that is there already is replaced by the block that appears then.
                if let Some(CheckState::Failed { problem, .. }) = look::check_or_none(&view, &id) {
                    assert_eq!(problem.code, Code::Conflict, "{problem}");
                }
            }
            _ => {}
        }
    }

    async fn act(&mut self, action: Action) {
        let view = self.app.act(action).await;
        (self.see)(&view);
    }

    async fn tick(&self, block: String, row: String) {
        self.app.act(Action::Tick { block, row, done: true }).await;
    }

    /// One person with what the mapping leaves, and a group with that person in it.
    async fn provision(&self) {
        let maps = |name: &str| self.mapped.iter().any(|attribute| attribute.starts_with(name));
        let mut user = serde_json::json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": PERSON,
            "name": { "givenName": "Ada", "familyName": "Lovelace" },
            "active": true,
        });
        if maps("displayName") {
            user["displayName"] = "Ada Lovelace".into();
        }
        if maps("email") {
            user["emails"] = serde_json::json!([{ "value": PERSON, "type": "work", "primary": true }]);
        }
        let user = self.arrive("Users", &user).await;
        let group = serde_json::json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "displayName": GROUP,
            "externalId": "4711",
            "members": [{ "value": user }],
        });
        self.arrive("Groups", &group).await;
    }

    async fn arrive(&self, path: &str, body: &serde_json::Value) -> String {
        let base = self.app.copyable("tenant-url").await.expect("it is for copying").value;
        let token = self.app.copyable("secret-token").await.expect("it is for copying").value;
        let url = format!("{}/{path}", base.expose().trim_end_matches('/'));
        let request = client().post(url).bearer_auth(token.expose()).header("user-agent", "a test");
        let request = request.header("content-type", "application/scim+json").body(body.to_string());
        let text = request.send().await.expect("the sandbox answers").text().await.expect("it has a body");
        let created: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        created["id"].as_str().unwrap_or_else(|| panic!("refused: {text}")).to_owned()
    }
}

fn next(view: &View, phase: Phase, done: &mut BTreeSet<String>) -> Option<Block> {
    match &view.screen {
        Screen::Step(step) if step.phase == phase => {
            step.blocks.iter().find(|block| done.insert(block.id().to_owned())).cloned()
        }
        _ => None,
    }
}

fn rows(table: &MappingTable) -> Vec<String> {
    let actions = table.actions.iter().map(|action| action.id.clone());
    table.rows.iter().map(|row| row.id.clone()).chain(actions).collect()
}

/// What stands in the way, if a check failed and nothing has come after it.
fn failure(view: &View) -> Option<String> {
    look::step(view).blocks.iter().find_map(|block| match block {
        Block::Check { state: CheckState::Failed { problem, .. }, .. } if problem.code != Code::Conflict => {
            Some(problem.to_string())
        }
        _ => None,
    })
}
