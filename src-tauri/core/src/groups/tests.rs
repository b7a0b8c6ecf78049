//! Plans that work, and those that do not, at each target.
#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeMap;

use super::{Answer, Group, Plan, Verdict, plan};
use crate::{
    class::Class,
    people::Severity,
    recipe::{Guide, Purpose, Recipes},
};

fn guide(target: &str, idp: &str) -> Guide {
    let recipes = Recipes::builtin().expect("the recipes are right");
    recipes.guide(target, idp, Purpose::Setup, None, &BTreeMap::new()).expect("there is such a pair")
}

fn group(name: &str) -> Group {
    Group { name: name.into(), members: Some(20), nested: Answer::No }
}

fn groups(assigned: &[&str], pushed: &[&str]) -> Plan {
    let all = |names: &[&str]| names.iter().map(|name| group(name)).collect();
    Plan { assigned: all(assigned), pushed: all(pushed) }
}

fn ids(plan: &[Verdict]) -> Vec<(&str, Severity, Option<&str>)> {
    plan.iter().map(|verdict| (verdict.id.as_str(), verdict.severity, verdict.group.as_deref())).collect()
}

#[test]
fn a_plan_that_works_says_nothing() {
    for target in ["aws-identity-center", "hpe-greenlake", "generic-scim"] {
        assert_eq!(ids(&plan(&groups(&["Cloud users"], &["Cloud operators"]), &guide(target, "okta"))), [], "{target}");
    }
    for target in ["aws-identity-center", "hpe-greenlake", "azion", "generic-scim"] {
        assert_eq!(ids(&plan(&groups(&["Cloud users"], &[]), &guide(target, "entra"))), [], "{target}");
    }
}

#[test]
fn one_group_for_both_fails_where_that_is_documented() {
    let both = groups(&["Cloud users"], &["CLOUD users "]);
    let at_aws = plan(&both, &guide("aws-identity-center", "okta"));
    assert_eq!(ids(&at_aws), [("same-group", Severity::WouldFail, Some("CLOUD users"))]);
    assert_eq!(at_aws[0].class, Class::GroupPush);
    for target in ["hpe-greenlake", "generic-scim"] {
        let found = plan(&both, &guide(target, "okta"));
        assert_eq!(ids(&found), [("same-group", Severity::Warn, Some("CLOUD users"))], "{target}");
    }
    assert!(plan(&both, &guide("hpe-greenlake", "okta"))[0].says.contains("HPE's guide"));
}

#[test]
fn the_group_of_all_people_is_found_out() {
    let found = plan(&groups(&["Everyone"], &["Cloud operators"]), &guide("hpe-greenlake", "okta"));
    assert_eq!(ids(&found), [("everyone", Severity::Warn, Some("Everyone"))], "assigned");
    assert!(found[0].says.contains("HPE warns"), "{}", found[0].says);
    let found = plan(&groups(&["Cloud people"], &["Everyone"]), &guide("hpe-greenlake", "okta"));
    assert_eq!(ids(&found), [("everyone", Severity::WouldFail, Some("Everyone"))], "pushed");
    for name in ["All Users", "Alle Benutzer", "すべてのユーザー"] {
        let found = plan(&groups(&[name], &[]), &guide("azion", "entra"));
        assert_eq!(ids(&found), [("everyone", Severity::Warn, Some(name))]);
    }
    assert_eq!(ids(&plan(&groups(&["Everyone in Berlin"], &["X"]), &guide("hpe-greenlake", "okta"))), []);
}

#[test]
fn inner_groups_do_not_arrive_from_entra() {
    let mut asked = groups(&["Cloud users"], &[]);
    for (nested, wanted) in [
        (Answer::Yes, Some(("nested-group", Severity::Warn))),
        (Answer::Unknown, Some(("nested-unknown", Severity::Warn))),
        (Answer::No, None),
    ] {
        asked.assigned[0].nested = nested;
        let found = plan(&asked, &guide("azion", "entra"));
        assert_eq!(found.first().map(|verdict| (verdict.id.as_str(), verdict.severity)), wanted);
        assert!(found.iter().all(|verdict| verdict.class == Class::NestedGroup));
    }
}

#[test]
fn sizes_count_where_the_group_is_sent() {
    let sized = |assigned: u32, pushed: u32, target: &str, idp: &str| {
        let mut asked = groups(&["A"], &["B"]);
        (asked.assigned[0].members, asked.pushed[0].members) = (Some(assigned), Some(pushed));
        if idp == "entra" {
            asked.pushed.clear();
        }
        plan(&asked, &guide(target, idp))
            .into_iter()
            .map(|verdict| (verdict.id, verdict.group.unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    let large = |group: &str| vec![("group-too-large".to_owned(), group.to_owned())];
    assert_eq!(sized(100, 100, "aws-identity-center", "okta"), []);
    assert_eq!(sized(101, 101, "aws-identity-center", "okta"), large("B"), "the assigned group is not sent as one");
    assert_eq!(sized(101, 0, "aws-identity-center", "entra"), large("A"));
    assert_eq!(sized(101, 101, "generic-scim", "okta"), [], "no limit is known");
    assert_eq!(sized(20_000, 1, "generic-scim", "okta"), [("many-members".to_owned(), "A".to_owned())]);
    assert_eq!(sized(0, 1, "generic-scim", "okta"), [("empty-group".to_owned(), "A".to_owned())]);
}

#[test]
fn names_that_the_target_refuses_are_shown_as_such() {
    let at_aws = plan(&groups(&["Ops; \u{202e}Berlin"], &[]), &guide("aws-identity-center", "entra"));
    assert_eq!(ids(&at_aws), [("group-name-refused", Severity::WouldFail, Some("Ops; ⟨U+202E⟩Berlin"))]);
    assert!(at_aws[0].says.contains("“;” (U+003B)"), "{}", at_aws[0].says);
    let reserved = plan(&groups(&["administrator"], &[]), &guide("aws-identity-center", "entra"));
    assert_eq!(ids(&reserved), [("group-name-reserved", Severity::WouldFail, Some("administrator"))]);
    let at_hpe = plan(&groups(&["Ops & Dev"], &[]), &guide("hpe-greenlake", "entra"));
    assert_eq!(ids(&at_hpe), [("group-name-note", Severity::Warn, Some("Ops & Dev"))]);
    assert_eq!(ids(&plan(&groups(&["Ops (Dev) [1] - a/b_c.d!`"], &[]), &guide("hpe-greenlake", "entra"))), []);
    let assigned_only = plan(&groups(&["Ops;"], &["Ops"]), &guide("aws-identity-center", "okta"));
    assert_eq!(ids(&assigned_only), [], "only pushed groups are made at the target");
}

#[test]
fn what_is_missing_or_there_twice_is_said() {
    assert_eq!(
        ids(&plan(&Plan::default(), &guide("azion", "entra"))),
        [("nothing-assigned", Severity::WouldFail, None)]
    );
    assert_eq!(
        ids(&plan(&groups(&["A"], &[" "]), &guide("generic-scim", "okta"))),
        [("nothing-pushed", Severity::Warn, None)]
    );
    assert_eq!(ids(&plan(&groups(&["A"], &["B"]), &guide("azion", "entra"))), [("no-push-here", Severity::Warn, None)]);
    let twice = plan(&groups(&["Ops", "OPS"], &[]), &guide("azion", "entra"));
    assert_eq!(ids(&twice), [("group-twice", Severity::WouldFail, Some("OPS"))]);
}
