//! Where AWS IAM Identity Center is not as the RFC has it, so must its practice be: the whole of scim2-cli's complaints,
//! each with its fact. A complaint less is as wrong as one more.

use usher_sandbox::Target;

use super::{World, scim2_cli};

/// Facts B4: `schema`, `exceptionRequestId` and `timeStamp` stand in every refusal, and the RFC's errors know none of them.
/// Where a refusal is what the check is after, this is all that is wrong.
const ERROR_BODY: &str = "facts B4: the error's body has more fields than the RFC's";
const WHOLE: &str = "facts B3: “attributes” and “excludedAttributes” are not supported";
const NO_ROLES: &str = "facts B3: PatchUser does not change roles";
const KEEPS_ACTIVE: &str = "facts B3: PatchUser does not remove “active”";
const NO_SEARCH: &str = "facts B3: there is no /.search";
const NO_PUT: &str = "facts B3: there is no PutGroup";
const NO_MEMBERS: &str = "facts B3: members are always empty in what is read";
const KEEPS_MEMBERS: &str = "facts B3: PatchGroup neither replaces nor removes all members";

/// In a refusal that is what the check is after: its status.
const NOTHING_THERE: &str = "'status': '404'";

/// The check, words of what is said about it, and why it must be so; users first, then groups.
const DEVIATIONS: [[&str; 3]; 17] = [
    ["access_invalid_resource_type", NOTHING_THERE, ERROR_BODY],
    ["access_invalid_schema", NOTHING_THERE, ERROR_BODY],
    ["random_url", NOTHING_THERE, ERROR_BODY],
    ["object_query_with_attributes", "excluded attribute 'nickName' still present", WHOLE],
    ["object_list_with_attributes", "excluded attribute 'nickName' still present", WHOLE],
    ["search_with_attributes", "'status': '404'", NO_SEARCH],
    ["object_deletion", NOTHING_THERE, ERROR_BODY],
    ["check_add_attribute", "'roles'", NO_ROLES],
    ["check_remove_attribute", "'active'", KEEPS_ACTIVE],
    ["check_remove_attribute", "'roles'", NO_ROLES],
    ["check_replace_attribute", "'roles'", NO_ROLES],
    ["search_with_attributes", "'status': '404'", NO_SEARCH],
    ["object_replacement", "'status': '405'", NO_PUT],
    ["object_deletion", NOTHING_THERE, ERROR_BODY],
    ["check_add_attribute", "Attribute 'members' was not added", NO_MEMBERS],
    ["check_remove_attribute", "'members'", KEEPS_MEMBERS],
    ["check_replace_attribute", "'members'", KEEPS_MEMBERS],
];

#[tokio::test(flavor = "multi_thread")]
async fn aws_deviates_where_it_must_and_nowhere_else() {
    let (content, verdicts) = scim2_cli(&World::start(Target::AwsIdentityCenter).await).await;
    assert!(!content);
    let complaints: Vec<_> = verdicts.iter().filter(|verdict| verdict.status != "SUCCESS").collect();
    let names: Vec<_> = complaints.iter().map(|complaint| complaint.check.as_str()).collect();
    assert_eq!(names, DEVIATIONS.map(|[check, ..]| check), "{complaints:#?}");
    for (complaint, [check, words, why]) in complaints.iter().zip(DEVIATIONS) {
        assert!(complaint.status == "ERROR" && complaint.said.contains(words), "{check}, {why}: {complaint:#?}");
        let body = why != ERROR_BODY || complaint.said.contains("'exceptionRequestId': '");
        assert!(body, "{check}: {complaint:#?}");
    }
    assert_eq!(verdicts.len() - complaints.len(), 98, "are fine");
}
