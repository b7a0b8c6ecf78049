//! Values that are typed or answered: an address with its form, clues, options that an operation found, advice of the
//! recipe, and one slot's token for another.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;

use crate::{
    action::Action,
    error::{Code, Phase, Problem},
    operation::Operation,
    recipe::{Purpose, Recipes},
    secret::Secret,
    session::{Ended, Failure, Session, Task},
    setup::{Offer, Proof, Setup},
};

const TARGET: &str = r#"name = "Example Cloud"
short = "{service}"
called = "{service} (SCIM)"
summary = "Made up."
docs = "https://docs.example.com/scim"
forbidden_characters = "<>;:%"

[values]
service = "Your service"
api = "https://api.example.com"
form = "https://scim.{{region}}.example.com/{{tenant}}/scim/v2"
scim = ""
scim_documented = ""
region = ""
tenant = ""

[slots.access-token]
label = "Personal token"
kind = "access-token"

[slots.scim-token]
label = "API token"
kind = "scim-token"

[phases]
role = { title = "Role", not_needed = "Not here." }
access-token = { title = "Personal token" }
scim-token = { title = "API token" }
idp-credentials = { title = "IdP credentials" }
mappings = { title = "Attribute mappings" }
provisioning = { title = "Provisioning start" }

[[step]]
phase = "access-token"
title = "Paste it"
why = "It is needed."
blocks = [{ secret = { slot = "access-token", fill = true } }]

[[step]]
phase = "scim-token"
title = "Address and token"
why = "{idp} needs both."
blocks = [
  { check = "azion.list_identity_providers", label = "List", button = "List" },
  { id = "identity-provider", choice = { label = "Which?", from = "azion.list_identity_providers", unusable = { message = "It sleeps.", hints = ["Wake it."] } } },
  { check = "azion.enable_scim", label = "On", button = "On" },
  { id = "service", input = { label = "Name of the service", names = "service" } },
  { id = "endpoint", input = { label = "SCIM endpoint", gives = "scim", form = "{form}", clues = [
    { contains = "login.example.com", message = "This is the page where people sign in.", hints = ["Copy the SCIM endpoint."] },
  ] } },
  { secret = { slot = "scim-token", fill = true, or_from = "access-token" } },
  { check = "scim.test_connection", label = "The token works", button = "Test", hints = { unauthorized = ["A wrong tenant looks like this, too."] } },
  { id = "shown", copy = { label = "Base URL", value = "{scim}/" } },
]

[idp.entra.mapping.users]
actions = ["Create"]
rows = [{ target = "userName", source = "mail", matching = 1 }]
"#;

const ENTRA: &str = include_str!("../../../recipes/idps/entra.toml");
const GOOD: &str = "https://scim.eu-1.example.com/t-1/scim/v2/";

fn session() -> (Session, Timestamp) {
    let now = "2026-11-22T10:00:00Z".parse().expect("BUG: a moment");
    let recipes = Recipes::load(&[("example", TARGET)], &[("entra", ENTRA)]).unwrap_or_else(|error| panic!("{error}"));
    let guide = recipes.guide("example", "entra", Purpose::Setup, None, &BTreeMap::new()).expect("BUG: it holds");
    let setup = Setup::new("learning".into(), "example".into(), "entra".into(), false, now);
    (Session::new(setup, Arc::new(guide)), now)
}

fn types(session: &mut Session, value: &str, now: Timestamp) -> Vec<Task> {
    session.act(Action::Type { block: "endpoint".into(), value: value.into() }, now)
}

#[test]
fn a_typed_address_fills_its_values() {
    let (mut session, now) = session();
    types(&mut session, &format!("  {GOOD} "), now);
    assert_eq!(session.input_problem("endpoint"), None);
    assert_eq!(session.value("scim"), "https://scim.eu-1.example.com/t-1/scim/v2");
    assert_eq!((session.value("region"), session.value("tenant")), ("eu-1", "t-1"));
}

#[test]
fn a_service_can_be_given_a_name() {
    let (mut session, now) = session();
    assert_eq!(
        (session.guide.target_short.as_str(), session.guide.target_name.as_str()),
        ("Your service", "Your service (SCIM)")
    );
    session.act(Action::Type { block: "service".into(), value: "x".repeat(41) }, now);
    assert!(session.input_problem("service").is_some());
    assert_eq!(session.value("service"), "Your service");
    session.act(Action::Type { block: "service".into(), value: " {Wiki} ".into() }, now);
    assert_eq!(session.value("service"), "{Wiki}");
    let recipes = Recipes::load(&[("example", TARGET)], &[("entra", ENTRA)]).expect("BUG: it holds");
    let guide = recipes
        .guide("example", "entra", Purpose::Setup, None, &session.setup.learned)
        .expect("a name cannot break a recipe");
    assert_eq!((guide.target_short.as_str(), guide.target_name.as_str()), ("{Wiki}", "{Wiki} (SCIM)"));
}

#[test]
fn what_cannot_be_it_is_named_and_changes_no_value() {
    let (mut session, now) = session();
    types(&mut session, GOOD, now);
    let cases = [
        ("https://login.example.com/start", "sign in"),
        ("https://scim.eu-1.example.com/t-1/scim/v2/Users", "too much"),
        (
            "https://scim.eu-1.example.com/t-1",
            "not built like this: `https://scim.<region>.example.com/<tenant>/scim/v2`",
        ),
        ("http://scim.eu-1.example.com/t-1/scim/v2", "https"),
        ("example", "URL"),
    ];
    for (typed, words) in cases {
        types(&mut session, typed, now);
        let problem = session.input_problem("endpoint").unwrap_or_else(|| panic!("{typed} was taken"));
        assert!(
            problem.message.contains(words) || problem.hints.iter().any(|hint| hint.text.contains(words)),
            "{typed}: {problem:?}"
        );
        assert!(
            session
                .missing(Phase::ScimToken, now)
                .iter()
                .any(|missing| format!("{missing:?}").contains("SCIM endpoint")),
            "{typed}"
        );
        assert_eq!(session.value("tenant"), "t-1", "{typed}");
    }
}

#[test]
fn another_host_is_a_warning_only() {
    let (mut session, now) = session();
    types(&mut session, "https://scim.eu-1.api.aws/t-1/scim/v2", now);
    assert_eq!(session.input_problem("endpoint"), None);
    assert!(session.input_warning("endpoint").is_some());
    assert_eq!((session.value("tenant"), session.value("region")), ("t-1", ""));
}

#[test]
fn names_that_the_target_refuses_are_named_before_they_are_sent() {
    let (mut session, now) = session();
    let guide = Arc::make_mut(&mut session.guide);
    for phase in &mut guide.phases {
        for block in &mut phase.blocks {
            if let crate::recipe::BlockKind::Input(input) = &mut block.kind {
                input.arrives = input.gives.is_none();
            }
        }
    }
    for (typed, sign) in
        [("ada;b@example.com", "\";\" (U+003B)"), ("ada\u{200b}@example.com", "invisible character (U+200B)")]
    {
        session.act(Action::Type { block: "sample-user".into(), value: typed.into() }, now);
        let problem = session.input_problem("sample-user").expect("it is refused");
        assert!(problem.message.contains(sign), "{problem:?}");
    }
    session.act(Action::Type { block: "sample-user".into(), value: "zoë.o'connor@example.com".into() }, now);
    assert_eq!(session.input_problem("sample-user"), None);
}

#[test]
fn a_test_waits_for_its_address_and_falls_with_it() {
    let (mut session, now) = session();
    session.act(Action::FillSecret { block: "scim-token".into(), secret: Secret::new("t".repeat(40)) }, now);
    assert!(session.act(Action::Run { block: "scim-test-connection".into() }, now).is_empty());
    types(&mut session, GOOD, now);
    let tasks = session.act(Action::Run { block: "scim-test-connection".into() }, now);
    let [Task::Run { serial, .. }] = tasks.as_slice() else { panic!("it runs: {tasks:?}") };
    session.finished("scim-test-connection", *serial, Ended::new(Ok(Proof::new(now, "It holds.".into()))), now);
    assert!(session.passed(Operation::ScimTestConnection));
    types(&mut session, "https://scim.eu-2.example.com/t-1/scim/v2", now);
    assert!(!session.passed(Operation::ScimTestConnection));
}

#[test]
fn the_recipes_own_advice_comes_first() {
    let (mut session, now) = session();
    types(&mut session, GOOD, now);
    session.act(Action::FillSecret { block: "scim-token".into(), secret: Secret::new("t".repeat(40)) }, now);
    let tasks = session.act(Action::Run { block: "scim-test-connection".into() }, now);
    let [Task::Run { serial, .. }] = tasks.as_slice() else { panic!("it runs: {tasks:?}") };
    let problem = Problem::new(Code::Unauthorized, "Refused.").hint("Its own.");
    let failure = Failure::new(problem, now);
    session.finished("scim-test-connection", *serial, Ended::new(Err(failure)), now);
    let hints: Vec<&str> =
        session.failures["scim-test-connection"].problem.hints.iter().map(|hint| hint.text.as_str()).collect();
    assert_eq!(hints, ["A wrong tenant looks like this, too.", "Its own."]);
}

#[test]
fn options_are_what_was_found_and_a_vanished_choice_is_forgotten() {
    let (mut session, now) = session();
    let choice = session.guide.block("identity-provider").expect("it is there").1.clone();
    assert!(!session.visible(&choice));
    session.act(Action::FillSecret { block: "access-token".into(), secret: Secret::new("p".repeat(40)) }, now);
    let found = |session: &mut Session, offers: &[(&str, bool)]| {
        let tasks = session.act(Action::Run { block: "azion-list-identity-providers".into() }, now);
        let [Task::Run { serial, .. }] = tasks.as_slice() else { panic!("it runs: {tasks:?}") };
        let offer = |(id, usable): &(&str, bool)| Offer { id: (*id).into(), label: (*id).into(), usable: *usable };
        let ended = Ended {
            offers: Some(offers.iter().map(offer).collect()),
            ..Ended::new(Ok(Proof::new(now, "Found.".into())))
        };
        session.finished("azion-list-identity-providers", *serial, ended, now);
    };
    found(&mut session, &[("a", true), ("b", false)]);
    assert!(session.visible(&choice));
    session.act(Action::Choose { block: "identity-provider".into(), option: "nobody".into() }, now);
    assert_eq!(session.setup.answers.get("identity-provider"), None);
    session.act(Action::Choose { block: "identity-provider".into(), option: "b".into() }, now);
    let missing = format!("{:?}", session.missing(Phase::ScimToken, now));
    assert!(missing.contains("mended first"), "{missing}");
    found(&mut session, &[("a", true)]);
    assert_eq!(session.setup.answers.get("identity-provider"), None);
}

#[test]
fn a_list_that_could_not_be_read_takes_no_choice_away_but_an_empty_one_does() {
    let (mut session, now, serial) = enabling();
    session.finished("azion-enable-scim", serial, Ended::new(Ok(Proof::new(now, "On.".into()))), now);
    let mut lists = |offers: Option<Vec<Offer>>| {
        let tasks = session.act(Action::Run { block: "azion-list-identity-providers".into() }, now);
        let [Task::Run { serial, .. }] = tasks.as_slice() else { panic!("it runs: {tasks:?}") };
        let problem = Problem::new(Code::Timeout, "No answer.");
        let failure = Failure::new(problem, now);
        let ended = Ended { offers, ..Ended::new(Err(failure)) };
        session.finished("azion-list-identity-providers", *serial, ended, now);
        (session.setup.answers.contains_key("identity-provider"), session.passed(Operation::AzionEnableScim))
    };
    assert_eq!(lists(None), (true, true));
    assert_eq!(lists(Some(Vec::new())), (false, false));
}

#[test]
fn a_token_is_taken_over_only_where_the_recipe_says_so() {
    let (mut session, now) = session();
    assert!(session.act(Action::UseSecret { block: "scim-token".into() }, now).is_empty());
    session.act(Action::FillSecret { block: "access-token".into(), secret: Secret::new("p".repeat(40)) }, now);
    let tasks = session.act(Action::UseSecret { block: "scim-token".into() }, now);
    assert!(matches!(tasks.as_slice(), [Task::UseFrom { from, .. }] if from == "access-token"), "{tasks:?}");
    assert!(session.act(Action::UseSecret { block: "access-token".into() }, now).is_empty());
}

/// A session whose address and token have passed the test.
fn tested() -> (Session, Timestamp) {
    let (mut session, now) = session();
    types(&mut session, GOOD, now);
    session.act(Action::FillSecret { block: "scim-token".into(), secret: Secret::new("t".repeat(40)) }, now);
    let tasks = session.act(Action::Run { block: "scim-test-connection".into() }, now);
    let [Task::Run { serial, .. }] = tasks.as_slice() else { panic!("it runs: {tasks:?}") };
    session.finished("scim-test-connection", *serial, Ended::new(Ok(Proof::new(now, "It holds.".into()))), now);
    session.act(Action::Choose { block: "console-said".into(), option: "success".into() }, now);
    (session, now)
}

#[test]
fn an_address_that_no_longer_stands_there_proves_nothing_and_is_not_asked() {
    for typed in ["", "https://login.example.com/start", "9f86d081884c7d659a2feaa0c55ad015"] {
        let (mut session, now) = tested();
        types(&mut session, typed, now);
        assert!(!session.passed(Operation::ScimTestConnection), "{typed}");
        assert!(session.act(Action::Run { block: "scim-test-connection".into() }, now).is_empty(), "{typed}");
        assert!(!format!("{:?}", session.setup).contains("9f86d081884c7d659a2feaa0c55ad015"), "it is not kept");
    }
}

#[test]
fn what_the_console_said_was_said_of_that_address() {
    let (mut session, now) = tested();
    types(&mut session, GOOD, now);
    assert!(session.setup.answers.contains_key("console-said"), "nothing has changed");
    types(&mut session, "https://scim.eu-2.example.com/t-1/scim/v2", now);
    assert!(!session.setup.answers.contains_key("console-said"));
}

#[test]
fn in_practice_no_real_address_is_taken() {
    let (mut session, now) = session();
    session.setup.practice = true;
    types(&mut session, GOOD, now);
    let problem = session.input_problem("endpoint").expect("it is refused");
    assert!(problem.message.contains("practice"), "{problem}");
    assert_eq!(session.value("scim"), "");
}

/// SCIM turned on for one provider, with the personal token.
fn enabling() -> (Session, Timestamp, u32) {
    let (mut session, now) = session();
    session.act(Action::FillSecret { block: "access-token".into(), secret: Secret::new("p".repeat(40)) }, now);
    let offers = ["a", "b"].map(|id| Offer { id: id.into(), label: id.into(), usable: true });
    session.setup.offers.insert("identity-provider".into(), offers.to_vec());
    session.act(Action::Choose { block: "identity-provider".into(), option: "a".into() }, now);
    let tasks = session.act(Action::Run { block: "azion-enable-scim".into() }, now);
    let [Task::Run { serial, .. }] = tasks.as_slice() else { panic!("it runs: {tasks:?}") };
    let serial = *serial;
    (session, now, serial)
}

#[test]
fn what_a_running_change_needs_stays_until_it_is_over() {
    let (mut session, now, serial) = enabling();
    let other = Action::FillSecret { block: "access-token".into(), secret: Secret::new("q".repeat(40)) };
    for action in [
        Action::Choose { block: "identity-provider".into(), option: "b".into() },
        Action::ClearSecret { block: "access-token".into() },
        other,
    ] {
        assert!(session.act(action, now).is_empty());
    }
    assert_eq!(session.setup.answers["identity-provider"], "a");
    let learned = [("scim_documented".to_owned(), "https://api.example.com/Users".to_owned())].into();
    let ended = Ended { learned, ..Ended::new(Ok(Proof::new(now, "On.".into()))) };
    session.finished("azion-enable-scim", serial, ended, now);
    assert!(session.passed(Operation::AzionEnableScim));
    assert_eq!(session.value("scim_documented"), "https://api.example.com/Users");
}

#[test]
fn a_token_that_is_cleared_takes_nothing_back_but_another_one_does() {
    let (mut session, now, serial) = enabling();
    session.finished("azion-enable-scim", serial, Ended::new(Ok(Proof::new(now, "On.".into()))), now);
    session.act(Action::ClearSecret { block: "access-token".into() }, now);
    assert!(session.passed(Operation::AzionEnableScim));
    assert_eq!(session.setup.answers["identity-provider"], "a");
    session.act(Action::FillSecret { block: "access-token".into(), secret: Secret::new("q".repeat(40)) }, now);
    assert!(!session.passed(Operation::AzionEnableScim));
    assert!(!session.setup.offers.contains_key("identity-provider"), "another account has others");
}
