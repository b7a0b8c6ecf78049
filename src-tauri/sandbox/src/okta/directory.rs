//! The practice Okta directory: the same people as in the other console, with Okta's attributes, and groups whose members can be changed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::entra::{DirectoryPerson as Person, people as everybody};

/// What an expression can name after `user.`.
pub(crate) const ATTRIBUTES: &[&str] = &[
    "login",
    "email",
    "secondEmail",
    "firstName",
    "lastName",
    "middleName",
    "honorificPrefix",
    "honorificSuffix",
    "title",
    "displayName",
    "nickName",
    "profileUrl",
    "primaryPhone",
    "mobilePhone",
    "streetAddress",
    "city",
    "state",
    "zipCode",
    "countryCode",
    "preferredLanguage",
    "locale",
    "timezone",
    "userType",
    "employeeNumber",
    "costCenter",
    "organization",
    "division",
    "department",
    "managerId",
    "manager",
];

/// A person with what was changed about them.
pub(crate) struct Profile {
    pub person: Person,
    pub active: bool,
    title: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Group {
    pub key: String,
    pub name: String,
    /// Keys of people.
    pub members: Vec<String>,
}

pub(crate) const EVERYONE: &str = "everyone";

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Directory {
    activated: BTreeSet<String>,
    deactivated: BTreeSet<String>,
    titles: BTreeMap<String, String>,
    groups: Vec<Group>,
}

impl Default for Directory {
    fn default() -> Self {
        let group = |key: &str, name: &str, members: &[&str]| Group {
            key: key.to_owned(),
            name: name.to_owned(),
            members: members.iter().map(|member| (*member).to_owned()).collect(),
        };
        Directory {
            activated: BTreeSet::new(),
            deactivated: BTreeSet::new(),
            titles: BTreeMap::new(),
            groups: vec![
                group("g1", "Cloud Users", &["u1", "u2", "u3", "u5", "u7"]),
                group("g2", "Cloud Operators", &["u1", "u2", "u3", "u5"]),
                group("g3", "Contractors", &["u4", "u6"]),
            ],
        }
    }
}

impl Directory {
    pub(crate) fn people(&self) -> Vec<Profile> {
        everybody().into_iter().map(|person| self.dress(person)).collect()
    }

    pub(crate) fn person(&self, key: &str) -> Option<Profile> {
        everybody().into_iter().find(|person| person.key == key).map(|person| self.dress(person))
    }

    fn dress(&self, person: Person) -> Profile {
        let active = (person.enabled || self.activated.contains(person.key)) && !self.deactivated.contains(person.key);
        let own = person.job_title.map(str::to_owned);
        Profile { active, title: self.titles.get(person.key).cloned().or(own), person }
    }

    pub(crate) fn activate(&mut self, key: &str) {
        self.deactivated.remove(key);
        self.activated.insert(key.to_owned());
    }

    pub(crate) fn deactivate(&mut self, key: &str) {
        self.activated.remove(key);
        self.deactivated.insert(key.to_owned());
    }

    pub(crate) fn set_title(&mut self, key: &str, title: &str) {
        self.titles.insert(key.to_owned(), title.to_owned());
    }

    /// Everyone (`BUILT_IN`) holds all active people; the others are `OKTA_GROUP`. With `only_one` there is one of those.
    pub(crate) fn groups(&self, only_one: bool) -> Vec<Group> {
        let members = self.people().iter().filter(|one| one.active).map(|one| one.person.key.to_owned()).collect();
        let everyone = Group { key: EVERYONE.to_owned(), name: "Everyone".to_owned(), members };
        let own = if only_one { 1 } else { self.groups.len() };
        self.groups.iter().take(own).cloned().chain([everyone]).collect()
    }

    pub(crate) fn group(&self, key: &str) -> Option<Group> {
        self.groups(false).into_iter().find(|group| group.key == key)
    }

    pub(crate) fn group_mut(&mut self, key: &str) -> Option<&mut Group> {
        self.groups.iter_mut().find(|group| group.key == key)
    }

    /// The name of a person or a group.
    pub(crate) fn name(&self, key: &str) -> Option<String> {
        let person = self.person(key).map(|one| one.person.display_name.to_owned());
        person.or_else(|| self.group(key).map(|group| group.name))
    }
}

impl Profile {
    pub(crate) fn key(&self) -> &'static str {
        self.person.key
    }

    pub(crate) fn name(&self) -> &'static str {
        self.person.display_name
    }

    pub(crate) fn okta_id(&self) -> String {
        format!("00uprac1ce0000000{}", self.person.key)
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        let person = &self.person;
        let text = |text: &str| Some(text.to_owned());
        match name {
            "login" | "email" => text(person.user_principal_name),
            "firstName" => person.given_name.and_then(text),
            "lastName" => person.surname.and_then(text),
            "displayName" => text(person.display_name),
            "title" => self.title.clone(),
            "primaryPhone" => person.telephone.and_then(text),
            "employeeNumber" => text(person.employee_id),
            "department" => text(person.department),
            "organization" => text("Northwind"),
            "managerId" => person.manager.map(|key| format!("00uprac1ce0000000{key}")),
            "manager" => text(everybody().into_iter().find(|one| Some(one.key) == person.manager)?.display_name),
            "locale" => text("en_US"),
            _ => self.address(name).and_then(text),
        }
    }

    /// Whole addresses or none, but for one that lacks its postal code: AWS takes that person and refuses to update them
    /// (facts B4).
    fn address(&self, name: &str) -> Option<&'static str> {
        let (street, city, state, zip, country) = match self.person.key {
            "u1" | "u3" => ("Invalidenstraße 44", "Berlin", "Berlin", "10115", "DE"),
            "u2" => ("Nanjing West Road 1266", "Shanghai", "Shanghai", "200040", "CN"),
            "u4" => ("Calle de Alcalá 48", "Madrid", "Madrid", "", "ES"),
            "u5" => ("Eyre Square 5", "Galway", "Galway", "H91 FX93", "IE"),
            "u7" => ("Jalan M.H. Thamrin 1", "Jakarta", "Jakarta", "10310", "ID"),
            _ => return None,
        };
        let part = match name {
            "streetAddress" => street,
            "city" => city,
            "state" => state,
            "zipCode" => zip,
            "countryCode" => country,
            _ => return None,
        };
        Some(part)
    }
}
