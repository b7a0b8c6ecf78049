//! One block of a recipe file: exactly one kind, every name known, every placeholder filled.

use std::ops::Range;

use toml::Spanned;

use super::{Joiner, operation};
use crate::{
    error::{Code, Problem},
    recipe::{
        BlockKind, IntakeGuide, OptionGuide, PhaseGuide, RecipeError, SecretGuide, VariantGuide, load::File, raw,
    },
    template,
};

impl<'a> Joiner<'a> {
    pub(super) fn kind(
        &mut self,
        block: &Spanned<raw::Block>,
        guide: &PhaseGuide,
        file: &'a File,
    ) -> Result<BlockKind, RecipeError> {
        let (raw, span) = (block.get_ref(), block.span());
        one_kind(raw, &span, file)?;
        let fill = |text: &str| self.fill(text, file, span.clone());
        let fill_opt = |text: &Option<String>| text.as_deref().map(fill).transpose();
        if let Some(text) = &raw.heading {
            return Ok(BlockKind::Heading(fill(text)?));
        }
        if let Some(text) = &raw.text {
            return Ok(BlockKind::Text(template::spans(&fill(text)?), self.variants(raw, file, span.clone())?));
        }
        if let Some(text) = &raw.note {
            return Ok(BlockKind::Note(template::spans(&fill(text)?), raw.warn == Some(true)));
        }
        if let Some(link) = &raw.link {
            return Ok(BlockKind::Link(fill(&link.label)?));
        }
        if let Some(copy) = &raw.copy {
            return Ok(BlockKind::Copy {
                label: fill(&copy.label)?,
                value: fill(&copy.value)?,
                note: fill_opt(&copy.note)?,
            });
        }
        if let Some(secret) = &raw.secret {
            self.known_slot(&secret.slot, file)?;
            return Ok(BlockKind::Secret(SecretGuide {
                slot: secret.slot.get_ref().clone(),
                label: fill_opt(&secret.label)?,
                fill: secret.fill,
                note: fill_opt(&secret.note)?,
                or_from: match &secret.or_from {
                    Some(slot) => {
                        self.known_slot(slot, file)?;
                        Some(slot.get_ref().clone())
                    }
                    None => None,
                },
            }));
        }
        if let Some(choice) = &raw.choice {
            if let Some(slot) = &choice.about {
                self.known_slot(slot, file)?;
            }
            let options = choice
                .options
                .iter()
                .map(|option| self.option(option, file, span.clone()))
                .collect::<Result<_, _>>()?;
            let about = choice.about.as_ref().map(|slot| slot.get_ref().clone());
            let from = match &choice.from {
                Some(name) => {
                    let unusable = choice.unusable.as_ref();
                    let unusable = unusable.map(|problem| self.option_problem(problem, file, span.clone()));
                    Some((operation(name, file)?, unusable.transpose()?))
                }
                None => None,
            };
            return Ok(BlockKind::Choice { label: fill(&choice.label)?, options, from, about });
        }
        if let Some(input) = &raw.input {
            return Ok(BlockKind::Input(self.input(input, file, span)?));
        }
        if let Some(intake) = &raw.intake {
            return Ok(BlockKind::Intake(IntakeGuide {
                subject: intake.subject,
                label: fill(&intake.label)?,
                note: template::spans(&fill(&intake.note)?),
                placeholder: fill(&intake.placeholder)?,
            }));
        }
        if let Some(text) = &raw.confirm {
            return Ok(BlockKind::Confirm(fill(text)?));
        }
        if let Some(name) = &raw.check {
            let operation = operation(name, file)?;
            self.values_exist(operation, name, file)?;
            return Ok(BlockKind::Check {
                operation,
                label: raw.label.as_deref().map_or_else(|| Ok(guide.title.clone()), fill)?,
                button: raw.button.as_deref().map_or_else(|| Ok("Check".to_owned()), fill)?,
                remark: fill_opt(&raw.remark)?,
                hints: self.code_hints(&raw.hints, file, &span)?,
                waiting: fill_opt(&raw.waiting)?.map(|text| template::plain(&text)),
                stands_for: raw.stands_for.as_ref().map(|name| super::operation(name, file)).transpose()?,
                or: raw.or.as_ref().map(|id| id.get_ref().clone()),
            });
        }
        Ok(BlockKind::Mapping)
    }

    fn variants(
        &mut self,
        raw: &raw::Block,
        file: &'a File,
        span: Range<usize>,
    ) -> Result<Vec<VariantGuide>, RecipeError> {
        let mut variants = Vec::new();
        if let Some(older) = &raw.older {
            let text = template::spans(&self.fill(older, file, span.clone())?);
            variants.push(VariantGuide { label: "My screen looks different", text, source: None });
        }
        if let Some(other) = &raw.contradiction {
            let text = template::spans(&self.fill(&other.text, file, span)?);
            let source = Some(self.source(&other.source, file)?);
            variants.push(VariantGuide { label: "An older guide says otherwise", text, source });
        }
        Ok(variants)
    }

    fn option_problem(
        &self,
        problem: &raw::OptionProblem,
        file: &File,
        span: Range<usize>,
    ) -> Result<Problem, RecipeError> {
        let docs = if file.name.starts_with("idps/") { "docs-idp" } else { "docs-target" };
        let message = self.fill(&problem.message, file, span.clone())?;
        let hints = self.hints(&problem.hints, file, &span)?;
        Ok(Problem { hints, class: problem.class, ..Problem::new(Code::ConsoleRefused, message).docs(docs) })
    }

    fn option(&self, option: &raw::ChoiceOption, file: &File, span: Range<usize>) -> Result<OptionGuide, RecipeError> {
        let fill = |text: &str| self.fill(text, file, span.clone());
        let problem = option.problem.as_ref().map(|problem| self.option_problem(problem, file, span.clone()));
        Ok(OptionGuide {
            id: option.id.clone(),
            label: fill(&option.label)?,
            problem: problem.transpose()?,
            note: option.note.as_deref().map(|note| fill(note).map(|text| template::spans(&text))).transpose()?,
            default: option.default,
        })
    }
}

fn one_kind(raw: &raw::Block, span: &Range<usize>, file: &File) -> Result<(), RecipeError> {
    let kinds = [
        ("heading", raw.heading.is_some()),
        ("text", raw.text.is_some()),
        ("note", raw.note.is_some()),
        ("link", raw.link.is_some()),
        ("copy", raw.copy.is_some()),
        ("secret", raw.secret.is_some()),
        ("choice", raw.choice.is_some()),
        ("input", raw.input.is_some()),
        ("confirm", raw.confirm.is_some()),
        ("mapping", raw.mapping == Some(true)),
        ("intake", raw.intake.is_some()),
        ("check", raw.check.is_some()),
    ];
    let given: Vec<&str> = kinds.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect();
    match given.as_slice() {
        [_] => Ok(()),
        [] => {
            let names: Vec<&str> = kinds.iter().map(|(name, _)| *name).collect();
            Err(file.error(
                span.clone(),
                "this block has no kind",
                format!("Give it one of: {}, insert.", names.join(", ")),
            ))
        }
        several => Err(file.error(
            span.clone(),
            format!("this block is several things at once: {}", several.join(", ")),
            "Make a block of each.",
        )),
    }
}
