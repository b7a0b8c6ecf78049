//! The practice world over real HTTP: a whole set-up through its forms, its clock, its memory, and its walls.

use std::time::Duration;

use crate::support::Admin;
use serde_json::{Value, json};
use usher_sandbox::{AccessTokenForm, Door, Fault, Options, Target, TokenShape};

#[tokio::test]
async fn a_whole_set_up_ends_with_users_and_a_group_arrived() {
    let admin = Admin::new(Options::default()).await;
    let token = admin.proxy_token().await;
    admin.connect(&token).await;
    let demand = admin.post("/entra/apps/a1/on-demand", &[("subject", "u1")]).await;
    assert_eq!(demand.result(), "success");
    assert_eq!(admin.post("/entra/apps/a1/start", &[]).await.result(), "success");
    let cycle = &admin.cycles(1).await[0];
    assert_eq!((&cycle["initial"], &cycle["error"]), (&json!(true), &Value::Null));

    let users = admin.scim("/Users", &token).await;
    let mut names: Vec<&str> =
        users["Resources"].as_array().expect("users").iter().filter_map(|one| one["displayName"].as_str()).collect();
    names.sort_unstable();
    // Neither the one without a surname nor the member of the inner group.
    assert_eq!(names, ["Alex Admin", "Nguyễn Văn An", "Sam Field", "Siobhán O'Brien", "Zoë O'Connor-Müller", "李小龙"]);
    let zoe = users["Resources"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["displayName"] == "Zoë O'Connor-Müller"))
        .expect("Zoë");
    assert!(zoe.get("title").is_none() && zoe.get("active").is_none() && zoe.get("emails").is_none());
    let groups = admin.scim("/Groups", &token).await;
    assert_eq!(groups["Resources"][0]["displayName"], "GreenLake Users");
    assert_eq!(groups["Resources"][0]["members"].as_array().map(Vec::len), Some(4));

    let logs = admin.get("/entra/apps/a1/logs").await;
    assert!(logs.text.contains("Required property 'name.familyName' not found in JSON."));
    assert!(logs.text.contains("nested groups are not provisioned"));
    assert!(admin.get("/greenlake/groups").await.text.contains("李小龙"));
}

#[tokio::test]
async fn cycles_follow_the_clock_and_members_who_leave_are_removed() {
    let admin = Admin::new(Options { prepared: true, ..Options::default() }).await;
    let token = admin.sandbox.addresses().scim_token.clone().expect("prepared");
    admin.connect(&token).await;
    admin.post("/entra/apps/a1/start", &[]).await;
    admin.cycles(1).await;
    admin.post("/entra/directory/u2/delete", &[]).await;
    admin.sandbox.advance(Duration::from_secs(41 * 60));
    let cycles = admin.cycles(2).await;
    assert_eq!(cycles[1]["initial"], false);
    assert_eq!(admin.scim("/Users?filter=userName%20sw%20%22xiaolong%22", &token).await["totalResults"], 0);
    assert_eq!(admin.scim("/Groups", &token).await["Resources"][0]["members"].as_array().map(Vec::len), Some(3));
    admin.sandbox.advance(Duration::from_secs(366 * 24 * 3600));
    let cycles = admin.cycles(3).await;
    assert!(cycles[2]["error"].as_str().expect("the token has expired").contains("CredentialValidationFailure"));
    assert!(admin.get("/entra/apps/a1").await.text.contains("Quarantine"));
}

#[tokio::test]
async fn each_token_shape_carries_a_token_that_works() {
    let admin = Admin::new(Options { prepared: true, ..Options::default() }).await;
    for shape in TokenShape::ALL {
        admin.sandbox.set_token_shape(*shape);
        let url = admin.url("/v1alpha1/proxytoken/rotate?remove-current=true");
        let response = admin.client.post(url).bearer_auth(admin.access_token()).send().await.expect("an answer");
        assert_eq!(response.status(), 201, "{shape}");
        let text = response.text().await.expect("text");
        let token = text
            .split('"')
            .chain([text.as_str()])
            .find(|part| part.len() > 400 && !part.contains('"'))
            .expect("a token")
            .to_owned();
        assert_eq!(admin.scim("/Users?count=1", &token).await["itemsPerPage"], 1, "{shape}");
    }
}

#[tokio::test]
async fn personal_access_tokens_live_for_a_quarter_of_an_hour() {
    let admin = Admin::new(Options { prepared: true, ..Options::default() }).await;
    let rotate = async |token: String| {
        let url = admin.url("/v1alpha1/proxytoken/rotate?remove-current=false");
        admin
            .client
            .post(url)
            .header("authorization", format!("bEaReR {token}"))
            .send()
            .await
            .expect("an answer")
            .status()
            .as_u16()
    };
    admin.sandbox.set_access_token_form(AccessTokenForm::Opaque);
    let token = admin.access_token();
    assert!(!token.contains('.'));
    assert_eq!(rotate(token.clone()).await, 201);
    admin.sandbox.advance(Duration::from_secs(15 * 60));
    assert_eq!(rotate(token).await, 401);
    assert_eq!(rotate(admin.access_token()).await, 201);
    admin.sandbox.set_fault(Fault::AccessTokenExpired, true);
    assert_eq!(rotate(admin.access_token()).await, 401);
}

#[tokio::test]
async fn a_world_comes_back_from_its_file_which_holds_no_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("world.json");
    let options = || Options { seed: Some([9; 32]), state_file: Some(file.clone()), ..Options::default() };
    let first = Admin::new(options()).await;
    let token = first.proxy_token().await;
    first.connect(&token).await;
    first.post("/entra/apps/a1/start", &[]).await;
    first.cycles(1).await;
    let access = first.access_token();
    let control = first.sandbox.addresses().control_url.clone();
    let port = first.sandbox.addresses().api_base_url.clone();
    first.sandbox.stop().await;

    let text = std::fs::read_to_string(&file).expect("the file");
    let signature = |token: &str| token.rsplit('.').next().map(str::to_owned).expect("a last part");
    for secret in [signature(&token), signature(&access), control.rsplit('/').nth(1).expect("a key").to_owned()] {
        assert!(!text.contains(&secret));
    }

    let again = Admin::new(options()).await;
    assert_eq!(again.sandbox.addresses().api_base_url, port);
    assert_eq!(again.scim("/Groups", &token).await["totalResults"], 1);
    assert_eq!(
        again
            .post(
                "/entra/apps/a1/provisioning",
                &[("tenant_url", &again.sandbox.addresses().scim_base_url), ("action", "test")]
            )
            .await
            .result(),
        "success"
    );
    again.sandbox.stop().await;
    std::fs::write(&file, "{ not json").expect("written");
    assert_eq!(Admin::new(options()).await.control().await["groups"], 0);
}

#[tokio::test]
async fn test_connection_tells_failures_apart() {
    let admin = Admin::new(Options { prepared: true, ..Options::default() }).await;
    let token = admin.sandbox.addresses().scim_token.clone().expect("prepared");
    let base = admin.sandbox.addresses().scim_base_url.clone();
    admin.post("/entra/apps/create", &[("name", "A"), ("kind", "non-gallery")]).await;
    let test = async |url: &str, token: &str| {
        admin
            .post("/entra/apps/a1/provisioning", &[("tenant_url", url), ("secret_token", token), ("action", "test")])
            .await
    };
    assert_eq!(test(&base, &token).await.result(), "success");
    for (url, token, expected) in [
        (format!("{base}/Users"), token.as_str(), "CredentialValidationUnavailable"),
        (base.clone(), "wrong", "CredentialValidationFailure"),
        ("http://127.0.0.1:1/scim".to_owned(), token.as_str(), "An error occurred while sending the request"),
        ("http://scim.example.com".to_owned(), token.as_str(), "must begin with https://"),
        (
            "https://scim.example.com".to_owned(),
            token.as_str(),
            "This is practice: nothing is sent to scim.example.com.",
        ),
    ] {
        let page = test(&url, token).await;
        assert_eq!(page.result(), "failure", "{url}");
        assert!(page.text.contains(expected), "{url}: {}", page.text);
        assert!(!page.text.contains(token));
    }
    for (fault, expected) in [
        (Fault::FilterIgnored, "MultipleEntriesInResponse"),
        (Fault::ScimHtml, "ServiceIncompatible"),
        (Fault::GroupsBroken, "InternalServerError"),
        (Fault::ConsoleRefuses, "You appear to have entered invalid credentials."),
    ] {
        admin.sandbox.set_fault(fault, true);
        let page = test(&base, &token).await;
        assert_eq!(page.result(), "failure", "{fault}");
        assert!(page.text.contains(expected), "{fault}: {}", page.text);
        admin.sandbox.set_fault(fault, false);
    }
}

#[tokio::test]
async fn wrong_choices_in_the_forms_are_refused_and_nothing_is_lost() {
    let admin = Admin::new(Options::default()).await;
    let id = admin.first_user().await;
    let form = format!("/greenlake/users/{id}/assignment");
    let wrong_scope = [
        ("role", "SCIM Proxy Token Contributor"),
        ("space", "All Resources"),
        ("scope", "greenlake.service.system"),
        ("confirm", "on"),
    ];
    let page = admin.post(&form, &wrong_scope).await;
    assert_eq!(page.result(), "failure");
    assert!(page.text.contains("<option value=\"greenlake.service.system\" selected>"));
    let unconfirmed =
        [("role", "SCIM Proxy Token Contributor"), ("space", "All Resources"), ("scope", "greenlake.service.user")];
    assert_eq!(admin.post(&form, &unconfirmed).await.result(), "failure");
    assert_eq!(admin.post("/entra/apps/create", &[("name", ""), ("kind", "non-gallery")]).await.result(), "failure");
    admin.post("/entra/apps/create", &[("name", "Sign-in"), ("kind", "registration")]).await;
    assert!(admin.get("/entra/apps/a1/provisioning").await.text.contains("Provisioning is not available"));
    admin.post("/entra/apps/create", &[("name", "SCIM"), ("kind", "non-gallery")]).await;
    assert_eq!(admin.post("/entra/apps/a2/start", &[]).await.result(), "failure");
    let row = admin.post("/entra/apps/a2/mapping/users/rows", &[("target", "nickName"), ("source", "firstName")]).await;
    assert!(row.text.contains("The directory has no attribute “firstName”."));
}

#[tokio::test]
async fn other_hosts_and_foreign_pages_stay_outside() {
    let admin = Admin::new(Options::default()).await;
    let home = || admin.client.get(admin.url("/greenlake/"));
    assert_eq!(home().send().await.expect("an answer").status(), 200);
    assert_eq!(home().header("host", "greenlake.example").send().await.expect("an answer").status(), 421);
    let local = admin.url("").replace("http://127.0.0.1", "localhost");
    assert_eq!(home().header("host", &local).send().await.expect("an answer").status(), 200);
    let misled = home().header("host", "localhost:1").send().await.expect("an answer");
    assert_eq!(misled.status(), 421);
    assert!(misled.text().await.expect("text").contains(&format!("Open {}/", admin.url(""))));
    let post = |origin: &str| admin.client.post(admin.url("/greenlake/api-access")).header("origin", origin).send();
    assert_eq!(post("https://elsewhere.example").await.expect("an answer").status(), 403);
    assert_eq!(post("null").await.expect("an answer").status(), 403);
    // Both names are the world's own, but one is not the other's page.
    assert_eq!(post(&format!("http://{local}")).await.expect("an answer").status(), 403);
    assert_eq!(post(&admin.url("")).await.expect("an answer").status(), 200);
    let known: Vec<_> =
        admin.sandbox.requests().into_iter().filter(|one| one.door == Door::Portal).map(|one| one.status).collect();
    assert_eq!(known, [200, 421, 200, 421, 403, 403, 403, 303, 200]);
    assert!(admin.control().await["requests"].as_u64().is_some_and(|count| count >= 6));
}

#[tokio::test]
async fn unknown_names_are_answered_with_the_known_ones() {
    let admin = Admin::new(Options::default()).await;
    let url = format!("{}fault", admin.sandbox.addresses().control_url);
    let response =
        admin.client.post(url).json(&json!({ "name": "nonsense", "on": true })).send().await.expect("an answer");
    assert_eq!(response.status(), 400);
    assert!(response.text().await.expect("text").contains("role-missing"));
    let error = "aws".parse::<Target>().expect_err("not a target of this world").to_string();
    assert_eq!(error, "\"aws\" is not a known target; known are: hpe-greenlake, aws-identity-center, azion, generic");
}

#[tokio::test]
async fn the_consoles_say_what_is_missing_and_what_went_wrong() {
    let admin = Admin::new(Options { prepared: true, ..Options::default() }).await;
    let create = async || admin.post("/entra/apps/create", &[("name", "A"), ("kind", "non-gallery")]).await;
    assert!(!create().await.text.contains("was there before"));
    let twin = create().await;
    assert!(twin.result() == "success" && twin.text.contains("this new one is a2"));

    let overview = admin.get("/entra/apps/a1").await.text;
    for disabled in ["disabled aria-describedby=\"start-reason\">Start", "disabled>Stop", "disabled>Restart"] {
        assert!(overview.contains(disabled), "{disabled}: {overview}");
    }
    let empty = admin.post("/entra/apps/a1/provisioning", &[("action", "test")]).await;
    assert_eq!((empty.result(), empty.text.matches("aria-invalid").count()), ("failure", 2));
    assert!(empty.text.contains("Enter the Tenant URL.") && empty.text.contains("Enter the secret token."));

    let scoping = admin.get("/entra/apps/a1/scoping").await.text;
    assert!(scoping.contains("Sync only assigned users and groups") && scoping.contains("data-enabled=\"yes\""));
    admin.post("/entra/apps/a1/mapping/groups", &[]).await;
    assert!(admin.get("/entra/apps/a1/scoping").await.text.contains("data-enabled=\"no\""));

    assert_eq!(admin.get("/entra/apps").await.footer, "");
    admin.sandbox.set_fault(Fault::GroupsBroken, true);
    let list = admin.get("/entra/apps").await;
    let wrong = "Going wrong on purpose: The SCIM endpoint works for users and fails for groups.";
    assert!(list.footer.contains(wrong) && !list.text.contains(wrong));
    assert!(list.text.contains("<a href=\"/entra/apps\" aria-current=\"page\">"));
}

#[tokio::test]
async fn a_mapping_that_cannot_be_saved_keeps_its_ticks_and_a_cycle_says_its_failures() {
    let admin = Admin::new(Options { prepared: true, ..Options::default() }).await;
    let token = admin.sandbox.addresses().scim_token.clone().expect("prepared");
    admin.connect(&token).await;
    assert!(admin.get("/greenlake/users").await.text.matches("<td class=\"number\">–</td>").count() == 2);
    admin.post("/entra/apps/a1/start", &[]).await;
    admin.cycles(1).await;
    let overview = admin.get("/entra/apps/a1").await.text;
    assert!(overview.contains("data-trouble") && overview.contains("1 failure in the latest cycle."));
    assert!(admin.get("/greenlake/users").await.text.contains(" UTC</td>"));

    let mapping = "/entra/apps/a1/mapping/groups";
    let unmatched = [("target", "displayName"), ("source", "displayName"), ("matching", "")];
    let changed = admin.post(&format!("{mapping}/rows/1"), &unmatched).await;
    assert_eq!(changed.result(), "success");
    let refused = admin.post(mapping, &[("delete", "on")]).await;
    assert_eq!(refused.result(), "failure");
    let ticked = |name: &str| refused.text.contains(&format!("name=\"{name}\" value=\"on\" checked"));
    assert_eq!(["enabled", "create", "update", "delete"].map(ticked), [false, false, false, true]);
}
