//! Provisioning › New configuration (later: Connectivity): Tenant URL, Secret token, Test Connection, Create or Save.

use axum::{
    Form,
    extract::{Path, RawQuery, State},
    response::Response,
};
use maud::{Markup, html};

use super::{Section, Shop, View, act, app_page, greyed_out, offers_provisioning, with_app};
use crate::{
    entra::{
        App, Connection, Secret,
        probe::{self, Failure},
        wire::{self, Wire},
    },
    fault::Fault,
    html::{Fields, Notice, field, label},
    world::{Shared, World},
};

const LONGEST: usize = 20_000;
/// Facts row 17.
const TOO_LARGE: &str = "Failed to save the provisioning configuration. Size of input ExternalSecret data is invalid";
const TOO_LARGE_DETAILS: &str =
    r#"{"error":{"code":"Request_InvalidPropertyValue","message":"Size of input ExternalSecret data is invalid"}}"#;

/// What is wrong with each field, before anything is sent.
#[derive(Default)]
struct Problems {
    tenant_url: Option<String>,
    secret_token: Option<String>,
}

impl Problems {
    fn of(connection: &Connection) -> Problems {
        let tenant_url = if connection.tenant_url.is_empty() {
            Some("Enter the Tenant URL.".to_owned())
        } else {
            wire::check(&connection.tenant_url).err()
        };
        let secret_token = connection.secret.is_empty().then(|| {
            "Enter the secret token. Without one, Entra would sign in with a token of its own, which this target does not accept.".to_owned()
        });
        Problems { tenant_url, secret_token }
    }

    fn notice(&self) -> Option<Notice> {
        match (&self.tenant_url, &self.secret_token) {
            (None, None) => None,
            (Some(one), None) | (None, Some(one)) => Some(Notice::failure(one.clone())),
            (Some(_), Some(_)) => {
                Some(Notice::failure("Nothing was tested: the two marked fields are not complete yet."))
            }
        }
    }
}

pub(crate) async fn show(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    with_app(&shared, &id, |world, app| form(world, app, query.as_deref(), &Problems::default()))
}

fn form(world: &World, app: &App, query: Option<&str>, problems: &Problems) -> Response {
    let new = app.saved.is_none();
    let hint = if app.typed.secret.is_empty() {
        ""
    } else {
        "•••••••••••••••• (entered; leave empty to keep it)"
    };
    let wrong = |problem: &Option<String>| problem.is_some().then_some("true");
    let fields = html! {
            form method="post" action={ "/entra/apps/" (app.id) "/provisioning" } autocomplete="off" {
                (label("authentication", "Select authentication method", None))
                select #authentication name="authentication" { option value="bearer" { "Bearer authentication" } }
                (label("tenant_url", "Tenant URL", None))
                input #tenant_url type="text" inputmode="url" name="tenant_url" value=(app.typed.tenant_url) spellcheck="false" aria-invalid=[wrong(&problems.tenant_url)] aria-describedby="tenant_url-problem";
                (message("tenant_url-problem", problems.tenant_url.as_deref()))
                (label("secret_token", "Secret token", None))
                input #secret_token type="password" name="secret_token" placeholder=(hint) autocomplete="new-password" aria-invalid=[wrong(&problems.secret_token)] aria-describedby="secret_token-problem";
                (message("secret_token-problem", problems.secret_token.as_deref()))
                div.buttons {
                    button.primary[!app.tested] type="submit" name="action" value="test" { "Test Connection" }
                    button.primary[app.tested] type="submit" name="action" value="save" { @if new { "Create" } @else { "Save" } }
                }
            }
    };
    // It opens by itself once it was begun: coming from Overview, or back from a test.
    let begun = query.is_some() || problems.notice().is_some() || !app.typed.tenant_url.is_empty();
    let content = html! {
        @if let Some(notice) = problems.notice() { (notice.show()) }
        @if !offers_provisioning(app) { (greyed_out()) } @else if new {
            p.lead { "Users and groups are provisioned once the application's SCIM endpoint is known here, and how to sign in to it." }
            details.opening open[begun] {
                summary.button.primary { "New configuration" }
                h2 { "New provisioning configuration" }
                (fields)
            }
        } @else {
            p.lead { "The connection is saved. Change it here, for example after a token was rotated." }
            (fields)
        }
    };
    let (title, section) =
        if new { ("Provisioning", Section::Provisioning) } else { ("Connectivity", Section::Connectivity) };
    app_page(world, app, &View::new(title, section, query), &content)
}

fn message(id: &str, problem: Option<&str>) -> Markup {
    html! { p.problem id=(id) { @if let Some(problem) = problem { span aria-hidden="true" { "✕ " } (problem) } } }
}

pub(crate) async fn submit(State(shared): Shop, Path(id): Path<String>, Form(fields): Form<Fields>) -> Response {
    let token: String = field(&fields, "secret_token").chars().take(LONGEST).collect();
    let typed = shared.change(|world| {
        let secret = Secret::new(&token, &shared.seed, world);
        let app = world.entra.apps.iter_mut().find(|app| app.id == id).filter(|app| offers_provisioning(app))?;
        app.tested = false;
        app.typed.tenant_url = field(&fields, "tenant_url").chars().take(LONGEST).collect();
        if !token.is_empty() {
            app.typed.secret = secret;
        }
        let usual = |row: Option<&crate::entra::mapping::Row>, name: &str| {
            row.map_or(name.to_owned(), |row| row.target.clone())
        };
        let matching =
            (usual(app.users.saved.matching(), "userName"), usual(app.groups.saved.matching(), "displayName"));
        Some((app.typed.clone(), matching))
    });
    let Some((connection, matching)) = typed else {
        return act(&shared, &id, "/provisioning", |_| {
            Notice::warning("Provisioning is not available for this application.")
        });
    };
    let saves = match field(&fields, "action") {
        "save" => true,
        "test" => false,
        _ => return act(&shared, &id, "/provisioning", |_| Notice::failure("Choose Test Connection or Create.")),
    };
    let problems = Problems::of(&connection);
    if problems.notice().is_some() {
        return with_app(&shared, &id, |world, app| form(world, app, None, &problems));
    }
    let tested = test(&shared, &connection, &matching).await;
    let too_large = shared.read(|world| world.switches.has(Fault::SecretTooLarge));
    let leads_on = saves && tested.is_ok() && !too_large;
    let response = act(&shared, &id, if leads_on { "" } else { "/provisioning" }, |world| {
        if let Some(app) = world.entra.app_mut(&id) {
            app.tested = tested.is_ok();
        }
        match tested {
            Err(notice) => notice,
            Ok(()) if !saves => Notice::success(probe::SUCCESS),
            Ok(()) if too_large => Notice::failure(TOO_LARGE).with_details(TOO_LARGE_DETAILS),
            Ok(()) => save(world, &id, connection),
        }
    });
    shared.wake.notify_one();
    response
}

fn save(world: &mut World, id: &str, connection: Connection) -> Notice {
    const SAVED: &str = "The provisioning configuration was saved. Its test succeeded.";
    let now = world.now();
    let tries_again = world.entra.app_mut(id).is_some_and(|app| {
        app.saved = Some(connection);
        app.job.connection_saved(now)
    });
    Notice::success(if tries_again {
        format!("{SAVED} The job in quarantine tries again now.")
    } else {
        SAVED.to_owned()
    })
}

async fn test(shared: &Shared, connection: &Connection, matching: &(String, String)) -> Result<(), Notice> {
    let wire = Wire::new(&shared.client, connection).map_err(Notice::failure)?;
    if shared.read(|world| world.switches.has(Fault::ConsoleRefuses)) {
        return Err(Failure::refused().notice());
    }
    if shared.read(|world| world.switches.has(Fault::OddError)) {
        return Err(Notice::failure("The connector reported the condition QX-7731."));
    }
    probe::test(&wire, &matching.0, &matching.1).await.map_err(|failure| failure.notice())
}
