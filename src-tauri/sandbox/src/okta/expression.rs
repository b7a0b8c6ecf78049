//! The small part of Okta's expression language that attribute mappings use: attributes, texts, comparisons, a choice, and a few functions.

const DEEPEST: usize = 12;
const LONGEST: usize = 1_000;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    Attribute(String),
    Text(String),
    Null,
    Equal { left: Box<Expression>, right: Box<Expression>, wanted: bool },
    Both(Box<Expression>, Box<Expression>),
    Either(Box<Expression>, Box<Expression>),
    Choice(Box<Expression>, Box<Expression>, Box<Expression>),
    Joined(Box<Expression>, Box<Expression>),
    Call(Function, Vec<Expression>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Lower,
    Upper,
    Append,
    Before,
    After,
}

const FUNCTIONS: [(&str, Function, usize); 5] = [
    ("String.toLowerCase", Function::Lower, 1),
    ("String.toUpperCase", Function::Upper, 1),
    ("String.append", Function::Append, 2),
    ("String.substringBefore", Function::Before, 2),
    ("String.substringAfter", Function::After, 2),
];

/// Reads an expression; the error says what is wrong, for the person who typed it.
pub(crate) fn parse(text: &str) -> Result<Expression, String> {
    if text.trim().is_empty() {
        return Err("Enter an attribute or an expression.".to_owned());
    }
    if text.chars().count() > LONGEST {
        return Err("The expression is too long.".to_owned());
    }
    let mut reader = Reader { rest: text.trim() };
    let expression = reader.choice(0)?;
    if reader.rest.is_empty() {
        Ok(expression)
    } else {
        Err(format!("“{}” is left over at the end of the expression.", reader.rest))
    }
}

/// The text it comes to; `None` for nothing at all.
pub(crate) fn value(expression: &Expression, attribute: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let of = |one: &Expression| value(one, attribute);
    let truth = |yes: bool| Some(yes.to_string());
    let holds = |one: &Expression| of(one).as_deref() == Some("true");
    match expression {
        Expression::Attribute(name) => attribute(name),
        Expression::Text(text) => Some(text.clone()),
        Expression::Null => None,
        Expression::Equal { left, right, wanted } => truth((of(left) == of(right)) == *wanted),
        Expression::Both(left, right) => truth(holds(left) && holds(right)),
        Expression::Either(left, right) => truth(holds(left) || holds(right)),
        Expression::Choice(condition, yes, no) => of(if holds(condition) { yes } else { no }),
        Expression::Joined(left, right) => {
            Some(format!("{}{}", of(left).unwrap_or_default(), of(right).unwrap_or_default()))
        }
        Expression::Call(function, arguments) => {
            let mut texts = arguments.iter().map(|one| of(one).unwrap_or_default());
            let (first, second) = (texts.next().unwrap_or_default(), texts.next().unwrap_or_default());
            Some(call(*function, &first, &second))
        }
    }
}

fn call(function: Function, first: &str, second: &str) -> String {
    match function {
        Function::Lower => first.to_lowercase(),
        Function::Upper => first.to_uppercase(),
        Function::Append => format!("{first}{second}"),
        Function::Before => first.split_once(second).map_or("", |(before, _)| before).to_owned(),
        Function::After => first.split_once(second).map_or("", |(_, after)| after).to_owned(),
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn take(&mut self, sign: &str) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.take(sign) { Ok(()) } else { Err(format!("A “{sign}” is missing.")) }
    }

    fn choice(&mut self, depth: usize) -> Result<Expression, String> {
        if depth > DEEPEST {
            return Err("The expression is nested too deeply.".to_owned());
        }
        let condition = self.either(depth)?;
        if !self.take("?") {
            return Ok(condition);
        }
        let yes = self.choice(depth + 1)?;
        self.expect(":")?;
        let no = self.choice(depth + 1)?;
        Ok(Expression::Choice(Box::new(condition), Box::new(yes), Box::new(no)))
    }

    fn either(&mut self, depth: usize) -> Result<Expression, String> {
        let mut left = self.both(depth)?;
        while self.take("||") || self.take("OR ") {
            left = Expression::Either(Box::new(left), Box::new(self.both(depth)?));
        }
        Ok(left)
    }

    fn both(&mut self, depth: usize) -> Result<Expression, String> {
        let mut left = self.comparison(depth)?;
        while self.take("&&") || self.take("AND ") {
            left = Expression::Both(Box::new(left), Box::new(self.comparison(depth)?));
        }
        Ok(left)
    }

    fn comparison(&mut self, depth: usize) -> Result<Expression, String> {
        let left = self.joined(depth)?;
        let wanted = if self.take("==") {
            true
        } else if self.take("!=") {
            false
        } else {
            return Ok(left);
        };
        Ok(Expression::Equal { left: Box::new(left), right: Box::new(self.joined(depth)?), wanted })
    }

    fn joined(&mut self, depth: usize) -> Result<Expression, String> {
        let mut left = self.single(depth)?;
        while self.take("+") {
            left = Expression::Joined(Box::new(left), Box::new(self.single(depth)?));
        }
        Ok(left)
    }

    fn single(&mut self, depth: usize) -> Result<Expression, String> {
        if self.take("(") {
            let inner = self.choice(depth + 1)?;
            self.expect(")")?;
            return Ok(inner);
        }
        if let Some(quote) = self.rest.chars().next().filter(|sign| matches!(sign, '\'' | '"')) {
            return self.text(quote);
        }
        let name = self.name();
        match name {
            "" => Err("A value is missing.".to_owned()),
            "null" => Ok(Expression::Null),
            name => match (name.strip_prefix("user."), FUNCTIONS.iter().find(|(known, ..)| *known == name)) {
                (Some(attribute), _) if super::directory::ATTRIBUTES.contains(&attribute) => {
                    Ok(Expression::Attribute(attribute.to_owned()))
                }
                (None, Some((_, function, count))) => self.arguments(*function, *count, depth),
                _ => Err(format!("Invalid property or function: {name}")),
            },
        }
    }

    fn text(&mut self, quote: char) -> Result<Expression, String> {
        let inside = &self.rest[1..];
        let Some(end) = inside.find(quote) else {
            return Err("A text has no closing quotation mark.".to_owned());
        };
        let text = inside[..end].to_owned();
        self.rest = inside[end + 1..].trim_start();
        Ok(Expression::Text(text))
    }

    fn name(&mut self) -> &'a str {
        let end = self.rest.find(|sign: char| !sign.is_alphanumeric() && sign != '.' && sign != '_');
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest.trim_start();
        name
    }

    fn arguments(&mut self, function: Function, count: usize, depth: usize) -> Result<Expression, String> {
        self.expect("(")?;
        let mut arguments = vec![self.choice(depth + 1)?];
        while self.take(",") {
            arguments.push(self.choice(depth + 1)?);
        }
        self.expect(")")?;
        if arguments.len() == count {
            Ok(Expression::Call(function, arguments))
        } else {
            Err(format!("The function takes {count} values, not {}.", arguments.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluate(text: &str) -> Option<String> {
        let expression = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        value(&expression, &|name| match name {
            "email" => Some("zoe@northwind.example".to_owned()),
            "firstName" => Some("Zoë".to_owned()),
            _ => None,
        })
    }

    #[test]
    fn what_mappings_use() {
        let table = [
            ("user.email", Some("zoe@northwind.example")),
            ("user.title", None),
            ("(user.email != null && user.email != '') ? 'work' : ''", Some("work")),
            ("(user.title != null && user.title != '') ? 'work' : ''", Some("")),
            ("user.firstName + \" X\"", Some("Zoë X")),
            ("String.substringBefore(user.email, '@')", Some("zoe")),
            ("user.title == null || user.email == '' ? String.toUpperCase('a') : null", Some("A")),
        ];
        for (text, wanted) in table {
            assert_eq!(evaluate(text).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        for text in
            ["", "user.shoeSize", "(user.email", "'open", "user.email user.email", "String.append('a')", "a ? b"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"(".repeat(900)).is_err());
    }
}
