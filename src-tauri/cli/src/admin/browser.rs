//! The administrator's browser: opens pages of the practice world and sends its forms. Reading a page stands in
//! [`super::page`].

use std::time::{Duration, Instant};

use usher_core::{Code, Problem};

use super::page::{Form, Page};

/// No page of the practice world takes longer; what is slow there is what it answers to others.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a page may say that something is still under way, and how long to wait before it is looked at again.
const LONGEST_WORK: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(50);

/// Talks to the practice world and to nobody else.
#[derive(Clone)]
pub(crate) struct Browser {
    client: reqwest::Client,
    origin: String,
}

impl Browser {
    /// `origin` is that of the practice world, such as `http://127.0.0.1:4711`.
    pub(crate) fn new(origin: &str) -> Result<Self, Problem> {
        let client =
            reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().map_err(|error| failed("start", &error))?;
        Ok(Self { client, origin: origin.trim_end_matches('/').to_owned() })
    }

    /// Opens a page by its address or its path.
    pub(crate) async fn open(&self, address: &str) -> Result<Page, Problem> {
        let address = self.address(address)?;
        read(&address, self.client.get(&address)).await
    }

    /// Opens a page, and again until nothing is under way there any more.
    pub(crate) async fn open_settled(&self, address: &str) -> Result<Page, Problem> {
        let began = Instant::now();
        loop {
            let page = self.open(address).await?;
            if !page.refreshes || began.elapsed() > LONGEST_WORK {
                return Ok(page);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Sends a form as it stands.
    pub(crate) async fn send(&self, form: &Form) -> Result<Page, Problem> {
        let address = self.address(&form.action)?;
        let request = if form.posts {
            self.client.post(&address).form(&form.fields)
        } else {
            self.client.get(&address).query(&form.fields)
        };
        read(&address, request).await
    }

    fn address(&self, address: &str) -> Result<String, Problem> {
        if address.starts_with('/') && !address.starts_with("//") {
            return Ok(format!("{}{address}", self.origin));
        }
        let inside =
            address.strip_prefix(&self.origin).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        if inside {
            Ok(address.to_owned())
        } else {
            Err(lost(&format!("{address} is not part of the practice world.")))
        }
    }
}

async fn read(address: &str, request: reqwest::RequestBuilder) -> Result<Page, Problem> {
    let answer = request.send().await.map_err(|error| failed(address, &error))?;
    let path = answer.url().path().to_owned();
    let refused = answer.status().is_client_error() && answer.status() != reqwest::StatusCode::UNPROCESSABLE_ENTITY;
    let broken = answer.status().is_server_error() || refused;
    let text = answer.text().await.map_err(|error| failed(address, &error))?;
    let page = Page::read(path, &text);
    if broken { Err(lost(&format!("The practice console has no such page: {address}."))) } else { Ok(page) }
}

fn failed(address: &str, error: &reqwest::Error) -> Problem {
    // The error's own text names the address once more and nothing of what was sent.
    tracing::debug!(%error, address, "the practice console did not answer");
    lost(&format!("The practice console did not answer at {address}."))
}

/// The administrator cannot go on at the console.
pub(crate) fn lost(message: &str) -> Problem {
    Problem::new(Code::Practice, message)
        .hint("This is a fault of the rehearsal itself, not of your systems. Run it again with USHER_LOG=debug and report what it says.")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use usher_sandbox::{Fault, Options, Sandbox};

    use super::Browser;

    /// Else a word of a fault's description could be taken for the console's answer.
    #[tokio::test]
    async fn what_goes_wrong_on_purpose_is_not_read() {
        let options = Options { faults: Fault::ALL.to_vec(), ..Options::default() };
        let sandbox = Sandbox::start(options).await.unwrap();
        let origin = &sandbox.addresses().api_base_url;
        for path in ["/", "/greenlake/", "/entra/", "/okta/"] {
            let html = reqwest::get(format!("{origin}{path}")).await.unwrap().text().await.unwrap();
            assert!(html.contains("Going wrong on purpose: "), "{path} says so");
            let page = Browser::new(origin).unwrap().open(path).await.unwrap();
            assert!(!page.text.contains("on purpose"), "{path}: {}", page.text);
            let (before, _) = html.split_once("<footer>").unwrap();
            assert_eq!(super::Page::read(path.to_owned(), before).text, page.text, "{path}");
        }
    }
}
