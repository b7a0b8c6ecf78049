//! When two sources mean the same, and which fixed text in a source can reach the target.

/// An expression of Entra, as far as it can be taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Expression {
    Attribute(String),
    Constant(String),
    Call(String, Vec<Expression>),
    /// A parameter that is left empty.
    Empty,
}

/// Entra takes no longer ones.
const LONGEST: usize = 10_000;
/// Calls inside calls.
const DEEPEST: usize = 40;

/// How one source stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// They give the same value.
    Same,
    /// It is the other one in other letters or without blanks around it, by which nobody becomes another person.
    Recased,
    /// It is the other one, cleaned or with something in its place when it is empty.
    Cleaned,
    Different,
}

/// What a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Attribute,
    Constant,
    Function,
}

/// Functions that change no more than what user names ignore.
const RECASING: [&str; 3] = ["trim", "tolower", "toupper"];
/// Functions that leave a value recognisable.
const CLEANING: [&str; 3] = ["stripspaces", "normalizediacritics", "coalesce"];

pub(super) fn likeness_in_entra(found: &str, wanted: &str) -> Likeness {
    match (parse(found), parse(wanted)) {
        (Some(found), Some(wanted)) => likeness(&found, &canonical(&wanted)),
        _ if squeezed(found) == squeezed(wanted) => Likeness::Same,
        _ => Likeness::Different,
    }
}

fn likeness(found: &Expression, wanted: &str) -> Likeness {
    if canonical(found) == wanted {
        return Likeness::Same;
    }
    let Expression::Call(name, arguments) = found else { return Likeness::Different };
    let name = name.to_ascii_lowercase();
    let (recases, cleans) = (RECASING.contains(&name.as_str()), CLEANING.contains(&name.as_str()));
    let Some(first) = arguments.first().filter(|_| recases || cleans) else { return Likeness::Different };
    match likeness(first, wanted) {
        Likeness::Same | Likeness::Recased if recases => Likeness::Recased,
        Likeness::Same | Likeness::Recased | Likeness::Cleaned => Likeness::Cleaned,
        Likeness::Different => Likeness::Different,
    }
}

pub(super) fn likeness_in_okta(found: &str, wanted: &str) -> Likeness {
    let plain = |text: &str| {
        let text = squeezed(text).replace('"', "'").replace("source.", "user.");
        let bare = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        bare.filter(|bare| !bare.contains(['(', ')'])).map(str::to_owned).unwrap_or(text)
    };
    if plain(found) == plain(wanted) { Likeness::Same } else { Likeness::Different }
}

pub(super) fn shape_in_entra(text: &str) -> Shape {
    match parse(text) {
        Some(Expression::Attribute(_)) => Shape::Attribute,
        Some(Expression::Constant(_)) => Shape::Constant,
        Some(Expression::Call(..) | Expression::Empty) | None => Shape::Function,
    }
}

pub(super) fn shape_in_okta(text: &str) -> Shape {
    let text = text.trim();
    let path = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
    match () {
        () if text.starts_with(['"', '\'']) && text.matches(&text[..1]).count() == 2 && text.ends_with(&text[..1]) => {
            Shape::Constant
        }
        () if text.contains('.') && text.chars().all(path) => Shape::Attribute,
        () => Shape::Function,
    }
}

/// Fixed text of Entra's expression that can stand in the value. Text that is only searched for is not among it.
pub(super) fn fixed_text_in_entra(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(expression) = parse(text) {
        arriving(&expression, &mut found);
    }
    found
}

fn arriving(expression: &Expression, found: &mut Vec<String>) {
    match expression {
        Expression::Constant(text) => found.push(text.clone()),
        Expression::Attribute(_) | Expression::Empty => {}
        Expression::Call(name, arguments) => {
            let arrives = |index: usize| match name.to_ascii_lowercase().as_str() {
                "join" | "append" | "coalesce" => true,
                // The value, the default, then pairs of what is compared and what is given.
                "switch" => index % 2 == 1,
                "iif" => index > 0,
                _ => index == 0,
            };
            let arguments = arguments.iter().enumerate().filter(|(index, _)| arrives(*index));
            arguments.for_each(|(_, argument)| arriving(argument, found));
        }
    }
}

/// Fixed text of Okta's expression: of a constant, or of one that is put together.
pub(super) fn fixed_text_in_okta(text: &str) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    if ["replace", "substring", "match"].iter().any(|name| lower.contains(name)) {
        return Vec::new();
    }
    let plain = text.replace('"', "'");
    let pieces: Vec<&str> = plain.split('\'').collect();
    let quoted = pieces.iter().enumerate().filter(|(index, _)| index % 2 == 1);
    let compared =
        |index: usize| pieces[index - 1].trim_end().ends_with("==") || pieces[index - 1].trim_end().ends_with("!=");
    quoted.filter(|(index, _)| !compared(*index)).map(|(_, piece)| (*piece).to_owned()).collect()
}

/// One text for all ways to write the same.
fn canonical(expression: &Expression) -> String {
    if let Some(attribute) = negated(expression) {
        return format!("not({})", attribute.to_ascii_lowercase());
    }
    match expression {
        Expression::Attribute(name) => format!("[{}]", name.to_ascii_lowercase()),
        Expression::Constant(text) => format!("{text:?}"),
        Expression::Empty => String::new(),
        Expression::Call(name, arguments) => {
            let arguments: Vec<String> = arguments.iter().map(canonical).collect();
            format!("{}({})", name.to_ascii_lowercase(), ordered(name, arguments).join(","))
        }
    }
}

/// The pairs of a Switch can stand in any order.
fn ordered(name: &str, mut arguments: Vec<String>) -> Vec<String> {
    if !name.eq_ignore_ascii_case("switch") || arguments.len() < 4 || !arguments.len().is_multiple_of(2) {
        return arguments;
    }
    let mut pairs: Vec<[String; 2]> =
        arguments.split_off(2).chunks_exact(2).map(|pair| [pair[0].clone(), pair[1].clone()]).collect();
    pairs.sort();
    arguments.extend(pairs.into_iter().flatten());
    arguments
}

/// The attribute whose opposite it is: `Not([x])`, or the Switch by which Entra writes it.
fn negated(expression: &Expression) -> Option<&str> {
    let Expression::Call(name, arguments) = expression else { return None };
    match (name.to_ascii_lowercase().as_str(), arguments.as_slice()) {
        ("not", [Expression::Attribute(attribute)]) => Some(attribute),
        ("switch", [Expression::Attribute(attribute), _, pairs @ ..]) if pairs.len() == 4 => {
            let turns = |pair: &[Expression]| match pair {
                [Expression::Constant(from), Expression::Constant(to)] => {
                    let word = |text: &str| {
                        text.trim().parse::<bool>().ok().or_else(|| text.to_ascii_lowercase().parse().ok())
                    };
                    word(from).zip(word(to)).filter(|(from, to)| from != to).map(|(from, _)| from)
                }
                _ => None,
            };
            let (one, other) = (turns(&pairs[..2])?, turns(&pairs[2..])?);
            (one != other).then_some(attribute)
        }
        _ => None,
    }
}

/// Without blanks outside of quotes.
fn squeezed(text: &str) -> String {
    let mut quote = None;
    let keep = |c: &char| {
        match (quote, *c) {
            (None, '"' | '\'') => quote = Some(*c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
        quote.is_some() || !c.is_whitespace()
    };
    text.chars().filter(keep).collect()
}

fn parse(text: &str) -> Option<Expression> {
    if text.len() > LONGEST {
        return None;
    }
    let mut reader = Reader { rest: text.trim() };
    let expression = reader.expression(0)?;
    reader.rest.trim().is_empty().then_some(expression)
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn expression(&mut self, depth: usize) -> Option<Expression> {
        self.rest = self.rest.trim_start();
        match self.rest.chars().next() {
            _ if depth > DEEPEST => None,
            None | Some(',' | ')') => Some(Expression::Empty),
            Some('[') => {
                let (name, rest) = self.rest[1..].split_once(']')?;
                self.rest = rest;
                Some(Expression::Attribute(name.trim().to_owned()))
            }
            Some('"') => self.constant(),
            Some(_) => self.word(depth),
        }
    }

    /// In quotes; two of them, or one after a backslash, are one that belongs to the text.
    fn constant(&mut self) -> Option<Expression> {
        let mut text = String::new();
        let mut rest = self.rest[1..].chars();
        loop {
            match rest.next()? {
                '"' if rest.as_str().starts_with('"') => text.extend(rest.next()),
                '\\' if rest.as_str().starts_with('"') => text.extend(rest.next()),
                '"' => break,
                other => text.push(other),
            }
        }
        self.rest = rest.as_str();
        Some(Expression::Constant(text))
    }

    /// An attribute as the console shows it, or a function with its parameters.
    fn word(&mut self, depth: usize) -> Option<Expression> {
        let end = self.rest.find([',', '(', ')', '"', '[', ']']).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        let name = name.trim().to_owned();
        if name.is_empty() || name.contains(char::is_whitespace) {
            return None;
        }
        let Some(mut inside) = rest.strip_prefix('(') else {
            self.rest = rest;
            return Some(Expression::Attribute(name));
        };
        let mut arguments = Vec::new();
        loop {
            self.rest = inside;
            arguments.push(self.expression(depth + 1)?);
            self.rest = self.rest.trim_start();
            match self.rest.strip_prefix(',') {
                Some(rest) => inside = rest,
                None => break,
            }
        }
        self.rest = self.rest.strip_prefix(')')?;
        Some(Expression::Call(name, arguments))
    }
}

#[cfg(test)]
#[path = "tests/expression.rs"]
mod tests;
