//! Starts the sandbox when the core asks for a practice world. Neither of the two knows the other.

use std::sync::Arc;

use usher_core::{
    Code, Problem,
    app::{PracticeRequest, StartPractice, World},
};
use usher_sandbox::{Options, Sandbox};

/// What the core calls to get a practice world.
pub(crate) fn start() -> StartPractice {
    Arc::new(|request| Box::pin(world(request)))
}

async fn world(request: PracticeRequest) -> Result<World, Problem> {
    let target = request.target.parse().map_err(|error| {
        Problem::new(Code::Practice, format!("There is no practice world for this target yet: {error}."))
    })?;
    let options =
        Options { target, seed: Some(request.seed), state_file: Some(request.state_file), ..Options::default() };
    let sandbox = Sandbox::start(options).await.map_err(|error| {
        Problem::new(Code::Practice, format!("The practice world could not be started. {error}."))
            .hint("Close Usher, open it again, and continue from Home. Your practice is kept.")
    })?;
    Ok(World { addresses: sandbox.addresses().places(), guard: Box::new(sandbox) })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::start;
    use usher_core::{Code, app::PracticeRequest};

    fn request(target: &str, directory: &tempfile::TempDir) -> PracticeRequest {
        PracticeRequest { target: target.to_owned(), seed: [7; 32], state_file: directory.path().join("world.json") }
    }

    #[tokio::test]
    async fn a_world_has_the_addresses_that_recipes_ask_for() {
        let directory = tempfile::tempdir().unwrap();
        let world = start()(request("hpe-greenlake", &directory)).await.unwrap();
        for name in ["api_base_url", "scim_base_url", "entra_url", "okta_url", "portal_url"] {
            assert!(world.addresses[name].starts_with("http://127.0.0.1:"), "{name}");
        }
        assert!(!world.addresses.contains_key("personal_access_token"), "recipes name places, not secrets");
    }

    #[tokio::test]
    async fn an_unknown_target_is_a_problem_in_words() {
        let directory = tempfile::tempdir().unwrap();
        let problem = start()(request("example", &directory)).await.err().unwrap();
        assert_eq!(problem.code, Code::Practice);
        assert!(problem.message.contains("hpe-greenlake"), "{problem}");
    }
}
