//! Entra's way out: one HTTP request to the Tenant URL, and the words for what came back.

use reqwest::{Client, Method, header};
use serde_json::Value;
use url::Url;

use super::{Connection, target::Dialect};
use crate::outbound::{self, NoWay, Reply};

const AGENT: &str = "Microsoft-Entra-Practice/1.0";

/// A Tenant URL that may be called, and its token.
pub(crate) struct Wire {
    client: Client,
    base: Url,
    token: String,
    pub dialect: Dialect,
}

/// No answer at all.
pub(crate) struct Unreachable {
    pub reason: String,
    pub request: String,
}

/// A word about a Tenant URL that cannot be called, for the person who typed it.
pub(crate) fn check(tenant_url: &str) -> Result<Url, String> {
    outbound::address(tenant_url).map_err(|why| match why {
        NoWay::Unreadable => "The Tenant URL is not a valid address.".to_owned(),
        NoWay::Scheme => {
            "The Tenant URL must begin with https:// (in practice, with http:// to this computer).".to_owned()
        }
        NoWay::Elsewhere(host) => NoWay::real(&host),
    })
}

impl Wire {
    pub(crate) fn new(client: &Client, connection: &Connection) -> Result<Wire, String> {
        let base = check(&connection.tenant_url)?;
        let dialect = Dialect::of(&connection.tenant_url);
        Ok(Wire { client: client.clone(), base, token: connection.secret.text().to_owned(), dialect })
    }

    /// On demand, the flag in the Tenant URL is not honoured (facts D2).
    pub(crate) fn on_demand(self) -> Wire {
        Wire { dialect: Dialect::Older, ..self }
    }

    pub(crate) async fn find(&self, endpoint: &str, attribute: &str, value: &str) -> Result<Reply, Unreachable> {
        let filter = format!("{attribute} eq {}", Value::String(value.to_owned()));
        let mut query = vec![("filter", filter.as_str())];
        if endpoint == "Groups" {
            query.insert(0, ("excludedAttributes", "members"));
        }
        self.send(Method::GET, &[endpoint], &query, None).await
    }

    pub(crate) async fn create(&self, endpoint: &str, body: &Value) -> Result<Reply, Unreachable> {
        self.send(Method::POST, &[endpoint], &[], Some(body)).await
    }

    pub(crate) async fn change(&self, endpoint: &str, id: &str, body: &Value) -> Result<Reply, Unreachable> {
        self.send(Method::PATCH, &[endpoint, id], &[], Some(body)).await
    }

    pub(crate) async fn delete(&self, endpoint: &str, id: &str) -> Result<Reply, Unreachable> {
        self.send(Method::DELETE, &[endpoint, id], &[], None).await
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
        let failed = |error: reqwest::Error| Unreachable { reason: reason(&error), request: request.clone() };
        let mut authorization =
            header::HeaderValue::from_str(&format!("Bearer {}", self.token)).map_err(|_| Unreachable {
                reason: "The secret token holds characters that cannot be sent.".to_owned(),
                request: request.clone(),
            })?;
        authorization.set_sensitive(true);
        let mut builder = self
            .client
            .request(method, url)
            .header(header::USER_AGENT, AGENT)
            .header(header::AUTHORIZATION, authorization)
            .header(header::ACCEPT, "application/scim+json");
        if let Some(body) = body {
            builder =
                builder.header(header::CONTENT_TYPE, "application/scim+json; charset=utf-8").body(body.to_string());
        }
        let response = builder.send().await.map_err(failed)?;
        Reply::read(response, request.clone()).await.map_err(failed)
    }

    /// Tenant URL + path; a flag in the Tenant URL's query is for Entra alone.
    fn address(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.base.clone();
        url.set_query(None);
        url.set_fragment(None);
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }
}

fn reason(error: &reqwest::Error) -> String {
    let why = if error.is_timeout() {
        "the application did not answer in time"
    } else if outbound::is_about_certificate(error) {
        // As .NET words it.
        "The SSL connection could not be established, see inner exception. The remote certificate is invalid because of errors in the certificate chain: NotTimeValid, UntrustedRoot"
    } else if error.is_connect() {
        "No connection could be made because the target machine actively refused it"
    } else {
        "the connection broke off"
    };
    format!("An error occurred while sending the request: {why}.")
}

/// .NET's name of the status, as Entra prints it.
pub(crate) fn status_name(status: u16) -> String {
    match status {
        200 => "OK".to_owned(),
        301 => "MovedPermanently".to_owned(),
        302 => "Found".to_owned(),
        307 => "TemporaryRedirect".to_owned(),
        400 => "BadRequest".to_owned(),
        401 => "Unauthorized".to_owned(),
        403 => "Forbidden".to_owned(),
        404 => "NotFound".to_owned(),
        405 => "MethodNotAllowed".to_owned(),
        407 => "ProxyAuthenticationRequired".to_owned(),
        409 => "Conflict".to_owned(),
        429 => "TooManyRequests".to_owned(),
        500 => "InternalServerError".to_owned(),
        503 => "ServiceUnavailable".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn addresses_keep_the_path_and_drop_the_flag() {
        let connection = Connection {
            tenant_url: "http://127.0.0.1:9/v1/scim/?aadOptscim062020".to_owned(),
            ..Connection::default()
        };
        let client = outbound::client().expect("a client");
        let wire = Wire::new(&client, &connection).unwrap_or_else(|error| panic!("{error}"));
        let url = wire.address(&["Users"], &[("filter", "userName eq \"a\"")]);
        assert_eq!(url.as_str(), "http://127.0.0.1:9/v1/scim/Users?filter=userName+eq+%22a%22");
        assert_eq!(wire.dialect, Dialect::Newer);
    }

    #[test]
    fn what_is_wrong_with_an_address_is_said() {
        assert!(check("http://127.0.0.1:80/scim").is_ok());
        for (bad, words) in [
            ("https://scim.example.com/v2", "This is practice: nothing is sent to scim.example.com."),
            ("http://scim.example.com", "must begin with https://"),
            ("scim.example.com", "not a valid address"),
        ] {
            assert!(check(bad).is_err_and(|said| said.contains(words)), "{bad}");
        }
    }
}
