//! Okta's way out: one HTTP request to the base URL, and the words for what came back (facts D3).

use std::fmt::Write as _;

use reqwest::{Client, Method, header};
use serde_json::Value;
use url::{Url, form_urlencoded};

use super::Connection;
use crate::outbound::{self, NoWay, Reply};

const AGENT: &str = "Okta SCIM Client 1.0.0";

/// A base URL that may be called, and its token. The client follows no redirect and gives up in time.
pub(crate) struct Wire {
    client: Client,
    base: Url,
    token: String,
}

/// No answer at all, in words that finish a sentence.
pub(crate) struct Unreachable(pub String);

/// A word about a base URL that cannot be called, for the person who typed it.
pub(crate) fn check(base_url: &str) -> Result<Url, String> {
    outbound::address(base_url).map_err(|why| match why {
        NoWay::Unreadable | NoWay::Scheme => "Does not match required pattern".to_owned(),
        NoWay::Elsewhere(host) => NoWay::real(&host),
    })
}

impl Wire {
    pub(crate) fn new(client: &Client, connection: &Connection) -> Result<Wire, String> {
        let base = check(&connection.base_url)?;
        Ok(Wire { client: client.clone(), base, token: connection.secret.text().to_owned() })
    }

    pub(crate) async fn find_user(&self, user_name: &str) -> Result<Reply, Unreachable> {
        let filter = format!("userName eq {}", Value::String(user_name.to_owned()));
        let query = [("filter", filter.as_str()), ("startIndex", "1"), ("count", "100")];
        self.send(Method::GET, &["Users"], &query, None).await
    }

    pub(crate) async fn list(&self, endpoint: &str, count: &str) -> Result<Reply, Unreachable> {
        self.send(Method::GET, &[endpoint], &[("startIndex", "1"), ("count", count)], None).await
    }

    pub(crate) async fn get(&self, endpoint: &str, id: &str) -> Result<Reply, Unreachable> {
        self.send(Method::GET, &[endpoint, id], &[], None).await
    }

    pub(crate) async fn create(&self, endpoint: &str, body: &Value) -> Result<Reply, Unreachable> {
        self.send(Method::POST, &[endpoint], &[], Some(body)).await
    }

    pub(crate) async fn replace(&self, endpoint: &str, id: &str, body: &Value) -> Result<Reply, Unreachable> {
        self.send(Method::PUT, &[endpoint, id], &[], Some(body)).await
    }

    pub(crate) async fn change(&self, endpoint: &str, id: &str, body: &Value) -> Result<Reply, Unreachable> {
        self.send(Method::PATCH, &[endpoint, id], &[], Some(body)).await
    }

    /// For groups alone: Okta never deletes a user (facts D3).
    pub(crate) async fn delete_group(&self, id: &str) -> Result<Reply, Unreachable> {
        self.send(Method::DELETE, &["Groups", id], &[], None).await
    }

    async fn send(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Reply, Unreachable> {
        let url = self.address(path, query);
        let request = format!("{method} {url}");
        let mut authorization = header::HeaderValue::from_str(&format!("Bearer {}", self.token))
            .map_err(|_| Unreachable("null".to_owned()))?;
        authorization.set_sensitive(true);
        let mut builder = self
            .client
            .request(method, url.clone())
            .header(header::USER_AGENT, AGENT)
            .header(header::AUTHORIZATION, authorization)
            .header(header::ACCEPT, "application/scim+json");
        if let Some(body) = body {
            let kind = "application/scim+json; charset=utf-8";
            builder = builder.header(header::CONTENT_TYPE, kind).body(body.to_string());
        }
        let response = builder.send().await.map_err(|error| unreachable(&url, &error))?;
        Reply::read(response, request).await.map_err(|error| unreachable(&url, &error))
    }

    /// Base URL + path, with spaces as %20 and exactly one slash between the two.
    fn address(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.base.clone();
        url.set_fragment(None);
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        // A plus sign of a value is %2B by now.
        url.set_query((!text.is_empty()).then(|| text.replace('+', "%20")).as_deref());
        url
    }
}

fn unreachable(url: &Url, error: &reqwest::Error) -> Unreachable {
    let place = format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default());
    Unreachable(if error.is_timeout() {
        format!("Connect to {place} failed: Read timed out")
    } else if outbound::is_about_certificate(error) {
        // As Java words it.
        "PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target".to_owned()
    } else if error.is_connect() {
        format!("Connect to {place} failed: Connection refused")
    } else {
        format!("{place} failed to respond")
    })
}

/// “Unauthorized. Errors reported by remote server: …”, as in Okta's support articles.
pub(crate) fn trouble(reply: &Reply) -> String {
    let mut text = match reply.status {
        200..300 => "The answer could not be read".to_owned(),
        status => reqwest::StatusCode::from_u16(status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or("null")
            .to_owned(),
    };
    if let Some(detail) = reply.json.as_ref().and_then(|json| json["detail"].as_str()) {
        let detail: String = detail.chars().take(300).collect();
        let _ = write!(text, ". Errors reported by remote server: {detail}");
    }
    text
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_written_as_okta_writes_them() {
        let connection = Connection { base_url: "http://127.0.0.1:9/v1/scim/".to_owned(), ..Connection::default() };
        let client = outbound::client().expect("a client");
        let wire = Wire::new(&client, &connection).unwrap_or_else(|error| panic!("{error}"));
        let url = wire.address(&["Users"], &[("filter", "userName eq \"a+b\""), ("count", "100")]);
        assert_eq!(url.as_str(), "http://127.0.0.1:9/v1/scim/Users?filter=userName%20eq%20%22a%2Bb%22&count=100");
        assert_eq!(wire.address(&["Users", "1"], &[]).as_str(), "http://127.0.0.1:9/v1/scim/Users/1");
    }

    #[test]
    fn what_is_wrong_with_an_address_is_said() {
        assert!(check("http://localhost:80/scim").is_ok());
        for (bad, words) in [
            ("https://scim.example.com/v2", "This is practice: nothing is sent to scim.example.com."),
            ("http://scim.example.com", "Does not match required pattern"),
            ("scim.example.com", "Does not match required pattern"),
        ] {
            assert!(check(bad).is_err_and(|said| said.contains(words)), "{bad}");
        }
    }
}
