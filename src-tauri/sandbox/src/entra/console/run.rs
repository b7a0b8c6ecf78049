//! Overview with Start, Stop and Restart provisioning; Provision on demand.

use axum::{
    Form,
    extract::{Path, RawQuery, State},
    response::Response,
};
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

use super::{Section, Shop, View, act, app_page, greyed_out, offers_provisioning, options, with_app};
use crate::{
    entra::{
        App, CycleRecord, DELETE_THRESHOLD, Job, Quarantine, Status,
        directory::{self, Directory},
        on_demand as demand,
    },
    fault::Fault,
    html::{Fields, Notice, clock, field, label},
    world::World,
};

pub(crate) async fn overview(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    with_app(&shared, &id, |world, app| {
        let content = html! {
            @if offers_provisioning(app) {
                (toolbar(app))
                (state(app, world.now()))
                (latest(app))
                h2 { "What is set" }
                dl {
                    dt { "Connection" } dd { @if let Some(saved) = &app.saved { (saved.tenant_url) } @else { "Not configured. " a href={ "/entra/apps/" (app.id) "/provisioning?new" } { "New configuration" } } }
                    dt { "Scope" } dd { "Sync only assigned users and groups" }
                    dt { "Assigned" } dd { (assigned(app, &Directory::of(world))) }
                }
                @if let Some(url) = super::apps::sign_in_url(world, app) {
                    h2 { "Single sign-on" }
                    dl { dt { "Method" } dd { "SAML" } dt { "Login URL" } dd { code { (url) } } }
                }
                (properties(world))
            } @else { (greyed_out()) }
        };
        let mut view = View::new("Overview", Section::Overview, query.as_deref());
        let due = app.job.is_due(world.now());
        view.refresh = (app.job.running.is_some() || due).then_some(2);
        app_page(world, app, &view, &content)
    })
}

/// Facts 4.1: Overview › Properties.
fn properties(world: &World) -> Markup {
    let held = world.switches.has(Fault::ManyDeletes);
    html! {
        h2 { "Properties" }
        dl {
            dt { "Notification e-mail" } dd { "None" }
            dt { "Accidental deletion prevention" } dd { @if held { "On, threshold " (DELETE_THRESHOLD) } @else { "Off" } }
        }
        p.quiet { "To read only: the practice world sends no e-mail." }
    }
}

fn toolbar(app: &App) -> Markup {
    let (configured, on) = (app.saved.is_some(), app.job.on);
    let button = |action: &str, text: &str, primary: bool, enabled: bool| {
        let reason = (action == "start" && !enabled).then_some("start-reason");
        html! {
            form method="post" action={ "/entra/apps/" (app.id) "/" (action) } {
                button.primary[primary] type="submit" disabled[!enabled] aria-describedby=[reason] { (text) }
            }
        }
    };
    html! {
        div.toolbar {
            (button("start", "Start provisioning", configured && !on, configured))
            (button("stop", "Stop provisioning", false, on))
            (button("restart", "Restart provisioning", false, on))
            a.button href={ "/entra/apps/" (app.id) "/on-demand" } { "Provision on demand" }
        }
        @if !configured {
            p.quiet #start-reason { "Start provisioning can be chosen once the Tenant URL and the secret token are saved under " a href={ "/entra/apps/" (app.id) "/provisioning" } { "Provisioning" } "." }
        }
    }
}

/// What went wrong in the latest cycle.
fn trouble(job: &Job) -> Option<String> {
    let cycle = job.cycles.last()?;
    match (&cycle.error, cycle.failed) {
        (Some(error), _) => Some(format!("The latest cycle ended early: {error}")),
        (None, 0) => None,
        (None, 1) => Some("1 failure in the latest cycle.".to_owned()),
        (None, failed) => Some(format!("{failed} failures in the latest cycle.")),
    }
}

fn state(app: &App, now: Timestamp) -> Markup {
    let job = &app.job;
    let trouble = trouble(job).filter(|_| job.running.is_none() && job.quarantine.is_none());
    html! {
        section.state data-state=(job.state().to_lowercase()) data-trouble=[trouble.as_ref().map(|_| "yes")] aria-label="Current status" {
            h2 { "Current cycle status" }
            @if let Some(progress) = &job.running {
                @if progress.initial { p { "Initial cycle in progress. It reads everybody in scope and takes from 20 minutes to several hours." } }
                p { strong { "Running" } ": " (progress.done) " of " (progress.total) " users and groups." }
                progress max=(progress.total.max(1)) value=(progress.done) aria-label="Progress of the cycle" {}
            } @else if let Some(quarantine) = &job.quarantine {
                p { strong { "Quarantine" } " since " (clock(quarantine.since)) ". " (quarantine.message) }
                p { code { (quarantine.code) } @if !quarantine.is_about_deletes() { " " code { (quarantine.reason()) } } }
                @if quarantine.is_about_deletes() { (allow_deletes(app)) }
                @else if let Some(next) = job.next_cycle { p { "Next attempt in " (span(now, next)) ". The job is switched off on " (clock(quarantine.ends())) " unless the cause is cured. Correct the credentials, then choose Restart provisioning." } }
                @else { p { "The job is switched off. Correct the credentials, then choose Start provisioning." } }
            } @else if let Some(next) = job.next_cycle {
                p { strong { "On" } ". " @if let Some(trouble) = &trouble { strong { (trouble) } " " } "Next cycle in " (span(now, next)) "." }
            } @else if job.cycles.is_empty() {
                p { strong { "Not started" } ". Nothing is sent automatically before you choose Start provisioning." }
            } @else {
                p { strong { "Stopped" } ". " @if let Some(trouble) = &trouble { strong { (trouble) } " " } "Nothing is sent automatically until you choose Start provisioning." }
            }
        }
    }
}

fn latest(app: &App) -> Markup {
    html! {
        @if !app.job.cycles.is_empty() {
            h2 { "Latest cycles" }
            table {
                thead { tr { th { "Cycle" } th { "Began" } th { "Success" } th { "Failure" } th { "Skipped" } th { "Result" } } }
                tbody {
                    @for cycle in app.job.cycles.iter().rev().take(5) {
                        tr {
                            td { (if cycle.initial { "Initial" } else { "Incremental" }) }
                            td.number { (clock(cycle.began)) }
                            td.number { (cycle.succeeded) } td.number { (cycle.failed) } td.number { (cycle.skipped) }
                            td { (result(cycle)) }
                        }
                    }
                }
            }
            p { a href={ "/entra/apps/" (app.id) "/logs" } { "View provisioning logs" } }
        }
    }
}

fn result(cycle: &CycleRecord) -> String {
    cycle
        .error
        .clone()
        .unwrap_or_else(|| if cycle.failed > 0 { "Completed with errors".to_owned() } else { "Completed".to_owned() })
}

fn assigned(app: &App, directory: &Directory) -> String {
    if app.assigned.is_empty() {
        return "Nobody yet".to_owned();
    }
    app.assigned.iter().filter_map(|key| directory.name(key)).collect::<Vec<_>>().join(", ")
}

fn span(now: Timestamp, then: Timestamp) -> String {
    let wait = then.duration_since(now).max(SignedDuration::ZERO);
    match (wait.as_hours(), (wait.as_secs() + 59) / 60) {
        (0, 0) => "a moment".to_owned(),
        (0, 1) => "1 minute".to_owned(),
        (0, minutes) => format!("{minutes} minutes"),
        (1, _) => "1 hour".to_owned(),
        (hours, _) => format!("{hours} hours"),
    }
}

/// Facts 5: beside Allow deletes, the way back is to cure the cause and to restart.
fn allow_deletes(app: &App) -> Markup {
    html! {
        p { "If they are meant, choose Allow deletes. If not, put the cause right and choose Restart provisioning." }
        form method="post" action={ "/entra/apps/" (app.id) "/allow-deletes" } { div.buttons { button type="submit" { "Allow deletes" } } }
    }
}

pub(crate) async fn allow(State(shared): Shop, Path(id): Path<String>) -> Response {
    let response = act(&shared, &id, "", |world| {
        let now = world.now();
        let Some(app) = world.entra.app_mut(&id) else { return Notice::failure("This application is not here.") };
        if !app.job.quarantine.as_ref().is_some_and(Quarantine::is_about_deletes) {
            return Notice::warning("No deletion is held back.");
        }
        app.job.allow_deletes(now);
        Notice::success("The deletions are allowed. They are made now.")
    });
    shared.wake.notify_one();
    response
}

/// Start and Restart do the same here: quarantine is lifted and everything is read anew.
pub(crate) async fn start(State(shared): Shop, Path(id): Path<String>) -> Response {
    let response = act(&shared, &id, "", |world| {
        let now = world.now();
        let Some(app) = world.entra.app_mut(&id) else { return Notice::failure("This application is not here.") };
        if app.saved.is_none() {
            return Notice::failure(
                "Provisioning is not configured yet. Enter and save the connection under Provisioning first.",
            );
        }
        app.job.start(now);
        if app.assigned.is_empty() {
            return Notice::warning(
                "Provisioning was started, but nobody is assigned under Users and groups: nothing will be provisioned.",
            );
        }
        Notice::success(
            "Provisioning was started. The initial cycle runs now; after it, a cycle runs about every 40 minutes.",
        )
    });
    shared.wake.notify_one();
    response
}

pub(crate) async fn stop(State(shared): Shop, Path(id): Path<String>) -> Response {
    act(&shared, &id, "", |world| {
        let Some(app) = world.entra.app_mut(&id) else { return Notice::failure("This application is not here.") };
        app.job.stop();
        let rest = if app.job.running.is_some() { " The cycle under way runs to its end." } else { "" };
        Notice::success(format!("Provisioning was stopped.{rest}"))
    })
}

pub(crate) async fn on_demand(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    with_app(&shared, &id, |world, app| {
        let people = directory::people().into_iter().map(|person| (person.key, person.display_name));
        let groups = Directory::of(world).groups().into_iter().map(|group| (group.key, group.display_name));
        let choices: Vec<(&str, &str)> = people.chain(groups).collect();
        let content = html! {
            @if offers_provisioning(app) {
                p.lead { "Provisions one user or group at once and shows each step. It does not wait for a cycle." }
                form method="post" action={ "/entra/apps/" (app.id) "/on-demand" } {
                    (label("subject", "Select a user or group", None))
                    select #subject name="subject" { (options(&choices)) }
                    div.buttons { button.primary type="submit" { "Provision" } }
                }
                @if let Some(result) = &app.on_demand { (outcome(result)) }
            } @else { (greyed_out()) }
        };
        app_page(world, app, &View::new("Provision on demand", Section::OnDemand, query.as_deref()), &content)
    })
}

fn outcome(result: &demand::OnDemand) -> Markup {
    html! {
        h2 { "Result for " (result.name) }
        p.quiet { (clock(result.at)) }
        ol.steps {
            @for step in &result.steps {
                li data-step=(step.name.to_lowercase()) data-status=(step.status.name().to_lowercase()) {
                    p { strong { (step.name) } " " (badge(step.status)) }
                    p.reason { (step.text) }
                    @if !step.details.is_empty() { (pairs(&step.details)) }
                }
            }
        }
        @if !result.changes.is_empty() {
            h2 { "Modified properties" }
            (pairs(&result.changes))
        }
    }
}

pub(super) fn pairs(pairs: &[(String, String)]) -> Markup {
    html! { table { tbody { @for (name, value) in pairs { tr { th scope="row" { code { (name) } } td { (value) } } } } } }
}

pub(super) fn badge(status: Status) -> Markup {
    html! { span.badge.(status.name().to_lowercase()) { (status.name()) } }
}

pub(crate) async fn provision(State(shared): Shop, Path(id): Path<String>, Form(fields): Form<Fields>) -> Response {
    let subject = shared.read(|world| Directory::of(world).principal(field(&fields, "subject")));
    let result = match subject {
        Some(subject) => demand::run(&shared, &id, subject).await,
        None => Err("Select a user or a group.".to_owned()),
    };
    act(&shared, &id, "/on-demand", |_| match result {
        Ok(Status::Success) => Notice::success("Provisioning on demand succeeded."),
        Ok(Status::Skipped) => Notice::warning("The object was skipped. The steps below say why."),
        Ok(Status::Failure) => Notice::failure("Provisioning on demand failed. The steps below say why."),
        Err(problem) => Notice::failure(problem),
    })
}
