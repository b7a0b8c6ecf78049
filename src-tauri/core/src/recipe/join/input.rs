//! A question with a free answer, and hints by code.

use std::{collections::BTreeMap, ops::Range};

use toml::Spanned;

use super::{Joiner, values::did_you_mean};
use crate::{
    error::{Code, Hint, Problem},
    recipe::{Clue, Form, InputGuide, RecipeError, Sign, load::File, raw},
};

impl Joiner<'_> {
    pub(super) fn input(&self, input: &raw::Input, file: &File, span: Range<usize>) -> Result<InputGuide, RecipeError> {
        let fill = |text: &str| self.fill(text, file, span.clone());
        let value = |name: &Spanned<String>| {
            self.value_exists(name.get_ref(), file, name.span())?;
            Ok::<_, RecipeError>(name.get_ref().clone())
        };
        let form = input.form.as_deref().map(|text| self.form(&fill(text)?, file, span.clone()));
        let clues = input.clues.iter().map(|clue| self.clue(clue, file, span.clone()));
        Ok(InputGuide {
            label: fill(&input.label)?,
            placeholder: fill(&input.placeholder)?,
            note: input.note.as_deref().map(fill).transpose()?,
            names: input.names.as_ref().map(value).transpose()?,
            gives: input.gives.as_ref().map(value).transpose()?,
            form: form.transpose()?,
            arrives: input.arrives,
            clues: clues.collect::<Result<_, _>>()?,
        })
    }

    fn form(&self, text: &str, file: &File, span: Range<usize>) -> Result<Form, RecipeError> {
        let form = Form::parse(text).ok_or_else(|| {
            let instead =
                "Write a whole address with names in double braces, such as https://{{region}}.example.com/scim.";
            file.error(span.clone(), format!("\"{text}\" is no form of an address"), instead)
        })?;
        form.names().try_for_each(|name| self.value_exists(name, file, span.clone()))?;
        Ok(form)
    }

    fn value_exists(&self, name: &str, file: &File, span: Range<usize>) -> Result<(), RecipeError> {
        if self.values.contains_key(name) {
            return Ok(());
        }
        let known = did_you_mean(name, self.values.keys().map(String::as_str));
        Err(file.error(
            span,
            format!("there is no value {name} to be filled"),
            format!("Add {name} = \"\" to [values]. {known}"),
        ))
    }

    fn clue(&self, clue: &raw::Clue, file: &File, span: Range<usize>) -> Result<Clue, RecipeError> {
        let sign = match (&clue.contains, &clue.is, &clue.same_as) {
            (Some(part), None, None) => Sign::Contains(self.fill(part, file, span.clone())?.to_lowercase()),
            (None, Some(all), None) => Sign::Is(all.iter().map(|one| one.to_lowercase()).collect()),
            (None, None, Some(block)) => Sign::SameAs(block.get_ref().clone()),
            _ => {
                return Err(file.error(
                    span,
                    "this clue does not say what to look for",
                    "Give it exactly one of: contains, is, same_as.",
                ));
            }
        };
        let hints = self.hints(&clue.hints, file, &span)?;
        let message = self.fill(&clue.message, file, span)?;
        Ok(Clue { sign, problem: Problem { hints, ..Problem::new(Code::WrongInput, message) }, warn: clue.warn })
    }

    pub(super) fn hints(
        &self,
        hints: &[raw::RawHint],
        file: &File,
        span: &Range<usize>,
    ) -> Result<Vec<Hint>, RecipeError> {
        let fill = |text: &str| self.fill(text, file, span.clone());
        let hints = hints.iter().map(|hint| match hint {
            raw::RawHint::Plain(text) => Ok(Hint { text: fill(text)?, go: None }),
            raw::RawHint::Go { text, go } => Ok(Hint { text: fill(text)?, go: Some(*go) }),
        });
        hints.collect()
    }

    pub(super) fn code_hints(
        &self,
        hints: &BTreeMap<Code, Vec<raw::RawHint>>,
        file: &File,
        span: &Range<usize>,
    ) -> Result<BTreeMap<Code, Vec<Hint>>, RecipeError> {
        hints.iter().map(|(code, hints)| Ok((*code, self.hints(hints, file, span)?))).collect()
    }
}
