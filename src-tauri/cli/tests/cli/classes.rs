//! Every class of trouble can be seen in the practice world: with one of its faults, in the vendor's words, where the field
//! shows it.

mod scene;
mod seen;

use std::ops::ControlFlow;

use usher_cli::classes::faults_of;
use usher_core::{
    Class,
    doctor::{diagnose, examine},
};
use usher_sandbox::{Fault, Options, Sandbox, Target};

use self::{
    scene::{Scene, entries},
    seen::seen,
};
use crate::program::{program, run};

/// What the field shows of each class (facts/failures.md, and the vendors' own lists of codes).
fn field_text(class: Class) -> &'static [&'static str] {
    match class {
        Class::TokenExpired => &["CredentialValidationFailure", "Response Status Code: Unauthorized", "expired"],
        Class::TokenExpiring => &["expires on ", "AWS_IAMIDENTITYCENTER_SCIM_BEARER_TOKEN_EXPIRY_NOTIFICATION"],
        Class::BadCredentials => &["You appear to have entered invalid credentials."],
        Class::Unreachable => &["CredentialValidationUnavailable", "An error occurred while sending the request"],
        Class::Tls => &["The SSL connection could not be established", "certificate"],
        Class::Proxy => &["ProxyAuthenticationRequired"],
        Class::ClockSkew => &["Token used before issued", "date: "],
        Class::WrongPath => &["CredentialValidationUnavailable", "Response Status Code: NotFound"],
        Class::NotScim => &["SystemForCrossDomainIdentityManagementServiceIncompatible", "<!DOCTYPE html>"],
        Class::RegionMismatch => &["is not enabled in this Region (eu-west-1)", "/regions/eu-west-1/", "Unauthorized"],
        Class::FilterIgnored => &["SystemForCrossDomainIdentityManagementMultipleEntriesInResponse"],
        Class::PagingBroken => &["\"totalResults\":2", "\"itemsPerPage\":2"],
        Class::MissingAttribute => &["Required property 'name.familyName' not found in JSON."],
        Class::UnsupportedAttribute => &["Unsupported user attribute: addresses[type eq"],
        Class::ForbiddenCharacter => &["contains invalid characters"],
        Class::MappingInvalid => &["SchemaAttributeNotFound"],
        Class::PatchDialect => &["'Add' is not one of ['add', 'remove', 'replace']"],
        Class::UpdateOff => &["EntrySynchronizationSkipped", "the object action Update is switched off"],
        Class::NotAssigned => &["NotEffectivelyEntitled", "not assigned to the application"],
        Class::Duplicate => &["EntryConflict", "StatusCode: Conflict"],
        Class::MatchingUserNotFound => &["Matching user not found"],
        Class::NestedGroup => &["NotEffectivelyEntitled", "nested groups are not"],
        Class::GroupPush => &["Using the same Okta group for assignments and for group push"],
        Class::GroupTooLarge => &["Too many members in one request"],
        Class::StaleGroupMapping => &["Unable to update Group Push mapping target App group", "Not Found"],
        Class::NameidMismatch => &["NameID: zoe.oconnor-mueller@northwind.onmicrosoft.com"],
        Class::RateLimited => &["Rate limit exceeded", "Too Many Requests"],
        Class::Quarantine => &["Quarantine since", "EncounteredQuarantineException"],
        Class::TooManyDeletes => &["TooManyDeletes", "accidental deletion threshold"],
        Class::FirstCycleRunning => &["Initial cycle in progress"],
        Class::SecretTooLarge => &["Request_InvalidPropertyValue", "Size of input ExternalSecret data is invalid"],
        Class::TwoTokenLimit => &["two access tokens"],
        Class::WrongAppType => &["Out of the box automatic provisioning", "app registration"],
        Class::AppSetting => &["Provisioning is not enabled for the app instance."],
        Class::RoleMissing => &["403", "does not have the role"],
        Class::LicenceMissing => &["Groups are not available for assignment due to your Active Directory plan level."],
        Class::SignInBlocked => &["AADSTS53003"],
        Class::SignInExpired => &["AADSTS70043"],
        Class::ConsentNeeded => &["AADSTS90094"],
        Class::PublicClientOff => &["AADSTS7000218"],
        Class::ClientIdWrong => &["AADSTS700016"],
        Class::AwsSessionExpired => &["Your session has expired"],
        Class::TargetError => &["Internal Server Error", "An internal error occurred"],
        Class::TargetRejected => &["SystemForCrossDomainIdentityManagementBadRequest", "\"detail\":\"Bad Request\""],
        Class::Success => &["Provisioning on demand succeeded."],
        Class::Unrecognised => &["QX-7731"],
    }
}

#[tokio::test]
async fn each_class_can_be_seen_in_the_words_of_the_field() {
    let mut wrong = Vec::new();
    for class in Class::ALL {
        let evidence = seen(*class).await;
        let named = evidence.fault.is_none_or(|fault| faults_of(*class).contains(&fault));
        let missing: Vec<&str> =
            field_text(*class).iter().filter(|words| !evidence.text.contains(**words)).copied().collect();
        if !named || !missing.is_empty() {
            wrong.push(format!("{class} at {}: {missing:?} of {evidence:#?}", evidence.place));
        }
        if let Some((name, file)) = &evidence.file {
            assert!(!entries(file).is_empty(), "{class}: {name} is empty");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What goes wrong stands in the log's file as well, under the members that a reader of such files looks at.
#[tokio::test]
async fn the_logs_carry_the_code_and_the_text() {
    for class in Class::ALL {
        let Some((name, file)) = seen(*class).await.file else { continue };
        let found = entries(&file).into_iter().any(|entry| {
            let (code, reason) = match name {
                "system_log.json" => ("", &entry["outcome"]["reason"]),
                _ => {
                    let error = &entry["provisioningStatusInfo"]["errorInformation"];
                    (error["errorCode"].as_str().unwrap_or_default(), &error["reason"])
                }
            };
            let action = entry["provisioningAction"].as_str().unwrap_or_default();
            let said = format!("{code} {} {action}", reason.as_str().unwrap_or_default());
            field_text(*class).iter().any(|words| said.contains(words)) || said.contains("stagedDelete")
        });
        assert_eq!(found, *class != Class::Success, "{class}: {file}");
    }
}

/// What else a log with one kind of trouble shows: what worked, what waited, and whom it is not for.
const MAY_STAND_BESIDE: &[Class] = &[Class::Success, Class::NotAssigned];

/// The two ends meet: the doctor names first what the practice world shows, and finds it in the log that is dropped.
#[tokio::test]
async fn the_doctor_recognises_each_class_where_it_is_seen() {
    let mut wrong = Vec::new();
    for class in Class::ALL {
        let evidence = seen(*class).await;
        let said: Vec<Class> = diagnose(&evidence.text).iter().map(|finding| finding.class).collect();
        if said.first() != Some(class) {
            wrong.push(format!("{class}: the text says {said:?}: {}", evidence.text));
        }
        let logs = [evidence.file.map(|(_, file)| file), evidence.table];
        for log in logs.into_iter().flatten() {
            let read = examine(log.as_bytes(), &mut |_| ControlFlow::Continue(())).expect("it can be read");
            let said: Vec<Class> = read.findings.iter().map(|finding| finding.class).collect();
            // That all is well beside trouble is said too, and nothing is that is not there.
            if !said.contains(class) || said.iter().any(|other| !MAY_STAND_BESIDE.contains(other) && other != class) {
                wrong.push(format!("{class}: {:?} says {said:?}: {log:.600}", read.kind));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn each_class_but_success_has_a_fault_that_fits_somewhere() {
    for class in Class::ALL {
        assert_eq!(faults_of(*class).is_empty(), *class == Class::Success, "{class}");
        for fault in faults_of(*class) {
            let fits = |target: &Target| ["entra", "okta"].iter().any(|idp| fault.fits(*target, idp));
            assert!(Target::ALL.iter().any(fits), "{class}: {fault}");
        }
    }
}

#[test]
fn the_help_of_the_sandbox_lists_the_faults_by_class() {
    let help = run(program().args(["sandbox", "--help"]));
    let list = help.stdout.split("Faults by class of trouble:\n").nth(1).unwrap_or_default();
    for (class, fault) in [("two-token-limit", "token-limit"), ("group-push", "same-group, everyone-chosen")] {
        let line = list.lines().find(|line| line.split_whitespace().next() == Some(class));
        assert!(line.is_some_and(|line| line.ends_with(fault)), "{help:#?}");
    }
}

/// A world in which nothing is wrong shows none of it: the texts come from the faults.
#[tokio::test]
async fn without_a_fault_nothing_is_seen() {
    let scene = Scene::set(Target::Generic, &[]).await;
    scene.entra_cycle("g2").await;
    let pages =
        [scene.open("/entra/apps/a1").await, scene.open("/entra/apps/a1/logs").await, scene.open("/okta/").await];
    for class in Class::ALL.iter().filter(|class| !faults_of(**class).is_empty()) {
        let all = |page: &String| field_text(*class).iter().all(|words| page.contains(words));
        assert!(!pages.iter().any(all), "{class}");
    }
}

#[tokio::test]
async fn a_fault_of_the_address_can_be_asked_for_at_the_start() {
    for fault in [Fault::ScimUnreachable, Fault::ScimTls] {
        let options = Options { target: Target::Generic, faults: vec![fault], prepared: true, ..Options::default() };
        let sandbox = Sandbox::start(options).await.expect("a world");
        let address = sandbox.addresses().scim_base_url.clone();
        let refused = reqwest::Client::builder().no_proxy().build().expect("a client").get(&address).send().await;
        assert!(refused.expect_err("nothing good is there").is_connect(), "{address}");
    }
}
