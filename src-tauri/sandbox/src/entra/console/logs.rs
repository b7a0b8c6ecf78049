//! Provisioning logs: the page, and Download as JSON or as the three CSV files of the portal.

use axum::{
    extract::{Path, RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use maud::{Markup, html};

use super::{
    Section, Shop, View, app_page, missing,
    run::{badge, pairs},
    with_app,
};
use crate::{
    entra::{App, LogEntry, export},
    html::clock,
    table::CSV,
};

/// The files of Download: their name, and what leads to them.
const FILES: [(&str, &str); 4] = [
    ("ProvisioningLogs.json", "JSON"),
    ("ProvisioningLogs.csv", "CSV"),
    ("ProvisioningLogs_ProvisioningSteps.csv", "CSV: steps"),
    ("ProvisioningLogs_ModifiedProperties.csv", "CSV: modified properties"),
];

pub(crate) async fn show(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    with_app(&shared, &id, |world, app| {
        let content = html! {
            (downloads(app))
            @if app.job.logs.is_empty() { p.lead { "Nothing has been provisioned yet." } } @else {
                table.logs {
                    thead { tr { th { "Date" } th { "Identity" } th { "Action" } th { "Status" } th { "Reason" } } }
                    tbody { @for entry in app.job.logs.iter().rev() { (row(entry)) } }
                }
            }
        };
        app_page(world, app, &View::new("Provisioning logs", Section::Logs, query.as_deref()), &content)
    })
}

fn downloads(app: &App) -> Markup {
    html! {
        div.toolbar {
            details.menu {
                summary.button { "Download" }
                ul { @for (file, text) in FILES { li { a href={ "/entra/apps/" (app.id) "/logs/" (file) } download=(file) { (text) } } } }
            }
        }
    }
}

fn row(entry: &LogEntry) -> Markup {
    html! {
        tr data-status=(entry.status.name().to_lowercase()) data-code=(entry.code) {
            td.number { (clock(entry.at)) }
            td { (entry.name) br; small { (entry.kind) } }
            td { (entry.action) }
            td { (badge(entry.status)) }
            td.reason {
                @if !entry.code.is_empty() { code { (entry.code) } br; }
                (entry.reason)
                @if !entry.changes.is_empty() { details { summary { "Modified properties" } (pairs(&entry.changes)) } }
            }
        }
    }
}

pub(crate) async fn download(State(shared): Shop, Path((id, file)): Path<(String, String)>) -> Response {
    shared.read(|world| {
        let Some(app) = world.entra.app(&id) else { return missing(world) };
        let job = export::Job::of(world, app, &shared.seed);
        match file.as_str() {
            "ProvisioningLogs.json" => as_file(&file, "application/json", job.json()),
            "ProvisioningLogs.csv" => as_file(&file, CSV, job.logs_csv()),
            "ProvisioningLogs_ProvisioningSteps.csv" => as_file(&file, CSV, job.steps_csv()),
            "ProvisioningLogs_ModifiedProperties.csv" => as_file(&file, CSV, job.properties_csv()),
            _ => missing(world),
        }
    })
}

/// A file to be kept rather than shown.
pub(crate) fn as_file(name: &str, kind: &'static str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    (StatusCode::OK, [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], text)
        .into_response()
}
