//! The made-up company of `usher-cli sandbox --people`: made and exported before anything listens, and Ctrl-C counts meanwhile.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use usher_core::number::grouped;
use usher_sandbox::{Company, ExportError, Idp, Plan, Target, TooManyGaps};

use crate::{Outcome, args, interrupt::Interrupted, out};

/// With fewer people it is over before anybody could read that it has begun.
const MANY: u32 = 50_000;

/// Why there is none.
enum Trouble {
    Gaps(TooManyGaps),
    Export(ExportError),
}

/// The company that was asked for, or how the command ends.
pub(super) async fn make(
    wanted: &args::Company,
    target: Target,
    interrupted: &mut Interrupted,
) -> Result<Option<Company>, Outcome> {
    let Some(people) = wanted.people else { return Ok(None) };
    let plan = plan(wanted, people);
    let exports = wanted.exports.clone().map(|folder| (folder, idp(&wanted.exports_from)));
    if people >= MANY {
        out::note(&format!("Making {} people…", grouped(people.into())));
    }
    let stop = Arc::new(AtomicBool::new(false));
    let made = tokio::task::spawn_blocking({
        let stop = stop.clone();
        move || made(plan, target, exports, &stop)
    });
    tokio::pin!(made);
    let made = tokio::select! {
        made = &mut made => made,
        () = interrupted.wait() => {
            stop.store(true, Ordering::Relaxed);
            // It removes what it began to write.
            let _ = made.await;
            return Err(Outcome::Proven);
        }
    };
    match made {
        Ok(Ok(company)) => Ok(Some(company)),
        Ok(Err(Trouble::Gaps(error))) => {
            out::note(&error.to_string());
            Err(Outcome::WrongUse)
        }
        Ok(Err(Trouble::Export(error))) => Err(refuse(&error)),
        Err(error) => Err(refuse(&error)),
    }
}

fn refuse(error: &dyn std::error::Error) -> Outcome {
    out::note(&format!("The company could not be made: {error}"));
    Outcome::Refused
}

fn made(plan: Plan, target: Target, exports: Option<(PathBuf, Idp)>, stop: &AtomicBool) -> Result<Company, Trouble> {
    let company = Company::new(plan, target).map_err(Trouble::Gaps)?;
    if let Some((folder, idp)) = exports {
        company.export(&folder, idp, stop).map_err(Trouble::Export)?;
    }
    Ok(company)
}

fn plan(wanted: &args::Company, people: u32) -> Plan {
    let plan = Plan { gaps: wanted.gaps, seed: wanted.seed, ..Plan::of(people) };
    Plan { groups: wanted.groups.unwrap_or(plan.groups), ..plan }
}

/// The arguments let nothing else through.
fn idp(name: &str) -> Idp {
    if name == "okta" { Idp::Okta } else { Idp::Entra }
}
