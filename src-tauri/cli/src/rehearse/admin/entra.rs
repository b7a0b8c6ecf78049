//! The administrator at the practice Entra console.

use usher_core::{Problem, Secret, view::{ChoiceOption, MappingTable}};

use super::browser::{Browser, lost};

pub(crate) struct Console { address: String }

impl Console {
    pub(crate) fn new(address: &str) -> Self { Self { address: address.to_owned() } }
    pub(crate) async fn provision_on_demand(&self, _: &Browser) -> Result<(), Problem> { Err(lost(&self.address)) }
    pub(crate) async fn start(&self, _: &Browser) -> Result<(), Problem> { Err(lost("x")) }
    pub(crate) async fn mappings_saved(&self, _: &Browser) -> Result<(), Problem> { Err(lost("x")) }
    pub(crate) async fn assign_group(&self, _: &Browser) -> Result<String, Problem> { Err(lost("x")) }
    pub(crate) fn member(&self) -> Result<String, Problem> { Err(lost("x")) }
    pub(crate) async fn map(&self, _: &Browser, _: &MappingTable) -> Result<(), Problem> { Err(lost("x")) }
    pub(crate) async fn complaint(&self, _: &Browser) -> Result<Option<String>, Problem> { Err(lost("x")) }
    pub(crate) async fn connect(&self, _: &Browser, _: &str, _: &Secret, _: &Secret) -> Result<String, Problem> { Err(lost("x")) }
}
pub(crate) fn option(_: &str, options: &[ChoiceOption]) -> String { options[0].id.clone() }
