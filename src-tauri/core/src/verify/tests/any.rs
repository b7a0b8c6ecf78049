//! Any company with any differences: exactly these are found. What differs is decided while the two sides are made, and
//! knows nothing of how they are compared.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;

use super::{Sides, Told, told};
use crate::people::Rules;

/// What becomes of somebody on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Arrives,
    /// Written otherwise, which is the same to SCIM.
    OtherCase,
    NeverArrives,
    OtherSurname,
    OtherMail,
    SurnameLost,
    SwitchedOff,
    /// Disabled in the export.
    Leaver,
    LeaverStays,
    LeaverGone,
}

const WAYS: [Way; 10] = [
    Way::Arrives,
    Way::OtherCase,
    Way::NeverArrives,
    Way::OtherSurname,
    Way::OtherMail,
    Way::SurnameLost,
    Way::SwitchedOff,
    Way::Leaver,
    Way::LeaverStays,
    Way::LeaverGone,
];

#[derive(Debug, Clone)]
struct Crew {
    way: usize,
    /// By group: in it by the export, and at the target.
    memberships: Vec<(bool, bool)>,
}

#[derive(Debug, Clone)]
struct Company {
    crew: Vec<Crew>,
    strangers: usize,
    /// Whether the group is at the target.
    groups: Vec<bool>,
    /// Groups that are only at the target.
    other_groups: usize,
    given: String,
}

fn company() -> impl Strategy<Value = Company> {
    (1_usize..5, 0_usize..4, 0_usize..3, "[\\PC&&[^\",;\t|\\p{Z}=+@#]]{1,6}").prop_flat_map(
        |(groups, strangers, other_groups, given)| {
            let crew = (0..WAYS.len() * 2, prop::collection::vec((any::<bool>(), any::<bool>()), groups))
                .prop_map(|(way, memberships)| Crew { way, memberships });
            let crew = prop::collection::vec(crew, 1..40);
            let present = prop::collection::vec(prop::bool::weighted(0.8), groups);
            (crew, present).prop_map(move |(crew, groups)| Company {
                crew,
                strangers,
                groups,
                other_groups,
                given: given.clone(),
            })
        },
    )
}

impl Company {
    /// The two sides, and what differs between them.
    fn make(&self) -> (Sides, BTreeSet<Told>) {
        let mut sides = Sides {
            people: "userPrincipalName,givenName,surname,displayName,mail,accountEnabled\n".to_owned(),
            ..Sides::default()
        };
        let mut members = "Group name;login\n".to_owned();
        let mut wanted = BTreeSet::new();
        let mut inside: Vec<Vec<serde_json::Value>> = vec![Vec::new(); self.groups.len()];
        for (index, one) in self.crew.iter().enumerate() {
            let way = WAYS.get(one.way).copied().unwrap_or(Way::Arrives);
            let name = format!("p{index}@example.com");
            let disabled = matches!(way, Way::Leaver | Way::LeaverStays | Way::LeaverGone);
            let given = &self.given;
            sides.people.push_str(&format!(
                "{name},{given},F{index},{given} F{index},{name},{}\n",
                if disabled { "False" } else { "True" }
            ));
            let there = !matches!(way, Way::NeverArrives | Way::LeaverGone);
            if way == Way::NeverArrives {
                wanted.insert(("missing", name.clone(), String::new(), None));
            }
            if there {
                sides.users.push(self.user(index, way, &name));
                self.differs(way, &name, &mut wanted);
            }
            for (group, (by_export, at_target)) in one.memberships.iter().enumerate() {
                let group_name = format!("G{group}");
                if *by_export {
                    members.push_str(&format!("{group_name};{name}\n"));
                }
                if !self.groups[group] {
                    continue;
                }
                let at_target = *at_target && there;
                if at_target {
                    inside[group].push(json!({"value": format!("id{index}"), "type": "User"}));
                }
                // Somebody who is disabled and gone is missed in no group either.
                match (by_export, at_target) {
                    (true, false) if way != Way::LeaverGone => {
                        wanted.insert(("member-missing", name.clone(), group_name, None));
                    }
                    (false, true) => {
                        wanted.insert(("member-unexpected", name.clone(), group_name, None));
                    }
                    _ => {}
                }
            }
        }
        for stranger in 0..self.strangers {
            let name = format!("s{stranger}@example.com");
            sides.users.push(
                json!({"id": format!("sid{stranger}"), "userName": name, "active": stranger % 2 == 0}).to_string(),
            );
            wanted.insert(("unexpected", name, String::new(), None));
        }
        let in_export: Vec<bool> =
            (0..self.groups.len()).map(|group| self.crew.iter().any(|one| one.memberships[group].0)).collect();
        for (group, present) in self.groups.iter().enumerate() {
            let name = format!("G{group}");
            match (in_export[group], present) {
                (true, false) => drop(wanted.insert(("group-missing", String::new(), name.clone(), None))),
                (false, true) => {
                    wanted.retain(|(_, _, group, _)| *group != name);
                    wanted.insert(("group-unexpected", String::new(), name.clone(), None));
                }
                _ => {}
            }
            if *present {
                sides.at_target.push(
                    json!({"id": format!("g{group}"), "displayName": name.to_lowercase(), "members": inside[group]})
                        .to_string(),
                );
            }
        }
        // What is only at the target is told as it is written there.
        let wanted = wanted.into_iter().map(|(kind, who, group, attribute)| match kind {
            "group-unexpected" => (kind, who, group.to_lowercase(), attribute),
            _ => (kind, who, group, attribute),
        });
        let mut wanted: BTreeSet<Told> = wanted.collect();
        for other in 0..self.other_groups {
            sides
                .at_target
                .push(json!({"id": format!("o{other}"), "displayName": format!("Other {other}")}).to_string());
            wanted.insert(("group-unexpected", String::new(), format!("Other {other}"), None));
        }
        sides.groups.push(("all".to_owned(), members));
        (sides, wanted)
    }

    fn user(&self, index: usize, way: Way, name: &str) -> String {
        let given = &self.given;
        let surname = match way {
            Way::OtherSurname => "Changed".to_owned(),
            Way::OtherCase => format!("f{index}"),
            _ => format!("F{index}"),
        };
        let mail = match way {
            Way::OtherMail => "other@example.com".to_owned(),
            Way::OtherCase => name.to_uppercase(),
            _ => name.to_owned(),
        };
        let user_name = if way == Way::OtherCase { name.to_uppercase() } else { name.to_owned() };
        let mut user = json!({
            "id": format!("id{index}"),
            "userName": user_name,
            "name": {"givenName": given, "familyName": surname},
            "displayName": format!("{given} F{index}"),
            "emails": [{"value": "home@example.org", "type": "home"}, {"value": mail, "type": "work"}],
            "active": !matches!(way, Way::SwitchedOff | Way::Leaver),
        });
        if way == Way::SurnameLost {
            user["name"] = json!({"givenName": given});
        }
        user.to_string()
    }

    fn differs(&self, way: Way, name: &str, wanted: &mut BTreeSet<Told>) {
        let attribute = match way {
            Way::OtherSurname | Way::SurnameLost => Some("name.familyName"),
            Way::OtherMail => Some("emails[type eq \"work\"].value"),
            _ => None,
        };
        if let Some(attribute) = attribute {
            wanted.insert(("attribute", name.to_owned(), String::new(), Some(attribute.to_owned())));
        }
        if matches!(way, Way::SwitchedOff | Way::LeaverStays) {
            wanted.insert(("disabled", name.to_owned(), String::new(), Some("active".to_owned())));
        }
    }

    /// Without a mapping, an attribute that nobody has is not compared; and groups that all come without members are asked
    /// for otherwise. Neither is the matter here.
    fn is_plain(&self) -> bool {
        let arrived = |one: &Crew| {
            let way = WAYS.get(one.way).copied().unwrap_or(Way::Arrives);
            !matches!(way, Way::NeverArrives | Way::LeaverGone | Way::SurnameLost)
        };
        let kept = |one: &Crew| {
            arrived(one)
                && one
                    .memberships
                    .iter()
                    .zip(&self.groups)
                    .any(|((by_export, at_target), there)| *by_export && *at_target && *there)
        };
        self.crew.iter().any(kept)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn exactly_what_differs_is_found(company in company().prop_filter("plain", Company::is_plain)) {
        let (sides, wanted) = company.make();
        let outcome = sides.compare(&Rules::usual(), None);
        prop_assert_eq!(told(&outcome), wanted);
        prop_assert_eq!(outcome.ok(), outcome.is_empty());
    }
}
