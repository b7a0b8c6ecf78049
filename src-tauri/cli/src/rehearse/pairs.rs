//! Which pairs there are to rehearse, as the screen for a new practice offers them.

use usher_core::{
    Action, App,
    recipe::Recipes,
    view::{Choosable, Screen},
};
use usher_sandbox::{Fault, Target};

use crate::guide::meant;

/// A target and an identity provider with a guide for both together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) target: String,
    pub(crate) idp: String,
}

/// Every pair that can be practised and in which all these faults can show, or only the one that was asked for.
///
/// # Errors
/// What is wrong with the names that were given, in words.
pub(crate) async fn wanted(
    app: &App,
    target: Option<&str>,
    idp: Option<&str>,
    faults: &[Fault],
) -> Result<Vec<Pair>, String> {
    let targets = targets(&app.act(Action::NewSetup { practice: true }).await.screen);
    if let Some(target) = target {
        known("target", target, &targets)?;
    }
    let mut all = Vec::new();
    for one in targets.iter().filter(|one| one.available) {
        let idps = idps(&app.act(Action::ChooseTarget { target: one.id.clone() }).await.screen);
        if let Some(idp) = idp.filter(|_| target == Some(&one.id)) {
            known("identity provider", idp, &idps)?;
        }
        let fitting = idps.into_iter().filter(|other| other.available);
        all.extend(fitting.map(|other| Pair { target: one.id.clone(), idp: other.id }));
    }
    let named = |pair: &&Pair| target.is_none_or(|id| id == pair.target) && idp.is_none_or(|id| id == pair.idp);
    let pairs: Vec<Pair> =
        all.iter().filter(named).filter(|pair| faults.iter().all(|fault| pair.shows(*fault))).cloned().collect();
    if pairs.is_empty() && !faults.is_empty() { Err(nowhere(faults, &all, target.zip(idp))) } else { Ok(pairs) }
}

impl Pair {
    fn shows(&self, fault: Fault) -> bool {
        self.world().is_some_and(|world| fault.fits(world, &self.idp))
    }

    /// The practice world that plays the target.
    fn world(&self) -> Option<Target> {
        Recipes::builtin().ok()?.practice(&self.target)?.parse().ok()
    }
}

/// That these faults cannot show there, and where they can.
fn nowhere(faults: &[Fault], all: &[Pair], named: Option<(&str, &str)>) -> String {
    let fitting = |fault: Fault| {
        let names = all.iter().filter(|pair| pair.shows(fault)).map(|pair| format!("{} {}", pair.target, pair.idp));
        names.collect::<Vec<_>>().join(", ")
    };
    match (named, faults) {
        (Some((target, idp)), [fault]) => {
            format!("The fault {fault} cannot show between {target} and {idp}. It can in: {}.", fitting(*fault))
        }
        (_, faults) => {
            let sentences: Vec<String> =
                faults.iter().map(|fault| format!("{fault} can show in: {}.", fitting(*fault))).collect();
            let place =
                named.map_or_else(|| "in any one pair".to_owned(), |(one, other)| format!("between {one} and {other}"));
            format!("These faults cannot all show {place}. {}", sentences.join(" "))
        }
    }
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
