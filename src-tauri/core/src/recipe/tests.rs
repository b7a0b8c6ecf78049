//! Recipe files that are wrong, one mistake each, and one made-up target that is right.
#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

mod broken;
mod manual;

/// A target with manual steps only: what a new one needs at least.
const EXAMPLE: &str = r#"name = "Example Cloud"
short = "Example"
summary = "Made up."
docs = "https://docs.example.com/scim"

[values]
region = "eu"
scim = "https://{region}.example.com/scim/v2"

[sources]
guide = { title = "Example: provisioning guide", date = "2026-03-01", url = "https://docs.example.com/guide" }

[slots.scim-token]
label = "API token"
kind = "scim-token"

[phases]
role = { title = "Role assignment", not_needed = "Every owner may do this." }
access-token = { title = "Personal access token", not_needed = "{target} has no such token." }
scim-token = { title = "API token" }
idp-credentials = { title = "IdP credentials" }
mappings = { title = "Attribute mappings" }
provisioning = { title = "Provisioning start" }

[[step]]
phase = "scim-token"
title = "Create an API token"
why = "{idp} signs in with it."
sources = ["guide"]
blocks = [
  { text = "Open **Users › API** in {target}." },
  { link = { url = "https://console.example.com/{region}", label = "Open the console" } },
  { secret = { slot = "scim-token", fill = true } },
  { check = "scim.test_connection", label = "The token works", button = "Test" },
]

[idp.entra.mapping.users]
actions = ["Create"]
rows = [{ target = "userName", source = "mail", matching = 1 }]

[idp.entra.mapping.groups]
actions = ["Create", "Update"]
rows = [{ target = "displayName", source = "displayName", matching = 1 }]
"#;

const ENTRA: &str = include_str!("../../recipes/idps/entra.toml");
