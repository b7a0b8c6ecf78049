//! `usher-cli sandbox`: serves the practice world until it is interrupted.

use serde::Serialize;
use usher_sandbox::{Addresses, Fault, Options, Sandbox, StartError, Target};

use crate::{Outcome, args, interrupt::Interrupted, out};

mod company;

/// Where everything is. Scripts read these names, in this order.
#[derive(Serialize)]
struct Places<'a> {
    target: &'a str,
    api_base_url: &'a str,
    personal_access_token: Option<&'a str>,
    scim_base_url: &'a str,
    scim_token: Option<&'a str>,
    entra_url: &'a str,
    okta_url: &'a str,
    portal_url: &'a str,
    control_url: &'a str,
}

pub(crate) async fn run(wanted: args::Sandbox) -> Outcome {
    if let Some(fault) = wanted.faults.faults.iter().find(|fault| !shows(**fault, wanted.target)) {
        let targets = Target::ALL.iter().filter(|target| shows(*fault, **target)).map(|target| target.name());
        let targets = targets.collect::<Vec<_>>().join(", ");
        out::note(&format!("The fault {fault} cannot show at {}. It can at: {targets}.", wanted.target));
        return Outcome::WrongUse;
    }
    // Asked for first, so that a signal that comes early is not missed.
    let mut interrupted = match Interrupted::listen() {
        Ok(interrupted) => interrupted,
        Err(error) => {
            out::note(&format!("The practice world could not start: no signals can be received ({error})."));
            return Outcome::Refused;
        }
    };
    let company = match company::make(&wanted.company, wanted.target, &mut interrupted).await {
        Ok(company) => company,
        Err(outcome) => return outcome,
    };
    let options = Options {
        company,
        target: wanted.target,
        port: wanted.port,
        faults: wanted.faults.faults,
        prepared: true,
        ..Options::default()
    };
    let sandbox = match Sandbox::start(options).await {
        Ok(sandbox) => sandbox,
        Err(error) => return refuse(&error),
    };
    announce(sandbox.addresses(), wanted.json);
    interrupted.wait().await;
    sandbox.stop().await;
    Outcome::Proven
}

/// Whether it can go wrong at this target, with one of the two identity providers that are there.
fn shows(fault: Fault, target: Target) -> bool {
    ["entra", "okta"].iter().any(|idp| fault.fits(target, idp))
}

fn refuse(error: &StartError) -> Outcome {
    out::note(&out::sentence(&error.to_string()));
    if let StartError::Listen { source, .. } = error
        && source.kind() == std::io::ErrorKind::AddrInUse
    {
        out::note("Another program listens there. Choose another port, or leave --port out to take a free one.");
    }
    Outcome::Refused
}

fn announce(addresses: &Addresses, json: bool) {
    let places = Places {
        target: addresses.target.name(),
        api_base_url: &addresses.api_base_url,
        personal_access_token: addresses.personal_access_token.as_deref(),
        scim_base_url: &addresses.scim_base_url,
        scim_token: addresses.scim_token.as_deref(),
        entra_url: &addresses.entra_url,
        okta_url: &addresses.okta_url,
        portal_url: &addresses.portal_url,
        control_url: &addresses.control_url,
    };
    if json {
        out::json(&places);
    } else {
        out::line(&readable(&places));
    }
}

fn readable(places: &Places<'_>) -> String {
    let rows = [
        ("Target", places.target),
        ("API base URL", places.api_base_url),
        ("Personal access token", places.personal_access_token.unwrap_or("–")),
        ("SCIM base URL", places.scim_base_url),
        ("SCIM token", places.scim_token.unwrap_or("–")),
        ("Microsoft Entra", places.entra_url),
        ("Okta", places.okta_url),
        ("Target's console", places.portal_url),
        ("Control", places.control_url),
    ];
    let mut text = String::new();
    for (name, value) in rows {
        text.push_str(&format!("{name:<22} {value}\n"));
    }
    text + "\nNothing here reaches a real system. The target's console gives new tokens. Ctrl-C stops it."
}
