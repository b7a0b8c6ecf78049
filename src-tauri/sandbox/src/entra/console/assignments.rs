//! Users and groups of an app, and the directory they come from.

use axum::{
    Form,
    extract::{Path, RawQuery, State},
    response::Response,
};
use maud::{Markup, html};

use super::{DIRECTORY, Section, Shop, View, act, app_page, logs::as_file, missing, options, page, with_app};
use crate::{
    entra::{
        directory::{self, Directory, Group, Person},
        lists,
    },
    fault::Fault,
    html::{Fields, Notice, field, label},
    table::CSV,
};

/// The console's own words in a tenant without Entra ID P1 or P2 (facts 5).
const UNLICENSED: &str = "Groups are not available for assignment due to your Active Directory plan level. You can assign individual users to the application.";

pub(crate) async fn show(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    with_app(&shared, &id, |world, app| {
        let directory = Directory::of(world);
        let free = |key: &str| !app.assigned.iter().any(|one| one == key);
        let groups = directory.groups().into_iter().map(|group| (group.key, group.display_name));
        let people = directory::people().into_iter().map(|person| (person.key, person.display_name));
        let choices: Vec<(&str, &str)> = groups.chain(people).filter(|(key, _)| free(key)).collect();
        let content = html! {
            p.lead { "Provisioning takes whom you assign here, and the direct members of assigned groups. Groups inside groups are not read." }
            @if app.assigned.is_empty() {
                p { "Nobody is assigned yet." }
            } @else {
                table {
                    thead { tr { th { "Display name" } th { "Object type" } th { "Members" } th { span.hidden { "Actions" } } } }
                    tbody {
                        @for key in &app.assigned {
                            tr {
                                td { (directory.name(key).unwrap_or(key)) }
                                td { @if directory.group(key).is_some() { "Group" } @else { "User" } }
                                td { @if let Some(group) = directory.group(key) { (member_names(&directory, &group)) } }
                                td.actions {
                                    form method="post" action={ "/entra/apps/" (app.id) "/assignments/" (key) "/remove" } {
                                        button.quiet type="submit" { "Remove" span.hidden { " " (directory.name(key).unwrap_or(key)) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            h2 { "Add user/group" }
            @if world.switches.has(Fault::GroupsUnlicensed) { p { (UNLICENSED) } }
            form method="post" action={ "/entra/apps/" (app.id) "/assignments" } {
                (label("principal", "User or group", None))
                select #principal name="principal" { (options(&choices)) }
                div.buttons { button.primary type="submit" { "Assign" } }
            }
        };
        app_page(world, app, &View::new("Users and groups", Section::Assignments, query.as_deref()), &content)
    })
}

fn member_names(directory: &Directory, group: &Group) -> String {
    group.members.iter().filter_map(|key| directory.name(key)).collect::<Vec<_>>().join(", ")
}

pub(crate) async fn assign(State(shared): Shop, Path(id): Path<String>, Form(fields): Form<Fields>) -> Response {
    act(&shared, &id, "/assignments", |world| {
        let directory = Directory::of(world);
        let Some(key) = directory.principal(field(&fields, "principal")) else {
            return Notice::failure("Select a user or a group to assign.");
        };
        let name = directory.name(key).unwrap_or_default();
        if directory.group(key).is_some() && world.switches.has(Fault::GroupsUnlicensed) {
            return Notice::failure(UNLICENSED);
        }
        let Some(app) = world.entra.app_mut(&id) else { return Notice::failure("This application is not here.") };
        if app.assigned.iter().any(|one| one == key) {
            return Notice::warning(format!("{name} is assigned already."));
        }
        app.assigned.push(key.to_owned());
        Notice::success(format!("{name} was assigned to {}.", app.name))
    })
}

pub(crate) async fn remove(State(shared): Shop, Path((id, key)): Path<(String, String)>) -> Response {
    act(&shared, &id, "/assignments", |world| {
        let directory = Directory::of(world);
        let Some(app) = world.entra.app_mut(&id) else { return Notice::failure("This application is not here.") };
        let before = app.assigned.len();
        app.assigned.retain(|one| *one != key);
        if app.assigned.len() == before {
            return Notice::warning("This user or group is not assigned.");
        }
        Notice::success(format!(
            "{} is no longer assigned. The next cycle notices it.",
            directory.name(&key).unwrap_or_default()
        ))
    })
}

pub(crate) async fn directory(State(shared): Shop, RawQuery(query): RawQuery) -> Response {
    shared.read(|world| {
        let people = Directory::of(world);
        let state = |person: &Person| match (people.is_deleted(person.key), people.is_enabled(person)) {
            (true, _) => "Deleted",
            (false, true) => "Enabled",
            (false, false) => "Disabled",
        };
        let button = |person: &Person, action: &str, text: &str, quiet: bool| {
            html! {
                form method="post" action={ "/entra/directory/" (person.key) "/" (action) } {
                    button.quiet[quiet] type="submit" { (text) span.hidden { " " (person.display_name) } }
                }
            }
        };
        let content = html! {
            h2 { "Users" }
            div.toolbar { a.button href="/entra/directory/users.csv" download { "Download users" } }
            table.directory {
                thead { tr { th { "Display name" } th { "User principal name" } th { "Surname" } th { "Account" } th { span.hidden { "Actions" } } } }
                tbody {
                    @for person in directory::people() {
                        tr {
                            td { (person.display_name) }
                            td { (person.user_principal_name) }
                            td { (person.surname.unwrap_or("–")) }
                            td { (state(&person)) }
                            td.actions {
                                @if people.is_deleted(person.key) { (button(&person, "restore", "Restore", true)) }
                                @else {
                                    @if people.is_enabled(&person) { (button(&person, "block", "Block sign-in", true)) } @else { (button(&person, "unblock", "Unblock sign-in", true)) }
                                    details {
                                        summary { "Delete…" span.hidden { " " (person.display_name) } }
                                        p { "Delete " (person.display_name) " from the directory? The next cycle notices it. Restore brings the account back." }
                                        (button(&person, "delete", "Delete", false))
                                    }
                                }
                            }
                        }
                    }
                }
            }
            h2 { "Groups" }
            table {
                thead { tr { th { "Name" } th { "Direct members" } th { span.hidden { "Actions" } } } }
                tbody {
                    @for group in people.groups() {
                        tr {
                            td { (group.display_name) }
                            td { (member_names(&people, &group)) }
                            td.actions {
                                a.button.quiet href={ "/entra/directory/groups/" (group.key) "/members.csv" } download { "Download members" span.hidden { " of " (group.display_name) } }
                                (members_form(&group))
                            }
                        }
                    }
                }
            }
        };
        page(world, DIRECTORY, "Users and groups of the directory", query.as_deref(), &content)
    })
}

/// The portal asks for a name of the file; here it is made up, with the day of this world.
pub(crate) async fn download_users(State(shared): Shop) -> Response {
    shared.read(|world| {
        let name = format!("exportUsers_{}.csv", world.now().strftime("%Y-%m-%d"));
        as_file(&name, CSV, lists::users(&Directory::of(world)))
    })
}

pub(crate) async fn download_members(State(shared): Shop, Path(key): Path<String>) -> Response {
    shared.read(|world| {
        let directory = Directory::of(world);
        let Some(group) = directory.group(&key) else { return missing(world) };
        let name = format!("{}_{}.csv", group.display_name, world.now().strftime("%Y-%m-%d"));
        as_file(&name, CSV, lists::members(&directory, &group))
    })
}

fn members_form(group: &Group) -> Markup {
    let id = format!("person-{}", group.key);
    let choices: Vec<(&str, &str)> =
        directory::people().into_iter().map(|person| (person.key, person.display_name)).collect();
    html! {
        details {
            summary { "Members…" span.hidden { " of " (group.display_name) } }
            form method="post" action={ "/entra/directory/groups/" (group.key) } {
                (label(&id, "User", None))
                select id=(id) name="person" { (options(&choices)) }
                div.buttons {
                    button type="submit" name="action" value="add" { "Add" }
                    button type="submit" name="action" value="remove" { "Remove" }
                }
            }
        }
    }
}

pub(crate) async fn change_group(State(shared): Shop, Path(key): Path<String>, Form(fields): Form<Fields>) -> Response {
    shared.change(|world| {
        let directory = Directory::of(world);
        let person = directory.principal(field(&fields, "person")).and_then(directory::person);
        let notice = match (directory.group(&key), person, field(&fields, "action")) {
            (None, ..) => Notice::failure("There is no such group."),
            (Some(_), None, _) => Notice::failure("Select a user."),
            (Some(group), Some(person), "add") => {
                world.entra.people.join(group.key, person.key);
                Notice::success(format!("{} is a member of {} now.", person.display_name, group.display_name))
            }
            (Some(group), Some(person), "remove") => {
                world.entra.people.leave(group.key, person.key);
                Notice::success(format!("{} is no longer a member of {}.", person.display_name, group.display_name))
            }
            (Some(_), Some(_), _) => Notice::failure("A user can be added and removed."),
        };
        world.notices.lead_to("/entra/directory", notice)
    })
}

pub(crate) async fn change_person(State(shared): Shop, Path((key, action)): Path<(String, String)>) -> Response {
    shared.change(|world| {
        let people = &mut world.entra.people;
        let notice = match (directory::person(&key), action.as_str()) {
            (None, _) => Notice::failure("There is no such user."),
            (Some(person), "block") => {
                people.block(&key);
                Notice::success(format!("Sign-in of {} is blocked.", person.display_name))
            }
            (Some(person), "unblock") => {
                people.unblock(&key);
                Notice::success(format!("Sign-in of {} is allowed.", person.display_name))
            }
            (Some(person), "delete") => {
                people.delete(&key);
                Notice::success(format!("{} was deleted permanently.", person.display_name))
            }
            (Some(person), "restore") => {
                people.restore(&key);
                Notice::success(format!("{} is back.", person.display_name))
            }
            (Some(_), _) => Notice::failure("A user can be blocked, unblocked, deleted and restored."),
        };
        world.notices.lead_to("/entra/directory", notice)
    })
}
