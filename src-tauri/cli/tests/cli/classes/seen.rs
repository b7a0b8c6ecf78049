//! What somebody sees of each class of trouble in the practice world: the text as the console shows it, and the log as the
//! console gives it, where there is one. `seen` is the way in.

use usher_core::Class;
use usher_sandbox::{Fault, Target};

use super::scene::{Scene, notice, parts, rows};

/// What is there to be pasted, or dropped, into the doctor's page.
#[derive(Debug)]
pub(crate) struct Evidence {
    pub(crate) fault: Option<Fault>,
    /// Where it was seen.
    pub(crate) place: &'static str,
    /// As it was shown.
    pub(crate) text: String,
    /// The log as a file: its name, and what is in it.
    pub(crate) file: Option<(&'static str, String)>,
    /// The same log as a table.
    pub(crate) table: Option<String>,
}

impl Evidence {
    fn of(fault: Fault, place: &'static str, text: String) -> Self {
        Self { fault: Some(fault), place, text, file: None, table: None }
    }
}

const TEST: &str = "Entra: Test Connection";

/// Starts the practice world with a fault of this class, goes where it shows, and brings what is written there.
pub(crate) async fn seen(class: Class) -> Evidence {
    match class {
        Class::TokenExpired => test_connection(Fault::ScimTokenExpired).await,
        Class::TokenExpiring => aws_page(Fault::TokenEndsSoon, "/aws/").await,
        Class::BadCredentials => test_connection(Fault::ConsoleRefuses).await,
        Class::Unreachable => test_connection(Fault::ScimUnreachable).await,
        Class::Tls => test_connection(Fault::ScimTls).await,
        Class::Proxy => test_connection(Fault::ProxyRefuses).await,
        Class::ClockSkew => token_api(Fault::ClockSkew).await,
        Class::WrongPath => test_connection(Fault::ScimNotFound).await,
        Class::NotScim => test_connection(Fault::ScimHtml).await,
        Class::RegionMismatch => another_region().await,
        Class::FilterIgnored => test_connection(Fault::FilterIgnored).await,
        Class::PagingBroken => scim_list(Fault::IdsRepeat).await,
        Class::MissingAttribute => cycle(Fault::UsersRefused, "g2").await,
        Class::UnsupportedAttribute => cycle(Fault::AttributesRefused, "g2").await,
        Class::ForbiddenCharacter => cycle(Fault::CharacterRefused, "u1").await,
        Class::MappingInvalid => cycle(Fault::MappingInvalid, "g2").await,
        Class::PatchDialect => cycle(Fault::PatchStrict, "g2").await,
        Class::UpdateOff => leavers(Fault::UpdateOff).await,
        Class::NotAssigned => cycle(Fault::NothingArrives, "u1").await,
        Class::Duplicate => cycle(Fault::UsersExist, "g2").await,
        Class::MatchingUserNotFound => okta(Target::Generic, Fault::NothingArrives, ("g1", "g2")).await,
        Class::NestedGroup => cycle(Fault::NestedGroup, "g1").await,
        Class::GroupPush => okta(Target::AwsIdentityCenter, Fault::SameGroup, ("g1", "g1")).await,
        Class::GroupTooLarge => cycle(Fault::GroupTooLarge, "g3").await,
        Class::StaleGroupMapping => okta(Target::Generic, Fault::GroupGone, ("g1", "g2")).await,
        Class::NameidMismatch => sign_in().await,
        Class::RateLimited => okta_later(Fault::ScimRateLimited).await,
        Class::Quarantine => quarantine().await,
        Class::TooManyDeletes => leavers(Fault::ManyDeletes).await,
        Class::FirstCycleRunning => first_cycle().await,
        Class::SecretTooLarge => saved(Fault::SecretTooLarge).await,
        Class::TwoTokenLimit => third_token().await,
        Class::WrongAppType => app_type().await,
        Class::AppSetting => integration_off().await,
        Class::RoleMissing => token_api(Fault::RoleMissing).await,
        Class::LicenceMissing => unlicensed().await,
        Class::SignInBlocked => at_the_door(Fault::SignInBlocked).await,
        Class::SignInExpired => at_the_door(Fault::SignInExpired).await,
        Class::ConsentNeeded => at_the_door(Fault::ConsentNeeded).await,
        Class::PublicClientOff => at_the_door(Fault::PublicClientOff).await,
        Class::ClientIdWrong => at_the_door(Fault::ClientIdWrong).await,
        Class::AwsSessionExpired => aws_page(Fault::SessionExpired, "/aws/settings").await,
        Class::TargetError => okta_later(Fault::ScimServerError).await,
        Class::TargetRejected => cycle(Fault::UsersRejected, "g2").await,
        Class::Success => all_is_well().await,
        Class::Unrecognised => test_connection(Fault::OddError).await,
    }
}

async fn test_connection(fault: Fault) -> Evidence {
    let scene = Scene::set(Target::Generic, &[fault]).await;
    scene.entra_app().await;
    Evidence::of(fault, TEST, notice(&scene.entra_connection(&scene.scim_base(), "test").await))
}

async fn saved(fault: Fault) -> Evidence {
    let scene = Scene::set(Target::Generic, &[fault]).await;
    scene.entra_app().await;
    Evidence::of(fault, "Entra: Create", notice(&scene.entra_connection(&scene.scim_base(), "save").await))
}

/// What the dashboard of AWS says, and what comes of the address that its Settings show.
async fn another_region() -> Evidence {
    let scene = Scene::set(Target::AwsIdentityCenter, &[Fault::WrongRegion]).await;
    let console = scene.open("/aws/settings/provisioning").await;
    let shown = console.split("id=\"scim-endpoint\"").nth(1).and_then(|rest| rest.split("value=\"").nth(1));
    let shown = shown.and_then(|rest| rest.split('"').next()).expect("an address");
    scene.entra_app().await;
    let refused = notice(&scene.entra_connection(shown, "test").await);
    let dashboard = notice(&scene.open("/aws/").await);
    Evidence::of(Fault::WrongRegion, "AWS: the console, and Entra: Test Connection", format!("{dashboard}\n{refused}"))
}

async fn token_api(fault: Fault) -> Evidence {
    let scene = Scene::set(Target::HpeGreenlake, &[fault]).await;
    Evidence::of(fault, "HPE GreenLake: token API", scene.ask_api("/v1alpha1/proxytoken/rotate").await)
}

/// Two pages of one entry each.
async fn scim_list(fault: Fault) -> Evidence {
    let scene = Scene::set(Target::Generic, &[fault]).await;
    Evidence::of(fault, "SCIM endpoint: a list", scene.ask_scim("/Users?startIndex=1&count=2").await)
}

async fn aws_page(fault: Fault, path: &str) -> Evidence {
    let scene = Scene::set(Target::AwsIdentityCenter, &[fault]).await;
    Evidence::of(fault, "AWS: the console", notice(&scene.open(path).await))
}

async fn third_token() -> Evidence {
    let scene = Scene::set(Target::AwsIdentityCenter, &[Fault::TokenLimit]).await;
    let page = scene.send("/aws/settings/provisioning/generate", &[]).await;
    Evidence::of(Fault::TokenLimit, "AWS: Generate token", notice(&page))
}

async fn at_the_door(fault: Fault) -> Evidence {
    let scene = Scene::set(Target::Generic, &[fault]).await;
    Evidence::of(fault, "Entra: signing in", notice(&scene.open("/entra/").await))
}

/// One cycle with the default mapping, and its log. Contractors is the group in which nothing else is amiss.
async fn cycle(fault: Fault, principal: &str) -> Evidence {
    let scene = Scene::set(Target::Generic, &[fault]).await;
    scene.entra_cycle(principal).await;
    log_of(&scene, Some(fault)).await
}

/// What failed in the log or, if nothing did, what was skipped; and the log.
async fn log_of(scene: &Scene, fault: Option<Fault>) -> Evidence {
    let page = scene.open("/entra/apps/a1/logs").await;
    let of = |status: &str| rows(&page, &format!("<tr data-status=\"{status}\""));
    let failed = of("failure");
    let shown = if failed.is_empty() { of("skipped") } else { failed };
    Evidence {
        fault,
        place: "Entra: Provisioning logs",
        text: shown.join("\n"),
        file: Some(("ProvisioningLogs.json", scene.file("/entra/apps/a1/logs/ProvisioningLogs.json").await)),
        table: Some(scene.file("/entra/apps/a1/logs/ProvisioningLogs.csv").await),
    }
}

/// Somebody leaves after the first cycle.
async fn leavers(fault: Fault) -> Evidence {
    let scene = Scene::set(Target::Generic, &[fault]).await;
    scene.entra_cycle("g2").await;
    scene.entra_loses("g2").await;
    let state = state(&scene).await;
    let evidence = log_of(&scene, Some(fault)).await;
    Evidence { text: format!("{state}\n{}", evidence.text), ..evidence }
}

async fn quarantine() -> Evidence {
    let scene = Scene::set(Target::Generic, &[Fault::Quarantine]).await;
    scene.entra_cycle("u1").await;
    Evidence::of(Fault::Quarantine, "Entra: Overview", state(&scene).await)
}

async fn state(scene: &Scene) -> String {
    parts(&scene.open("/entra/apps/a1").await, "<section class=\"state", "</section>").join("\n")
}

async fn first_cycle() -> Evidence {
    let scene = Scene::set(Target::Generic, &[Fault::FirstCycleSlow]).await;
    scene.entra_app().await;
    scene.entra_connection(&scene.scim_base(), "save").await;
    scene.entra_assigns("u1").await;
    scene.entra_starts().await;
    let mut shown = state(&scene).await;
    while !shown.contains("Running") {
        tokio::task::yield_now().await;
        shown = state(&scene).await;
    }
    Evidence::of(Fault::FirstCycleSlow, "Entra: Overview", shown)
}

async fn app_type() -> Evidence {
    let scene = Scene::set(Target::Generic, &[Fault::AppTypeWrong]).await;
    scene.entra_app().await;
    Evidence::of(Fault::AppTypeWrong, "Entra: Provisioning", notice(&scene.open("/entra/apps/a1/provisioning").await))
}

async fn unlicensed() -> Evidence {
    let scene = Scene::set(Target::Generic, &[Fault::GroupsUnlicensed]).await;
    scene.entra_app().await;
    let refused = scene.entra_assigns("g1").await;
    Evidence::of(Fault::GroupsUnlicensed, "Entra: Users and groups", notice(&refused))
}

/// One person who is welcome, and nobody else.
async fn all_is_well() -> Evidence {
    let scene = Scene::set(Target::Generic, &[]).await;
    scene.entra_app().await;
    scene.entra_connection(&scene.scim_base(), "save").await;
    scene.entra_assigns("u1").await;
    let text = notice(&scene.send("/entra/apps/a1/on-demand", &[("subject", "u1")]).await);
    Evidence { text, ..log_of(&scene, None).await }
}

async fn okta(target: Target, fault: Fault, groups: (&str, &str)) -> Evidence {
    let scene = Scene::set(target, &[fault]).await;
    scene.okta_app().await;
    scene.okta_saves().await;
    okta_log(&scene, fault, groups).await
}

/// The fault comes once the connection is saved: no test would let it pass.
async fn okta_later(fault: Fault) -> Evidence {
    let scene = Scene::set(Target::Generic, &[]).await;
    scene.okta_app().await;
    scene.okta_saves().await;
    scene.wrong(fault);
    okta_log(&scene, fault, ("g1", "g2")).await
}

async fn okta_log(scene: &Scene, fault: Fault, (assigned, pushed): (&str, &str)) -> Evidence {
    scene.okta_provisions(assigned, pushed).await;
    let page = scene.open("/okta/apps/0oa1/logs").await;
    let shown = rows(&page, "<tr data-event=\"").into_iter().filter(|row| row.contains("FAILURE"));
    Evidence {
        fault: Some(fault),
        place: "Okta: System Log",
        text: shown.collect::<Vec<_>>().join("\n"),
        file: Some(("system_log.json", scene.file("/okta/apps/0oa1/logs/system_log.json").await)),
        table: Some(scene.file("/okta/apps/0oa1/logs/system_log.csv").await),
    }
}

async fn integration_off() -> Evidence {
    let scene = Scene::set(Target::Generic, &[Fault::IntegrationOff]).await;
    scene.okta_app().await;
    scene.okta_saves().await;
    let page = scene.open("/okta/apps/0oa1/push-groups").await;
    let words = parts(&page, "<p class=\"lead", "</p>").join("\n");
    Evidence::of(Fault::IntegrationOff, "Okta: Push Groups", words)
}

async fn sign_in() -> Evidence {
    let scene = Scene::set(Target::Generic, &[Fault::NameidDiffers]).await;
    scene.entra_cycle("u1").await;
    let page = scene.send("/sign-in", &[("person", "u1")]).await;
    Evidence::of(Fault::NameidDiffers, "the target's sign-in", notice(&page))
}
