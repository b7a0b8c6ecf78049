//! One app integration: its settings, whom it is assigned to, what it has put into the target, and what it pushes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Connection,
    catalog::AppKind,
    directory::{Directory, Group, Profile},
    mapping::{self, Apply, Row, Values},
};
use crate::{fault::Fault, world::Switches};

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct App {
    pub id: String,
    pub kind: AppKind,
    pub label: String,
    /// “Automatically log in when user lands on login page”.
    pub auto_login: bool,
    pub username: UsernameFormat,
    /// What stands in the form: kept, so that nothing typed is lost.
    pub typed: Connection,
    /// What was saved after a successful test; API integration is enabled then.
    pub saved: Option<Connection>,
    pub to_app: ToApp,
    pub rows: Vec<Row>,
    /// Keys of people and groups.
    pub assigned: Vec<String>,
    /// Whom this app has tried to put into the target, by key.
    pub users: BTreeMap<String, AppUser>,
    pub pushed: Vec<Pushed>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum UsernameFormat {
    OktaUsername,
    Email,
}

impl UsernameFormat {
    pub(crate) const ALL: [UsernameFormat; 2] = [UsernameFormat::OktaUsername, UsernameFormat::Email];

    pub(crate) fn name(self) -> &'static str {
        match self {
            UsernameFormat::OktaUsername => "login",
            UsernameFormat::Email => "email",
        }
    }

    pub(crate) fn label(self) -> &'static str {
        match self {
            UsernameFormat::OktaUsername => "Okta username",
            UsernameFormat::Email => "Email",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<UsernameFormat> {
        Self::ALL.into_iter().find(|one| one.name() == text)
    }
}

/// Provisioning › To App. All off to begin with.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ToApp {
    pub create: bool,
    pub update: bool,
    pub deactivate: bool,
    pub password: bool,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct AppUser {
    /// The user's id at the target.
    pub id: Option<String>,
    pub active: bool,
    /// What updates compare with.
    pub sent: Values,
    /// Nothing more is sent until this is tried again.
    pub error: Option<String>,
}

impl AppUser {
    fn here(&self) -> Option<&String> {
        self.id.as_ref().filter(|_| self.active)
    }
}

/// A group under Push Groups.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Pushed {
    pub group: String,
    /// The group's id at the target.
    pub id: Option<String>,
    /// Members at the target: key and id there.
    pub members: BTreeMap<String, String>,
    pub error: Option<String>,
    pub last_push: Option<Timestamp>,
    /// Push now was chosen.
    pub asked: bool,
    /// Unlink with “Delete the group in the target app” was chosen.
    pub leaving: bool,
}

impl Pushed {
    pub(crate) fn new(group: &str) -> Pushed {
        Pushed {
            group: group.to_owned(),
            id: None,
            members: BTreeMap::new(),
            error: None,
            last_push: None,
            asked: false,
            leaving: false,
        }
    }
}

/// What there is to do for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    Provision,
    Update,
    Deactivate,
    /// Unassigned, and nothing may be or need be done at the target.
    Forget,
}

impl Task {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Task::Provision => "provisioning",
            Task::Update => "profile update",
            Task::Deactivate => "deactivation",
            Task::Forget => "removal",
        }
    }
}

impl App {
    pub(crate) fn new(id: String, kind: AppKind, label: &str) -> App {
        App {
            id,
            kind,
            label: label.to_owned(),
            auto_login: true,
            username: UsernameFormat::OktaUsername,
            typed: Connection::default(),
            saved: None,
            to_app: ToApp::default(),
            rows: kind.default_rows(),
            assigned: Vec::new(),
            users: BTreeMap::new(),
            pushed: Vec::new(),
        }
    }

    pub(crate) fn pushed_mut(&mut self, group: &str) -> Option<&mut Pushed> {
        self.pushed.iter_mut().find(|one| one.group == group)
    }

    /// The rows that count: with the fault, the default ones whatever was saved.
    pub(crate) fn rows_in_force(&self, switches: &Switches) -> Vec<Row> {
        if switches.has(Fault::MappingIgnored) { self.kind.default_rows() } else { self.rows.clone() }
    }

    pub(crate) fn user_name(&self, profile: &Profile) -> String {
        profile.attribute(self.username.name()).unwrap_or_default()
    }

    pub(crate) fn is_assigned(&self, directory: &Directory, profile: &Profile) -> bool {
        let holds = |key: &String| {
            key == profile.key()
                || directory.group(key).is_some_and(|group| group.members.iter().any(|one| one == profile.key()))
        };
        profile.active && self.assigned.iter().any(holds)
    }

    pub(crate) fn task(&self, directory: &Directory, profile: &Profile, switches: &Switches) -> Option<Task> {
        let wanted = self.is_assigned(directory, profile);
        let user = self.users.get(profile.key());
        match (wanted, user) {
            (false, None) => None,
            (true, None) => Some(Task::Provision),
            (false, Some(user)) if user.here().is_none() && user.error.is_some() => Some(Task::Forget),
            (_, Some(user)) if user.error.is_some() => None,
            (true, Some(user)) if !user.active => Some(Task::Provision),
            (true, Some(user)) => {
                let rows = self.rows_in_force(switches);
                let changed = self.to_app.update && mapping::values(&rows, profile, true) != user.sent;
                changed.then_some(Task::Update)
            }
            (false, Some(user)) if !user.active => None,
            (false, Some(_)) if self.to_app.deactivate => Some(Task::Deactivate),
            (false, Some(_)) => Some(Task::Forget),
        }
    }

    /// Facts row 12 and B5: members that are in the target, and none where the group is assigned as well and the app refuses that.
    pub(crate) fn members_to_push(&self, group: &Group) -> BTreeMap<String, String> {
        if self.refuses(&group.key) {
            return BTreeMap::new();
        }
        let here = |key: &String| Some((key.clone(), self.users.get(key)?.here()?.clone()));
        group.members.iter().filter_map(here).collect()
    }

    pub(crate) fn refuses(&self, group: &str) -> bool {
        self.kind.refuses_the_assigned_group() && self.assigned.iter().any(|key| key == group)
    }

    /// Whether this group has something to send.
    pub(crate) fn group_is_due(&self, directory: &Directory, pushed: &Pushed) -> bool {
        let Some(group) = directory.group(&pushed.group) else { return false };
        let changed = || pushed.id.is_none() || self.members_to_push(&group) != pushed.members;
        pushed.leaving || pushed.asked || (pushed.error.is_none() && changed())
    }

    /// What failed is tried once more.
    pub(crate) fn retry(&mut self) -> usize {
        let failed = self.users.values().filter(|user| user.error.is_some()).count();
        self.users.retain(|_, user| user.id.is_some() || user.error.is_none());
        self.users.values_mut().for_each(|user| user.error = None);
        failed
    }

    pub(crate) fn change_row(&mut self, attribute: &str, expression: &str, apply: Apply) -> Result<(), String> {
        super::expression::parse(expression)?;
        let row = Row { attribute: attribute.to_owned(), expression: expression.to_owned(), apply };
        if let Some(known) = self.rows.iter_mut().find(|one| one.attribute == attribute) {
            *known = row;
            return Ok(());
        }
        if self.kind.attribute(attribute).is_none() {
            return Err(format!("“{attribute}” is not an attribute of this app's profile."));
        }
        self.rows.push(row);
        let order: Vec<&str> = self.kind.attributes().map(|one| one.name).collect();
        self.rows.sort_by_key(|row| order.iter().position(|name| *name == row.attribute));
        Ok(())
    }
}
