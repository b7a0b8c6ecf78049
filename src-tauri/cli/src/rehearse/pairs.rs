//! Which pairs there are to rehearse, as the screen for a new practice offers them, and what was meant by a name that
//! is not among them.

use usher_core::{
    Action, App,
    view::{Choosable, Screen},
};

/// A target and an identity provider with a guide for both together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) target: String,
    pub(crate) idp: String,
}

/// Every pair that can be practised, or only the one that was asked for.
///
/// # Errors
/// What is wrong with the names that were given, in words.
pub(crate) async fn wanted(app: &App, target: Option<&str>, idp: Option<&str>) -> Result<Vec<Pair>, String> {
    let targets = targets(&app.act(Action::NewSetup { practice: true }).await.screen);
    if let Some(target) = target {
        known("target", target, &targets)?;
    }
    let mut pairs = Vec::new();
    for one in targets.iter().filter(|one| one.available && target.is_none_or(|target| target == one.id)) {
        let idps = idps(&app.act(Action::ChooseTarget { target: one.id.clone() }).await.screen);
        if let Some(idp) = idp {
            known("identity provider", idp, &idps)?;
        }
        let fitting = idps.into_iter().filter(|other| other.available && idp.is_none_or(|idp| idp == other.id));
        pairs.extend(fitting.map(|other| Pair { target: one.id.clone(), idp: other.id }));
    }
    Ok(pairs)
}

fn targets(screen: &Screen) -> Vec<Choosable> {
    match screen {
        Screen::NewSetup(choice) => choice.targets.clone(),
        _ => Vec::new(),
    }
}

fn idps(screen: &Screen) -> Vec<Choosable> {
    match screen {
        Screen::NewSetup(choice) => choice.idps.clone(),
        _ => Vec::new(),
    }
}

fn known(kind: &str, given: &str, all: &[Choosable]) -> Result<(), String> {
    match all.iter().find(|one| one.id == given) {
        Some(one) if one.available => Ok(()),
        Some(one) => Err(format!("{} cannot be rehearsed: {}", one.name, one.note)),
        None => {
            let names: Vec<&str> = all.iter().filter(|one| one.available).map(|one| one.id.as_str()).collect();
            Err(format!("There is no {kind} \"{given}\".{} Known are: {}.", meant(given, &names), names.join(", ")))
        }
    }
}

fn meant(given: &str, names: &[&str]) -> String {
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
