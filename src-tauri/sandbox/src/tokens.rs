//! Token strings. Each is derived from the seed and a serial number, so that nothing secret has to be stored.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{StartError, Target, fault::AccessTokenForm};

/// The root of all of a world's secrets.
pub(crate) struct Seed([u8; 32]);

impl Seed {
    pub(crate) fn new(given: Option<[u8; 32]>) -> Result<Seed, StartError> {
        match given {
            Some(bytes) => Ok(Seed(bytes)),
            None => {
                let mut bytes = [0; 32];
                getrandom::fill(&mut bytes).map_err(|error| StartError::Random(error.to_string()))?;
                Ok(Seed(bytes))
            }
        }
    }

    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    /// As many bytes as asked for; the same for the same purpose and serial number.
    fn bytes(&self, purpose: &str, serial: u64, length: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length + 32);
        let mut block = 0u32;
        while bytes.len() < length {
            let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("BUG: HMAC takes a key of any length");
            mac.update(format!("{purpose}/{serial}/{block}").as_bytes());
            bytes.extend_from_slice(&mac.finalize().into_bytes());
            block += 1;
        }
        bytes.truncate(length);
        bytes
    }

    fn text(&self, purpose: &str, serial: u64, length: usize) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes(purpose, serial, length))
    }

    /// The unguessable part of the control API's path.
    pub(crate) fn control_key(&self) -> String {
        self.text("control", 0, 18)
    }

    #[expect(clippy::expect_used, reason = "the length is fixed")]
    /// A uuid that looks random and comes back the same in a resumed world.
    pub(crate) fn uuid(&self, purpose: &str, serial: u64) -> String {
        let bytes = self.bytes(purpose, serial, 16);
        let bytes: [u8; 16] = bytes.try_into().expect("BUG: 16 bytes were asked for");
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }
}

/// A SCIM proxy token: about 480 characters. Assumption (facts A2, A3): the real one overflows Entra's field, so it is long and perhaps a JWT.
pub(crate) fn proxy_token(seed: &Seed, serial: u64) -> String {
    let payload = json!({ "jti": seed.uuid("proxy-id", serial), "aud": "scim-proxy", "sub": "practice-tenant" });
    jwt(&payload, &seed.text("proxy", serial, 256))
}

/// The long-lived token with this serial number, as this target writes them.
pub(crate) fn scim_token(seed: &Seed, target: Target, serial: u64) -> String {
    match target {
        Target::HpeGreenlake => proxy_token(seed, serial),
        // Facts B2: opaque; the only example seen begins like this.
        Target::AwsIdentityCenter => format!("AQoDYXdz{}", seed.text("aws", serial, 330)),
        // Facts C3: the key of a personal token; its form is not documented.
        Target::Azion => format!("azion{}", seed.text("azion", serial, 30).replace(['-', '_'], "x")),
        Target::Generic => seed.text("generic", serial, 48),
    }
}

pub(crate) struct Holder<'a> {
    pub email: &'a str,
    pub subject: &'a str,
}

/// A personal access token. Documented for other HPE GreenLake tokens only (facts A1): JWT, RS256, expiry in Unix seconds.
pub(crate) fn access_token(
    seed: &Seed,
    serial: u64,
    form: AccessTokenForm,
    holder: &Holder<'_>,
    issued_at: Timestamp,
    expires_at: Timestamp,
) -> String {
    match form {
        AccessTokenForm::Opaque => seed.text("access", serial, 96),
        AccessTokenForm::Jwt => {
            let payload = json!({
                "iss": "https://practice.invalid/greenlake",
                "sub": holder.subject,
                "email": holder.email,
                "tenant": "Practice Tenant",
                "iat": issued_at.as_second(),
                "exp": expires_at.as_second(),
                "jti": seed.uuid("access-id", serial),
            });
            jwt(&payload, &seed.text("access", serial, 256))
        }
    }
}

fn jwt(payload: &Value, signature: &str) -> String {
    let header = json!({ "alg": "RS256", "typ": "JWT", "kid": "practice" });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", part(&header), part(payload))
}

/// So much of a token's beginning is taken for the token: a field can have cut off the rest.
const HEAD: usize = 24;
const CUT: &str = "(a token stood here)";

/// The text with none of these tokens in it.
pub(crate) fn cut_out(mut text: String, tokens: &[String]) -> String {
    for head in tokens.iter().filter_map(|token| token.get(..HEAD)) {
        let mut from = 0;
        while let Some(place) = text.get(from..).and_then(|rest| rest.find(head)).map(|place| from + place) {
            // Several can begin alike.
            let same =
                |token: &String| token.bytes().zip(text[place..].bytes()).take_while(|(one, two)| one == two).count();
            let longest = tokens.iter().map(same).max().unwrap_or(HEAD);
            text.replace_range(place..place + longest, CUT);
            from = place + CUT.len();
        }
    }
    text
}

/// The token of an `Authorization` header; the scheme's case does not matter.
pub(crate) fn bearer(headers: &axum::http::HeaderMap) -> Option<&str> {
    let value = headers.get(axum::http::header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_token_and_another_serial_another() {
        let seed = Seed([7; 32]);
        assert_eq!(proxy_token(&seed, 1), proxy_token(&Seed([7; 32]), 1));
        assert_ne!(proxy_token(&seed, 1), proxy_token(&seed, 2));
        assert_ne!(proxy_token(&seed, 1), proxy_token(&Seed([8; 32]), 1));
        assert!(proxy_token(&seed, 1).len() > 400);
    }

    #[test]
    fn tokens_are_cut_out_of_a_text_even_where_only_their_beginning_is_left() {
        let seed = Seed([7; 32]);
        let all = [proxy_token(&seed, 1), proxy_token(&seed, 2), scim_token(&seed, Target::Azion, 1)];
        for token in &all {
            for part in [token.as_str(), &token[..30]] {
                assert_eq!(cut_out(format!("[\"{part}\",\"{part}\"]"), &all), format!("[\"{CUT}\",\"{CUT}\"]"));
            }
        }
        assert_eq!(cut_out("eyJhbGciOi and Zoë".to_owned(), &all), "eyJhbGciOi and Zoë");
    }
}
