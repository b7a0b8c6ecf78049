//! Provisioning › Integration: Enable API integration, the app's own fields, Import Groups, Test API Credentials, Save.

use axum::{
    Form,
    extract::{Path, RawQuery, State},
    response::Response,
};
use maud::{Markup, html};

use super::{Shop, Tab, View, act, app_page, asked, gone, tabs::settings, with_app};
use crate::{
    fault::Fault,
    html::{Fields, Notice, field, label, tick, ticked},
    okta::{
        Connection,
        app::App,
        catalog::AppKind,
        probe::{self, Failure},
        system_log::{self, Note},
        wire::{self, Wire},
    },
    secret::Secret,
    world::{Shared, World},
};

const LONGEST: usize = 20_000;
const PAGE: &str = "/provisioning/integration";

/// What is wrong with each field, before anything is sent.
#[derive(Default)]
struct Problems {
    base_url: Option<String>,
    token: Option<String>,
}

impl Problems {
    fn of(kind: AppKind, connection: &Connection) -> Problems {
        let label = kind.base_url_label();
        let url = &connection.base_url;
        let base_url = if url.is_empty() {
            Some(format!("{label}: The field cannot be left blank"))
        } else if kind == AppKind::Aws && url.ends_with('/') {
            // Facts B1.
            Some(format!("{label}: Does not match required pattern"))
        } else {
            wire::check(url).err().map(|problem| format!("{label}: {problem}"))
        };
        let blank = || format!("{}: The field cannot be left blank", kind.token_label());
        Problems { base_url, token: connection.secret.is_empty().then(blank) }
    }

    fn notice(&self) -> Option<Notice> {
        match (&self.base_url, &self.token) {
            (None, None) => None,
            (Some(one), None) | (None, Some(one)) => Some(Notice::failure(one.clone())),
            (Some(one), Some(other)) => Some(Notice::failure(format!("{}. {other}.", one.trim_end_matches('.')))),
        }
    }
}

pub(crate) async fn show(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let query = query.as_deref();
    // Whoever tested comes back to what they had ticked.
    let enable = asked(query, "enable").map(|value| value == "on");
    with_app(&shared, &id, |world, app| {
        form(world, app, query, &Problems::default(), enable.unwrap_or(app.saved.is_some()))
    })
}

fn form(world: &World, app: &App, query: Option<&str>, problems: &Problems, enable: bool) -> Response {
    let hint = if app.typed.secret.is_empty() {
        ""
    } else {
        "•••••••••••••••• (entered; leave empty to keep it)"
    };
    let wrong = |problem: &Option<String>| problem.is_some().then_some("true");
    let inner = html! {
        form method="post" action={ "/okta/apps/" (app.id) (PAGE) } autocomplete="off" {
            (tick("enable", "Enable API integration", enable))
            p.quiet { "Enter your " (app.kind.title()) " credentials to enable user import and provisioning features." }
            (label("base_url", app.kind.base_url_label(), None))
            input #base_url type="text" inputmode="url" name="base_url" value=(app.typed.base_url) spellcheck="false" aria-invalid=[wrong(&problems.base_url)] aria-describedby="base_url-problem";
            (message("base_url-problem", problems.base_url.as_deref()))
            (label("token", app.kind.token_label(), None))
            input #token type="password" name="token" placeholder=(hint) autocomplete="new-password" aria-invalid=[wrong(&problems.token)] aria-describedby="token-problem";
            (message("token-problem", problems.token.as_deref()))
            (tick("import_groups", "Import Groups", app.typed.import_groups))
            div.buttons {
                button type="submit" name="action" value="test" { "Test API Credentials" }
                button.primary type="submit" name="action" value="save" { "Save" }
            }
        }
    };
    let content = html! {
        @if let Some(notice) = problems.notice() { (notice.show()) }
        (settings(app, "integration", &inner))
    };
    app_page(world, app, &View::new("Provisioning › Integration", Tab::Provisioning, query), &content)
}

fn message(id: &str, problem: Option<&str>) -> Markup {
    html! { p.problem id=(id) { @if let Some(problem) = problem { span aria-hidden="true" { "✕ " } (problem) } } }
}

pub(crate) async fn submit(State(shared): Shop, Path(id): Path<String>, Form(fields): Form<Fields>) -> Response {
    let saves = match field(&fields, "action") {
        "save" => true,
        "test" => false,
        _ => return act(&shared, &id, PAGE, |_| Notice::failure("Choose Test API Credentials or Save.")),
    };
    let enable = ticked(&fields, "enable");
    let back = format!("{PAGE}?enable={}", if enable { "on" } else { "off" });
    let typed = shared.change(|world| keep(world, &shared, &id, &fields));
    let Some((kind, connection)) = typed else { return act(&shared, &id, PAGE, |_| gone()) };
    if !enable {
        return act(&shared, &id, &back, |world| not_enabled(world, &id, saves));
    }
    let problems = Problems::of(kind, &connection);
    if problems.notice().is_some() {
        return with_app(&shared, &id, |world, app| form(world, app, None, &problems, true));
    }
    let tested = test(&shared, &connection).await;
    let page = if saves && tested.is_ok() { "/provisioning/to-app" } else { &back };
    act(&shared, &id, page, |world| {
        let now = world.now();
        let switched_off = world.switches.has(Fault::IntegrationOff);
        let Some(app) = world.okta.app_mut(&id) else { return gone() };
        let label = app.label.clone();
        let (note, notice) = match tested {
            Err(failure) => {
                let reason = format!("Couldn't verify API credentials. {}", failure.text);
                (Note::failure(system_log::CONFIGURED, &label, &reason), failure.notice())
            }
            Ok(()) if !saves => (Note::success(system_log::CONFIGURED, &label), Notice::success(probe::success(kind))),
            Ok(()) => {
                app.saved = (!switched_off).then_some(connection);
                let text = format!("{} The integration was saved.", probe::success(kind));
                (Note::success(system_log::APP_UPDATED, &label), Notice::success(text))
            }
        };
        world.okta.log(note.at(now, &id));
        notice
    })
}

/// What was typed stays; an empty token keeps the one entered before.
fn keep(world: &mut World, shared: &Shared, id: &str, fields: &Fields) -> Option<(AppKind, Connection)> {
    let token: String = field(fields, "token").chars().take(LONGEST).collect();
    let secret = Secret::new(&token, &shared.seed, world);
    let app = world.okta.app_mut(id)?;
    app.typed.base_url = field(fields, "base_url").chars().take(LONGEST).collect();
    app.typed.import_groups = ticked(fields, "import_groups");
    if !token.is_empty() {
        app.typed.secret = secret;
    }
    Some((app.kind, app.typed.clone()))
}

fn not_enabled(world: &mut World, id: &str, saves: bool) -> Notice {
    let Some(app) = world.okta.app_mut(id) else { return gone() };
    if !saves || app.saved.is_none() {
        return Notice::failure("Tick Enable API integration first.");
    }
    app.saved = None;
    Notice::warning("API integration is switched off. Nothing is sent until it is enabled again.")
}

async fn test(shared: &Shared, connection: &Connection) -> Result<(), Failure> {
    let wire = Wire::new(&shared.client, connection).map_err(|_| Failure::refused())?;
    if shared.read(|world| world.switches.has(Fault::ConsoleRefuses)) {
        return Err(Failure::refused());
    }
    if shared.read(|world| world.switches.has(Fault::OddError)) {
        return Err(Failure::odd());
    }
    probe::test(&wire, connection).await
}
