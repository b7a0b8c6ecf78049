//! A SCIM server that has every page ready: what is measured is who asks.

use std::{io::Read as _, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde::Deserialize;

use super::crowd::{self, Size};

struct Pages {
    people: Vec<Bytes>,
    groups: Vec<Bytes>,
    page: u32,
    delay: Duration,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(rename = "startIndex", default = "first")]
    start_index: u32,
    count: Option<u32>,
}

fn first() -> u32 {
    1
}

/// Serves until its input ends. The first line it writes is its port.
pub(super) fn serve(size: Size, page: u32, delay: Duration) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let base = format!("http://127.0.0.1:{port}");
        let pages = Pages {
            people: pages(size.people, page, |into, number| crowd::user(into, number, size, &base)),
            groups: pages(size.groups, page, |into, number| crowd::group(into, number, size, &base)),
            page,
            delay,
        };
        let users = async |State(pages): State<Arc<Pages>>, Query(asked): Query<Asked>| {
            pages.answer(&pages.people, &asked).await
        };
        let groups = async |State(pages): State<Arc<Pages>>, Query(asked): Query<Asked>| {
            pages.answer(&pages.groups, &asked).await
        };
        let app = Router::new().route("/Users", get(users)).route("/Groups", get(groups)).with_state(Arc::new(pages));
        println!("{port}");
        tokio::spawn(async move { axum::serve(listener, app).await });
        let ended = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
        ended.await.expect("it ends").expect("its input");
        std::process::exit(0);
    });
}

fn pages(all: u32, page: u32, entry: impl Fn(&mut String, u32)) -> Vec<Bytes> {
    let one = |begin: u32| {
        let end = all.min(begin + page);
        let mut text = format!(
            r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":{all},"startIndex":{},"itemsPerPage":{},"Resources":["#,
            begin + 1,
            end - begin
        );
        for number in begin..end {
            if number > begin {
                text.push(',');
            }
            entry(&mut text, number);
        }
        text.push_str("]}");
        Bytes::from(text)
    };
    (0..all).step_by(page as usize).map(one).collect()
}

impl Pages {
    /// Only whole pages are ready.
    async fn answer(&self, all: &[Bytes], asked: &Asked) -> Response {
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        let (before, is_enough) = (asked.start_index - 1, asked.count.is_none_or(|count| count >= self.page));
        if !before.is_multiple_of(self.page) || !is_enough {
            return StatusCode::BAD_REQUEST.into_response();
        }
        match all.get((before / self.page) as usize) {
            Some(page) => ([(header::CONTENT_TYPE, "application/scim+json")], page.clone()).into_response(),
            None => StatusCode::BAD_REQUEST.into_response(),
        }
    }
}
