//! Test API Credentials: what Okta asks the target, and the sentences it shows (facts D3, failures rows 4 and 14).

use super::{
    Connection,
    catalog::AppKind,
    wire::{Unreachable, Wire, trouble},
};
use crate::{html::Notice, outbound::Reply};

const ADVICE: &str = "The connector configuration could not be tested. Make sure that the URL, Authentication Parameters are correct and that there is an implementation available at the URL provided.";

pub(crate) struct Failure {
    pub text: String,
    pub details: String,
}

impl Failure {
    fn new(reason: &str, details: String) -> Failure {
        Failure { text: format!("Error authenticating: {reason}. {ADVICE}"), details }
    }

    /// What the console says when the practice world is told to refuse everything.
    pub(crate) fn refused() -> Failure {
        Failure::new("Unauthorized", String::new())
    }

    /// What nobody has seen before.
    pub(crate) fn odd() -> Failure {
        Failure { text: "The connector reported the condition QX-7731.".to_owned(), details: String::new() }
    }

    pub(crate) fn notice(&self) -> Notice {
        let notice = Notice::failure(self.text.clone());
        if self.details.is_empty() { notice } else { notice.with_details(self.details.clone()) }
    }
}

pub(crate) fn success(kind: AppKind) -> String {
    format!("{} was verified successfully!", kind.title())
}

/// The first two users, then the groups where they are to be imported.
pub(crate) async fn test(wire: &Wire, connection: &Connection) -> Result<(), Failure> {
    // Facts row 14: the word Bearer pasted along with the token is reported without a reason.
    let doubled = connection.secret.text().to_lowercase().starts_with("bearer ");
    ask(wire.list("Users", "2").await, doubled)?;
    if connection.import_groups {
        ask(wire.list("Groups", "100").await, doubled)?;
    }
    Ok(())
}

fn ask(answer: Result<Reply, Unreachable>, doubled: bool) -> Result<(), Failure> {
    match answer {
        Ok(reply) if reply.resources().is_some() => Ok(()),
        Ok(reply) => {
            let details = format!("{}\n{} {}", reply.request, reply.status, reply.excerpt());
            let reason = if doubled || reply.is_success() { "null".to_owned() } else { trouble(&reply) };
            Err(Failure::new(&reason, details))
        }
        Err(Unreachable(reason)) => Err(Failure::new(&reason, String::new())),
    }
}
