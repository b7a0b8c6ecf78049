//! GreenLake's own rules: who holds which role, which tokens were issued and which still count. No HTTP here.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    fault::AccessTokenForm,
    tokens::{self, Holder, Seed},
};

pub(crate) const ROLE: &str = "SCIM Proxy Token Contributor";
pub(crate) const SPACE: &str = "All Resources";
/// Facts A1: the guide of July 2024; the one of March 2024 said `greenlake.service.system`.
pub(crate) const SCOPE: &str = "greenlake.service.user";

/// Who is signed in to the portal: the administrator whose personal access token is issued there.
pub(crate) const ADMIN_NAME: &str = "Alex Admin";
pub(crate) const ADMIN_EMAIL: &str = "admin@greenlake.example";
pub(crate) const ADMIN_ID: &str = "6f1c5a52-1f0e-4d0c-9a5e-3d8f3c1b7a01";

/// Facts A1: 15 minutes after generation.
const ACCESS_TOKEN_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// Assumption (facts A2: the lifetime is unknown).
const PROXY_TOKEN_LIFE: SignedDuration = SignedDuration::from_hours(365 * 24);
const KEPT_ACCESS_TOKENS: usize = 50;
const MOST_ASSIGNMENTS: usize = 100;

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Greenlake {
    pub assignments: Vec<Assignment>,
    pub access_tokens: Vec<AccessToken>,
    /// Oldest first; at most two: the one in use and one that has not been used yet.
    pub proxy_tokens: Vec<ProxyToken>,
    next_serial: u64,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Assignment {
    /// Lower-case user name.
    pub user: String,
    pub role: String,
    pub space: String,
    pub scope: String,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct AccessToken {
    pub serial: u64,
    pub form: AccessTokenForm,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
}

impl AccessToken {
    pub(crate) fn text(&self, seed: &Seed) -> String {
        let holder = Holder { email: ADMIN_EMAIL, subject: ADMIN_ID };
        tokens::access_token(seed, self.serial, self.form, &holder, self.issued_at, self.expires_at)
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ProxyToken {
    pub serial: u64,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Why the token API says no.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    NotSignedIn,
    Expired,
    RoleMissing,
    TokenExists,
    NoToken,
}

impl Greenlake {
    pub(crate) fn prepare(&mut self, now: Timestamp) {
        if !self.has_role(ADMIN_EMAIL) {
            self.assign(ADMIN_EMAIL);
        }
        if self.live(now).is_none() {
            self.issue_proxy_token(now);
        }
    }

    pub(crate) fn assign(&mut self, user: &str) {
        if self.assignments.len() < MOST_ASSIGNMENTS && !self.has_role(user) {
            self.assignments.push(Assignment {
                user: user.to_lowercase(),
                role: ROLE.to_owned(),
                space: SPACE.to_owned(),
                scope: SCOPE.to_owned(),
            });
        }
    }

    pub(crate) fn has_role(&self, user: &str) -> bool {
        self.assignments.iter().any(|one| one.user == user.to_lowercase() && one.role == ROLE)
    }

    #[expect(clippy::expect_used, reason = "the list is not empty by then")]
    pub(crate) fn issue_access_token(&mut self, now: Timestamp, form: AccessTokenForm, expired: bool) -> &AccessToken {
        let issued_at = if expired { now - SignedDuration::from_mins(20) } else { now };
        // Whole seconds, as in the token itself.
        let issued_at = Timestamp::from_second(issued_at.as_second()).unwrap_or(issued_at);
        let serial = self.next_serial();
        self.access_tokens.push(AccessToken { serial, form, issued_at, expires_at: issued_at + ACCESS_TOKEN_LIFE });
        let surplus = self.access_tokens.len().saturating_sub(KEPT_ACCESS_TOKENS);
        self.access_tokens.drain(..surplus);
        self.access_tokens.last().expect("BUG: one was just added")
    }

    /// Whether the bearer of this personal access token may manage proxy tokens.
    pub(crate) fn admit(&self, seed: &Seed, token: Option<&str>, now: Timestamp) -> Result<(), Refusal> {
        let token = token.ok_or(Refusal::NotSignedIn)?;
        let known = self.access_tokens.iter().find(|one| one.text(seed) == token).ok_or(Refusal::NotSignedIn)?;
        if known.expires_at <= now {
            return Err(Refusal::Expired);
        }
        if self.has_role(ADMIN_EMAIL) { Ok(()) } else { Err(Refusal::RoleMissing) }
    }

    /// Assumption (facts A2): a second creation is refused; an expired token does not count.
    pub(crate) fn create(&mut self, now: Timestamp) -> Result<ProxyToken, Refusal> {
        if self.live(now).is_some() {
            return Err(Refusal::TokenExists);
        }
        self.proxy_tokens.clear();
        Ok(self.issue_proxy_token(now))
    }

    /// Facts A2: at once, or once the new one takes effect (read here as: is used for the first time).
    pub(crate) fn rotate(&mut self, now: Timestamp, remove_current: bool) -> Result<ProxyToken, Refusal> {
        if self.live(now).is_none() {
            return Err(Refusal::NoToken);
        }
        if remove_current {
            self.proxy_tokens.clear();
        } else {
            // The oldest that has not ended is the one in use; a newer one nobody has used yet is replaced.
            self.proxy_tokens.retain(|one| one.expires_at > now);
            self.proxy_tokens.truncate(1);
        }
        Ok(self.issue_proxy_token(now))
    }

    /// Whether a SCIM request with this token is let in. The first use of the newest retires the older one.
    pub(crate) fn accept(&mut self, seed: &Seed, token: &str, now: Timestamp) -> bool {
        let Some(place) = self.place(seed, token) else { return false };
        if self.proxy_tokens[place].expires_at <= now {
            return false;
        }
        self.proxy_tokens.drain(..place);
        true
    }

    /// The usual case, which changes nothing: the token is live and there is no older one to retire.
    pub(crate) fn is_sole_live(&self, seed: &Seed, token: &str, now: Timestamp) -> bool {
        self.place(seed, token) == Some(0) && self.proxy_tokens[0].expires_at > now
    }

    /// The serial number of a token of ours, whether or not it still counts.
    pub(crate) fn serial(&self, seed: &Seed, token: &str) -> Option<u64> {
        (1..=self.next_serial).rev().take(1000).find(|serial| tokens::proxy_token(seed, *serial) == token)
    }

    /// Every token that was made last, whether or not it still counts.
    pub(crate) fn texts(&self, seed: &Seed) -> impl Iterator<Item = String> {
        let access = self.access_tokens.iter().map(|one| one.text(seed));
        access.chain((1..=self.next_serial).rev().take(100).map(|serial| tokens::proxy_token(seed, serial)))
    }

    fn place(&self, seed: &Seed, token: &str) -> Option<usize> {
        self.proxy_tokens.iter().position(|one| tokens::proxy_token(seed, one.serial) == token)
    }

    pub(crate) fn newest(&self, seed: &Seed) -> Option<String> {
        self.proxy_tokens.last().map(|one| tokens::proxy_token(seed, one.serial))
    }

    fn live(&self, now: Timestamp) -> Option<&ProxyToken> {
        self.proxy_tokens.iter().find(|one| one.expires_at > now)
    }

    fn issue_proxy_token(&mut self, now: Timestamp) -> ProxyToken {
        let issued_at = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let token = ProxyToken { serial: self.next_serial(), issued_at, expires_at: issued_at + PROXY_TOKEN_LIFE };
        self.proxy_tokens.push(token.clone());
        token
    }

    /// The token issued last, as if it had been issued long enough ago to have this much life left.
    #[expect(clippy::expect_used, reason = "a token was just issued")]
    pub(crate) fn age_newest(&mut self, now: Timestamp, left: SignedDuration) -> ProxyToken {
        let token = self.proxy_tokens.last_mut().expect("BUG: a token was just issued");
        token.expires_at = now + left;
        token.issued_at = token.expires_at - PROXY_TOKEN_LIFE;
        token.clone()
    }

    fn next_serial(&mut self) -> u64 {
        self.next_serial += 1;
        self.next_serial
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn world() -> (Greenlake, Seed, Timestamp) {
        (Greenlake::default(), Seed::new(Some([1; 32])).expect("a given seed"), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn admission_asks_for_a_live_token_and_the_role() {
        let (mut lake, seed, now) = world();
        assert_eq!(lake.admit(&seed, None, now), Err(Refusal::NotSignedIn));
        let token = lake.issue_access_token(now, AccessTokenForm::Jwt, false).text(&seed);
        assert_eq!(lake.admit(&seed, Some(&token), now), Err(Refusal::RoleMissing));
        lake.assign(ADMIN_EMAIL);
        assert_eq!(lake.admit(&seed, Some(&token), now), Ok(()));
        assert_eq!(lake.admit(&seed, Some(&token), now + SignedDuration::from_mins(15)), Err(Refusal::Expired));
    }

    #[test]
    fn rotation_keeps_the_old_token_until_the_new_one_is_used() {
        let (mut lake, seed, now) = world();
        assert_eq!(lake.rotate(now, false).err(), Some(Refusal::NoToken));
        lake.create(now).expect("the first token");
        assert_eq!(lake.create(now).err(), Some(Refusal::TokenExists));
        let old = lake.newest(&seed).expect("a token");
        lake.rotate(now, false).expect("rotated");
        let new = lake.newest(&seed).expect("a token");
        assert!(lake.accept(&seed, &old, now));
        assert!(lake.accept(&seed, &new, now));
        assert!(!lake.accept(&seed, &old, now));
    }

    #[test]
    fn a_token_ends_to_the_second_and_can_then_be_created_but_not_rotated() {
        let (mut lake, seed, now) = world();
        lake.create(now).expect("the first token");
        let (old, end) = (lake.newest(&seed).expect("a token"), now + PROXY_TOKEN_LIFE);
        assert!(lake.accept(&seed, &old, end - SignedDuration::from_nanos(1)));
        assert!(!lake.is_sole_live(&seed, &old, end) && !lake.accept(&seed, &old, end));
        for remove_current in [true, false] {
            assert_eq!(lake.rotate(end, remove_current).err(), Some(Refusal::NoToken));
        }
        lake.create(end).expect("a token after the end of the first");
        assert!(lake.accept(&seed, &lake.newest(&seed).expect("a token"), end));
    }

    #[test]
    fn a_second_gentle_rotation_keeps_the_token_that_is_left() {
        let (mut lake, seed, now) = world();
        lake.create(now).expect("the first token");
        lake.rotate(now + SignedDuration::from_hours(24), false).expect("rotated");
        let left = lake.newest(&seed).expect("a token");
        let end = now + PROXY_TOKEN_LIFE;
        lake.rotate(end, false).expect("rotated after the first has ended");
        assert!(lake.accept(&seed, &left, end));
    }

    #[test]
    fn rotation_can_end_the_old_token_at_once() {
        let (mut lake, seed, now) = world();
        lake.create(now).expect("the first token");
        let old = lake.newest(&seed).expect("a token");
        lake.rotate(now, true).expect("rotated");
        assert!(!lake.accept(&seed, &old, now));
        assert!(!lake.accept(&seed, &lake.newest(&seed).expect("a token"), now + PROXY_TOKEN_LIFE));
    }
}
