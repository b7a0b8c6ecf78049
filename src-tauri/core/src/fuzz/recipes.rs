//! A recipe that somebody has edited: it loads, or the place of the mistake is named.

use super::{damaged, for_a_while};
use crate::recipe::Recipes;

const TARGETS: [&str; 4] = [
    include_str!("../../recipes/targets/hpe-greenlake.toml"),
    include_str!("../../recipes/targets/aws-identity-center.toml"),
    include_str!("../../recipes/targets/azion.toml"),
    include_str!("../../recipes/targets/generic-scim.toml"),
];

const IDPS: [(&str, &str); 2] =
    [("entra", include_str!("../../recipes/idps/entra.toml")), ("okta", include_str!("../../recipes/idps/okta.toml"))];

#[test]
fn an_edited_recipe_loads_or_says_where_it_is_wrong() {
    for_a_while(damaged(TARGETS.map(|text| text.as_bytes().to_vec()).to_vec()), |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Err(error) = Recipes::load(&[("edited", &text)], &IDPS) {
            let said = error.to_string();
            assert!(said.contains("edited.toml") || said.contains("idps/"), "{said}");
            assert!(said.len() < 20_000, "{} characters", said.len());
        }
    });
}
