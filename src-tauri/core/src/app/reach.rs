//! What the shell may reach through an id: a value to copy, a secret to show, an address to open.

use url::Url;

use super::{App, Copyable, Front};
use crate::{
    about,
    class::Class,
    doctor,
    error::{Code, Problem},
    present::{self, Stage},
    recipe::{BlockGuide, BlockKind, SecretGuide},
    secret::Secret,
    session::{Failure, Session},
    support::{self, Case},
};

/// What the copy button of a failure copies.
const DETAILS: &str = "Details for support";

impl App {
    /// The value behind a copy button.
    pub async fn copyable(&self, id: &str) -> Result<Copyable, Problem> {
        if let Some(found) = self.plain(id) {
            return Ok(found);
        }
        let (setup, slot, label) = {
            let state = self.state();
            let session = state.current().ok_or_else(|| unknown(id))?;
            let slot = session.slot_of(id).ok_or_else(|| unknown(id))?;
            // The console's own name where it stands beside the button.
            let label = match session.guide.block(id) {
                Some((_, BlockGuide { kind: BlockKind::Secret(SecretGuide { label: Some(label), .. }), .. })) => {
                    label.clone()
                }
                _ => session.guide.slots.get(&slot).map_or_else(String::new, |guide| guide.label.clone()),
            };
            (session.setup.id.clone(), slot, label)
        };
        let value = self.secret(&setup, &slot).await?.ok_or_else(missing)?;
        Ok(Copyable { label, value, secret: true })
    }

    /// A secret, to be shown for some seconds because the admin asked.
    pub async fn reveal(&self, id: &str) -> Result<Secret, Problem> {
        let found = self.copyable(id).await?;
        if found.secret { Ok(found.value) } else { Err(unknown(id)) }
    }

    /// The address behind a link button: only those of the recipes, and Usher's own folder.
    pub fn link(&self, id: &str) -> Result<Url, Problem> {
        let mut classes = Class::ALL.iter().filter(|class| present::link_id(**class) == id);
        if let Some(url) = classes.find_map(|class| doctor::page(*class).source.url) {
            return Url::parse(&url).map_err(|_| unknown(id));
        }
        let state = self.state();
        if id == about::DATA_FOLDER && state.front == Front::About {
            let folder = std::path::absolute(&self.inner.config.data_dir).map_err(|_| unknown(id))?;
            return Url::from_directory_path(folder).map_err(|()| unknown(id));
        }
        let session = state.current().ok_or_else(|| unknown(id))?;
        session.guide.links.get(id).cloned().ok_or_else(|| unknown(id))
    }

    fn plain(&self, id: &str) -> Option<Copyable> {
        let state = self.state();
        if let Some(details) = id.strip_prefix("details/notice/") {
            let problem = state.notices.get(details)?;
            let case = Case { title: "", pair: "", at: None, problem, findings: &[], people: &[] };
            return Some(plain(DETAILS, support::text(&case)));
        }
        if id == about::DIAGNOSTICS && state.front == Front::About {
            return Some(plain("Diagnostics", state.diagnostics(&self.inner.config)?));
        }
        if id == "details/arrived" {
            return Some(plain(DETAILS, state.failed_comparison()?));
        }
        let session = state.current()?;
        if let Some(block) = id.strip_prefix("details/") {
            return Some(plain(DETAILS, failed(session, block)?));
        }
        if id == "request" {
            let (label, text) = session.guide.request.as_ref()?;
            return Some(plain(label, text.clone()));
        }
        if let Some((_, block)) = session.guide.block(id) {
            return match &block.kind {
                BlockKind::Copy { label, value, .. } => Some(plain(label, value.clone())),
                _ => None,
            };
        }
        self.cell(session, id)
    }

    /// `<block>/<row>/target` or `<block>/<row>/source`.
    fn cell(&self, session: &Session, id: &str) -> Option<Copyable> {
        let (rest, column) = id.rsplit_once('/')?;
        let (_, row) = rest.split_once('/')?;
        let stage = Stage::new(session, self.now(), jiff::tz::TimeZone::UTC);
        let row = stage.tables().into_iter().flat_map(|table| table.rows).find(|found| found.id == row)?;
        match column {
            "target" => Some(plain(&row.target.clone(), row.target)),
            "source" => Some(plain(&row.source.clone(), row.source)),
            _ => None,
        }
    }
}

/// A failed check, for support.
fn failed(session: &Session, block: &str) -> Option<String> {
    let failure = session.failures.get(block)?;
    let title = match &session.guide.block(block)?.1.kind {
        BlockKind::Check { label, .. } => label.as_str(),
        _ => "",
    };
    let names = session.guide.blocks().filter(|block| matches!(&block.kind, BlockKind::Input(input) if input.arrives));
    let people: Vec<&str> =
        names.filter_map(|block| session.setup.answers.get(&block.id)).map(String::as_str).collect();
    let pair = format!("{} ← {}", session.guide.target_name, session.guide.idp_name);
    let Failure { problem, at, findings, .. } = failure;
    Some(support::text(&Case { title, pair: &pair, at: Some(*at), problem, findings, people: &people }))
}

fn plain(label: &str, value: String) -> Copyable {
    Copyable { label: label.to_owned(), value: Secret::new(value), secret: false }
}

fn unknown(id: &str) -> Problem {
    let shown: String = id.chars().filter(|c| !c.is_control()).take(80).collect();
    Problem::new(Code::WrongInput, format!("There is nothing called {shown} on this screen."))
        .hint("The screen may have changed since; try again.")
}

fn missing() -> Problem {
    Problem::new(Code::Vault, "This token is no longer in your system's keyring.")
        .hint("Paste it again, or issue a new one.")
}
