//! What is sent for one pushed group: create it, bring its members up to date, delete it when it is unlinked.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;

use super::{
    app::Pushed,
    body::{self, Membership},
    catalog::AppKind,
    contact::Contact,
    directory::Group,
    system_log::{self, Note},
    wire::{Unreachable, Wire, trouble},
};
use crate::{
    outbound::Reply,
    world::{Shared, World},
};

/// Okta's own words for facts row 12.
const SAME_GROUP: &str = "Using the same Okta group for assignments and for group push is not currently supported. To maintain consistent group membership between Okta and the app, create a separate group that is configured to push groups to the target app.";

struct Work {
    wire: Wire,
    kind: AppKind,
    label: String,
    group: Group,
    wanted: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
    refused: bool,
    pushed: Pushed,
    notes: Vec<Note>,
    contact: Contact,
}

struct Stopped(String);

pub(crate) async fn run(shared: &Arc<Shared>, app: &str, key: &str) {
    let begun = shared.change(|world| begin(world, shared, app, key));
    let Some(mut work) = begun else { return };
    let leaving = work.pushed.leaving;
    let result = if leaving { work.delete().await } else { work.push().await };
    let (gone, error) = match result {
        Ok(()) => (leaving, work.refused.then(|| SAME_GROUP.to_owned()).filter(|_| !leaving)),
        Err(Stopped(error)) => (false, Some(error)),
    };
    shared.change(|world| end(world, app, work, gone, error));
}

fn begin(world: &mut World, shared: &Shared, id: &str, key: &str) -> Option<Work> {
    let group = world.okta.directory.group(key)?;
    let people = world.okta.directory.people();
    let app = world.okta.apps.iter_mut().find(|app| app.id == id)?;
    let wire = Wire::new(&shared.client, app.saved.as_ref()?);
    let names = people.iter().map(|one| (one.key().to_owned(), app.user_name(one))).collect();
    let (wanted, refused) = (app.members_to_push(&group), app.refuses(key));
    let (kind, label) = (app.kind, app.label.clone());
    let pushed = app.pushed_mut(key)?;
    pushed.asked = false;
    let wire = match wire {
        Ok(wire) => wire,
        Err(error) => {
            pushed.error = Some(error);
            pushed.leaving = false;
            return None;
        }
    };
    let pushed = pushed.clone();
    Some(Work {
        wire,
        kind,
        label,
        group,
        wanted,
        names,
        refused,
        pushed,
        notes: Vec::new(),
        contact: Contact::default(),
    })
}

fn end(world: &mut World, id: &str, work: Work, gone: bool, error: Option<String>) {
    let now: Timestamp = world.now();
    for note in work.notes {
        world.okta.log(note.at(now, id));
    }
    if let Some(trouble) = work.contact.outcome() {
        let what = if work.pushed.leaving { "deletion" } else { "push" };
        world.activities.okta(now, format!("{what} of group {}", work.group.name), trouble);
    }
    let Some(app) = world.okta.app_mut(id) else { return };
    if gone {
        app.pushed.retain(|one| one.group != work.group.key);
        return;
    }
    let Some(pushed) = app.pushed_mut(&work.group.key) else { return };
    pushed.leaving &= !work.pushed.leaving;
    pushed.id = work.pushed.id;
    pushed.members = work.pushed.members;
    pushed.last_push = Some(now);
    pushed.error = error;
}

impl Work {
    async fn push(&mut self) -> Result<(), Stopped> {
        let name = self.group.name.clone();
        if self.pushed.id.is_none() {
            let doing = format!("Error while creating user group {name}");
            let reply = self.answer(self.wire.create("Groups", &body::new_group(&name)).await, &doing)?;
            let id = reply.json.as_ref().and_then(|json| json["id"].as_str()).filter(|_| reply.is_success());
            let Some(id) = id else { return Err(self.refused(&reply, &doing)) };
            self.pushed.id = Some(id.to_owned());
            self.notes.push(Note::success(system_log::GROUP_CREATED, &name));
        }
        self.members(&name).await?;
        let note = Note::success(system_log::GROUP_PUSHED, &name);
        self.notes.push(if self.refused { Note::failure(system_log::GROUP_FAILED, &name, SAME_GROUP) } else { note });
        Ok(())
    }

    async fn members(&mut self, name: &str) -> Result<(), Stopped> {
        let id = self.pushed.id.clone().unwrap_or_default();
        let known = &self.pushed.members;
        let joins = |(key, id): &(&String, &String)| known.get(*key) != Some(*id);
        let leaves = |(key, id): &(&String, &String)| self.wanted.get(*key) != Some(*id);
        let change = Membership {
            joining: self
                .wanted
                .iter()
                .filter(joins)
                .map(|(key, id)| (id.as_str(), self.names[key].as_str()))
                .collect(),
            leaving: known.iter().filter(leaves).map(|(_, id)| id.as_str()).collect(),
        };
        let count = format!("{} added, {} removed", change.joining.len(), change.leaving.len());
        if change.joining.is_empty() && change.leaving.is_empty() {
            return Ok(());
        }
        let doing = format!("Error while updating user group membership for group {name}");
        for request in body::membership(self.kind, &id, name, &change) {
            let reply = self.answer(self.wire.change("Groups", &id, &request).await, &doing)?;
            if !reply.is_success() {
                return Err(self.refused(&reply, &doing));
            }
        }
        self.pushed.members = self.wanted.clone();
        self.notes.push(Note::success(system_log::MEMBERS_PUSHED, name).because(&count));
        Ok(())
    }

    async fn delete(&mut self) -> Result<(), Stopped> {
        let name = self.group.name.clone();
        if let Some(id) = self.pushed.id.clone() {
            let doing = format!("Error while deleting user group {name}");
            let reply = self.answer(self.wire.delete_group(&id).await, &doing)?;
            if !reply.is_success() && reply.status != 404 {
                return Err(self.refused(&reply, &doing));
            }
        }
        self.notes.push(Note::success(system_log::GROUP_UNLINKED, &name).because("The group was deleted in the app"));
        Ok(())
    }

    fn answer(&mut self, answer: Result<Reply, Unreachable>, doing: &str) -> Result<Reply, Stopped> {
        self.contact.heard(&answer);
        answer.map_err(|Unreachable(reason)| self.failed(&format!("{doing}: {reason}"), None))
    }

    fn refused(&mut self, reply: &Reply, doing: &str) -> Stopped {
        let stopped = self.failed(&format!("{doing}: {}", trouble(reply)), Some(reply));
        self.notes.extend(system_log::of_the_connection(reply.status, &self.label));
        stopped
    }

    fn failed(&mut self, reason: &str, reply: Option<&Reply>) -> Stopped {
        let name = &self.group.name;
        let text = format!("Unable to update Group Push mapping target App group {name}: {reason}");
        let note = Note::failure(system_log::GROUP_FAILED, name, &text);
        self.notes.push(match reply {
            Some(reply) => note.with(reply),
            None => note,
        });
        Stopped(text)
    }
}
