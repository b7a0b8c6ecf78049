//! Reads the recipe files and says where and what is wrong with one that cannot be used.

use std::{collections::BTreeMap, fmt, ops::Range};

use serde::de::DeserializeOwned;

use super::{Guide, System, join::join, raw};

/// `(id, text)` of each recipe file in a folder.
type Files = &'static [(&'static str, &'static str)];

/// Every file of `recipes/targets` and `recipes/idps`, listed by the build script.
const BUILTIN: (Files, Files) = include!(concat!(env!("OUT_DIR"), "/recipes.rs"));
const ROTATION: &str = include_str!("../../recipes/rotation.toml");

/// An error in a recipe file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipeError {
    /// `targets/<id>.toml` or `idps/<id>.toml`.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub instead: String,
}

impl fmt::Display for RecipeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, message, instead } = self;
        write!(f, "{file}:{line}:{column}: {message}. {instead}")
    }
}

impl std::error::Error for RecipeError {}

/// A file and its text, for pointing at places in it.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn error(
        &self,
        span: Range<usize>,
        message: impl Into<String>,
        instead: impl Into<String>,
    ) -> RecipeError {
        let start = (0..=span.start.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        let before = &self.text[..start];
        RecipeError {
            file: self.name.clone(),
            line: before.matches('\n').count() + 1,
            column: before.rsplit('\n').next().unwrap_or("").chars().count() + 1,
            message: message.into(),
            instead: instead.into(),
        }
    }

    /// The place of `needle` inside `span`, or the span itself.
    pub(crate) fn find(&self, span: Range<usize>, needle: &str) -> Range<usize> {
        self.text
            .get(span.clone())
            .and_then(|part| part.find(needle))
            .map_or(span.clone(), |at| span.start + at..span.start + at + needle.len())
    }

    pub(crate) fn parse<T: DeserializeOwned>(&self) -> Result<T, RecipeError> {
        toml::from_str(&self.text).map_err(|error| {
            let message = error.message().trim_end_matches('.').replace('\n', ", ");
            let instead = match message.split_once("expected one of ") {
                Some(_) => "Use one of the names that are listed",
                None => "See the other recipes for the shape of this part",
            };
            self.error(error.span().unwrap_or(0..0), message.as_str(), format!("{instead}."))
        })
    }
}

/// A parsed file with its text.
#[derive(Debug, Clone)]
pub(crate) struct Parsed<T> {
    pub(crate) id: String,
    pub(crate) file: File,
    pub(crate) raw: T,
}

fn parse<T: DeserializeOwned>(folder: &str, id: &str, text: &str) -> Result<Parsed<T>, RecipeError> {
    let file = File { name: format!("{folder}{id}.toml"), text: text.to_owned() };
    Ok(Parsed { id: id.to_owned(), raw: file.parse()?, file })
}

/// All recipes, checked.
#[derive(Debug, Clone)]
pub struct Recipes {
    targets: Vec<Parsed<raw::Target>>,
    idps: Vec<Parsed<raw::Idp>>,
    rotation: Parsed<raw::Rotation>,
}

/// A guide for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The six steps of a setup.
    Setup,
    /// Replacing its token.
    Rotation,
}

impl Recipes {
    /// The recipes that are compiled in. A test joins every pair, so that no start has to.
    pub fn builtin() -> Result<Self, RecipeError> {
        Self::parsed(BUILTIN.0, BUILTIN.1)
    }

    /// The recipes that are compiled in, and one more target. In the program that is a file more in the folder.
    pub fn builtin_and(id: &str, target: &str) -> Result<Self, RecipeError> {
        let targets: Vec<_> = BUILTIN.0.iter().copied().chain([(id, target)]).collect();
        Self::load(&targets, BUILTIN.1)
    }

    /// Loads `(id, text)` of targets and identity providers, and joins every pair once to find what is wrong.
    pub fn load(targets: &[(&str, &str)], idps: &[(&str, &str)]) -> Result<Self, RecipeError> {
        let recipes = Self::parsed(targets, idps)?;
        for (target, idp) in recipes.pairs() {
            // A target without a token of its own has none to rotate.
            let rotates = recipes.target(&target).is_some_and(|found| found.raw.slots.contains_key("scim-token"));
            for purpose in [Purpose::Setup].into_iter().chain(rotates.then_some(Purpose::Rotation)) {
                recipes.guide(&target, &idp, purpose, None, &BTreeMap::new())?;
                if recipes.practice(&target).is_some() {
                    recipes.guide(&target, &idp, purpose, Some(&sandbox_addresses()), &BTreeMap::new())?;
                }
            }
        }
        Ok(recipes)
    }

    fn parsed(targets: &[(&str, &str)], idps: &[(&str, &str)]) -> Result<Self, RecipeError> {
        Ok(Self {
            targets: targets.iter().map(|(id, text)| parse("targets/", id, text)).collect::<Result<_, _>>()?,
            idps: idps.iter().map(|(id, text)| parse("idps/", id, text)).collect::<Result<_, _>>()?,
            rotation: parse("", "rotation", ROTATION)?,
        })
    }

    /// The targets, for choosing.
    pub fn targets(&self) -> Vec<System> {
        self.targets.iter().map(|target| system(&target.id, &target.raw.name, &target.raw.summary)).collect()
    }

    /// The identity providers, for choosing.
    pub fn idps(&self) -> Vec<System> {
        self.idps.iter().map(|idp| system(&idp.id, &idp.raw.name, &idp.raw.summary)).collect()
    }

    /// Whether there is a guide for the pair: the target's file has a part `[idp.<id>]`.
    pub fn has_guide(&self, target: &str, idp: &str) -> bool {
        self.target(target).is_some_and(|found| found.raw.idp.contains_key(idp)) && self.idp(idp).is_some()
    }

    /// All pairs with a guide.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let all = self.targets.iter().flat_map(|target| self.idps.iter().map(move |idp| (&target.id, &idp.id)));
        all.filter(|(target, idp)| self.has_guide(target, idp)).map(|(t, i)| (t.clone(), i.clone())).collect()
    }

    /// The sandbox's id of a target, if it can be practised.
    pub fn practice(&self, target: &str) -> Option<&str> {
        self.target(target)?.raw.practice.as_ref().map(|practice| practice.sandbox.as_str())
    }

    /// Joins a pair. `addresses` are those of a running practice world; without them the real ones stay. `learned` are
    /// values that were typed or answered since.
    pub fn guide(
        &self,
        target: &str,
        idp: &str,
        purpose: Purpose,
        addresses: Option<&BTreeMap<String, String>>,
        learned: &BTreeMap<String, String>,
    ) -> Result<Guide, RecipeError> {
        let missing = |name: &str| RecipeError {
            file: format!("targets/{target}.toml"),
            line: 1,
            column: 1,
            message: format!("there is no guide for {name}"),
            instead: format!("Add a part [idp.{idp}]."),
        };
        let target = self.target(target).ok_or_else(|| missing(target))?;
        let idp = self.idp(idp).ok_or_else(|| missing(idp))?;
        join(target, idp, (purpose == Purpose::Rotation).then_some(&self.rotation), addresses, learned)
    }

    fn target(&self, id: &str) -> Option<&Parsed<raw::Target>> {
        self.targets.iter().find(|target| target.id == id)
    }

    fn idp(&self, id: &str) -> Option<&Parsed<raw::Idp>> {
        self.idps.iter().find(|idp| idp.id == id)
    }
}

fn system(id: &str, name: &str, summary: &str) -> System {
    System { id: id.to_owned(), name: name.to_owned(), summary: summary.to_owned() }
}

/// The names of the addresses that a practice world has, to check the recipes' `[practice]` values at load.
fn sandbox_addresses() -> BTreeMap<String, String> {
    ["api_base_url", "scim_base_url", "entra_url", "okta_url", "portal_url"]
        .into_iter()
        .map(|name| (name.to_owned(), format!("http://127.0.0.1:1/{name}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_builtin_recipes_hold() {
        if let Err(error) = Recipes::load(BUILTIN.0, BUILTIN.1) {
            panic!("{error}");
        }
    }
}
