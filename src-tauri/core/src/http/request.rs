//! What is to be asked: method, URL, token, body.

use http::{HeaderValue, Method};
use url::Url;
use zeroize::Zeroizing;

use crate::secret::Secret;

/// One request to send. Build it with [`Request::get`] and friends.
#[derive(Debug, Clone)]
pub struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) scheme: &'static str,
    pub(super) token: Option<Secret>,
    pub(super) accept: &'static str,
    pub(super) body: Option<Body>,
    pub(super) hidden: Vec<Secret>,
}

#[derive(Debug, Clone)]
pub(super) struct Body {
    pub(super) content_type: &'static str,
    pub(super) text: Secret,
}

impl Request {
    /// Reads; may be tried again.
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// Changes something; never sent twice unless the server said that it did not process it.
    pub fn post(url: Url) -> Self {
        Self::new(Method::POST, url)
    }

    /// Changes a part of something; treated like [`Request::post`].
    pub fn patch(url: Url) -> Self {
        Self::new(Method::PATCH, url)
    }

    /// Replaces something; treated like [`Request::post`].
    pub fn put(url: Url) -> Self {
        Self::new(Method::PUT, url)
    }

    /// Removes something; treated like [`Request::post`].
    pub fn delete(url: Url) -> Self {
        Self::new(Method::DELETE, url)
    }

    fn new(method: Method, url: Url) -> Self {
        Self { method, url, scheme: "Bearer", token: None, accept: "application/json", body: None, hidden: Vec::new() }
    }

    /// `Authorization: Bearer …`.
    #[must_use]
    pub fn bearer(mut self, token: &Secret) -> Self {
        self.token = Some(token.clone());
        self
    }

    /// `Authorization: <scheme> …` for APIs with a word of their own (Azion's management API wants `Token`).
    #[must_use]
    pub fn authorized(mut self, scheme: &'static str, token: &Secret) -> Self {
        self.scheme = scheme;
        self.bearer(token)
    }

    /// What answer is wanted; default `application/json`.
    #[must_use]
    pub fn accept(mut self, accept: &'static str) -> Self {
        self.accept = accept;
        self
    }

    /// A JSON body.
    #[must_use]
    pub fn json(self, body: &serde_json::Value) -> Self {
        self.json_as("application/json", body)
    }

    /// A JSON body of another media type, such as `application/scim+json`.
    #[must_use]
    pub fn json_as(mut self, content_type: &'static str, body: &serde_json::Value) -> Self {
        self.body = Some(Body { content_type, text: Secret::new(body.to_string()) });
        self
    }

    /// A form body, `application/x-www-form-urlencoded`.
    #[must_use]
    pub fn form(mut self, pairs: &[(&str, &str)]) -> Self {
        let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        self.body = Some(Body { content_type: "application/x-www-form-urlencoded", text: Secret::new(text) });
        self
    }

    /// A value that must not appear in what is shown, such as one inside the body.
    #[must_use]
    pub fn hide(mut self, secret: &Secret) -> Self {
        self.hidden.push(secret.clone());
        self
    }

    /// Everything that must not appear in what is shown.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        self.token.iter().chain(&self.hidden).filter(|secret| !secret.is_empty()).cloned().collect()
    }

    /// The header, marked so that nothing below prints it; `None` if the token has characters no header can hold.
    pub(super) fn authorization(&self) -> Option<Result<HeaderValue, http::header::InvalidHeaderValue>> {
        self.token.as_ref().map(|token| {
            let mut value = HeaderValue::from_str(&Zeroizing::new(format!("{} {}", self.scheme, token.expose())))?;
            value.set_sensitive(true);
            Ok(value)
        })
    }

    /// Only GET may be sent again after a failure of the line or the server.
    pub(super) fn only_reads(&self) -> bool {
        self.method == Method::GET
    }
}
