//! Provisioning › New configuration (later: Connectivity): Tenant URL, Secret token, Test Connection, Create or Save.

use axum::{
    Form,
    extract::{Path, RawQuery, State},
    response::Response,
};
use maud::html;

use super::{Section, Shop, View, act, app_page, greyed_out, offers_provisioning, with_app};
use crate::{
    entra::{
        Connection, Secret,
        probe::{self, Failure},
        wire::Wire,
    },
    fault::Fault,
    html::{Fields, Notice, field, label},
    world::Shared,
};

const LONGEST: usize = 20_000;

pub(crate) async fn show(State(shared): Shop, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    with_app(&shared, &id, |world, app| {
        let new = app.saved.is_none();
        let title = if new { "New provisioning configuration" } else { "Connectivity" };
        let hint = if app.typed.secret.is_empty() {
            ""
        } else {
            "•••••••••••••••• (entered; leave empty to keep it)"
        };
        let content = html! {
            @if offers_provisioning(app) {
                p.lead {
                    @if new { "Say where the application's SCIM endpoint is and how to sign in to it." }
                    @else { "The connection is saved. Change it here, for example after a token was rotated." }
                }
                p.quiet { "Older screens: Get started › Provisioning Mode: Automatic › Admin Credentials." }
                form method="post" action={ "/entra/apps/" (app.id) "/provisioning" } autocomplete="off" {
                    (label("authentication", "Select authentication method", None))
                    select #authentication name="authentication" { option value="bearer" { "Bearer authentication" } }
                    (label("tenant_url", "Tenant URL", None))
                    input #tenant_url type="text" inputmode="url" name="tenant_url" value=(app.typed.tenant_url) spellcheck="false";
                    (label("secret_token", "Secret token", None))
                    input #secret_token type="password" name="secret_token" placeholder=(hint) autocomplete="new-password";
                    div.buttons {
                        button.primary type="submit" name="action" value="save" { @if new { "Create" } @else { "Save" } }
                        button type="submit" name="action" value="test" { "Test Connection" }
                    }
                }
            } @else { (greyed_out()) }
        };
        app_page(world, app, &View::new(title, Section::Provisioning, query.as_deref()), &content)
    })
}

pub(crate) async fn submit(State(shared): Shop, Path(id): Path<String>, Form(fields): Form<Fields>) -> Response {
    let typed = shared.change(|world| {
        let app = world.entra.apps.iter_mut().find(|app| app.id == id).filter(|app| offers_provisioning(app))?;
        app.typed.tenant_url = field(&fields, "tenant_url").chars().take(LONGEST).collect();
        let token: String = field(&fields, "secret_token").chars().take(LONGEST).collect();
        if !token.is_empty() {
            app.typed.secret = Secret::new(&token, &shared.seed, &world.greenlake);
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
    let tested = test(&shared, &connection, &matching).await;
    act(&shared, &id, if saves && tested.is_ok() { "" } else { "/provisioning" }, |world| match tested {
        Err(notice) => notice,
        Ok(()) if !saves => Notice::success(probe::SUCCESS),
        Ok(()) => {
            if let Some(app) = world.entra.app_mut(&id) {
                app.saved = Some(connection);
            }
            Notice::success("The provisioning configuration was saved. Its test succeeded.")
        }
    })
}

async fn test(shared: &Shared, connection: &Connection, matching: &(String, String)) -> Result<(), Notice> {
    if connection.tenant_url.is_empty() {
        return Err(Notice::failure("Enter the Tenant URL."));
    }
    let wire = Wire::new(&shared.client, connection).map_err(Notice::failure)?;
    if connection.secret.is_empty() {
        return Err(Notice::warning(
            "Enter the secret token. Without one, Entra would sign in with a token of its own, which this target does not accept.",
        ));
    }
    if shared.read(|world| world.switches.has(Fault::ConsoleRefuses)) {
        return Err(Failure::refused().notice());
    }
    probe::test(&wire, &matching.0, &matching.1).await.map_err(|failure| failure.notice())
}
