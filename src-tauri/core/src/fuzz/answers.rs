//! What a SCIM server answers: any bytes, and real answers that came through damaged.

use proptest::prelude::{Strategy as _, any, prop};

use super::{damaged, for_a_while};
use crate::{
    http::Answer,
    systems::scim::{Group, Listing, Resource, User},
};

const ANSWERS: [&str; 5] = [
    r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":2,"startIndex":1,"itemsPerPage":2,"Resources":[{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"id":"2819c223-7f76-453a-919d-413861904646","externalId":"701984","userName":"bjensen@example.com","name":{"formatted":"Ms. Barbara J Jensen, III","familyName":"Jensen","givenName":"Barbara"},"displayName":"Babs Jensen","emails":[{"value":"bjensen@example.com","type":"work","primary":true},{"value":"babs@jensen.org","type":"home"}],"active":true,"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Tour Operations","manager":{"value":"26118915-6090-4610-87e4-49d8ca9f808d"}},"meta":{"resourceType":"User","created":"2010-01-23T04:56:22Z"}},{"id":"2","userName":"j"}]}"#,
    r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1,"Resources":[{"id":"e9e30dba-f08f-4109-8486-d5c6a331660a","displayName":"Tour Guides","members":[{"value":"2819c223","$ref":"https://example.com/v2/Users/2819c223","display":"Babs Jensen"}],"meta":{"lastModified":"2011-05-13T04:42:34Z"}}]}"#,
    r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"scimType":"mutability","detail":"Attribute 'id' is readOnly","status":"400"}"#,
    r#"{"itemsPerPage":100,"nextCursor":"VZUTiyhEQJ94IR","Resources":[]}"#,
    "<!doctype html><html><body><form><input type=\"password\"></form></body></html>",
];

#[test]
fn any_answer_is_a_list_or_a_problem_in_words() {
    let any_bytes = prop::collection::vec(any::<u8>(), 0..2_000);
    let real = damaged(ANSWERS.map(|text| text.as_bytes().to_vec()).to_vec());
    let nested = (1..3_000_usize).prop_map(|depth| "[{\"Resources\":".repeat(depth).into_bytes());
    let body = proptest::prop_oneof![1 => any_bytes, 6 => real, 1 => nested];
    for_a_while((body, 100_u16..600), |(body, status)| {
        let answer = Answer::of_test(*status, body.clone());
        let _ = (answer.is_html(), answer.is_login_page(), answer.quote(), answer.details());
        match Listing::read(&answer) {
            Ok(list) => {
                for item in &list.items {
                    let _ = (User::from_value(item), Group::from_value(item));
                }
            }
            Err(problem) => assert!(problem.message.len() < 10_000, "{} characters", problem.message.len()),
        }
    });
}
