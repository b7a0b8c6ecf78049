//! The steps of a rotation: the target's own or the usual ones, and the identity provider's; blocks of the setup once more.

use toml::Spanned;

use super::{Joiner, values::did_you_mean};
use crate::{
    error::Phase,
    recipe::{
        PhaseGuide, RecipeError,
        load::{File, Parsed},
        raw,
    },
};

impl<'a> Joiner<'a> {
    /// The phases of a rotation: what the target and the identity provider say, and the usual where the target says
    /// nothing. A phase that nobody has a step for is left out.
    pub(super) fn rotation(
        &mut self,
        idp: &'a Parsed<raw::Idp>,
        usual: &'a Parsed<raw::Rotation>,
    ) -> Result<Vec<PhaseGuide>, RecipeError> {
        let target = self.target;
        let mut phases = Vec::new();
        for phase in Phase::ROTATION {
            let of_phase = |steps: &'a [Spanned<raw::Step>], file: &'a File| -> Vec<_> {
                steps.iter().filter(|step| step.get_ref().phase == phase).map(|step| (step, file)).collect()
            };
            let mut steps = of_phase(&target.raw.rotation, &target.file);
            if steps.is_empty() {
                steps = of_phase(&usual.raw.steps, &usual.file);
            }
            steps.extend(of_phase(&idp.raw.rotation, &idp.file));
            let Some((first, file)) = steps.first().copied() else { continue };
            let name = match (&first.get_ref().name, target.raw.phases.get(&phase)) {
                (Some(name), _) => self.fill(name, file, first.span())?,
                (None, Some(named)) => self.fill(&named.title, &target.file, 0..target.file.text.len())?,
                (None, None) => {
                    return Err(file.error(first.span(), "this step has no name", "Add name = \"…\", for the rail."));
                }
            };
            let mut guide = PhaseGuide::empty(phase, name, None);
            for (index, (step, file)) in steps.into_iter().enumerate() {
                self.step(&mut guide, index == 0, step, file)?;
            }
            phases.push(guide);
        }
        Ok(phases)
    }

    /// A block of the setup's steps, for a rotation that has it too.
    pub(super) fn setup_block(
        &self,
        id: &Spanned<String>,
        file: &File,
    ) -> Result<(&'a Spanned<raw::Block>, &'a File), RecipeError> {
        let of = |steps: &'a [Spanned<raw::Step>], file: &'a File| {
            steps.iter().flat_map(|step| &step.get_ref().blocks).map(move |block| (block, file))
        };
        let inserts = self.part.map(|part| part.inserts.as_slice()).unwrap_or_default();
        let of_pair = inserts.iter().flat_map(|insert| &insert.blocks).map(|block| (block, &self.target.file));
        let all = of(&self.target.raw.steps, &self.target.file).chain(of(&self.idp.raw.steps, &self.idp.file));
        let named = |block: &&'a Spanned<raw::Block>| block.get_ref().id.as_ref().map(|id| id.get_ref().as_str());
        let blocks: Vec<_> = all.chain(of_pair).collect();
        blocks.iter().find(|(block, _)| named(block) == Some(id.get_ref().as_str())).copied().ok_or_else(|| {
            let known = did_you_mean(id.get_ref(), blocks.iter().filter_map(|(block, _)| named(block)));
            file.error(id.span(), format!("no block of the setup has the id {}", id.get_ref()), known)
        })
    }
}

/// A step of another phase would be lost without a word.
pub(super) fn phases_are_of(steps: &[Spanned<raw::Step>], file: &File, phases: &[Phase]) -> Result<(), RecipeError> {
    match steps.iter().find(|step| !phases.contains(&step.get_ref().phase)) {
        Some(step) => {
            let known: Vec<&str> = phases.iter().map(|phase| phase.id()).collect();
            let message = format!("there is no phase {} here", step.get_ref().phase.id());
            Err(file.error(step.span(), message, format!("Known are: {}.", known.join(", "))))
        }
        None => Ok(()),
    }
}
