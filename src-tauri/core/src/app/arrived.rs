//! Who arrived: what was handed over to compare, the comparison, and what it found. In memory only: people's names are in
//! all of it. How files come in stands in `handed.rs`, how the target is read in `comparing.rs`.

mod comparing;
mod handed;
mod pace;

use std::sync::Arc;

use super::{App, Front, State};
use crate::{
    error::{Code, Problem},
    present, runbook,
    support::{self, Case},
    template,
    verify::{self, Kind},
    view::{Comparison, GroupFile, GroupFileState, IntakeState, RowFilter, Rows, Screen, Toned},
};

use comparing::{Comparing, Kept};
pub(super) use handed::read;

/// The intake for people.
pub(crate) const PEOPLE: &str = "arrived-people";
/// The intake for groups; `<this>/<serial>` is one file of them.
pub(crate) const GROUPS: &str = "arrived-groups";
/// Rows that are handed out at once.
const MOST_ROWS: usize = 500;
/// Characters that are searched for.
const LONGEST_SEARCH: usize = 200;
/// Files of groups that are listed; of more, those that are to be seen to, and the newest.
const LISTED: usize = 200;

/// Of which setup, and what: the people, or a file of groups by its serial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) setup: String,
    file: Option<u32>,
}

/// Everything about one setup.
#[derive(Default)]
pub(super) struct Arrived {
    people: IntakeState,
    /// The list as it was handed over.
    list: Option<Arc<Vec<u8>>>,
    groups: Vec<Handed>,
    comparing: Comparing,
    /// Grows with each change of the files.
    version: u32,
}

/// A file of groups.
struct Handed {
    serial: u32,
    file: String,
    /// What the group is called, if the file does not say it.
    name: String,
    /// The file says itself which groups there are.
    names_groups: bool,
    state: GroupFileState,
    bytes: Arc<Vec<u8>>,
}

impl Handed {
    /// It is of no use without a name.
    fn nameless(&self) -> bool {
        matches!(self.state, GroupFileState::Done { .. }) && !self.names_groups && self.name.trim().is_empty()
    }

    fn shown(&self) -> GroupFile {
        GroupFile {
            id: format!("{GROUPS}/{}", self.serial),
            file: self.file.clone(),
            name: (!self.names_groups).then(|| self.name.clone()),
            state: self.state.clone(),
        }
    }
}

impl Arrived {
    /// What came of the last comparison.
    pub(super) fn verdict(&self) -> Option<Toned> {
        self.comparing.kept().map(|kept| present::verdict_of(&kept.outcome))
    }

    /// Why nothing can be compared yet.
    fn missing(&self) -> Option<String> {
        let reading = |state: &GroupFileState| matches!(state, GroupFileState::Reading { .. });
        if matches!(self.people, IntakeState::Reading { .. }) || self.groups.iter().any(|group| reading(&group.state)) {
            return Some("A file is being read.".into());
        }
        if self.list.is_none() {
            return Some("Hand over the list of people first.".into());
        }
        if let Some(group) = self.groups.iter().find(|group| matches!(group.state, GroupFileState::Failed { .. })) {
            return Some(format!("{} could not be read: remove it, or hand over another.", group.file));
        }
        let nameless = self.groups.iter().find(|group| group.nameless());
        nameless.map(|group| format!("Enter the name of the group in {}.", group.file))
    }

    /// All of a short list; of a long one, what is to be seen to and the newest.
    fn listed(&self) -> (Vec<GroupFile>, Option<String>) {
        let surplus = self.groups.len().saturating_sub(LISTED);
        let open = |group: &&Handed| group.nameless() || !matches!(group.state, GroupFileState::Done { .. });
        let (older, newer) = self.groups.split_at(surplus);
        let seen_to = older.iter().filter(open).take(LISTED);
        let files: Vec<GroupFile> = seen_to.chain(newer).map(Handed::shown).collect();
        let hidden = self.groups.len() - files.len();
        (files, (hidden > 0).then(|| format!("and {} more files", crate::number::grouped(hidden as u64))))
    }

    fn comparison(&self) -> Comparison {
        match &self.comparing {
            Comparing::Waiting => Comparison::Waiting,
            Comparing::Running(running) => running.shown(),
            Comparing::Failed { problem, at } => Comparison::Failed { problem: problem.clone(), at: *at },
            Comparing::Done(kept) => Comparison::Done(kept.shown(kept.version != self.version)),
        }
    }
}

impl App {
    /// Rows of the comparison that is on the screen: those that the filter leaves, from a place on.
    ///
    /// # Errors
    /// [`Code::WrongInput`] if the screen shows another comparison by now, or for an unknown kind.
    pub async fn rows(&self, serial: u32, filter: RowFilter, from: u32, count: u32) -> Result<Rows, Problem> {
        let outcome = {
            let state = self.state();
            let kept = state.kept().filter(|kept| kept.serial == serial);
            kept.map(|kept| Arc::clone(&kept.outcome)).ok_or_else(replaced)?
        };
        let filter = of_kinds(&filter)?;
        // A search through very many takes a moment.
        let rows = tokio::task::spawn_blocking(move || {
            let count = usize::try_from(count).unwrap_or(MOST_ROWS).min(MOST_ROWS);
            let page = outcome.page(&filter, usize::try_from(from).unwrap_or(usize::MAX), count);
            let rows = page.rows.into_iter().map(|difference| present::difference(&outcome, difference)).collect();
            Rows { total: page.total, from, rows }
        });
        rows.await.map_err(|_| super::intake::broke_off())
    }

    /// Writes what was found to the documents folder.
    pub(super) async fn save_differences(&self) {
        let Some((setup, serial, outcome, name)) = self.state().to_save() else { return };
        let folder = self.inner.config.documents_dir.clone();
        let saved = tokio::task::spawn_blocking(move || {
            runbook::save_with(&folder, &name, "csv", |file| outcome.write_csv(std::io::BufWriter::new(file)))
        });
        let saved = saved.await.unwrap_or_else(|_| Err(super::intake::broke_off()));
        let mut state = self.state();
        match saved {
            Ok(path) => {
                let path = path.display().to_string();
                state.announce(format!("The differences are saved in {path}."));
                state.notices.remove("differences");
                let kept = state.arrived.get_mut(&setup).and_then(|arrived| arrived.comparing.kept_mut());
                if let Some(kept) = kept.filter(|kept| kept.serial == serial) {
                    kept.saved = Some(path);
                }
            }
            Err(problem) => {
                state.notices.insert("differences".into(), problem);
            }
        }
    }
}

impl State {
    pub(super) fn arrived_screen(&self, setup: &str) -> Option<Screen> {
        let session = self.sessions.get(setup)?;
        let nothing = Arrived::default();
        let arrived = self.arrived.get(setup).unwrap_or(&nothing);
        let (people, missing) = (arrived.people.clone(), arrived.missing());
        let shown = present::arrived(&session.guide, people, arrived.listed(), missing, arrived.comparison());
        Some(Screen::Arrived(Box::new(shown)))
    }

    /// The setup whose comparison is on the screen.
    fn arrived_setup(&self) -> Option<&str> {
        match &self.front {
            Front::Arrived { setup, .. } => Some(setup),
            Front::Home | Front::About | Front::NewSetup { .. } | Front::Setup(_) | Front::Doctor { .. } => None,
        }
    }

    fn kept(&self) -> Option<&Kept> {
        self.arrived.get(self.arrived_setup()?)?.comparing.kept()
    }

    fn to_save(&self) -> Option<(String, u32, Arc<verify::Outcome>, String)> {
        let setup = self.arrived_setup()?;
        let guide = &self.sessions.get(setup)?.guide;
        let name = format!("Usher differences {} from {}", guide.target_short, guide.idp_short);
        let kept = self.kept()?;
        Some((setup.to_owned(), kept.serial, Arc::clone(&kept.outcome), name))
    }

    /// For support: why it could not be compared.
    pub(super) fn failed_comparison(&self) -> Option<String> {
        let setup = self.arrived_setup()?;
        let guide = &self.sessions.get(setup)?.guide;
        let Comparing::Failed { problem, at } = &self.arrived.get(setup)?.comparing else { return None };
        let pair = format!("{} ← {}", guide.target_name, guide.idp_name);
        let case = Case { title: "Who arrived", pair: &pair, at: Some(*at), problem, findings: &[], people: &[] };
        Some(support::text(&case))
    }

    /// A setup that is removed takes all of it along.
    pub(super) fn forget_arrived(&mut self, id: &str) {
        if let Some(arrived) = self.arrived.remove(id) {
            arrived.comparing.stop();
        }
    }
}

/// The filter as the comparison knows it.
fn of_kinds(filter: &RowFilter) -> Result<verify::Filter, Problem> {
    let kind = |slug: &String| {
        let known = Kind::ALL.iter().copied().find(|kind| kind.slug() == slug);
        known.ok_or_else(|| Problem::new(Code::WrongInput, "There is no such kind of difference."))
    };
    let kinds = filter.kinds.iter().map(kind).collect::<Result<_, _>>()?;
    let text = filter.text.chars().take(LONGEST_SEARCH).collect();
    Ok(verify::Filter { kinds, text, ..verify::Filter::default() })
}

fn replaced() -> Problem {
    Problem::new(Code::WrongInput, template::plain("These rows are of a comparison that is no longer on the screen."))
        .hint("Open **Compare who arrived** again.")
}
