//! A practice world with something wrong in it, and somebody who walks through its consoles over plain HTTP.

use std::time::Duration;

use reqwest::{Client, Response};
use serde_json::Value;
use usher_cli::admin::words_of;
use usher_sandbox::{Fault, Options, Sandbox, Target};

/// Long enough for a cycle on a busy machine.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(25);

pub(crate) struct Scene {
    sandbox: Sandbox,
    client: Client,
}

impl Scene {
    /// A prepared world: a token is there, and whatever it needs.
    pub(crate) async fn set(target: Target, faults: &[Fault]) -> Self {
        let options = Options { target, faults: faults.to_vec(), prepared: true, ..Options::default() };
        let client = Client::builder().no_proxy().build().expect("a client");
        Self { sandbox: Sandbox::start(options).await.expect("a world"), client }
    }

    pub(crate) fn wrong(&self, fault: Fault) {
        self.sandbox.set_fault(fault, true);
    }

    pub(crate) fn scim_base(&self) -> String {
        self.sandbox.addresses().scim_base_url.clone()
    }

    fn token(&self) -> String {
        self.sandbox.addresses().scim_token.clone().expect("a prepared world has a token")
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.addresses().api_base_url)
    }

    /// The HTML of a page, without its footer.
    pub(crate) async fn open(&self, path: &str) -> String {
        page(self.client.get(self.url(path)).send().await.expect("an answer")).await
    }

    pub(crate) async fn file(&self, path: &str) -> String {
        self.client.get(self.url(path)).send().await.expect("an answer").text().await.expect("text")
    }

    pub(crate) async fn send(&self, path: &str, fields: &[(&str, &str)]) -> String {
        page(self.client.post(self.url(path)).form(fields).send().await.expect("an answer")).await
    }

    /// Waits until neither identity provider has anything left to do.
    async fn settled(&self) {
        let began = std::time::Instant::now();
        while !self.sandbox.is_idle() {
            assert!(began.elapsed() < LONGEST_WAIT, "it never came to rest");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The status line, the headers that matter and the body of an answer of the target's token API.
    pub(crate) async fn ask_api(&self, path: &str) -> String {
        let token = self.sandbox.personal_access_token().expect("a target with personal access tokens");
        raw(self.client.post(self.url(path)).bearer_auth(token).send().await.expect("an answer")).await
    }

    /// The same of the SCIM endpoint.
    pub(crate) async fn ask_scim(&self, path: &str) -> String {
        let url = format!("{}{path}", self.scim_base());
        raw(self.client.get(url).bearer_auth(self.token()).send().await.expect("an answer")).await
    }

    // The practice Microsoft Entra admin center.

    pub(crate) async fn entra_app(&self) -> String {
        self.send("/entra/apps/create", &[("name", "Practice SCIM"), ("kind", "non-gallery")]).await
    }

    /// Test Connection or, with `save`, Create.
    pub(crate) async fn entra_connection(&self, base: &str, action: &str) -> String {
        let token = self.token();
        let fields = [("tenant_url", base), ("secret_token", token.as_str()), ("action", action)];
        self.send("/entra/apps/a1/provisioning", &fields).await
    }

    /// An app that is connected, with somebody assigned; started and run to the end of its first cycle.
    pub(crate) async fn entra_cycle(&self, principal: &str) {
        self.entra_app().await;
        self.entra_connection(&self.scim_base(), "save").await;
        self.entra_assigns(principal).await;
        self.entra_starts().await;
        self.settled().await;
    }

    pub(crate) async fn entra_assigns(&self, principal: &str) -> String {
        self.send("/entra/apps/a1/assignments", &[("principal", principal)]).await
    }

    pub(crate) async fn entra_starts(&self) {
        self.send("/entra/apps/a1/start", &[]).await;
    }

    /// Somebody leaves the scope, and the next cycle notices it.
    pub(crate) async fn entra_loses(&self, principal: &str) {
        self.send(&format!("/entra/apps/a1/assignments/{principal}/remove"), &[]).await;
        self.send("/entra/apps/a1/restart", &[]).await;
        self.settled().await;
    }

    // The practice Okta Admin Console.

    /// The app of the catalog that fits the target.
    pub(crate) async fn okta_app(&self) {
        let name = match self.sandbox.addresses().target {
            Target::AwsIdentityCenter => "aws_iam_identity_center",
            Target::HpeGreenlake | Target::Azion | Target::Generic => "scim2testapp",
        };
        // Who has no last name is refused by some targets, which is another matter.
        self.send("/okta/directory/groups/g1/members/u7/remove", &[]).await;
        let fields = [("label", "Practice SCIM"), ("username_format", "login")];
        self.send(&format!("/okta/catalog/{name}/sign-on"), &fields).await;
    }

    pub(crate) async fn okta_saves(&self) -> String {
        let (base, token) = (self.scim_base(), self.token());
        let fields =
            [("enable", "on"), ("base_url", base.trim_end_matches('/')), ("token", token.as_str()), ("action", "save")];
        self.send("/okta/apps/0oa1/provisioning/integration", &fields).await
    }

    /// Connected, with Create and Deactivate on; then one group is assigned and another one pushed.
    pub(crate) async fn okta_provisions(&self, assigned: &str, pushed: &str) {
        self.send("/okta/apps/0oa1/provisioning/to-app", &[("create", "on"), ("deactivate", "on")]).await;
        self.send("/okta/apps/0oa1/assignments", &[("principal", assigned)]).await;
        self.settled().await;
        self.send("/okta/apps/0oa1/push-groups", &[("group", pushed)]).await;
        self.settled().await;
    }
}

async fn page(response: Response) -> String {
    let text = response.text().await.expect("text");
    match text.split_once("<footer>") {
        Some((above, rest)) => format!("{above}{}", rest.split_once("</footer>").map_or("", |(_, below)| below)),
        None => text,
    }
}

async fn raw(response: Response) -> String {
    let status = response.status();
    let header = |name: &str| {
        response.headers().get(name).and_then(|value| value.to_str().ok()).map(|value| format!("\n{name}: {value}"))
    };
    let headers: String =
        ["date", "content-type", "retry-after", "www-authenticate"].into_iter().filter_map(header).collect();
    let head = format!("HTTP/1.1 {status}{headers}");
    format!("{head}\n\n{}", response.text().await.expect("text"))
}

/// The words of each part of a page that begins with `opening`, up to `closing`.
pub(crate) fn parts(html: &str, opening: &str, closing: &str) -> Vec<String> {
    html.split(opening)
        .skip(1)
        .map(|rest| words_of(&format!("{opening}{}", rest.split(closing).next().unwrap_or_default())))
        .collect()
}

/// The words of each row of a log that begins with `opening`, without what is folded away in it.
pub(crate) fn rows(html: &str, opening: &str) -> Vec<String> {
    let whole: Vec<String> = html
        .split(opening)
        .skip(1)
        .filter_map(|rest| rest.split("</tr>").next())
        .map(|row| format!("{opening}{}", row.split("<details>").next().unwrap_or_default()))
        .collect();
    whole.iter().map(|row| words_of(row)).collect()
}

/// What an action led to, with its details.
pub(crate) fn notice(html: &str) -> String {
    let text = parts(html, "<div class=\"notice", "</div>").join("\n");
    text.trim_start_matches(['✓', '✕', '!', ' ']).replace(" Details ", "\n")
}

/// The file of a log in which every entry is an object.
pub(crate) fn entries(file: &str) -> Vec<Value> {
    serde_json::from_str(file).expect("a list of objects")
}
