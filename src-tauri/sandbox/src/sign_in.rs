//! Signing in to the target with an account of the identity provider, as the target sees it: a name arrives, and somebody of this name is
//! here or is not. There is no SAML behind it.

use std::sync::Arc;

use axum::{Form, Router, extract::State, response::Response, routing::get};
use maud::{Markup, html};

use crate::{
    Fault, Target,
    arrivals::{name, status},
    entra,
    html::{self, Fields, Frame, Notice, field, label},
    scim::store::Kind,
    world::{Shared, World},
};

type App = State<Arc<Shared>>;

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new().route("/sign-in", get(form).post(sign_in))
}

async fn form(State(shared): App) -> Response {
    shared.read(|world| page(world, None, &html! {}))
}

async fn sign_in(State(shared): App, Form(fields): Form<Fields>) -> Response {
    shared.read(|world| {
        let asked = field(&fields, "person");
        let Some(person) = entra::people().into_iter().find(|one| one.key == asked) else {
            return page(world, Some(&Notice::failure("Choose who signs in.")), &html! {});
        };
        let name_id = name_id(world, person.user_principal_name);
        let notice = judge(world, &name_id);
        let sent = html! {
            h2 { "What the identity provider sent" }
            dl { dt { "NameID" } dd { code { (name_id) } } dt { "Format" } dd { code { "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress" } } }
        };
        page(world, Some(&notice), &sent)
    })
}

/// The user name; with the fault, the address that a tenant has before a domain of its own is added.
fn name_id(world: &World, user_name: &str) -> String {
    let differs = world.switches.has(Fault::NameidDiffers);
    let local = user_name.split('@').next().unwrap_or_default();
    if differs { format!("{local}@northwind.onmicrosoft.com") } else { user_name.to_owned() }
}

fn judge(world: &World, name_id: &str) -> Notice {
    let likely = world.scim.like(Kind::User, "username", name_id);
    let mut all = likely.unwrap_or_else(|| world.scim.all(Kind::User).collect()).into_iter();
    let here = all.find(|one| one.text("userName").eq_ignore_ascii_case(name_id));
    match here.as_deref() {
        Some(one) if status(one) == "Active" => Notice::success(format!("{} is signed in.", name(one))),
        Some(one) => Notice::failure(format!("The account of {} is disabled.", name(one))),
        // Assumption: none of the targets documents its wording.
        None => {
            let known = "No user has a userName that matches the NameID of the SAML response.";
            let details = format!("{known} NameID: {name_id}");
            Notice::failure(match world.target {
                Target::AwsIdentityCenter => {
                    "Something doesn’t compute. We couldn’t verify your sign-in credentials. Please try again."
                }
                Target::HpeGreenlake | Target::Azion | Target::Generic => known,
            })
            .with_details(details)
        }
    }
}

fn page(world: &World, notice: Option<&Notice>, below: &Markup) -> Response {
    let content = html! {
        p.lead { "Choose somebody of the directory, and see whether the target knows the name that the identity provider sends." }
        form method="post" action="/sign-in" {
            (label("person", "Who signs in", None))
            select #person name="person" {
                option value="" { "Select…" }
                @for one in entra::people() { option value=(one.key) { (one.display_name) } }
            }
            div.buttons { button.primary type="submit" { "Sign in" } }
        }
        (below)
    };
    let frame = Frame {
        product: "Practice world",
        home: "/",
        title: "Sign in to the target",
        person: html! {},
        crumbs: html! {},
        navigation: &[],
        refresh: None,
        wrong: world.switches.wrong(),
    };
    html::page(&frame, notice, &content)
}
