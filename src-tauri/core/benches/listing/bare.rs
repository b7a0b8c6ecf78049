//! What can be had at best: the same client as the core builds, typed decoding of the same attributes, so many pages under
//! way, and nothing else. It knows beforehand how many there are.

use std::time::{Duration, Instant};

use serde::{Deserialize, de::DeserializeOwned};
use tokio::task::JoinSet;

use super::crowd::Size;

#[derive(Deserialize)]
struct List<T> {
    #[serde(rename = "Resources")]
    resources: Vec<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "reading them is what is measured")]
struct User {
    id: String,
    user_name: String,
    display_name: String,
    title: String,
    active: bool,
    name: Name,
    emails: Vec<Email>,
    #[serde(rename = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")]
    enterprise: Enterprise,
    meta: Meta,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "reading them is what is measured")]
struct Name {
    family_name: String,
    given_name: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "reading them is what is measured")]
struct Email {
    value: String,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "reading them is what is measured")]
struct Enterprise {
    department: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "reading them is what is measured")]
struct Meta {
    created: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "reading them is what is measured")]
struct Group {
    id: String,
    display_name: String,
    members: Vec<Member>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "reading them is what is measured")]
struct Member {
    value: String,
}

pub(super) fn read(port: u16, size: Size, page: u32, under_way: usize) -> Duration {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let client = client();
        let began = Instant::now();
        let people =
            all::<User>(&client, &format!("http://127.0.0.1:{port}/Users"), size.people, page, under_way).await;
        let groups =
            all::<Group>(&client, &format!("http://127.0.0.1:{port}/Groups"), size.groups, page, under_way).await;
        let took = began.elapsed();
        assert_eq!((people, groups), (size.people as usize, size.groups as usize));
        took
    })
}

/// As `Http` builds its own for loopback.
fn client() -> reqwest::Client {
    let builder = reqwest::Client::builder()
        .user_agent("Usher/bench")
        .connect_timeout(Duration::from_secs(5))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy();
    builder.build().expect("a client")
}

/// How many there are.
async fn all<T: DeserializeOwned + Send + 'static>(
    client: &reqwest::Client,
    url: &str,
    total: u32,
    page: u32,
    under_way: usize,
) -> usize {
    let (mut pages, mut count) = (JoinSet::new(), 0);
    for begin in (0..total).step_by(page as usize) {
        if pages.len() == under_way {
            count += pages.join_next().await.expect("one is under way").expect("it ends");
        }
        let request = client.get(format!("{url}?startIndex={}&count={page}", begin + 1)).bearer_auth("token");
        pages.spawn(async move {
            let body = request.send().await.expect("an answer").bytes().await.expect("whole");
            serde_json::from_slice::<List<T>>(&body).expect("a list").resources.len()
        });
    }
    while let Some(page) = pages.join_next().await {
        count += page.expect("it ends");
    }
    count
}
