//! The source side of a mapping row: an attribute, a constant in quotation marks, or a function such as Switch or Join.

const DEEPEST: usize = 8;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    Attribute(String),
    Constant(String),
    Call(Function, Vec<Expression>),
    /// Nothing between two commas, as in `Switch([IsSoftDeleted], , …)`.
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Switch,
    Join,
    Not,
    Append,
    Coalesce,
    ToLower,
    ToUpper,
}

const FUNCTIONS: [(&str, Function); 7] = [
    ("Switch", Function::Switch),
    ("Join", Function::Join),
    ("Not", Function::Not),
    ("Append", Function::Append),
    ("Coalesce", Function::Coalesce),
    ("ToLower", Function::ToLower),
    ("ToUpper", Function::ToUpper),
];

/// Reads an expression; the error says what is wrong, for the person who typed it.
pub(crate) fn parse(text: &str, known: &[&str]) -> Result<Expression, String> {
    let mut reader = Reader { rest: text.trim(), known };
    let expression = reader.expression(0)?;
    if reader.rest.is_empty() {
        Ok(expression)
    } else {
        Err(format!("“{}” is left over at the end of the expression.", reader.rest))
    }
}

/// The value, or `None` where the directory holds nothing.
pub(crate) fn value(expression: &Expression, attribute: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    match expression {
        Expression::Attribute(name) => attribute(name),
        Expression::Constant(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Expression::Nothing => None,
        Expression::Call(function, arguments) => {
            let values: Vec<Option<String>> = arguments.iter().map(|one| value(one, attribute)).collect();
            call(*function, &values)
        }
    }
}

fn call(function: Function, values: &[Option<String>]) -> Option<String> {
    let first = || values.first().cloned().flatten();
    match function {
        Function::Switch => {
            let source = first();
            let pairs = values.get(2..).unwrap_or_default().chunks_exact(2);
            let hit = pairs.into_iter().find(|pair| pair[0] == source);
            hit.map_or_else(|| values.get(1).cloned().flatten(), |pair| pair[1].clone())
        }
        Function::Join => {
            let parts: Vec<String> = values.get(1..).unwrap_or_default().iter().flatten().cloned().collect();
            Some(parts.join(&first().unwrap_or_default())).filter(|text| !text.is_empty())
        }
        Function::Not => Some(if first().as_deref() == Some("True") { "False" } else { "True" }.to_owned()),
        Function::Append => Some(format!("{}{}", first()?, values.get(1).cloned().flatten().unwrap_or_default())),
        Function::Coalesce => values.iter().flatten().next().cloned(),
        Function::ToLower => first().map(|text| text.to_lowercase()),
        Function::ToUpper => first().map(|text| text.to_uppercase()),
    }
}

struct Reader<'a> {
    rest: &'a str,
    known: &'a [&'a str],
}

impl Reader<'_> {
    fn expression(&mut self, depth: usize) -> Result<Expression, String> {
        if depth > DEEPEST {
            return Err("The expression is nested too deeply.".to_owned());
        }
        self.skip();
        match self.rest.chars().next() {
            Some('"') => self.until('"').map(Expression::Constant),
            Some('[') => self.until(']').and_then(|name| self.attribute(&name)),
            Some(letter) if letter.is_alphabetic() => {
                let end = self.rest.find(|one: char| !one.is_alphanumeric() && one != '_').unwrap_or(self.rest.len());
                let (name, rest) = self.rest.split_at(end);
                self.rest = rest.trim_start();
                if self.rest.starts_with('(') { self.call(name, depth) } else { self.attribute(name) }
            }
            Some(',' | ')') if depth > 0 => Ok(Expression::Nothing),
            Some(other) => Err(format!("“{other}” cannot begin an expression.")),
            None => Err("The source is empty.".to_owned()),
        }
    }

    fn call(&mut self, name: &str, depth: usize) -> Result<Expression, String> {
        let function = FUNCTIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        let known = || FUNCTIONS.map(|(name, _)| name).join(", ");
        let function = function
            .ok_or_else(|| format!("There is no function “{name}” in this practice console; it knows {}.", known()))?
            .1;
        self.rest = &self.rest[1..];
        let mut arguments = Vec::new();
        loop {
            arguments.push(self.expression(depth + 1)?);
            self.skip();
            let end = self.rest.chars().next();
            self.rest = self.rest.get(1..).unwrap_or_default();
            match end {
                Some(',') => {}
                Some(')') => {
                    self.skip();
                    return Ok(Expression::Call(function, arguments));
                }
                _ => return Err(format!("The brackets of “{name}” are not closed.")),
            }
        }
    }

    fn attribute(&mut self, name: &str) -> Result<Expression, String> {
        self.skip();
        let known = self.known.iter().find(|known| known.eq_ignore_ascii_case(name));
        known
            .map(|name| Expression::Attribute((*name).to_owned()))
            .ok_or_else(|| format!("The directory has no attribute “{name}”."))
    }

    /// What stands between the first character and the given one.
    fn until(&mut self, end: char) -> Result<String, String> {
        let inside = &self.rest[1..];
        let place = inside.find(end).ok_or_else(|| format!("A closing {end} is missing."))?;
        let text = inside[..place].to_owned();
        self.rest = inside[place + 1..].trim_start();
        Ok(text)
    }

    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    const KNOWN: [&str; 4] = ["givenName", "surname", "IsSoftDeleted", "mail"];

    #[test]
    fn the_default_expressions_and_their_values() {
        let attribute = |name: &str| match name {
            "givenName" => Some("Zoë".to_owned()),
            "IsSoftDeleted" => Some("False".to_owned()),
            "mail" => Some("Z@X".to_owned()),
            _ => None,
        };
        let table = [
            ("givenName", Some("Zoë")),
            ("[surname]", None),
            (r#""fixed""#, Some("fixed")),
            (r#"Switch([IsSoftDeleted], , "False", "True", "True", "False")"#, Some("True")),
            ("Not([IsSoftDeleted])", Some("True")),
            (r#"Join(" ", [givenName], [surname])"#, Some("Zoë")),
            (r#"Coalesce([surname], [givenName], "-")"#, Some("Zoë")),
            (r#"Append(ToLower([mail]), ".example")"#, Some("z@x.example")),
        ];
        for (text, expected) in table {
            let parsed = parse(text, &KNOWN).expect(text);
            assert_eq!(value(&parsed, &attribute).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (text, expected) in [
            ("", "The source is empty."),
            ("givenname surname", "“surname” is left over at the end of the expression."),
            ("firstName", "The directory has no attribute “firstName”."),
            ("Join(\" \", [givenName]", "The brackets of “Join” are not closed."),
        ] {
            assert_eq!(parse(text, &KNOWN).expect_err(text), expected);
        }
    }
}
