//! Joins a target with an identity provider: fills placeholders, orders the steps, checks every name.

mod block;
mod input;
mod mapping;
mod people;
mod rotation;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;
use url::Url;

use super::{
    BlockGuide, BlockKind, Guide, IdpStyle, NeedGuide, PhaseGuide, RecipeError, SecretGuide, Sign, SlotGuide, SlotKind,
    SourceGuide,
    load::{File, Parsed},
    raw,
};
use crate::{error::Phase, operation::Operation, setup::OLD_TOKEN_SLOT, template};
pub(crate) use values::OLD_TOKEN;
use values::{Values, did_you_mean, template_error};

/// `rotation`: how to replace the token, with the steps that a target may leave out; `None` for the six steps of a setup.
pub(super) fn join(
    target: &Parsed<raw::Target>,
    idp: &Parsed<raw::Idp>,
    rotation: Option<&Parsed<raw::Rotation>>,
    addresses: Option<&BTreeMap<String, String>>,
    learned: &BTreeMap<String, String>,
) -> Result<Guide, RecipeError> {
    let part = target.raw.idp.get(&idp.id);
    let values = values::values(target, idp, part, addresses, learned)?;
    let usual = rotation.map(|usual| (&usual.raw.steps, &usual.file));
    for (steps, file) in [(&target.raw.rotation, &target.file), (&idp.raw.rotation, &idp.file)].into_iter().chain(usual)
    {
        rotation::phases_are_of(steps, file, &Phase::ROTATION)?;
    }
    rotation::phases_are_of(&target.raw.steps, &target.file, &Phase::ALL)?;
    rotation::phases_are_of(&idp.raw.steps, &idp.file, &Phase::ALL)?;
    let mut joiner = Joiner {
        values,
        sources: sources(target, idp),
        part,
        target,
        idp,
        links: BTreeMap::new(),
        ids: BTreeSet::new(),
        rotates: rotation.is_some(),
    };
    for (link, docs, file) in [("docs-target", &target.raw.docs, &target.file), ("docs-idp", &idp.raw.docs, &idp.file)]
    {
        let url = joiner.https(docs, file)?;
        joiner.links.insert(link.to_owned(), url);
    }
    let phases = match rotation {
        None => Phase::ALL.into_iter().map(|phase| joiner.phase(phase, idp)).collect::<Result<Vec<_>, _>>()?,
        Some(usual) => joiner.rotation(idp, usual)?,
    };
    let needs = joiner.needs(idp)?;
    let mut slots = joiner.slots()?;
    if rotation.is_some() {
        let old = SlotGuide { label: "Old token".into(), kind: SlotKind::ScimToken, ..SlotGuide::default() };
        slots.insert(OLD_TOKEN_SLOT.to_owned(), old);
    }
    joiner.slots_exist(&phases, &slots)?;
    let request = match &target.raw.request {
        Some(request) => {
            let (span, file) = (request.span(), &target.file);
            let request = request.get_ref();
            Some((joiner.fill(&request.label, file, span.clone())?, joiner.fill(&request.text, file, span)?))
        }
        None => None,
    };
    let guide = Guide {
        target: target.id.clone(),
        idp: idp.id.clone(),
        target_name: joiner.values["target_name"].clone(),
        target_short: joiner.values["target"].clone(),
        idp_name: idp.raw.name.clone(),
        idp_short: idp.raw.short.clone(),
        asks_like: match idp.raw.asks_like {
            raw::IdpStyle::Entra => IdpStyle::Entra,
            raw::IdpStyle::Okta => IdpStyle::Okta,
        },
        forbidden_characters: target.raw.forbidden_characters.clone(),
        people: joiner.people()?,
        groups: joiner.groups()?,
        exports: joiner.exports()?,
        slots,
        needs,
        request,
        mappings: mapping::mappings(target, idp, part, &joiner.values)?,
        links: joiner.links,
        values: joiner.values,
        phases,
    };
    needed_answers_exist(&guide, target)?;
    named_blocks_exist(&guide, target)?;
    places_exist(target, idp, part)?;
    Ok(guide)
}

fn sources<'a>(
    target: &'a Parsed<raw::Target>,
    idp: &'a Parsed<raw::Idp>,
) -> BTreeMap<&'a str, (&'a raw::Source, &'a File)> {
    let of_idp = idp.raw.sources.iter().map(|(id, source)| (id.as_str(), (source, &idp.file)));
    of_idp.chain(target.raw.sources.iter().map(|(id, source)| (id.as_str(), (source, &target.file)))).collect()
}

struct Joiner<'a> {
    values: Values,
    sources: BTreeMap<&'a str, (&'a raw::Source, &'a File)>,
    part: Option<&'a raw::PairPart>,
    target: &'a Parsed<raw::Target>,
    idp: &'a Parsed<raw::Idp>,
    links: BTreeMap<String, Url>,
    ids: BTreeSet<String>,
    /// It is a rotation that is joined.
    rotates: bool,
}

impl<'a> Joiner<'a> {
    fn phase(&mut self, phase: Phase, idp: &'a Parsed<raw::Idp>) -> Result<PhaseGuide, RecipeError> {
        let target = self.target;
        let Some(named) = target.raw.phases.get(&phase) else {
            return Err(target.file.error(
                0..0,
                format!("the phase {} has no title", phase.id()),
                format!("Add [phases.{}] with title = \"…\".", phase.id()),
            ));
        };
        let whole = 0..target.file.text.len();
        let name = self.fill(&named.title, &target.file, whole.clone())?;
        let reason = named.not_needed.as_deref().map(|reason| self.fill(reason, &target.file, whole)).transpose()?;
        let of_target = target.raw.steps.iter().map(|step| (step, &target.file));
        let steps: Vec<_> = of_target
            .chain(idp.raw.steps.iter().map(|step| (step, &idp.file)))
            .filter(|(step, _)| step.get_ref().phase == phase)
            .collect();
        let mut guide = PhaseGuide::empty(phase, name, reason);
        if steps.is_empty() && named.not_needed.is_none() {
            return Err(target.file.error(
                0..0,
                format!("no step for the phase {}", phase.id()),
                format!("Add a [[step]] with phase = \"{0}\", or not_needed = \"why\" to [phases.{0}].", phase.id()),
            ));
        }
        for (index, (step, file)) in steps.into_iter().enumerate() {
            self.step(&mut guide, index == 0, step, file)?;
        }
        Ok(guide)
    }

    fn step(
        &mut self,
        guide: &mut PhaseGuide,
        first: bool,
        step: &Spanned<raw::Step>,
        file: &'a File,
    ) -> Result<(), RecipeError> {
        let (raw, span) = (step.get_ref(), step.span());
        let title = self.fill(&raw.title, file, span.clone())?;
        if first {
            guide.title = title;
            guide.why = template::spans(&self.fill(&raw.why, file, span.clone())?);
        } else {
            let id = self.id(None, guide, file)?;
            guide.blocks.push(BlockGuide { id, after: None, kind: BlockKind::Heading(title) });
        }
        for source in &raw.sources {
            let source = self.source(source, file)?;
            if !guide.sources.contains(&source) {
                guide.sources.push(source);
            }
        }
        if let Some(name) = &raw.proven_by {
            guide.proven_by = Some(operation(name, file)?);
        }
        if let Some(proof) = &raw.proof {
            guide.proof = Some(template::plain(&self.fill(proof, file, span)?));
        }
        raw.blocks.iter().try_for_each(|block| self.block(guide, block, file))
    }

    fn block(
        &mut self,
        guide: &mut PhaseGuide,
        block: &Spanned<raw::Block>,
        file: &'a File,
    ) -> Result<(), RecipeError> {
        let raw = block.get_ref();
        if let Some(place) = &raw.insert {
            let inserts = self.part.map(|part| part.inserts.as_slice()).unwrap_or_default();
            let found = inserts.iter().filter(|insert| insert.at.get_ref() == place.get_ref());
            return found
                .flat_map(|insert| &insert.blocks)
                .try_for_each(|block| self.block(guide, block, &self.target.file));
        }
        if let Some(id) = &raw.repeat {
            if !self.rotates {
                return Err(file.error(id.span(), "only a rotation repeats blocks", "Write the block itself."));
            }
            let (block, file) = self.setup_block(id, file)?;
            return self.block(guide, block, file);
        }
        // A page that is known in practice only has no address otherwise.
        if let Some(link) = &raw.link
            && self.fill(link.url.get_ref(), file, link.url.span())?.is_empty()
        {
            return Ok(());
        }
        let kind = self.kind(block, guide, file)?;
        let id = match (&raw.id, &kind) {
            (None, BlockKind::Check { operation, .. }) => operation.name().replace(['.', '_'], "-"),
            (None, BlockKind::Secret(SecretGuide { slot, fill: true, .. })) => slot.clone(),
            (given, _) => self.id(given.as_ref(), guide, file)?,
        };
        self.unique(&id, block.span(), file)?;
        if let Some(link) = &raw.link {
            let url = self.https(&link.url, file)?;
            self.links.insert(id.clone(), url);
        }
        let after = raw.after.as_ref().map(|after| Ok((operation(&after.check, file)?, after.code))).transpose()?;
        guide.blocks.push(BlockGuide { id, after, kind });
        Ok(())
    }

    fn id(&self, given: Option<&Spanned<String>>, guide: &PhaseGuide, file: &File) -> Result<String, RecipeError> {
        let Some(given) = given else {
            return Ok(format!("{}-{}", guide.phase.id(), guide.blocks.len() + 1));
        };
        let id = given.get_ref();
        let fits = !id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if fits {
            Ok(id.clone())
        } else {
            Err(file.error(
                given.span(),
                format!("\"{id}\" cannot be an id"),
                "Use lower-case letters, digits and hyphens.",
            ))
        }
    }

    fn unique(&mut self, id: &str, span: std::ops::Range<usize>, file: &File) -> Result<(), RecipeError> {
        if self.ids.insert(id.to_owned()) {
            return Ok(());
        }
        Err(file.error(
            span,
            format!("a second block has the id {id}"),
            "Give one of them an id of its own: id = \"…\".",
        ))
    }

    fn fill(&self, text: &str, file: &File, span: std::ops::Range<usize>) -> Result<String, RecipeError> {
        template::fill(text, &self.values).map_err(|error| template_error(&error, file, span, &self.values))
    }

    fn https(&self, raw: &Spanned<String>, file: &File) -> Result<Url, RecipeError> {
        let text = self.fill(raw.get_ref(), file, raw.span())?;
        let url = Url::parse(&text).ok().filter(|url| url.scheme() == "https" || crate::http::is_loopback(url));
        url.ok_or_else(|| {
            file.error(
                raw.span(),
                format!("\"{text}\" cannot be opened"),
                "Write a whole address that begins with https://.",
            )
        })
    }

    fn source(&mut self, id: &Spanned<String>, file: &File) -> Result<SourceGuide, RecipeError> {
        let Some((source, home)) = self.sources.get(id.get_ref().as_str()).copied() else {
            let known = did_you_mean(id.get_ref(), self.sources.keys().copied());
            return Err(file.error(id.span(), format!("no source is called {}", id.get_ref()), known));
        };
        let link = match &source.url {
            Some(url) => {
                let link = format!("source-{}", id.get_ref());
                let url = self.https(url, home)?;
                self.links.insert(link.clone(), url);
                Some(link)
            }
            None => None,
        };
        Ok(SourceGuide { link, title: source.title.clone(), date: source.date.clone() })
    }

    fn needs(&self, idp: &Parsed<raw::Idp>) -> Result<Vec<NeedGuide>, RecipeError> {
        let of_target = self.target.raw.needs.iter().map(|need| (need, &self.target.file));
        let of_idp = idp.raw.needs.iter().map(|need| (need, &idp.file));
        let of_pair = self.part.into_iter().flat_map(|part| part.needs.iter().map(|need| (need, &self.target.file)));
        of_target
            .chain(of_idp)
            .chain(of_pair)
            .map(|(need, file)| {
                let (raw, fill) = (need.get_ref(), |text: &str| self.fill(text, file, need.span()));
                Ok(NeedGuide {
                    what: template::spans(&fill(&raw.what)?),
                    place: fill(&raw.place)?,
                    how_long: fill(&raw.how_long)?,
                    who: fill(&raw.who)?,
                })
            })
            .collect()
    }

    fn slots(&self) -> Result<BTreeMap<String, SlotGuide>, RecipeError> {
        let file = &self.target.file;
        let slots = self.target.raw.slots.iter().map(|(id, slot)| {
            let guide = SlotGuide {
                label: slot.label.clone(),
                kind: match slot.kind {
                    raw::SlotKind::AccessToken => SlotKind::AccessToken,
                    raw::SlotKind::ScimToken => SlotKind::ScimToken,
                },
                lifetime_minutes: slot.lifetime_minutes,
                lifetime_days: slot.lifetime_days,
                needed_until: slot.needed_until.as_ref().map(|name| operation(name, file)).transpose()?,
            };
            Ok((id.clone(), guide))
        });
        slots.collect()
    }

    fn known_slot(&self, slot: &Spanned<String>, file: &File) -> Result<(), RecipeError> {
        if self.target.raw.slots.contains_key(slot.get_ref()) {
            return Ok(());
        }
        let known = did_you_mean(slot.get_ref(), self.target.raw.slots.keys().map(String::as_str));
        Err(file.error(slot.span(), format!("no slot is called {}", slot.get_ref()), known))
    }

    fn values_exist(&self, operation: Operation, name: &Spanned<String>, file: &File) -> Result<(), RecipeError> {
        match operation.values().iter().find(|value| !self.values.contains_key(**value)) {
            Some(value) => Err(file.error(
                name.span(),
                format!("{} needs the value {value}", operation.name()),
                format!("Add {value} = \"…\" to [values] of the target."),
            )),
            None => Ok(()),
        }
    }

    fn slots_exist(&self, phases: &[PhaseGuide], slots: &BTreeMap<String, SlotGuide>) -> Result<(), RecipeError> {
        let operations = phases.iter().flat_map(|guide| &guide.blocks).filter_map(|block| match &block.kind {
            BlockKind::Check { operation, .. } => Some(*operation),
            _ => None,
        });
        for operation in operations {
            if let Some(slot) = operation.reads().iter().find(|slot| !slots.contains_key(**slot)) {
                return Err(self.target.file.error(
                    0..0,
                    format!("{} needs the slot {slot}", operation.name()),
                    format!("Add [slots.{slot}]."),
                ));
            }
        }
        Ok(())
    }
}

fn operation(name: &Spanned<String>, file: &File) -> Result<Operation, RecipeError> {
    Operation::of_name(name.get_ref()).ok_or_else(|| {
        let known = did_you_mean(name.get_ref(), Operation::ALL.into_iter().map(Operation::name));
        file.error(name.span(), format!("no operation is called {}", name.get_ref()), known)
    })
}

/// A clue that compares with another block needs that block, and a check that a confirmation can take the place of
/// needs that one.
fn named_blocks_exist(guide: &Guide, target: &Parsed<raw::Target>) -> Result<(), RecipeError> {
    for block in guide.blocks() {
        if let BlockKind::Check { or: Some(other), .. } = &block.kind
            && !matches!(guide.block(other), Some((_, BlockGuide { kind: BlockKind::Confirm(_), .. })))
        {
            let message = format!("the check {} can be replaced by {other}, which is no confirmation here", block.id);
            return Err(target.file.error(0..0, message, "Name a confirmation that this pair has."));
        }
    }
    let blocks = guide.blocks();
    let clues = blocks.flat_map(|block| match &block.kind {
        BlockKind::Input(input) => input.clues.as_slice(),
        _ => &[],
    });
    for clue in clues {
        if let Sign::SameAs(other) = &clue.sign
            && guide.block(other).is_none()
        {
            let message = format!("a clue compares with the block {other}, which is not there");
            return Err(target.file.error(0..0, message, "Name a block that this pair has."));
        }
    }
    Ok(())
}

/// Blocks for a place that no step has would be lost without a word.
fn places_exist(
    target: &Parsed<raw::Target>,
    idp: &Parsed<raw::Idp>,
    part: Option<&raw::PairPart>,
) -> Result<(), RecipeError> {
    let steps = idp.raw.steps.iter().chain(&idp.raw.rotation).chain(&target.raw.steps);
    let blocks = steps.flat_map(|step| &step.get_ref().blocks);
    let places: BTreeSet<&str> =
        blocks.filter_map(|block| block.get_ref().insert.as_ref()).map(|place| place.get_ref().as_str()).collect();
    let inserts = part.map(|part| part.inserts.as_slice()).unwrap_or_default();
    match inserts.iter().find(|insert| !places.contains(insert.at.get_ref().as_str())) {
        Some(insert) => Err(target.file.error(
            insert.at.span(),
            format!("no step has the place {}", insert.at.get_ref()),
            did_you_mean(insert.at.get_ref(), places.into_iter()),
        )),
        None => Ok(()),
    }
}

/// An operation that reads an answer needs the block that asks for it.
fn needed_answers_exist(guide: &Guide, target: &Parsed<raw::Target>) -> Result<(), RecipeError> {
    for (_, _, operation, _) in guide.checks() {
        for answer in operation.answers() {
            if guide.block(answer).is_none() {
                return Err(target.file.error(
                    0..0,
                    format!("{} needs the block {answer}", operation.name()),
                    format!("Add a choice or an input with id = \"{answer}\" before it."),
                ));
            }
        }
    }
    Ok(())
}
