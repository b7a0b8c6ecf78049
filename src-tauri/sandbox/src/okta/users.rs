//! What is sent for one person: look up, create or match, update, deactivate.

use std::sync::Arc;

use serde_json::Value;

use super::{
    app::{App, AppUser, Task, ToApp},
    body,
    catalog::AppKind,
    contact::Contact,
    mapping::{self, Values},
    system_log::{self, Note},
    wire::{Unreachable, Wire, trouble},
};
use crate::{
    fault::Fault,
    outbound::Reply,
    world::{Shared, World},
};

/// What a task works from: the settings as they stood when it began.
struct Work {
    wire: Wire,
    kind: AppKind,
    label: String,
    key: &'static str,
    name: &'static str,
    user_name: String,
    okta_id: String,
    settings: ToApp,
    create: bool,
    on_create: Values,
    on_update: Values,
    known: AppUser,
    notes: Vec<Note>,
    contact: Contact,
}

/// Why it went no further: the reason, already noted.
struct Stopped(String);

pub(crate) async fn run(shared: &Arc<Shared>, app: &str, key: &str, task: Task) {
    let begun = shared.change(|world| begin(world, shared, app, key, task));
    let Some(mut work) = begun else { return };
    let result = match task {
        Task::Provision => work.provision().await,
        Task::Update => work.update().await,
        Task::Deactivate => work.deactivate().await,
        Task::Forget => return,
    };
    let notes = std::mem::take(&mut work.notes);
    let outcome = std::mem::take(&mut work.contact).outcome();
    shared.change(|world| {
        let now = world.now();
        for note in notes {
            world.okta.log(note.at(now, app));
        }
        if let Some(trouble) = outcome {
            world.activities.okta(now, format!("{} of {}", task.name(), work.name), trouble);
        }
        if let Some(app) = world.okta.app_mut(app) {
            end(app, work, result);
        }
    });
}

/// What failed under settings that were changed meanwhile is due again, as if it had not been tried.
fn end(app: &mut App, work: Work, result: Result<AppUser, Stopped>) {
    let user = match result {
        Ok(user) => user,
        Err(Stopped(error)) if app.to_app == work.settings => AppUser { error: Some(error), ..work.known },
        Err(_) if work.known.id.is_none() => return,
        Err(_) => work.known,
    };
    app.users.insert(work.key.to_owned(), user);
}

fn begin(world: &mut World, shared: &Shared, id: &str, key: &str, task: Task) -> Option<Work> {
    let profile = world.okta.directory.person(key)?;
    let nobody = world.switches.has(Fault::NothingArrives);
    let app = world.okta.apps.iter_mut().find(|app| app.id == id)?;
    if task == Task::Forget {
        app.users.remove(key);
        return None;
    }
    let wire = match Wire::new(&shared.client, app.saved.as_ref()?) {
        Ok(wire) => wire,
        Err(error) => {
            app.users.entry(key.to_owned()).or_default().error = Some(error);
            return None;
        }
    };
    let rows = app.rows_in_force(&world.switches);
    Some(Work {
        wire,
        kind: app.kind,
        label: app.label.clone(),
        key: profile.key(),
        name: profile.name(),
        user_name: app.user_name(&profile),
        okta_id: profile.okta_id(),
        settings: app.to_app,
        create: app.to_app.create && !nobody,
        on_create: mapping::values(&rows, &profile, false),
        on_update: mapping::values(&rows, &profile, true),
        known: known(app, key),
        notes: Vec::new(),
        contact: Contact::default(),
    })
}

fn known(app: &App, key: &str) -> AppUser {
    app.users.get(key).cloned().unwrap_or_default()
}

impl Work {
    /// Facts D3: looked up by user name; a miss is an empty list or 404.
    async fn provision(&mut self) -> Result<AppUser, Stopped> {
        let doing = format!("Error while verifying if user {} exists", self.user_name);
        let reply = self.answer(self.wire.find_user(&self.user_name).await, system_log::VERIFY, &doing)?;
        if reply.status == 404 {
            return self.create().await;
        }
        let Some(found) = reply.resources() else {
            return Err(self.refused(&reply, system_log::VERIFY, &doing));
        };
        let same = |one: &&Value| {
            one["userName"].as_str().is_some_and(|name| name.to_lowercase() == self.user_name.to_lowercase())
        };
        match found.iter().find(same).cloned() {
            Some(user) => self.link(&user).await,
            None if found.is_empty() => self.create().await,
            None => {
                let text = format!("{doing}: the search answered with users of other names");
                Err(self.failed(system_log::VERIFY, &text, Some(&reply)))
            }
        }
    }

    async fn create(&mut self) -> Result<AppUser, Stopped> {
        if !self.create {
            return Err(self.failed(system_log::PUSH, "Matching user not found", None));
        }
        let body = body::new_user(self.kind, &self.user_name, &self.okta_id, &self.on_create);
        let doing = format!("Error while creating user {}", self.user_name);
        let reply = self.answer(self.wire.create("Users", &body).await, system_log::PUSH, &doing)?;
        if !reply.is_success() {
            return Err(self.refused(&reply, system_log::PUSH, &doing));
        }
        let Some(id) = reply.json.as_ref().and_then(|json| json["id"].as_str()).map(str::to_owned) else {
            let text = format!("{doing}: Create new user returned empty user");
            return Err(self.failed(system_log::PUSH, &text, Some(&reply)));
        };
        self.notes.push(Note::success(system_log::PUSH, self.name));
        Ok(AppUser { id: Some(id), active: true, sent: self.on_update.clone(), error: None })
    }

    /// The target has this user: reactivated if need be; the profile follows where updates are on.
    async fn link(&mut self, user: &Value) -> Result<AppUser, Stopped> {
        let Some(id) = user["id"].as_str() else {
            let text = format!("Error while verifying if user {} exists: the user has no id", self.user_name);
            return Err(self.failed(system_log::VERIFY, &text, None));
        };
        self.notes.push(Note::success(system_log::VERIFY, self.name));
        if user["active"] == false {
            self.set_active(id, true).await?;
        }
        let sent = if self.settings.update { Values::new() } else { self.on_update.clone() };
        Ok(AppUser { id: Some(id.to_owned()), active: true, sent, error: None })
    }

    /// Facts D3: read, then put back whole.
    async fn update(&mut self) -> Result<AppUser, Stopped> {
        let doing = format!("Error while trying to push profile update for {}", self.user_name);
        let id = self.known.id.clone().unwrap_or_default();
        let there = self.answer(self.wire.get("Users", &id).await, system_log::PUSH_PROFILE, &doing)?;
        let Some(user) = there.json.as_ref().filter(|_| there.is_success()) else {
            return Err(self.refused(&there, system_log::PUSH_PROFILE, &doing));
        };
        let body = body::whole_user(self.kind, user, &self.user_name, &self.on_update);
        let reply = self.answer(self.wire.replace("Users", &id, &body).await, system_log::PUSH_PROFILE, &doing)?;
        if !reply.is_success() {
            return Err(self.refused(&reply, system_log::PUSH_PROFILE, &doing));
        }
        self.notes.push(Note::success(system_log::PUSH_PROFILE, self.name));
        Ok(AppUser { sent: self.on_update.clone(), ..self.known.clone() })
    }

    async fn deactivate(&mut self) -> Result<AppUser, Stopped> {
        let id = self.known.id.clone().unwrap_or_default();
        self.set_active(&id, false).await?;
        Ok(AppUser { active: false, ..self.known.clone() })
    }

    async fn set_active(&mut self, id: &str, active: bool) -> Result<(), Stopped> {
        let (kind, verb) =
            if active { (system_log::REACTIVATE, "reactivating") } else { (system_log::DEACTIVATE, "deactivating") };
        let doing = format!("Error while {verb} user {}", self.user_name);
        let reply = self.answer(self.wire.change("Users", id, &body::activity(active)).await, kind, &doing)?;
        // Who is gone from the target needs no deactivation.
        if !reply.is_success() && (active || reply.status != 404) {
            return Err(self.refused(&reply, kind, &doing));
        }
        self.notes.push(Note::success(kind, self.name));
        Ok(())
    }

    fn answer(
        &mut self,
        answer: Result<Reply, Unreachable>,
        kind: (&'static str, &'static str),
        doing: &str,
    ) -> Result<Reply, Stopped> {
        self.contact.heard(&answer);
        answer.map_err(|Unreachable(reason)| self.failed(kind, &format!("{doing}: {reason}"), None))
    }

    fn refused(&mut self, reply: &Reply, kind: (&'static str, &'static str), doing: &str) -> Stopped {
        let stopped = self.failed(kind, &format!("{doing}: {}", trouble(reply)), Some(reply));
        self.notes.extend(system_log::of_the_connection(reply.status, &self.label));
        stopped
    }

    fn failed(&mut self, kind: (&'static str, &'static str), reason: &str, reply: Option<&Reply>) -> Stopped {
        let text = format!("Automatic provisioning of user {} to app {} failed: {reason}", self.name, self.label);
        let note = Note::failure(kind, self.name, &text);
        self.notes.push(match reply {
            Some(reply) => note.with(reply),
            None => note,
        });
        Stopped(text)
    }
}
