//! The admin's hands in the practice consoles: the same forms that a browser would send, at the address that Usher opened.

use reqwest::Client;

use crate::desktop::Desktop;

const ROLE: [(&str, &str); 4] = [
    ("role", "SCIM Proxy Token Contributor"),
    ("space", "All Resources"),
    ("scope", "greenlake.service.user"),
    ("confirm", "on"),
];

pub(crate) struct Console {
    base: String,
    http: Client,
}

/// A page as it was answered.
struct Page {
    path: String,
    html: String,
}

impl Console {
    /// At the newest link that Usher opened.
    pub(crate) fn at_the_opened_link(desktop: &Desktop) -> Self {
        let opened = desktop.opened();
        let link = opened.last().expect("a link was opened");
        let end = link.match_indices('/').nth(2).map_or(link.len(), |(index, _)| index);
        assert!(link.starts_with("http://127.0.0.1:"), "practice never leads elsewhere: {link}");
        Self { base: link[..end].to_owned(), http: Client::builder().no_proxy().build().unwrap() }
    }

    /// Step 1, in the portal.
    pub(crate) async fn assign_role(&self) {
        let users = self.get("/greenlake/users").await;
        let row =
            users.html.split("<tr").skip(1).find(|row| row.contains("Alex Admin")).expect("the admin is in the list");
        let user = between(row, "href=\"", "\"");
        self.post(&format!("{user}/assignment"), &ROLE).await.must_say("success");
    }

    /// Step 2, in the portal.
    pub(crate) async fn access_token(&self) -> String {
        let page = self.post("/greenlake/api-access", &[]).await;
        let field = &page.html[page.html.find("name=\"access_token\"").expect("the token is shown")..];
        between(field, ">", "<").to_owned()
    }

    /// Step 4: a new enterprise app; answers with its path.
    pub(crate) async fn create_app(&self, name: &str) -> String {
        let page = self.post("/entra/apps/create", &[("name", name), ("kind", "non-gallery")]).await;
        page.must_say("success");
        page.path
    }

    /// Step 4: the two values; answers with what Test Connection said.
    pub(crate) async fn connect(&self, app: &str, tenant_url: &str, secret_token: &str) -> String {
        let values = [("tenant_url", tenant_url), ("secret_token", secret_token)];
        let form = |action| [values[0], values[1], ("action", action)];
        let tested = self.post(&format!("{app}/provisioning"), &form("test")).await;
        tested.must_say("success");
        self.post(&format!("{app}/provisioning"), &form("save")).await.must_say("success");
        tested.notice()
    }

    /// Step 5: takes rows out and ticks the object actions, as Usher's list says.
    pub(crate) async fn set_mapping(&self, app: &str, kind: &str, delete: &[String], actions: &[String]) {
        let path = format!("{app}/mapping/{kind}");
        for target in delete {
            let page = self.get(&path).await;
            let mark = format!("data-target=\"{}\"", target.replace('"', "&quot;"));
            let row = &page.html[page.html.find(&mark).unwrap_or_else(|| panic!("the console has no row {target}"))..];
            let delete = row[..row.find("</tr>").unwrap()].split("action=\"").last().unwrap();
            self.post(&delete[..delete.find('"').unwrap()], &[]).await.must_say("success");
        }
        let ticks: Vec<(String, &str)> = actions.iter().map(|action| (action.to_lowercase(), "on")).collect();
        let ticks: Vec<(&str, &str)> =
            ticks.iter().map(|(name, on)| (name.as_str(), *on)).chain([("enabled", "on")]).collect();
        self.post(&path, &ticks).await.must_say("success");
    }

    /// Step 6.
    pub(crate) async fn assign(&self, app: &str, principal: &str) {
        self.post(&format!("{app}/assignments"), &[("principal", principal)]).await.must_say("success");
    }

    /// Step 6.
    pub(crate) async fn provision_on_demand(&self, app: &str, subject: &str) {
        self.post(&format!("{app}/on-demand"), &[("subject", subject)]).await.must_say("success");
    }

    /// Step 6.
    pub(crate) async fn start(&self, app: &str) {
        self.post(&format!("{app}/start"), &[]).await.must_say("success");
    }

    async fn get(&self, path: &str) -> Page {
        Page::read(self.http.get(format!("{}{path}", self.base)).send().await.unwrap()).await
    }

    /// Follows to the page that shows the result.
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        Page::read(self.http.post(format!("{}{path}", self.base)).form(fields).send().await.unwrap()).await
    }
}

impl Page {
    async fn read(response: reqwest::Response) -> Self {
        assert!(response.status().is_success(), "{}: {}", response.url(), response.status());
        let path = response.url().path().to_owned();
        Self { path, html: response.text().await.unwrap() }
    }

    fn must_say(&self, result: &str) {
        assert!(self.html.contains(&format!("data-result=\"{result}\"")), "{}: {}", self.path, self.notice());
    }

    fn notice(&self) -> String {
        let found = self.html.find("data-result=").map(|index| between(&self.html[index..], ">", "</p>"));
        found.unwrap_or("no notice").replace("&quot;", "\"").replace("&amp;", "&").trim().to_owned()
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let begin = text.find(start).unwrap_or_else(|| panic!("no {start} in {text}")) + start.len();
    &text[begin..begin + text[begin..].find(end).unwrap_or_else(|| panic!("no {end} in {text}"))]
}
