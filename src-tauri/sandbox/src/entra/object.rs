//! One user or group on its way into the target: look it up, then create, update, disable or delete it, and say what came of it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    Link, Status,
    directory::{Group, Person},
    mapping::{self, Mapping},
    target,
    wire::{Unreachable, Wire, status_name},
};
use crate::{fault::Fault, outbound::Reply, world::Switches};

const ENTERPRISE_MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";

pub(crate) type Links = BTreeMap<String, Link>;

/// What happened to one object.
#[derive(Clone)]
pub(crate) struct Done {
    pub action: &'static str,
    pub status: Status,
    pub code: String,
    pub reason: String,
    pub changes: Vec<(String, String)>,
    /// Whether the target had it already; `None` if that could not be found out.
    pub matched: Option<bool>,
    pub link: Option<Link>,
    pub unlink: bool,
}

impl Done {
    fn new(action: &'static str, status: Status, code: &str, reason: impl Into<String>) -> Done {
        Done {
            action,
            status,
            code: code.to_owned(),
            reason: reason.into(),
            changes: Vec::new(),
            matched: None,
            link: None,
            unlink: false,
        }
    }

    fn success(action: &'static str, reason: impl Into<String>) -> Done {
        Done::new(action, Status::Success, "", reason)
    }

    pub(crate) fn skipped(code: &str, reason: impl Into<String>) -> Done {
        Done::new("Other", Status::Skipped, code, reason)
    }

    fn matched(self, matched: bool) -> Done {
        Done { matched: Some(matched), ..self }
    }

    fn linked(self, link: Link) -> Done {
        Done { link: Some(link), ..self }
    }

    fn changed(self, changes: &[(String, String)]) -> Done {
        Done { changes: changes.to_vec(), ..self }
    }
}

/// With a fault: what comes of every object before anything is asked.
pub(crate) fn instead(switches: &Switches) -> Option<Done> {
    if switches.has(Fault::NothingArrives) {
        return Some(not_entitled("No assignment could be found for it."));
    }
    // Facts 5, in the words of Microsoft's list of error codes.
    let text = "The operation failed because an attribute was specified that does not exist in the target system: urn:ietf:params:scim:schemas:extension:practice:2.0:User:badge. See the documentation on attribute customization and ensure your configuration is correct.";
    let flawed = || Done::new("Other", Status::Failure, "SchemaAttributeNotFound", text);
    switches.has(Fault::MappingInvalid).then(flawed)
}

/// Facts 5: held back by accidental deletion prevention.
pub(crate) fn staged(name: &str) -> Done {
    Done::success(
        "StagedDelete",
        format!("{name} is to be removed from customappsso. The deletion is held back until it is allowed."),
    )
}

pub(crate) fn not_entitled(what: &str) -> Done {
    Done::skipped("NotEffectivelyEntitled", format!("This object is not assigned to the application. {what}"))
}

/// What a person's mapping comes to; a manager becomes the target's id of that manager, or nothing.
pub(crate) fn person_values(mapping: &Mapping, person: &Person, enabled: bool, links: &Links) -> Vec<(String, String)> {
    let values = mapping::person_values(mapping, person, enabled);
    let resolve = |(path, value): (String, String)| {
        if path == ENTERPRISE_MANAGER {
            links.get(&value).map(|link| (path, link.id.clone()))
        } else {
            Some((path, value))
        }
    };
    values.into_iter().filter_map(resolve).collect()
}

/// Looks an object up by its matching attribute; `Err` ends the matter.
async fn look_up(
    wire: &Wire,
    endpoint: &str,
    mapping: &Mapping,
    values: &[(String, String)],
) -> Result<Option<Value>, Done> {
    let row = mapping
        .matching()
        .ok_or_else(|| Done::new("Other", Status::Failure, "SchemaInvalid", "No attribute is set to match objects."))?;
    let wanted = values.iter().find(|(path, _)| *path == row.target).map(|(_, value)| value.as_str());
    let Some(wanted) = wanted else {
        return Err(Done::skipped(
            "ImportSkipped",
            format!("The matching attribute {} has no value in the directory.", row.target),
        ));
    };
    let reply = wire.find(endpoint, &row.target, wanted).await.map_err(|error| unreachable("Other", &error))?;
    let Some(found) = reply.resources() else { return Err(refused("Other", &reply)) };
    match found {
        [] => Ok(None),
        [one] => Ok(Some(one.clone())),
        several => Err(Done::new(
            "Other",
            Status::Failure,
            "DuplicateTargetEntries",
            format!(
                "SystemForCrossDomainIdentityManagementMultipleEntriesInResponse: the search for {} eq \"{wanted}\" found {} entries where at most one was expected.",
                row.target,
                several.len()
            ),
        )),
    }
}

pub(crate) async fn user(wire: &Wire, mapping: &Mapping, person: &Person, enabled: bool, links: &Links) -> Done {
    let values = person_values(mapping, person, enabled, links);
    let found = match look_up(wire, "Users", mapping, &values).await {
        Ok(found) => found,
        Err(done) => return done,
    };
    match found {
        Some(there) => {
            bring_up_to_date(wire, "Users", mapping, &values, &there, person.display_name).await.matched(true)
        }
        None if !enabled => not_entitled("The account is disabled in the directory.").matched(false),
        None => create(wire, "Users", mapping, &values, person.display_name).await.matched(false),
    }
}

/// The group itself, then its members by a request of their own.
pub(crate) async fn group(wire: &Wire, mapping: &Mapping, group: &Group, links: &Links) -> Done {
    let values = mapping::group_values(mapping, group);
    let found = match look_up(wire, "Groups", mapping, &values).await {
        Ok(found) => found,
        Err(done) => return done,
    };
    let matched = found.is_some();
    let mut done = match found {
        Some(there) => bring_up_to_date(wire, "Groups", mapping, &values, &there, group.display_name).await,
        None => create(wire, "Groups", mapping, &values, group.display_name).await,
    }
    .matched(matched);
    if let Some(link) = &mut done.link {
        link.members = links.get(group.key).map(|known| known.members.clone()).filter(|_| matched).unwrap_or_default();
    }
    if done.status == Status::Failure || !mapping.has("members") {
        return done;
    }
    match members(wire, group, &done, links).await {
        Ok((members, change)) => {
            if let Some(link) = &mut done.link {
                link.members = members;
            }
            let Some(change) = change else { return done };
            done.changes.push(change);
            let action = if done.action == "Create" { "Create" } else { "Update" };
            Done {
                action,
                status: Status::Success,
                code: String::new(),
                reason: "The group and its members were written.".to_owned(),
                ..done
            }
        }
        Err(failed) => Done { link: done.link, matched: done.matched, ..failed },
    }
}

/// Directory keys of those who are members then, and what was written for that, if anything.
type Membership = (Vec<String>, Option<(String, String)>);

/// Direct members that are in the target already; the difference to what was sent before goes out. What was sent is remembered by the
/// job and never read back: a target may keep the members to itself (facts B3).
async fn members(wire: &Wire, group: &Group, done: &Done, links: &Links) -> Result<Membership, Done> {
    let Some(own) = &done.link else { return Ok((Vec::new(), None)) };
    let wanted: Vec<String> =
        group.members.iter().filter(|key| links.contains_key(**key)).map(|key| (*key).to_owned()).collect();
    let ids = |keys: Vec<&String>| {
        keys.into_iter().filter_map(|key| links.get(key)).map(|link| link.id.clone()).collect::<Vec<_>>()
    };
    let added = ids(wanted.iter().filter(|key| !own.members.contains(key)).collect());
    let gone = ids(own.members.iter().filter(|key| !wanted.contains(key)).collect());
    for (list, body) in
        [(&added, target::add_members(wire.dialect, &added)), (&gone, target::remove_members(wire.dialect, &gone))]
    {
        if !list.is_empty() {
            let reply = wire.change("Groups", &own.id, &body).await.map_err(|error| unreachable("Update", &error))?;
            if !reply.is_success() {
                return Err(refused("Update", &reply));
            }
        }
    }
    let change = ("members".to_owned(), format!("{} added, {} removed", added.len(), gone.len()));
    Ok((wanted, (!added.is_empty() || !gone.is_empty()).then_some(change)))
}

async fn create(wire: &Wire, endpoint: &str, mapping: &Mapping, values: &[(String, String)], name: &str) -> Done {
    if !mapping.create {
        return Done::skipped("EntrySynchronizationSkipped", "The object action Create is switched off.");
    }
    let body = if endpoint == "Users" { target::new_user(values) } else { target::new_group(values) };
    let reply = match wire.create(endpoint, &body).await {
        Ok(reply) => reply,
        Err(error) => return unreachable("Create", &error),
    };
    let id = reply.json.as_ref().and_then(|json| json["id"].as_str()).filter(|_| reply.is_success());
    match id {
        Some(id) => Done::success("Create", format!("{name} was created in customappsso."))
            .changed(values)
            .linked(link(id, name, values)),
        None => refused("Create", &reply),
    }
}

async fn bring_up_to_date(
    wire: &Wire,
    endpoint: &str,
    mapping: &Mapping,
    values: &[(String, String)],
    there: &Value,
    name: &str,
) -> Done {
    let id = there["id"].as_str().unwrap_or_default();
    let linked = link(id, name, values);
    let changes: Vec<(String, Option<String>, String)> = values
        .iter()
        .map(|(path, new)| (path.clone(), target::found(there, path), new.clone()))
        .filter(|(_, old, new)| old.as_ref() != Some(new))
        .collect();
    if changes.is_empty() {
        return Done::skipped("RedundantExport", "The target has these values already; nothing needs to be sent.")
            .linked(linked);
    }
    if !mapping.update {
        return Done::skipped(
            "EntrySynchronizationSkipped",
            "The values differ, but the object action Update is switched off.",
        )
        .linked(linked);
    }
    let new: Vec<(String, String)> = changes.iter().map(|(path, _, new)| (path.clone(), new.clone())).collect();
    match wire.change(endpoint, id, &target::update(wire.dialect, &changes)).await {
        Ok(reply) if reply.is_success() => {
            Done::success("Update", format!("{name} was updated in customappsso.")).changed(&new).linked(linked)
        }
        Ok(reply) => refused("Update", &reply),
        Err(error) => unreachable("Update", &error),
    }
}

/// A user who is no longer in scope, or no longer in the directory.
pub(crate) async fn user_leaves(wire: &Wire, mapping: &Mapping, link: &Link, deleted: bool) -> Done {
    if deleted {
        return remove(wire, "Users", mapping, link).await;
    }
    let handled = Link { disabled: true, ..link.clone() };
    if !mapping.update || !mapping.has("active") {
        let why =
            if mapping.update { "“active” is not mapped" } else { "the object action Update is switched off" };
        let reason = format!("The user left the scope, but nothing can be sent to disable the account: {why}.");
        return Done::skipped("EntrySynchronizationSkipped", reason).linked(handled);
    }
    match wire.change("Users", &link.id, &target::disable(wire.dialect)).await {
        Ok(reply) if reply.is_success() => {
            let changes = [("active".to_owned(), "False".to_owned())];
            Done::success("Disable", format!("{} was disabled in customappsso.", link.name))
                .changed(&changes)
                .linked(handled)
        }
        Ok(reply) => refused("Disable", &reply),
        Err(error) => unreachable("Disable", &error),
    }
}

/// Assumption: a group has nothing to disable, so it is deleted when it leaves the scope and the action Delete is ticked.
pub(crate) async fn remove(wire: &Wire, endpoint: &str, mapping: &Mapping, link: &Link) -> Done {
    if !mapping.delete {
        let reason = "The object left the scope, but the object action Delete is switched off.";
        return Done { unlink: true, ..Done::skipped("EntrySynchronizationSkipped", reason) };
    }
    match wire.delete(endpoint, &link.id).await {
        Ok(reply) if reply.is_success() || reply.status == 404 => {
            Done { unlink: true, ..Done::success("Delete", format!("{} was deleted in customappsso.", link.name)) }
        }
        Ok(reply) => refused("Delete", &reply),
        Err(error) => unreachable("Delete", &error),
    }
}

fn link(id: &str, name: &str, values: &[(String, String)]) -> Link {
    Link { id: id.to_owned(), name: name.to_owned(), sent: values.to_vec(), members: Vec::new(), disabled: false }
}

fn unreachable(action: &'static str, error: &Unreachable) -> Done {
    Done::new(action, Status::Failure, "WebExceptionProtocolError", format!("{} {}", error.reason, error.request))
}

/// The target's refusal in Entra's words (facts 5, error codes).
fn refused(action: &'static str, reply: &Reply) -> Done {
    let code = match reply.status {
        400 => "SystemForCrossDomainIdentityManagementBadRequest",
        401 => "Unauthorized",
        403 => "InsufficientRights",
        404 => "InvalidAnchor",
        405 => "MethodNotAllowed",
        409 => "EntryConflict",
        422 => "UnprocessableEntity",
        429 => "TooManyRequests",
        501 => "NotImplemented",
        500..=599 => "InternalServerError",
        _ => "SystemForCrossDomainIdentityManagementServiceIncompatible",
    };
    let reason = format!(
        "Error: StatusCode: {} Message: Processing of the HTTP request resulted in an exception. Please see the HTTP response returned by the 'Response' property of this exception for details. Web Response: {}",
        status_name(reply.status),
        reply.excerpt()
    );
    Done::new(action, Status::Failure, code, reason)
}
