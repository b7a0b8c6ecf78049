//! Directory: People and Groups.

use axum::{
    Form,
    extract::{Path, RawQuery, State},
    response::Response,
};
use maud::{Markup, html};

use super::{GROUPS, PEOPLE, Shop, groups as known, page};
use crate::{
    entra::console::as_file,
    html::{Fields, Notice, field, label},
    okta::{
        directory::{EVERYONE, Group, Profile},
        reports,
    },
    table::CSV,
    world::{Shared, World},
};

const LONGEST_TITLE: usize = 100;

pub(crate) async fn people(State(shared): Shop, RawQuery(query): RawQuery) -> Response {
    shared.read(|world| {
        let content = html! {
            (report("/okta/directory/people.csv", "User Accounts"))
            table {
                thead { tr { th { "Person" } th { "Username" } th { "Last name" } th { "Status" } th { span.hidden { "Actions" } } } }
                tbody { @for one in world.okta.directory.people() { (person_row(&one)) } }
            }
        };
        page(world, PEOPLE, "People", query.as_deref(), &content)
    })
}

/// In Okta it stands under **Reports**; here, beside what it is about.
fn report(address: &str, name: &str) -> Markup {
    html! { div.toolbar { a.button href=(address) download { "Reports › " (name) ": CSV Export" } } }
}

pub(crate) async fn accounts_report(State(shared): Shop) -> Response {
    shared.read(|world| as_file("user_accounts.csv", CSV, reports::accounts(&world.okta.directory.people())))
}

pub(crate) async fn membership_report(State(shared): Shop) -> Response {
    shared.read(|world| {
        let people = world.okta.directory.people();
        as_file("group_membership.csv", CSV, reports::memberships(&known(world), &people))
    })
}

fn person_row(one: &Profile) -> Markup {
    let (action, text, state) =
        if one.active { ("deactivate", "Deactivate", "Active") } else { ("activate", "Activate", "Deactivated") };
    let base = format!("{PEOPLE}/{}", one.key());
    let title = one.attribute("title").unwrap_or_default();
    html! {
        tr data-person=(one.key()) data-state=(state.to_lowercase()) {
            td { (one.name()) br; small { (title) } }
            td { (one.attribute("login").unwrap_or_default()) }
            td { (one.attribute("lastName").unwrap_or_else(|| "–".to_owned())) }
            td { (state) }
            td.actions {
                form method="post" action={ (base) "/" (action) } { button.quiet type="submit" { (text) span.hidden { " " (one.name()) } } }
                details {
                    summary { "Edit profile" span.hidden { " of " (one.name()) } }
                    form method="post" action={ (base) "/profile" } {
                        (label(&format!("title-{}", one.key()), "Title", None))
                        input id={ "title-" (one.key()) } type="text" name="title" value=(title) maxlength=(LONGEST_TITLE);
                        div.buttons { button type="submit" { "Save" } }
                    }
                }
            }
        }
    }
}

pub(crate) async fn change_person(
    State(shared): Shop,
    Path((key, action)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Response {
    change(&shared, PEOPLE, |world| {
        let directory = &mut world.okta.directory;
        let Some(one) = directory.person(&key) else { return Notice::failure("There is no such person.") };
        match action.as_str() {
            "activate" => {
                directory.activate(&key);
                Notice::success(format!("{} is active.", one.name()))
            }
            "deactivate" => {
                directory.deactivate(&key);
                Notice::success(format!("{} is deactivated.", one.name()))
            }
            "profile" => {
                let title: String = field(&fields, "title").chars().take(LONGEST_TITLE).collect();
                directory.set_title(&key, &title);
                Notice::success(format!("The profile of {} was saved.", one.name()))
            }
            _ => Notice::failure("A person can be activated, deactivated, and given another title."),
        }
    })
}

pub(crate) async fn groups(State(shared): Shop, RawQuery(query): RawQuery) -> Response {
    shared.read(|world| {
        let content = html! {
            (report("/okta/directory/groups.csv", "Group Membership"))
            @for group in known(world) { (group_section(world, &group)) }
        };
        page(world, GROUPS, "Groups", query.as_deref(), &content)
    })
}

fn group_section(world: &World, group: &Group) -> Markup {
    let people = world.okta.directory.people();
    let (members, others): (Vec<_>, Vec<_>) =
        people.iter().partition(|one| group.members.iter().any(|key| key == one.key()));
    let base = format!("{GROUPS}/{}/members", group.key);
    let built_in = group.key == EVERYONE;
    html! {
        h2 id=(group.key) { (group.name) }
        p.quiet { @if built_in { "BUILT_IN: all active people; its members cannot be changed." } @else { "OKTA_GROUP" } }
        table {
            tbody {
                @for one in &members {
                    tr {
                        td { (one.name()) }
                        td.actions {
                            @if !built_in {
                                form method="post" action={ (base) "/" (one.key()) "/remove" } {
                                    button.quiet type="submit" { "Remove" span.hidden { " " (one.name()) " from " (group.name) } }
                                }
                            }
                        }
                    }
                }
            }
        }
        @if !built_in {
            form method="post" action=(base) {
                (label(&format!("person-{}", group.key), "Assign people", None))
                select id={ "person-" (group.key) } name="person" {
                    option value="" { "Select…" }
                    @for one in &others { option value=(one.key()) { (one.name()) } }
                }
                div.buttons { button type="submit" { "Add" span.hidden { " to " (group.name) } } }
            }
        }
    }
}

pub(crate) async fn add_member(State(shared): Shop, Path(key): Path<String>, Form(fields): Form<Fields>) -> Response {
    change(&shared, GROUPS, |world| {
        let directory = &mut world.okta.directory;
        let Some(one) = directory.person(field(&fields, "person")) else { return Notice::failure("Select a person.") };
        let Some(group) = directory.group_mut(&key) else {
            return Notice::failure("The members of this group cannot be changed.");
        };
        if group.members.iter().any(|member| member == one.key()) {
            return Notice::warning(format!("{} is a member already.", one.name()));
        }
        group.members.push(one.key().to_owned());
        Notice::success(format!("{} was added to {}.", one.name(), group.name))
    })
}

pub(crate) async fn remove_member(State(shared): Shop, Path((key, person)): Path<(String, String)>) -> Response {
    change(&shared, GROUPS, |world| {
        let name = world.okta.directory.name(&person).unwrap_or_default();
        let Some(group) = world.okta.directory.group_mut(&key) else {
            return Notice::failure("The members of this group cannot be changed.");
        };
        let before = group.members.len();
        group.members.retain(|member| *member != person);
        if group.members.len() == before {
            return Notice::warning("This person is not a member.");
        }
        Notice::success(format!("{name} was removed from {}.", group.name))
    })
}

fn change(shared: &Shared, path: &str, act: impl FnOnce(&mut World) -> Notice) -> Response {
    shared.change(|world| {
        let notice = act(world);
        world.okta.wake.notify_one();
        world.notices.lead_to(path, notice)
    })
}
