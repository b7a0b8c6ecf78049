//! What goes wrong most in the field, ranked, with the texts in which it shows. The first class is the one that is said
//! first; the others may be said beside it, and nothing else.

use super::classes;
use crate::Class::{
    self, AppSetting, BadCredentials, Duplicate, FirstCycleRunning, ForbiddenCharacter, GroupPush, GroupTooLarge,
    MappingInvalid, MatchingUserNotFound, MissingAttribute, NameidMismatch, NestedGroup, NotAssigned, NotScim,
    PagingBroken, PatchDialect, Quarantine, RateLimited, RoleMissing, SecretTooLarge, TargetRejected, TokenExpired,
    TooManyDeletes, TwoTokenLimit, Unreachable, UnsupportedAttribute, UpdateOff, WrongAppType, WrongPath,
};

const UNPARSABLE: &[Class] = &[UnsupportedAttribute, ForbiddenCharacter, GroupTooLarge, Duplicate];

/// Row, text, what is said first, what may be said beside it.
const FAILURES: &[(u8, &str, Class, &[Class])] = &[
    (
        1,
        "SystemForCrossDomainIdentityManagementCredentialValidationFailure: We received this unexpected response from your application: Response Status Code: Unauthorized {\"errors\":[{\"code\":\"401\",\"message\":\"Unauthorized\"}]}",
        TokenExpired,
        &[BadCredentials],
    ),
    (
        1,
        "Provisioning is quarantined. CredentialValidationFailure ... Response Status Code: Unauthorized",
        TokenExpired,
        &[BadCredentials, Quarantine],
    ),
    (2, "EncounteredQuarantineException", Quarantine, &[]),
    (2, "EncounteredEscrowProportionThreshold", Quarantine, &[]),
    (2, "Quarantined but no errors listed", Quarantine, &[]),
    (2, "\"quarantine\": {\"reason\": \"QuarantineOnDemand\"}", Quarantine, &[]),
    (2, "quarantine reason QuarantinedOnDemand", Quarantine, &[]),
    (2, "quarantine reason: TooManyDeletes", TooManyDeletes, &[Quarantine]),
    (
        3,
        "You appear to have entered invalid credentials. Please confirm you are using the correct information for an administrative account.",
        BadCredentials,
        &[WrongPath, NotScim],
    ),
    (
        3,
        "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable: An error occurred while sending the request",
        Unreachable,
        &[],
    ),
    (3, "CredentialValidationUnavailable", Unreachable, &[WrongPath]),
    (3, "CredentialValidationUnavailable ... Response Status Code: ServiceUnavailable", Class::TargetError, &[]),
    (4, "Base URL: Does not match required pattern", WrongPath, &[]),
    (4, "GET https://app.example.com/Users?filter=userName eq \"x\" HTTP/1.1 404 Not Found", WrongPath, &[]),
    (5, "Request is unparsable, syntactically incorrect, or violates schema", MissingAttribute, UNPARSABLE),
    (
        5,
        "SystemForCrossDomainIdentityManagementServiceIncompatible ... Required property 'familyName' not found in JSON",
        MissingAttribute,
        &[],
    ),
    (6, "Unsupported user attribute: addresses[type eq \"work\"].locality", UnsupportedAttribute, &[]),
    (6, "SchemaPropertyCanOnlyAcceptValue", UnsupportedAttribute, &[]),
    (7, "Nothing happens: provisioning is on for an hour and no users arrive", FirstCycleRunning, &[]),
    (8, "Skipped: NotEffectivelyEntitled", NotAssigned, &[]),
    (
        8,
        "This object is not assigned to the application. If you did not expect the object to be skipped",
        NotAssigned,
        &[],
    ),
    (9, "409 Refused to create a new, duplicate resource", Duplicate, &[]),
    (9, "DuplicateTargetEntries", Duplicate, &[]),
    (9, "error code EntryConflict", Duplicate, &[]),
    (9, "HTTP/1.1 409 Conflict", Duplicate, &[TargetRejected]),
    (9, "400 Bad Request {\"scimType\":\"uniqueness\"}", Duplicate, &[]),
    (9, "{\"status\":\"409\",\"detail\":\"User must be Active.\"}", TargetRejected, &[]),
    (10, "Users are synced but cannot sign in: the SAML NameID differs from userName", NameidMismatch, &[]),
    (11, "The group is empty, members of nested groups are missing", NestedGroup, &[]),
    (12, "The same group is used for assignment and push, and the pushed group has no members", GroupPush, &[]),
    (13, "{\"op\":\"Replace\",\"path\":\"active\",\"value\":\"False\"}", PatchDialect, &[]),
    (13, "removal of group members is ignored by the server", PatchDialect, &[]),
    (
        14,
        "Error authenticating: null. The connector configuration could not be tested. Make sure that the URL, Authentication Parameters are correct",
        BadCredentials,
        &[],
    ),
    (15, "Cannot generate a token: you already have two access tokens", TwoTokenLimit, &[]),
    (15, "401 Unauthorized right after we rotated the SCIM token in AWS", TokenExpired, &[BadCredentials]),
    (16, "It works from curl but not from Entra, private endpoint", Unreachable, &[]),
    (17, "Request_InvalidPropertyValue: Size of input ExternalSecret data is invalid.", SecretTooLarge, &[]),
    (18, "The Provisioning tab is greyed out", WrongAppType, &[]),
    (19, "StatusCode: TooManyRequests", RateLimited, &[]),
    (19, "429 from the target, then quarantine", RateLimited, &[Quarantine]),
    (20, "400 Bad Request: a request can change at most 100 members", GroupTooLarge, &[]),
    (20, "The ListUsers API only returns up to 50 results", PagingBroken, &[]),
    (21, "400: displayName contains invalid characters such as < > ; : %", ForbiddenCharacter, &[]),
    (21, "failed to satisfy constraint: Member must satisfy regular expression pattern", ForbiddenCharacter, &[]),
    (22, "Automatic provisioning of user Ada to app AWS failed: Matching user not found", MatchingUserNotFound, &[]),
    (22, "{\"scimType\":\"invalidFilter\",\"detail\":\"externalId\",\"status\":\"400\"}", MappingInvalid, &[]),
    (22, "InsufficientRights", RoleMissing, &[]),
    (22, "Response Status Code: Forbidden", RoleMissing, &[Unreachable]),
    // What the rows say beside.
    (
        0,
        "POST https://graph.microsoft.com/v1.0/servicePrincipals/1/synchronization/jobs 401 Unauthorized",
        RoleMissing,
        &[Class::SignInExpired],
    ),
    (0, "Update is unticked under Target Object Actions and leavers stay active", UpdateOff, &[]),
    (0, "RedundantExport", Class::Success, &[]),
    (0, "Provisioning is not enabled for the app instance.", AppSetting, &[]),
];

#[test]
fn every_failure_of_the_field_gets_its_class() {
    let mut wrong = Vec::new();
    for (row, text, first, beside) in FAILURES {
        let said = classes(text);
        let right = said.first().map(|(class, _)| class) == Some(first)
            && said.iter().skip(1).all(|(class, _)| beside.contains(class));
        if !right {
            wrong.push(format!("{row}: {text}: {first} {beside:?}, said was {said:?}"));
        }
        if std::env::var_os("USHER_FIELD_REPORT").is_some() {
            wrong.push(format!("{row} | {text} | {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A text that leaves several causes open names none of them for certain.
#[test]
fn what_is_open_is_not_certain() {
    for text in [
        "Request is unparsable, syntactically incorrect, or violates schema.",
        "You appear to have entered invalid credentials.",
        "HTTP/1.1 401 Unauthorized",
        "HTTP/1.1 409 Conflict",
        "HTTP/1.1 403 Forbidden",
        "HTTP/1.1 404 Not Found",
        "SystemForCrossDomainIdentityManagementServiceIncompatible",
    ] {
        let said = classes(text);
        assert!(
            !said.is_empty() && said.iter().all(|(_, confidence)| *confidence != super::Confidence::Certain),
            "{text}: {said:?}"
        );
    }
}
