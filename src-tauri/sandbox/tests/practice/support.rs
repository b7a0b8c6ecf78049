//! An administrator who fills in the practice world's forms over plain HTTP.

use reqwest::{Client, Response, redirect};
use serde_json::Value;
use usher_sandbox::{Options, Sandbox, Target};

pub(crate) struct Admin {
    pub(crate) client: Client,
    pub(crate) sandbox: Sandbox,
}

/// A page after all redirects: its address, its text without the footer, and the footer.
pub(crate) struct Page {
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) footer: String,
}

impl Page {
    /// The outcome of the action that led here.
    pub(crate) fn result(&self) -> &str {
        let rest = self
            .text
            .split("data-result=\"")
            .nth(1)
            .unwrap_or_else(|| panic!("no result on {}:\n{}", self.path, self.text));
        rest.split('"').next().unwrap_or_default()
    }
}

impl Admin {
    pub(crate) async fn new(options: Options) -> Admin {
        let client = Client::builder().no_proxy().redirect(redirect::Policy::limited(3)).build().expect("a client");
        Admin { client, sandbox: Sandbox::start(options).await.expect("a world") }
    }

    /// A fresh personal access token, at a target that has them.
    pub(crate) fn access_token(&self) -> String {
        self.sandbox.personal_access_token().expect("a target with personal access tokens")
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.addresses().api_base_url)
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        page(self.client.get(self.url(path)).send().await.expect("an answer")).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        page(self.client.post(self.url(path)).form(fields).send().await.expect("an answer")).await
    }

    pub(crate) async fn control(&self) -> Value {
        self.client
            .get(&self.sandbox.addresses().control_url)
            .send()
            .await
            .expect("an answer")
            .json()
            .await
            .expect("JSON")
    }

    pub(crate) async fn scim(&self, path: &str, token: &str) -> Value {
        let url = format!("{}{path}", self.sandbox.addresses().scim_base_url);
        self.client.get(url).bearer_auth(token).send().await.expect("an answer").json().await.expect("JSON")
    }

    /// A group at the target, as its list has it.
    pub(crate) async fn group(&self, name: &str, token: &str) -> Option<Value> {
        let groups = self.scim("/Groups", token).await;
        groups["Resources"].as_array()?.iter().find(|one| one["displayName"] == name).cloned()
    }

    /// How many of this group are at the target. AWS lists no members (facts B3), so they are asked for one by one.
    pub(crate) async fn members(&self, group: &str, token: &str) -> Option<usize> {
        let group = self.group(group, token).await?;
        if self.sandbox.addresses().target != Target::AwsIdentityCenter {
            return Some(group["members"].as_array().map_or(0, Vec::len));
        }
        let id = group["id"].as_str()?;
        let mut count = 0;
        for person in self.scim("/Users", token).await["Resources"].as_array()? {
            let member = person["id"].as_str()?;
            let filter = format!("id eq \"{id}\" and members eq \"{member}\"").replace(' ', "%20").replace('"', "%22");
            count += usize::from(self.scim(&format!("/Groups?filter={filter}"), token).await["totalResults"] == 1);
        }
        Some(count)
    }

    /// Waits until neither identity provider has anything left to do.
    pub(crate) async fn idle(&self) {
        for _ in 0..400 {
            if self.sandbox.is_idle() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("it never came to rest: {}", self.control().await);
    }

    /// The id of the first user that the portal lists: the signed-in one.
    pub(crate) async fn first_user(&self) -> String {
        let users = self.get("/greenlake/users").await;
        let rest = users.text.split("/greenlake/users/").nth(1);
        rest.and_then(|rest| rest.split('"').next()).expect("a user").to_owned()
    }

    /// The role, a personal access token from the portal's page, and the proxy token it leads to.
    pub(crate) async fn proxy_token(&self) -> String {
        let id = self.first_user().await;
        let fields = [
            ("role", "SCIM Proxy Token Contributor"),
            ("space", "All Resources"),
            ("scope", "greenlake.service.user"),
            ("confirm", "on"),
        ];
        let assigned = self.post(&format!("/greenlake/users/{id}/assignment"), &fields).await;
        assert_eq!(assigned.result(), "success");
        let shown = self.post("/greenlake/api-access", &[]).await;
        let token = shown
            .text
            .split("spellcheck=\"false\">")
            .nth(1)
            .and_then(|rest| rest.split('<').next())
            .expect("a token")
            .to_owned();
        let response =
            self.client.post(self.url("/v1alpha1/proxytoken")).bearer_auth(token).send().await.expect("an answer");
        assert_eq!(response.status(), 201);
        let body: Value = response.json().await.expect("JSON");
        body["token"].as_str().expect("a token").to_owned()
    }

    /// An app with the HPE mapping, connected, with the group named after the target's users assigned.
    pub(crate) async fn connect(&self, token: &str) {
        let made = self.post("/entra/apps/create", &[("name", "HPE-GreenLake-SCIM"), ("kind", "non-gallery")]).await;
        assert!(made.path.starts_with("/entra/apps/a1"), "{}", made.path);
        let url = &self.sandbox.addresses().scim_base_url;
        let fields = [("tenant_url", url.as_str()), ("secret_token", token), ("action", "save")];
        let saved = self.post("/entra/apps/a1/provisioning", &fields).await;
        assert_eq!(saved.result(), "success", "{}", saved.text);
        self.keep_rows("users", &["userName", "displayName", "name.givenName", "name.familyName"]).await;
        let actions = [("enabled", "on"), ("create", "on"), ("delete", "on")];
        assert_eq!(self.post("/entra/apps/a1/mapping/users", &actions).await.result(), "success");
        assert_eq!(self.post("/entra/apps/a1/assignments", &[("principal", "g1")]).await.result(), "success");
    }

    pub(crate) async fn keep_rows(&self, kind: &str, wanted: &[&str]) {
        let page = self.get(&format!("/entra/apps/a1/mapping/{kind}")).await;
        let rows: Vec<&str> = page.text.split("<tr data-target=\"").skip(1).collect();
        assert!(rows.len() > 20);
        for row in rows {
            let target = row.split('"').next().unwrap_or_default();
            if wanted.contains(&target) {
                continue;
            }
            let place = row
                .split("<form method=\"post\" action=\"")
                .find(|part| part.split('"').next().is_some_and(|path| path.ends_with("/delete")));
            let path = place.and_then(|part| part.split('"').next()).expect("a delete form");
            assert_eq!(self.post(path, &[]).await.result(), "success");
        }
    }

    /// Waits until a number of cycles have ended.
    pub(crate) async fn cycles(&self, number: usize) -> Vec<Value> {
        for _ in 0..200 {
            let cycles = self.control().await["cycles"].as_array().cloned().unwrap_or_default();
            if cycles.len() >= number {
                return cycles;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("fewer than {number} cycles ended: {}", self.control().await);
    }
}

async fn page(response: Response) -> Page {
    let path = response.url().path().to_owned();
    let text = response.text().await.expect("text");
    // The footer names every fault, so it would satisfy whoever looks for a fault's words.
    let (text, footer) = match text.split_once("<footer>") {
        Some((above, rest)) => {
            let (footer, below) = rest.split_once("</footer>").expect("its end");
            (format!("{above}{below}"), footer.to_owned())
        }
        None => (text, String::new()),
    };
    Page { path, text, footer }
}
