//! Test Connection: what Entra asks the target, and the sentences it reports (facts D2, failures rows 1 to 3).

use super::wire::{Unreachable, Wire, status_name};
use crate::{html::Notice, outbound::Reply};

pub(crate) const SUCCESS: &str = "The supplied credentials are authorized to enable provisioning";
pub(crate) const INVALID: &str = "You appear to have entered invalid credentials. Please confirm you are using the correct information for an administrative account.";
const FAMILY: &str = "SystemForCrossDomainIdentityManagement";

/// Why the target does not pass.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub code: String,
    pub message: String,
    pub details: String,
    /// The target was reached and refused; waiting does not help.
    pub lasting: bool,
}

impl Failure {
    pub(crate) fn notice(&self) -> Notice {
        Notice::failure(self.message.clone()).with_details(format!("{}\n{}", self.code, self.details))
    }

    /// What the console says when the practice world is told to refuse everything.
    pub(crate) fn refused() -> Failure {
        let details = "We received this unexpected response from your application: Response Status Code: Unauthorized. Please check the service and try again.";
        Failure {
            code: format!("{FAMILY}CredentialValidationFailure"),
            message: INVALID.to_owned(),
            details: details.to_owned(),
            lasting: true,
        }
    }
}

/// A user nobody has, then a group nobody has: both must be answered with 200 and an empty list.
pub(crate) async fn test(wire: &Wire, user_attribute: &str, group_attribute: &str) -> Result<(), Failure> {
    for (endpoint, attribute) in [("Users", user_attribute), ("Groups", group_attribute)] {
        let nobody = uuid::Uuid::new_v4().to_string();
        let reply = wire.find(endpoint, attribute, &nobody).await.map_err(|error| unreachable(&error))?;
        judge(&reply)?;
    }
    Ok(())
}

fn judge(reply: &Reply) -> Result<(), Failure> {
    match reply.resources() {
        Some([]) => Ok(()),
        Some(_) => Err(failure(reply, "MultipleEntriesInResponse", true)),
        None => {
            let stage = match reply.status {
                400 | 401 => "CredentialValidationFailure",
                200 => "ServiceIncompatible",
                _ => "CredentialValidationUnavailable",
            };
            Err(failure(reply, stage, (200..500).contains(&reply.status) && reply.status != 429))
        }
    }
}

fn failure(reply: &Reply, stage: &str, lasting: bool) -> Failure {
    let details = format!(
        "We received this unexpected response from your application:\nReceived response from Web resource. Resource: {} Operation: GET Response Status Code: {} Response Content: {}\nPlease check the service and try again.",
        reply.request.trim_start_matches("GET "),
        status_name(reply.status),
        reply.excerpt(),
    );
    Failure { code: format!("{FAMILY}{stage}"), message: INVALID.to_owned(), details, lasting }
}

fn unreachable(error: &Unreachable) -> Failure {
    Failure {
        code: format!("{FAMILY}CredentialValidationUnavailable"),
        message: "We received this unexpected response from your application: An error occurred while sending the request. Please check the service and try again.".to_owned(),
        details: format!("{}\n{}", error.reason, error.request),
        lasting: false,
    }
}
