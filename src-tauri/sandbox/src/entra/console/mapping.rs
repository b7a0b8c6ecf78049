//! Attribute mapping: rows, object actions, and the two steps of editing and saving.

use axum::{
    Form,
    extract::{Path, RawQuery, State},
    response::Response,
};
use maud::{Markup, html};

use super::{Section, Shop, View, act, act_at, app_page, greyed_out, missing, offers_provisioning, with_app};
use crate::{
    entra::{
        App, AppKind, Edited,
        mapping::{Kind, Mapping, Row},
    },
    html::{Fields, Notice, field, label, tick, ticked},
    world::Shared,
};

fn edited(app: &App, kind: Kind) -> &Edited {
    match kind {
        Kind::Users => &app.users,
        Kind::Groups => &app.groups,
    }
}

fn edited_mut(app: &mut App, kind: Kind) -> &mut Edited {
    match kind {
        Kind::Users => &mut app.users,
        Kind::Groups => &mut app.groups,
    }
}

/// The gallery app's are those of Microsoft's tutorial (facts B5).
fn title(app: AppKind, kind: Kind) -> &'static str {
    match (app, kind) {
        (AppKind::AwsIdentityCenter, Kind::Users) => "Synchronize Microsoft Entra users to AWS IAM Identity Center",
        (AppKind::AwsIdentityCenter, Kind::Groups) => "Synchronize Microsoft Entra groups to AWS IAM Identity Center",
        (AppKind::NonGallery | AppKind::Registration, Kind::Users) => "Provision Microsoft Entra ID Users",
        (AppKind::NonGallery | AppKind::Registration, Kind::Groups) => "Provision Microsoft Entra ID Groups",
    }
}

pub(crate) async fn choose(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    with_app(&shared, &id, |world, app| {
        let content = html! {
            @if offers_provisioning(app) {
                p.lead { "Which attributes travel, and what may be done with users and groups at the target." }
                ul.cards {
                    @for (kind, name) in [(Kind::Users, "Users"), (Kind::Groups, "Groups")] {
                        li {
                            a href={ "/entra/apps/" (app.id) "/mapping/" (kind.name()) } { (name) }
                            p { (title(app.kind, kind)) br; (edited(app, kind).shown().rows.len()) " rows" @if edited(app, kind).draft.is_some() { ", with changes that are not saved" } }
                        }
                    }
                }
            } @else { (greyed_out()) }
        };
        app_page(world, app, &View::new("Attribute mapping", Section::Mapping, query.as_deref()), &content)
    })
}

pub(crate) async fn show(
    State(shared): Shop,
    Path((id, kind)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(kind) = Kind::parse(&kind) else { return shared.read(missing) };
    with_app(&shared, &id, |world, app| {
        let edited = edited(app, kind);
        let mapping = edited.shown();
        let base = format!("/entra/apps/{}/mapping/{}", app.id, kind.name());
        let content = html! {
            @if offers_provisioning(app) {
                @if edited.draft.is_some() {
                    div.notice.warning { p { span aria-hidden="true" { "!" } " There are changes that are not saved yet. They count after Save." } }
                }
                (save_form(&base, mapping, edited.draft.is_some()))
                h2 { "Attribute mappings" }
                p.quiet { "customappsso attribute is the attribute at the target." }
                (rows(&base, mapping))
                h2 { "Add New Mapping" }
                (row_form(&format!("{base}/rows"), None))
                h2 { "Show advanced options" }
                p {
                    a href={ "/entra/apps/" (app.id) "/schema" } download="schema.json" { "Review your schema here" }
                    ": downloads both mappings, as they are saved."
                }
                h2 { "Start again" }
                form method="post" action={ (base) "/restore" } { div.buttons { button type="submit" { "Restore default mappings" } } }
                (save_bar(&base, edited.draft.is_some()))
            } @else { (greyed_out()) }
        };
        app_page(world, app, &View::new(title(app.kind, kind), Section::Mapping, query.as_deref()), &content)
    })
}

fn save_form(base: &str, mapping: &Mapping, unsaved: bool) -> Markup {
    html! {
        form #save method="post" action=(base) {
            (tick("enabled", "Enabled", mapping.enabled))
            fieldset.inline {
                legend { "Target Object Actions" }
                (tick("create", "Create", mapping.create))
                (tick("update", "Update", mapping.update))
                (tick("delete", "Delete", mapping.delete))
            }
            div.buttons {
                button.primary type="submit" { "Save" }
                @if unsaved { button type="submit" formaction={ (base) "/discard" } { "Discard" } }
            }
        }
    }
}

/// Save once more, at the end of a long page: it belongs to the form at the beginning.
fn save_bar(base: &str, unsaved: bool) -> Markup {
    html! {
        div.savebar {
            button.primary type="submit" form="save" { "Save" }
            @if unsaved {
                button type="submit" form="save" formaction={ (base) "/discard" } { "Discard" }
                span.quiet { "There are changes that are not saved yet." }
            }
        }
    }
}

fn rows(base: &str, mapping: &Mapping) -> Markup {
    html! {
        table.rows {
            thead { tr { th { "customappsso attribute" } th { "Microsoft Entra ID attribute" } th { "Matching precedence" } th { span.hidden { "Actions" } } } }
            tbody {
                @for row in &mapping.rows {
                    tr data-target=(row.target) {
                        td id=(anchor(row.id)) { code { (row.target) } }
                        td { code { (row.source) } }
                        td.number { @if let Some(matching) = row.matching { (matching) } }
                        td.actions {
                            details {
                                summary { "Edit" span.hidden { " " (row.target) } }
                                (row_form(&format!("{base}/rows/{}", row.id), Some(row)))
                            }
                            form method="post" action={ (base) "/rows/" (row.id) "/delete" } {
                                button.quiet type="submit" { "Delete" span.hidden { " " (row.target) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn row_form(action: &str, row: Option<&Row>) -> Markup {
    let id = |name: &str| row.map_or_else(|| format!("new-{name}"), |row| format!("{name}-{}", row.id));
    html! {
        form method="post" action=(action) {
            (label(&id("target"), "Target attribute", None))
            input id=(id("target")) type="text" name="target" value=[row.map(|row| &row.target)] spellcheck="false" autocomplete="off";
            (label(&id("source"), "Source attribute or expression", None))
            input id=(id("source")) type="text" name="source" value=[row.map(|row| &row.source)] spellcheck="false" autocomplete="off";
            (label(&id("matching"), "Matching precedence (empty: do not match on it)", None))
            input id=(id("matching")) type="text" inputmode="numeric" name="matching" value=[row.and_then(|row| row.matching)] size="4";
            div.buttons { button type="submit" { @if row.is_some() { "Ok" } @else { "Add" } } }
        }
    }
}

fn anchor(row: u32) -> String {
    format!("row-{row}")
}

/// Changes the draft, or says what is wrong. `change` answers with what was done and the row to go back to.
fn edit(
    shared: &Shared,
    id: &str,
    kind: &str,
    change: impl FnOnce(&mut Mapping, Kind) -> Result<(String, Option<u32>), String>,
) -> Response {
    let Some(kind) = Kind::parse(kind) else { return shared.read(missing) };
    act_at(shared, id, &format!("/mapping/{}", kind.name()), |world| {
        let Some(app) = world.entra.app_mut(id) else {
            return (Notice::failure("This application is not here."), None);
        };
        let edited = edited_mut(app, kind);
        let mut draft = edited.shown().clone();
        match change(&mut draft, kind) {
            Ok((text, row)) => {
                *edited.edit() = draft;
                (Notice::success(format!("{text} Save to make it count.")), row.map(anchor))
            }
            Err(problem) => (Notice::failure(problem), None),
        }
    })
}

/// The three fields of a row; the matching precedence is empty or a number from 1 to 99.
fn row_fields(fields: &Fields) -> Result<(&str, &str, Option<u32>), String> {
    let matching = match field(fields, "matching") {
        "" => None,
        text => match text.parse() {
            Ok(number @ 1..=99) => Some(number),
            _ => return Err("The matching precedence is a number from 1 to 99, or empty.".to_owned()),
        },
    };
    match (field(fields, "target"), field(fields, "source")) {
        ("", _) => Err("Enter a target attribute.".to_owned()),
        (_, "") => Err("Enter a source attribute or an expression.".to_owned()),
        (target, source) => Ok((target, source, matching)),
    }
}

pub(crate) async fn add(
    State(shared): Shop,
    Path((id, kind)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Response {
    edit(&shared, &id, &kind, |mapping, kind| {
        let (target, source, matching) = row_fields(&fields)?;
        mapping.add(kind, target, source, matching)?;
        let row = mapping.rows.last().map(|row| row.id);
        Ok((format!("The row for {target} was added."), row))
    })
}

pub(crate) async fn change(
    State(shared): Shop,
    Path((id, kind, row)): Path<(String, String, u32)>,
    Form(fields): Form<Fields>,
) -> Response {
    edit(&shared, &id, &kind, |mapping, kind| {
        let (target, source, matching) = row_fields(&fields)?;
        mapping.change(kind, row, target, source, matching)?;
        Ok((format!("The row for {target} was changed."), Some(row)))
    })
}

pub(crate) async fn delete(State(shared): Shop, Path((id, kind, row)): Path<(String, String, u32)>) -> Response {
    edit(&shared, &id, &kind, |mapping, _| {
        let next = mapping.delete_row(row)?;
        Ok(("The row was deleted.".to_owned(), next))
    })
}

pub(crate) async fn restore(State(shared): Shop, Path((id, kind)): Path<(String, String)>) -> Response {
    let app = shared.read(|world| world.entra.app(&id).map(|app| app.kind));
    edit(&shared, &id, &kind, |mapping, kind| {
        mapping.restore(kind, app.ok_or("This application is not here.")?);
        Ok(("The default mappings are back.".to_owned(), None))
    })
}

pub(crate) async fn discard(State(shared): Shop, Path((id, kind)): Path<(String, String)>) -> Response {
    let Some(kind) = Kind::parse(&kind) else { return shared.read(missing) };
    act(&shared, &id, &format!("/mapping/{}", kind.name()), |world| {
        if let Some(app) = world.entra.app_mut(&id) {
            edited_mut(app, kind).draft = None;
        }
        Notice::success("The changes were dropped.")
    })
}

pub(crate) async fn save(
    State(shared): Shop,
    Path((id, kind)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Response {
    let Some(kind) = Kind::parse(&kind) else { return shared.read(missing) };
    let response = act(&shared, &id, &format!("/mapping/{}", kind.name()), |world| {
        let Some(app) = world.entra.app_mut(&id) else { return Notice::failure("This application is not here.") };
        let edited = edited_mut(app, kind);
        let mut mapping = edited.shown().clone();
        (mapping.enabled, mapping.create) = (ticked(&fields, "enabled"), ticked(&fields, "create"));
        (mapping.update, mapping.delete) = (ticked(&fields, "update"), ticked(&fields, "delete"));
        if mapping.matching().is_none() {
            // What was ticked stays on the page, like the rows.
            *edited.edit() = mapping;
            return Notice::failure("One row needs a matching precedence, so that existing objects can be found.");
        }
        edited.saved = mapping;
        edited.draft = None;
        // Facts 1.2: a changed mapping starts a new initial cycle, after the one under way.
        app.job.initial = true;
        Notice::success("The attribute mapping was saved. The next cycle reads everything anew.")
    });
    shared.wake.notify_one();
    response
}
