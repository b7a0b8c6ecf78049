//! The consoles as somebody meets them who reads the guide beside them: what a form keeps, and where things stand.

use std::time::Duration;

use usher_sandbox::{Fault, Options, Target};

use crate::support::{Admin, Page};

const APP: &str = "/okta/apps/0oa1";

async fn world(target: Target, prepared: bool, faults: &[Fault]) -> Admin {
    Admin::new(Options { target, prepared, faults: faults.to_vec(), ..Options::default() }).await
}

/// What a browser would send of the form with this button: its fields as they are shown, and the button.
fn shown(page: &Page, button: (&'static str, &'static str)) -> Vec<(String, String)> {
    let marked = format!("name=\"{}\" value=\"{}\"", button.0, button.1);
    let form =
        page.text.split("<form ").find(|form| form.split("</form>").next().unwrap_or_default().contains(&marked));
    let form = form.unwrap_or_else(|| panic!("no form with {marked}: {}", page.text));
    let inputs = form.split("</form>").next().unwrap_or_default().split("<input ").skip(1);
    let tags = inputs.map(|input| input.split('>').next().unwrap_or_default());
    let of = |tag: &str, name: &str| {
        let value = format!(" {tag}").split_once(&format!(" {name}=\"")).map(|(_, rest)| rest.to_owned());
        value.and_then(|rest| rest.split('"').next().map(str::to_owned)).unwrap_or_default()
    };
    let sent = tags.filter(|tag| !tag.contains("type=\"checkbox\"") || tag.ends_with(" checked"));
    let fields = sent.map(|tag| (of(tag, "name"), of(tag, "value")));
    fields.chain([(button.0.to_owned(), button.1.to_owned())]).collect()
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

async fn until(admin: &Admin, path: &str, wanted: &str) -> Page {
    for _ in 0..200 {
        let page = admin.get(path).await;
        if page.text.contains(wanted) {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{path} never said {wanted}");
}

async fn add_okta_app(admin: &Admin) {
    let fields = [("label", "Practice SCIM"), ("username_format", "login")];
    let added = admin.post("/okta/catalog/scim2testapp/sign-on", &fields).await;
    assert_eq!(added.result(), "success");
}

/// An app with its integration saved and Create Users on.
async fn connected_okta_app() -> Admin {
    let admin = world(Target::HpeGreenlake, true, &[]).await;
    add_okta_app(&admin).await;
    let (url, token) = (admin.sandbox.addresses().scim_base_url.clone(), admin.sandbox.addresses().scim_token.clone());
    let token = token.expect("prepared");
    let fields = [("enable", "on"), ("base_url", url.trim_end_matches('/')), ("token", &token), ("action", "save")];
    let saved = admin.post(&format!("{APP}/provisioning/integration"), &fields).await;
    assert_eq!(saved.result(), "success", "{}", saved.text);
    assert_eq!(admin.post(&format!("{APP}/provisioning/to-app"), &[("create", "on")]).await.result(), "success");
    admin
}

#[tokio::test]
async fn what_was_ticked_for_the_test_is_still_ticked_for_save() {
    let admin = world(Target::HpeGreenlake, true, &[]).await;
    add_okta_app(&admin).await;
    let path = format!("{APP}/provisioning/integration");
    let (url, token) = (admin.sandbox.addresses().scim_base_url.clone(), admin.sandbox.addresses().scim_token.clone());
    let (url, token) = (url.trim_end_matches('/'), token.expect("prepared"));
    let typed = [("enable", "on"), ("base_url", url), ("token", &token), ("action", "test")];
    let tested = admin.post(&path, &typed).await;
    assert_eq!(tested.result(), "success");
    assert!(!tested.text.contains(&token), "the token is not shown again");
    let fields = shown(&tested, ("action", "save"));
    assert!(fields.contains(&("enable".to_owned(), "on".to_owned())), "{fields:?}");
    assert!(fields.contains(&("base_url".to_owned(), url.to_owned())), "{fields:?}");
    assert!(!fields.iter().any(|(name, _)| name == "import_groups"), "{fields:?}");
    let saved = admin.post(&path, &borrowed(&fields)).await;
    assert_eq!((saved.path.as_str(), saved.result()), (format!("{APP}/provisioning/to-app").as_str(), "success"));
}

#[tokio::test]
async fn a_test_without_the_tick_comes_back_without_it() {
    let admin = connected_okta_app().await;
    let path = format!("{APP}/provisioning/integration");
    let fresh = shown(&admin.get(&path).await, ("action", "save"));
    assert!(fresh.iter().any(|(name, _)| name == "enable"), "{fresh:?}");
    let refused = admin.post(&path, &[("base_url", "https://typed.example"), ("action", "test")]).await;
    let fields = shown(&refused, ("action", "save"));
    assert!(!fields.iter().any(|(name, _)| name == "enable"), "{fields:?}");
    assert!(fields.contains(&("base_url".to_owned(), "https://typed.example".to_owned())), "{fields:?}");
}

#[tokio::test]
async fn a_failed_person_is_marked_and_is_a_task_that_can_be_retried() {
    let admin = connected_okta_app().await;
    for who in ["u1", "u7"] {
        assert_eq!(admin.post(&format!("{APP}/assignments"), &[("principal", who)]).await.result(), "success");
    }
    let people =
        until(&admin, &format!("{APP}/assignments?view=people"), "data-person=\"u7\" data-state=\"error\"").await;
    assert_eq!(people.text.matches("class=\"alarm\"").count(), 1, "{}", people.text);
    assert!(people.text.contains("sukarno@northwind.example"));
    let groups = admin.get(&format!("{APP}/assignments?view=groups")).await;
    assert!(!groups.text.contains("sukarno@northwind.example"));

    let tasks = admin.get("/okta/tasks").await;
    assert_eq!(tasks.text.matches("data-task=").count(), 1, "{}", tasks.text);
    assert_eq!(admin.post("/okta/tasks", &[]).await.result(), "warning");
    let fields = [("expression", "user.displayName"), ("apply", "create")];
    let row = format!("{APP}/provisioning/to-app/rows/familyName");
    assert_eq!(admin.post(&row, &fields).await.result(), "success");
    assert_eq!(admin.post("/okta/tasks", &[("task", "0oa1:u7")]).await.result(), "success");
    until(&admin, &format!("{APP}/assignments"), "data-person=\"u7\" data-state=\"provisioned\"").await;
    assert!(!admin.get("/okta/tasks").await.text.contains("data-task="));
}

#[tokio::test]
async fn refused_groups_stand_under_errors_until_they_are_retried() {
    let admin = connected_okta_app().await;
    admin.sandbox.set_fault(Fault::GroupsBroken, true);
    let path = format!("{APP}/push-groups");
    assert_eq!(admin.post(&format!("{path}/retry"), &[]).await.result(), "warning");
    admin.post(&path, &[("group", "g2")]).await;
    until(&admin, &path, "data-state=\"error\"").await;
    let errors = admin.get(&format!("{path}?view=errors")).await;
    assert!(errors.text.contains("Retry All Groups") && errors.text.contains("Cloud Operators"), "{}", errors.text);
    admin.sandbox.set_fault(Fault::GroupsBroken, false);
    assert_eq!(admin.post(&format!("{path}/retry"), &[]).await.result(), "success");
    until(&admin, &path, "data-state=\"active\"").await;
    assert!(admin.get(&format!("{path}?view=errors")).await.text.contains("No group has an error."));
}

#[tokio::test]
async fn the_way_into_the_admin_console_is_admin() {
    let admin = world(Target::HpeGreenlake, true, &[]).await;
    add_okta_app(&admin).await;
    let home = admin.get("/okta/").await;
    assert!(home.text.contains("href=\"/okta/apps\">Admin</a>"), "{}", home.text);
    assert!(home.text.contains(&format!("href=\"{APP}\">Practice SCIM</a>")));
    let app = admin.get(APP).await;
    assert!(app.text.contains(&format!("href=\"{APP}/logs\">View Logs</a>")), "{}", app.text);
}

#[tokio::test]
async fn entra_offers_a_new_configuration_and_opens_it_once_it_is_begun() {
    let admin = world(Target::HpeGreenlake, true, &[]).await;
    admin.post("/entra/apps/create", &[("name", "HPE"), ("kind", "non-gallery")]).await;
    let path = "/entra/apps/a1/provisioning";
    let closed = "<details class=\"opening\"><summary class=\"button primary\">New configuration</summary>";
    let offered = admin.get(path).await;
    assert!(offered.text.contains(closed) && offered.text.contains("name=\"tenant_url\""), "{}", offered.text);
    let overview = admin.get("/entra/apps/a1").await;
    assert!(overview.text.contains("/provisioning?new\">New configuration</a>"), "{}", overview.text);
    assert!(!overview.text.contains("older:") && !overview.text.contains("Connectivity"));
    assert!(!admin.get("/entra/apps/a1/provisioning?new").await.text.contains(closed));
    let refused = admin.post(path, &[("tenant_url", ""), ("secret_token", "x"), ("action", "test")]).await;
    assert!(!refused.text.contains(closed), "{}", refused.text);
    let mapping = admin.get("/entra/apps/a1/mapping").await;
    assert!(mapping.text.contains(" › Manage</div>"), "{}", mapping.text);
    assert!(admin.get("/entra/apps/a1/logs").await.text.contains(" › Monitor</div>"));
}

#[tokio::test]
async fn the_region_of_aws_is_the_one_that_its_endpoint_names() {
    for faults in [&[][..], &[Fault::WrongRegion]] {
        let admin = world(Target::AwsIdentityCenter, false, faults).await;
        let shown = admin.post("/aws/settings/enable", &[]).await;
        let region = shown.text.split("data-region=\"").nth(1).and_then(|rest| rest.split('"').next());
        let region = region.expect("a region");
        assert!(shown.text.contains(&format!("/regions/{region}/")), "{}", shown.text);
        assert_eq!(region == "eu-central-1", faults.is_empty());
        assert!(shown.text.contains("<summary class=\"button\">Show token</summary>"), "{}", shown.text);
        let tab = admin.get("/aws/settings?tab=management").await;
        assert!(tab.text.contains("<h2>Management</h2>") && !tab.text.contains("External identity provider"));
    }
}

#[tokio::test]
async fn azion_and_the_app_that_signs_people_in_have_the_same_sign_in_url() {
    let admin = world(Target::Azion, true, &[]).await;
    let list = admin.get("/azion/identity-providers").await;
    let uuid = list.text.split("data-provider=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a provider");
    let detail = admin.get(&format!("/azion/identity-providers/{uuid}")).await;
    let token = admin.access_token();
    let url = admin.url(&format!("/iam/identity_providers/saml2/{uuid}"));
    let answer =
        admin.client.get(url).header("Authorization", format!("Token {token}")).send().await.expect("an answer");
    let answer: serde_json::Value = answer.json().await.expect("JSON");
    let sign_in = answer.pointer("/results/sign_in_url").or(answer.get("sign_in_url"));
    let sign_in = sign_in.and_then(serde_json::Value::as_str).unwrap_or_else(|| panic!("no address: {answer}"));
    assert!(detail.text.contains(sign_in), "{}", detail.text);

    for _ in 0..2 {
        let apps = admin.get("/entra/apps").await;
        assert_eq!(apps.text.matches(">Azion</a>").count(), 1, "{}", apps.text);
    }
    let overview = admin.get("/entra/apps/a1").await;
    assert!(overview.text.contains(sign_in) && overview.text.contains("Not configured"), "{}", overview.text);
}
