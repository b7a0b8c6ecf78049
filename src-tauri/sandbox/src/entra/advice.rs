//! What Microsoft's list of error codes says to each of them (facts 5): the recommended action of a log entry, and whose fault it was.

use super::{LogEntry, Status};

pub(crate) struct Advice {
    /// One of Graph's `provisioningStatusErrorCategory`.
    pub category: &'static str,
    pub text: &'static str,
}

/// Codes and what to do about them.
const KNOWN: &[(&str, &str)] = &[
    (
        "EntryConflict",
        "Correct the conflicting attribute values in either Microsoft Entra ID or the application. Or, review your matching attribute configuration if the conflicting user account was supposed to be matched and taken over.",
    ),
    (
        "TooManyRequests",
        "The target app rejected this attempt to update the user because it is overloaded and receiving too many requests. There is nothing to do. This attempt will automatically be retried.",
    ),
    (
        "InternalServerError",
        "The target app returned an unexpected error. A service issue with the target application might be preventing it from working. This attempt will automatically be retried in 40 minutes.",
    ),
    (
        "InsufficientRights",
        "Microsoft Entra ID authenticated with the target application but was not authorized to perform the update. Review any instructions that the target application has provided, along with the respective application tutorial.",
    ),
    (
        "Unauthorized",
        "Microsoft Entra ID authenticated with the target application but was not authorized to perform the update. Review any instructions that the target application has provided, along with the respective application tutorial.",
    ),
    (
        "MethodNotAllowed",
        "Microsoft Entra ID authenticated with the target application but was not authorized to perform the update. Review any instructions that the target application has provided, along with the respective application tutorial.",
    ),
    (
        "UnprocessableEntity",
        "The target application returned an unexpected response. The configuration of the target application might not be correct, or a service issue with it might be preventing it from working.",
    ),
    (
        "NotImplemented",
        "The target app returned an unexpected response. The configuration of the app might not be correct, or a service issue with it might be preventing it from working.",
    ),
    (
        "WebExceptionProtocolError",
        "An HTTP protocol error occurred in connecting to the target application. There is nothing to do. This attempt will automatically be retried in 40 minutes.",
    ),
    (
        "InvalidAnchor",
        "A user that was previously created or matched by the provisioning service no longer exists. Ensure that the user exists. To force a new matching of all users, use the Microsoft Graph API to restart the job.",
    ),
    (
        "SchemaAttributeNotFound",
        "The operation failed because an attribute was specified that does not exist in the target system. See the documentation on attribute customization and ensure your configuration is correct.",
    ),
    (
        "DuplicateTargetEntries",
        "The operation could not be completed because more than one user in the target application was found with the configured matching attributes. Remove the duplicate user from the target application, or reconfigure your attribute mappings.",
    ),
    (
        "ImportSkipped",
        "When each user is evaluated, the system tries to import the user from the source system. This error commonly occurs when the user who is being imported is missing the matching property defined in your attribute mappings.",
    ),
    (
        "EntrySynchronizationSkipped",
        "The provisioning service has successfully queried the source system and identified the user. No further action was taken on the user and they were skipped. The user might have been out of scope, or the user might have already existed in the target system with no further changes required.",
    ),
    (
        "SystemForCrossDomainIdentityManagementServiceIncompatible",
        "The Microsoft Entra provisioning service is unable to parse the response from the third party application. Work with the application developer to ensure that the SCIM server is compatible with the Microsoft Entra SCIM client.",
    ),
    ("NotEffectivelyEntitled", "Assign the user or group to the application, or unassign and assign it again."),
];

pub(crate) fn of(entry: &LogEntry) -> Advice {
    let text = KNOWN.iter().find(|(code, _)| *code == entry.code).map_or("", |(_, text)| *text);
    let category = match entry.status {
        Status::Success => "success",
        Status::Skipped if entry.code == "RedundantExport" => "success",
        Status::Skipped => "nonServiceFailure",
        Status::Failure => "failure",
    };
    Advice { category, text }
}
