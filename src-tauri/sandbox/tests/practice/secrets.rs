//! No token reaches the state file, whatever field of whichever console it is pasted into.

use crate::support::Admin;
use usher_sandbox::{Options, Target};

/// Everything that the consoles keep of what is typed; `#` stands for the token, `@` for the SCIM endpoint's host.
const TYPED: &[(&str, &[(&str, &str)])] = &[
    ("/entra/apps/create", &[("name", "#"), ("kind", "non-gallery")]),
    ("/entra/apps/create", &[("name", "A #"), ("kind", "registration")]),
    ("/entra/apps/a1/provisioning", &[("tenant_url", "#"), ("secret_token", "#"), ("action", "test")]),
    (
        "/entra/apps/a1/provisioning",
        &[("tenant_url", "http://#@@/scim"), ("secret_token", "Bearer #"), ("action", "save")],
    ),
    (
        "/entra/apps/a1/provisioning",
        &[("tenant_url", "http://u:#@@/#/scim?#"), ("secret_token", "#"), ("action", "save")],
    ),
    ("/entra/apps/a1/mapping/users/rows", &[("target", "nickName"), ("source", "#"), ("matching", "")]),
    ("/entra/apps/a1/mapping/users/rows", &[("target", "title"), ("source", "\"#\""), ("matching", "")]),
    ("/entra/apps/a1/assignments", &[("principal", "#")]),
    ("/entra/apps/a1/on-demand", &[("subject", "#")]),
    ("/okta/catalog/scim2testapp/general", &[("label", "#"), ("auto_login", "on")]),
    ("/okta/catalog/scim2testapp/sign-on", &[("label", "#"), ("auto_login", "on"), ("username_format", "login")]),
    ("/okta/apps/0oa1", &[("label", "My #"), ("auto_login", "on")]),
    (
        "/okta/apps/0oa1/provisioning/integration",
        &[("enable", "on"), ("base_url", "#"), ("token", "#"), ("action", "test")],
    ),
    (
        "/okta/apps/0oa1/provisioning/integration",
        &[("enable", "on"), ("base_url", "http://#@@/scim?#"), ("token", "Bearer #"), ("action", "save")],
    ),
    (
        "/okta/apps/0oa1/provisioning/integration",
        &[("enable", "on"), ("base_url", "http://@/#"), ("token", "#"), ("action", "save")],
    ),
    ("/okta/apps/0oa1/provisioning/to-app/rows/givenName", &[("expression", "\"#\""), ("apply", "create")]),
    ("/okta/apps/0oa1/assignments", &[("principal", "#")]),
    ("/okta/apps/0oa1/push-groups", &[("group", "#")]),
    ("/okta/directory/people/u1/profile", &[("title", "#")]),
    ("/azion/personal-tokens", &[("name", "#"), ("expires", "30")]),
    ("/service/tokens", &[("name", "#")]),
];

#[tokio::test]
async fn no_target_writes_a_token_down() {
    for target in Target::ALL {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("world.json");
        let options = || Options {
            target: *target,
            prepared: true,
            seed: Some([3; 32]),
            state_file: Some(file.clone()),
            ..Options::default()
        };
        let admin = Admin::new(options()).await;
        let scim = admin.sandbox.addresses().scim_token.clone().expect("prepared");
        let tokens: Vec<String> = admin.sandbox.personal_access_token().into_iter().chain([scim.clone()]).collect();
        let host = admin.sandbox.addresses().api_base_url.trim_start_matches("http://").to_owned();
        for token in &tokens {
            for (path, fields) in TYPED {
                // The last at sign is the host's, the others are their own.
                let fill = |text: &str| {
                    let (before, after) = text.rsplit_once('@').map_or((text, None), |(one, two)| (one, Some(two)));
                    let text = after.map_or(before.to_owned(), |after| format!("{before}{host}{after}"));
                    text.replace('#', token)
                };
                let fields: Vec<(&str, String)> = fields.iter().map(|(name, text)| (*name, fill(text))).collect();
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
                admin.post(path, &fields).await;
                let kept = std::fs::read_to_string(&file).expect("the state");
                for secret in &tokens {
                    // A part of it is as bad; the beginning of a JWT says nothing that is secret.
                    for part in [&secret[secret.len() - 20..], &secret[secret.len() / 2..secret.len() / 2 + 20]] {
                        assert!(!kept.contains(part), "{target}: {path} {fields:?}");
                    }
                }
            }
        }
        let kept = std::fs::read_to_string(&file).expect("the state");
        for pasted in ["\"name\": \"A (a token stood here)\"", "\"label\": \"My (a token stood here)\""] {
            assert!(kept.contains(pasted), "{target}: {kept}");
        }
        admin.sandbox.stop().await;
        let again = Admin::new(options()).await;
        assert!(again.sandbox.addresses().scim_token.is_some(), "{target}: it can be read again");
        assert!(again.get("/okta/apps").await.text.contains("My (a token stood here)"), "{target}");
    }
}
