//! What the pages share: the frame with its banner, the style sheet, notices, and small form parts.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, html};
use serde::{Deserialize, Serialize};

use crate::{Target, world::Shared};

pub(crate) const BANNER: &str = "Practice: nothing here reaches a real system";

/// A form as it was sent; a field may come more than once.
pub(crate) type Fields = Vec<(String, String)>;

/// The trimmed value of a field; empty if it was not sent.
pub(crate) fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().rev().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
}

pub(crate) fn ticked(fields: &Fields, name: &str) -> bool {
    matches!(field(fields, name), "on" | "true" | "yes" | "1")
}

/// A point in time as every page writes it.
pub(crate) fn clock(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Outcome {
    Success,
    Failure,
    Warning,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Outcome::Success => "success",
            Outcome::Failure => "failure",
            Outcome::Warning => "warning",
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Outcome::Success => "✓",
            Outcome::Failure => "✕",
            Outcome::Warning => "!",
        }
    }
}

/// What an action led to, shown on the page it leads to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Notice {
    pub outcome: Outcome,
    pub text: String,
    pub details: Option<String>,
}

impl Notice {
    pub(crate) fn new(outcome: Outcome, text: impl Into<String>) -> Notice {
        Notice { outcome, text: text.into(), details: None }
    }

    pub(crate) fn success(text: impl Into<String>) -> Notice {
        Notice::new(Outcome::Success, text)
    }

    pub(crate) fn failure(text: impl Into<String>) -> Notice {
        Notice::new(Outcome::Failure, text)
    }

    pub(crate) fn warning(text: impl Into<String>) -> Notice {
        Notice::new(Outcome::Warning, text)
    }

    pub(crate) fn with_details(self, details: impl Into<String>) -> Notice {
        Notice { details: Some(details.into()), ..self }
    }

    pub(crate) fn show(&self) -> Markup {
        html! {
            div.notice.(self.outcome.name()) {
                p role="status" data-result=(self.outcome.name()) {
                    span aria-hidden="true" { (self.outcome.sign()) } " " (self.text)
                }
                @if let Some(details) = &self.details {
                    details { summary { "Details" } pre { (details) } }
                }
            }
        }
    }
}

/// The latest notices, so that a page asked for by `?result=…` can show the one that led to it.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Notices {
    last: u64,
    kept: Vec<(u64, Notice)>,
}

impl Notices {
    /// Leads to the page that shows the notice. The path may have a query, and a place within the page behind a `#`.
    pub(crate) fn lead_to(&mut self, path: &str, notice: Notice) -> Response {
        let number = self.add(notice);
        let (page, place) = path.split_at(path.find('#').unwrap_or(path.len()));
        let mark = if page.contains('?') { '&' } else { '?' };
        see_other(&format!("{page}{mark}result={number}{place}"))
    }

    fn add(&mut self, notice: Notice) -> u64 {
        self.last += 1;
        self.kept.push((self.last, notice));
        let surplus = self.kept.len().saturating_sub(40);
        self.kept.drain(..surplus);
        self.last
    }

    pub(crate) fn get(&self, query: Option<&str>) -> Option<&Notice> {
        let pairs = url::form_urlencoded::parse(query?.as_bytes());
        let number: u64 = pairs.into_iter().find(|(name, _)| name == "result")?.1.parse().ok()?;
        self.kept.iter().find(|(one, _)| *one == number).map(|(_, notice)| notice)
    }
}

pub(crate) fn see_other(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// One entry of a navigation: where, what it says, whether it is the page shown.
pub(crate) struct Entry {
    pub path: String,
    pub label: &'static str,
    /// What the same place was called before, in small print.
    pub older: Option<&'static str>,
    pub current: bool,
}

/// A navigation: paths with what they say; the page shown is the one at `current`.
pub(crate) fn entries<const N: usize>(current: &str, all: [(&str, &'static str); N]) -> [Entry; N] {
    all.map(|(path, label)| Entry { path: path.to_owned(), label, older: None, current: path == current })
}

pub(crate) struct Frame<'a> {
    pub product: &'a str,
    pub home: &'a str,
    pub title: &'a str,
    /// Who is signed in, with a menu perhaps.
    pub person: Markup,
    pub crumbs: Markup,
    pub navigation: &'a [Entry],
    /// Seconds after which the page loads itself anew, while something is under way.
    pub refresh: Option<u32>,
    /// What the world is told to do wrong, one sentence each.
    pub wrong: Vec<&'static str>,
}

pub(crate) fn page(frame: &Frame<'_>, notice: Option<&Notice>, content: &Markup) -> Response {
    let body = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                @if let Some(seconds) = frame.refresh { meta http-equiv="refresh" content=(seconds); }
                title { (frame.title) " · " (frame.product) }
                link rel="stylesheet" href="/practice/style.css";
                script src="/practice/copy.js" defer {}
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                p.banner { (BANNER) }
                header.top {
                    a.product href=(frame.home) { (frame.product) }
                    div.person { (frame.person) }
                }
                div.columns.wide[frame.navigation.is_empty()] {
                    @if !frame.navigation.is_empty() {
                        nav aria-label="Sections" {
                            ul {
                                @for entry in frame.navigation {
                                    li {
                                        a href=(entry.path) aria-current=[entry.current.then_some("page")] {
                                            (entry.label)
                                            @if let Some(older) = entry.older { small { (older) } }
                                        }
                                    }
                                }
                            }
                        }
                    }
                    main #main {
                        div.crumbs { (frame.crumbs) }
                        h1 { (frame.title) }
                        @if let Some(notice) = notice { (notice.show()) }
                        (content)
                    }
                }
                @if !frame.wrong.is_empty() {
                    footer { p.quiet { "Going wrong on purpose: " (frame.wrong.join(" ")) } }
                }
            }
        }
    };
    Html(body.into_string()).into_response()
}

/// A label with its former wording in small print.
pub(crate) fn label(id: &str, text: &str, older: Option<&str>) -> Markup {
    html! {
        label for=(id) { (text) @if let Some(older) = older { " " small { (older) } } }
    }
}

/// A value to be copied, in a field of its own, with the button that copies it.
pub(crate) fn copied(id: &str, name: &str, text: &str, value: &str) -> Markup {
    html! {
        (label(id, text, None))
        input.copied type="text" id=(id) name=(name) value=(value) readonly spellcheck="false";
        (copy_button(id))
    }
}

/// As [`copied`], for a secret.
pub(crate) fn secret(id: &str, name: &str, text: &str, value: &str) -> Markup {
    // About 80 characters fit into a line.
    let rows = (value.len() / 80 + 1).clamp(2, 8);
    html! {
        (label(id, text, None))
        textarea.secret id=(id) name=(name) rows=(rows) readonly spellcheck="false" { (value) }
        (copy_button(id))
    }
}

fn copy_button(id: &str) -> Markup {
    html! {
        div.buttons {
            button type="button" data-copy=(id) hidden { "Copy" }
            span id={ (id) "-copied" } role="status" {}
        }
    }
}

/// A checkbox with its label.
pub(crate) fn tick(name: &str, text: &str, checked: bool) -> Markup {
    html! {
        label.tick { input type="checkbox" name=(name) value="on" checked[checked]; " " (text) }
    }
}

pub(crate) async fn front_page(State(shared): State<Arc<Shared>>) -> Response {
    let frame = Frame {
        product: "Practice world",
        home: "/",
        title: "Practice world",
        person: html! {},
        crumbs: html! {},
        navigation: &[],
        refresh: None,
        wrong: shared.read(|world| world.switches.wrong()),
    };
    let (target, about) = match shared.target {
        Target::HpeGreenlake => ("HPE GreenLake", "roles, API access, and who has arrived."),
        Target::AwsIdentityCenter => {
            ("AWS IAM Identity Center", "automatic provisioning, access tokens, and who has arrived.")
        }
        Target::Azion => ("Azion", "identity providers, personal tokens, and who has arrived."),
        Target::Generic => ("Generic service", "the SCIM base URL, tokens, and who has arrived."),
    };
    let content = html! {
        p.lead { "A target and two identity providers to rehearse with. They live on this computer only and end with the program that started them." }
        ul.cards {
            li { a href=(shared.portal_path()) { (target) } p { "The target: " (about) } }
            li { a href="/entra/" { "Microsoft Entra" } p { "An identity provider: enterprise apps and provisioning." } }
            li { a href="/okta/" { "Okta" } p { "An identity provider: applications, assignments and groups." } }
            li { a href="/sign-in" { "Sign in to the target" } p { "Whether the name that is sent at sign-in is the one that was provisioned." } }
        }
    };
    page(&frame, None, &content)
}

pub(crate) async fn not_found() -> Response {
    let frame = Frame {
        product: "Practice world",
        home: "/",
        title: "There is no such page",
        person: html! {},
        crumbs: html! {},
        navigation: &[],
        refresh: None,
        wrong: Vec::new(),
    };
    let content = html! { p { "Start again at the " a href="/" { "front page" } "." } };
    (StatusCode::NOT_FOUND, page(&frame, None, &content)).into_response()
}

pub(crate) async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../assets/style.css")).into_response()
}

pub(crate) async fn script() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("../assets/copy.js")).into_response()
}
