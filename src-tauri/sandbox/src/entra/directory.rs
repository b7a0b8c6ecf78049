//! The practice directory: a few people with awkward names, three groups, and what was changed since on its page.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Target, fault::Fault, world::World};

#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub key: &'static str,
    pub object_id: &'static str,
    pub user_principal_name: &'static str,
    pub display_name: &'static str,
    pub given_name: Option<&'static str>,
    pub surname: Option<&'static str>,
    pub job_title: Option<&'static str>,
    pub department: &'static str,
    pub street: &'static str,
    pub city: &'static str,
    pub state: &'static str,
    pub postal_code: &'static str,
    pub country: &'static str,
    pub telephone: Option<&'static str>,
    pub employee_id: &'static str,
    /// The key of another person.
    pub manager: Option<&'static str>,
    pub enabled: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub key: &'static str,
    pub object_id: &'static str,
    pub display_name: &'static str,
    /// Keys of people and of groups.
    pub members: Vec<&'static str>,
}

/// What was changed on the directory page.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct People {
    blocked: BTreeSet<String>,
    unblocked: BTreeSet<String>,
    deleted: BTreeSet<String>,
    /// Group and person, and whether the one joined the other or left it.
    #[serde(default)]
    moved: BTreeMap<String, bool>,
}

/// The directory as it stands in this world.
#[derive(Clone)]
pub(crate) struct Directory {
    target: Target,
    nested: bool,
    people: People,
}

impl Directory {
    pub(crate) fn of(world: &World) -> Directory {
        Directory {
            target: world.target,
            nested: world.switches.has(Fault::NestedGroup),
            people: world.entra.people.clone(),
        }
    }

    pub(crate) fn is_enabled(&self, person: &Person) -> bool {
        self.people.is_enabled(person)
    }

    pub(crate) fn is_deleted(&self, key: &str) -> bool {
        self.people.is_deleted(key)
    }

    pub(crate) fn group(&self, key: &str) -> Option<Group> {
        self.groups().into_iter().find(|group| group.key == key)
    }

    /// The name of a person or a group.
    pub(crate) fn name(&self, key: &str) -> Option<&'static str> {
        person(key).map(|person| person.display_name).or_else(|| self.group(key).map(|group| group.display_name))
    }

    /// The key of a person or a group that was given by its key or its name.
    pub(crate) fn principal(&self, text: &str) -> Option<&'static str> {
        let people = people().into_iter().map(|person| (person.key, person.display_name));
        let groups = self.groups().into_iter().map(|group| (group.key, group.display_name));
        people.chain(groups).find(|(key, name)| *key == text || name.eq_ignore_ascii_case(text)).map(|(key, _)| key)
    }

    pub(crate) fn groups(&self) -> Vec<Group> {
        let mut groups = groups(self.target);
        for group in &mut groups {
            for (key, joined) in
                people().iter().filter_map(|one| Some((one.key, self.people.moved(group.key, one.key)?)))
            {
                group.members.retain(|member| *member != key);
                if joined {
                    group.members.push(key);
                }
            }
        }
        // With the fault, the group that is offered first holds another group and nobody else.
        if self.nested {
            groups[0].members.retain(|member| person(member).is_none());
        }
        groups
    }
}

impl People {
    fn moved(&self, group: &str, person: &str) -> Option<bool> {
        self.moved.get(&format!("{group}/{person}")).copied()
    }

    pub(crate) fn join(&mut self, group: &str, person: &str) {
        self.moved.insert(format!("{group}/{person}"), true);
    }

    pub(crate) fn leave(&mut self, group: &str, person: &str) {
        self.moved.insert(format!("{group}/{person}"), false);
    }

    fn is_enabled(&self, person: &Person) -> bool {
        let by_nature = person.enabled || self.unblocked.contains(person.key);
        by_nature && !self.blocked.contains(person.key)
    }

    fn is_deleted(&self, key: &str) -> bool {
        self.deleted.contains(key)
    }

    pub(crate) fn block(&mut self, key: &str) {
        self.blocked.insert(key.to_owned());
    }

    pub(crate) fn unblock(&mut self, key: &str) {
        self.blocked.remove(key);
        self.unblocked.insert(key.to_owned());
    }

    pub(crate) fn delete(&mut self, key: &str) {
        self.deleted.insert(key.to_owned());
    }

    pub(crate) fn restore(&mut self, key: &str) {
        self.deleted.remove(key);
    }
}

/// The attributes a mapping can take as its source.
pub(crate) const ATTRIBUTES: &[&str] = &[
    "userPrincipalName",
    "displayName",
    "givenName",
    "surname",
    "mail",
    "mailNickname",
    "jobTitle",
    "department",
    "city",
    "state",
    "country",
    "postalCode",
    "streetAddress",
    "physicalDeliveryOfficeName",
    "telephoneNumber",
    "mobile",
    "facsimileTelephoneNumber",
    "preferredLanguage",
    "employeeId",
    "manager",
    "objectId",
    "IsSoftDeleted",
    "accountEnabled",
];
pub(crate) const GROUP_ATTRIBUTES: &[&str] = &["displayName", "objectId", "members", "mailNickname", "description"];

impl Person {
    /// `None` where the directory holds nothing: Entra never sends that (facts 5).
    pub(crate) fn attribute(&self, name: &str, enabled: bool) -> Option<String> {
        let text = |text: &str| Some(text.to_owned());
        match name {
            "userPrincipalName" | "mail" => text(self.user_principal_name),
            "displayName" => text(self.display_name),
            "givenName" => self.given_name.and_then(text),
            "surname" => self.surname.and_then(text),
            "mailNickname" => self.user_principal_name.split('@').next().and_then(text),
            "jobTitle" => self.job_title.and_then(text),
            "department" => text(self.department),
            "streetAddress" => text(self.street),
            "city" => text(self.city),
            "state" => text(self.state),
            "postalCode" => text(self.postal_code),
            "country" => text(self.country),
            "telephoneNumber" => self.telephone.and_then(text),
            "employeeId" => text(self.employee_id),
            "manager" => self.manager.and_then(text),
            "objectId" => text(self.object_id),
            "IsSoftDeleted" => text(if enabled { "False" } else { "True" }),
            "accountEnabled" => text(if enabled { "True" } else { "False" }),
            "preferredLanguage" => text("en-US"),
            _ => None,
        }
    }
}

impl Group {
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        match name {
            "displayName" => Some(self.display_name.to_owned()),
            "objectId" => Some(self.object_id.to_owned()),
            "mailNickname" => Some(self.display_name.replace(' ', "").to_lowercase()),
            _ => None,
        }
    }
}

pub(crate) fn person(key: &str) -> Option<Person> {
    people().into_iter().find(|person| person.key == key)
}

fn groups(target: Target) -> Vec<Group> {
    let usual = match target {
        Target::HpeGreenlake => "GreenLake Users",
        Target::AwsIdentityCenter => "AWS Users",
        Target::Azion => "Azion Users",
        Target::Generic => "Service Users",
    };
    vec![
        Group {
            key: "g1",
            object_id: "7d1e5c0a-3b52-4d38-9a1f-0c4f3f6b1101",
            display_name: usual,
            members: vec!["u1", "u2", "u3", "u5", "u7", "g2"],
        },
        Group {
            key: "g2",
            object_id: "7d1e5c0a-3b52-4d38-9a1f-0c4f3f6b1102",
            display_name: "Contractors",
            members: vec!["u6"],
        },
        Group {
            key: "g3",
            object_id: "7d1e5c0a-3b52-4d38-9a1f-0c4f3f6b1103",
            display_name: "All Company",
            members: vec!["u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8"],
        },
    ]
}

pub(crate) fn people() -> Vec<Person> {
    let usual = Person {
        key: "",
        object_id: "",
        user_principal_name: "",
        display_name: "",
        given_name: None,
        surname: None,
        job_title: None,
        department: "Engineering",
        street: "Chausseestraße 8",
        city: "Berlin",
        state: "Berlin",
        postal_code: "10115",
        country: "Germany",
        telephone: None,
        employee_id: "",
        manager: None,
        enabled: true,
    };
    vec![
        Person {
            key: "u1",
            object_id: "2a6d7f10-8f5c-4b8e-9c61-5e0b1a2c0001",
            user_principal_name: "zoe.oconnor-mueller@northwind.example",
            display_name: "Zoë O'Connor-Müller",
            given_name: Some("Zoë"),
            surname: Some("O'Connor-Müller"),
            job_title: Some("Head of Infrastructure"),
            telephone: Some("+49 30 5550101"),
            employee_id: "1001",
            ..usual.clone()
        },
        Person {
            key: "u2",
            object_id: "2a6d7f10-8f5c-4b8e-9c61-5e0b1a2c0002",
            user_principal_name: "xiaolong.li@northwind.example",
            display_name: "李小龙",
            given_name: Some("小龙"),
            surname: Some("李"),
            job_title: Some("Network Engineer"),
            street: "Nanjing West Road 1266",
            city: "Shanghai",
            state: "Shanghai",
            postal_code: "200040",
            country: "China",
            telephone: Some("+86 21 5550102"),
            employee_id: "1002",
            manager: Some("u1"),
            ..usual.clone()
        },
        Person {
            key: "u3",
            object_id: "2a6d7f10-8f5c-4b8e-9c61-5e0b1a2c0003",
            user_principal_name: "an.nguyen@northwind.example",
            display_name: "Nguyễn Văn An",
            given_name: Some("Văn An"),
            surname: Some("Nguyễn"),
            job_title: Some("Storage Engineer"),
            employee_id: "1003",
            manager: Some("u1"),
            ..usual.clone()
        },
        Person {
            key: "u4",
            object_id: "2a6d7f10-8f5c-4b8e-9c61-5e0b1a2c0004",
            user_principal_name: "maria-jose.delacruz@northwind.example",
            display_name: "María-José de la Cruz",
            given_name: Some("María-José"),
            surname: Some("de la Cruz"),
            job_title: Some("Finance Partner"),
            department: "Finance",
            street: "Calle de Alcalá 50",
            city: "Madrid",
            state: "Madrid",
            postal_code: "28014",
            country: "Spain",
            employee_id: "1004",
            ..usual.clone()
        },
        Person {
            key: "u5",
            object_id: "2a6d7f10-8f5c-4b8e-9c61-5e0b1a2c0005",
            user_principal_name: "siobhan.o'brien@northwind.example",
            display_name: "Siobhán O'Brien",
            given_name: Some("Siobhán"),
            surname: Some("O'Brien"),
            job_title: Some("Cloud Architect"),
            street: "Eyre Square 12",
            city: "Galway",
            state: "Galway",
            postal_code: "H91 DH9T",
            country: "Ireland",
            telephone: Some("+353 91 555 105"),
            employee_id: "1005",
            manager: Some("u1"),
            ..usual.clone()
        },
        Person {
            key: "u6",
            object_id: "2a6d7f10-8f5c-4b8e-9c61-5e0b1a2c0006",
            user_principal_name: "maximiliane.von-wolfeschlegelsteinhausen-bergerdorff@northwind.example",
            display_name: "Maximiliane Alexandra Theodora Freifrau von Wolfeschlegelsteinhausen-Bergerdorff",
            given_name: Some("Maximiliane Alexandra Theodora"),
            surname: Some("Freifrau von Wolfeschlegelsteinhausen-Bergerdorff"),
            job_title: Some("Contractor"),
            employee_id: "X-77",
            ..usual.clone()
        },
        // No surname: the target refuses such a user.
        Person {
            key: "u7",
            object_id: "2a6d7f10-8f5c-4b8e-9c61-5e0b1a2c0007",
            user_principal_name: "sukarno@northwind.example",
            display_name: "Sukarno",
            given_name: Some("Sukarno"),
            job_title: Some("Data Center Lead"),
            street: "Jalan Sudirman 52",
            city: "Jakarta",
            state: "Jakarta",
            postal_code: "12190",
            country: "Indonesia",
            employee_id: "1007",
            ..usual.clone()
        },
        Person {
            key: "u8",
            object_id: "2a6d7f10-8f5c-4b8e-9c61-5e0b1a2c0008",
            user_principal_name: "jonas.weber@northwind.example",
            display_name: "Jonas Weber",
            given_name: Some("Jonas"),
            surname: Some("Weber"),
            employee_id: "1008",
            enabled: false,
            ..usual
        },
    ]
}
