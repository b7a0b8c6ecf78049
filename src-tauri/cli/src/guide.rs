//! The guide for `--target` and `--idp`, and what was meant by a name that is not among those known.

use std::fmt::Display;

use usher_core::{
    Code, Problem,
    recipe::{Guide, Purpose, Recipes, System},
};

use crate::out;

/// Characters of a name that was typed.
const LONGEST: usize = 60;

/// The guide for both together.
pub(crate) fn find(target: &str, idp: &str) -> Result<Guide, Problem> {
    let recipes = Recipes::builtin().map_err(|error| broken(&error))?;
    known("target", target, &recipes.targets())?;
    known("identity provider", idp, &recipes.idps())?;
    if !recipes.has_guide(target, idp) {
        let fits = |(of, other): &(String, String)| (of == target).then(|| other.clone());
        let others: Vec<String> = recipes.pairs().iter().filter_map(fits).collect();
        return Err(Problem::new(Code::WrongInput, format!("There is no guide for {target} with {idp}."))
            .hint(format!("{target} has one with: {}.", others.join(", "))));
    }
    recipes.guide(target, idp, Purpose::Setup, None, &Default::default()).map_err(|error| broken(&error))
}

fn broken(error: &dyn Display) -> Problem {
    Problem::new(Code::WrongInput, format!("The guides are broken: {error}")).hint("This is a fault of Usher.")
}

fn known(kind: &str, given: &str, all: &[System]) -> Result<(), Problem> {
    let names: Vec<&str> = all.iter().map(|one| one.id.as_str()).collect();
    if names.contains(&given) {
        return Ok(());
    }
    let part: Vec<&&str> = names.iter().filter(|name| given.len() > 2 && name.contains(given)).collect();
    let meant = match part.as_slice() {
        [one] => format!(" Did you mean {one}?"),
        _ => meant(given, &names),
    };
    let text = format!("There is no {kind} \"{}\".{meant}", out::plain(given, LONGEST));
    Err(Problem::new(Code::WrongInput, text).hint(format!("Known are: {}.", names.join(", "))))
}

/// " Did you mean …?", if one of the names is near.
pub(crate) fn meant(given: &str, names: &[&str]) -> String {
    let likeness = |name: &&&str| strsim::jaro_winkler(given, name);
    let nearest = names.iter().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    match nearest {
        Some(name) if likeness(&name) > 0.75 => format!(" Did you mean {name}?"),
        Some(_) | None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn a_slip_is_understood_and_a_guess_is_not_made() {
        let names = ["hpe-greenlake", "aws"];
        assert_eq!(meant("hpe-grenlake", &names), " Did you mean hpe-greenlake?");
        assert_eq!(meant("salesforce", &names), "");
    }
}
