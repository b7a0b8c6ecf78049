//! Faults at a console's door: whoever opens a page is turned away, in the words of the vendor's own sign-in pages.

use axum::{extract::Request, http::Method, response::Response};
use maud::{Markup, html};

use crate::{
    Fault,
    html::{self, Frame, Notice},
    world::{Shared, World},
};

/// The application that people sign in to, as the sign-in pages name it.
const CLIENT: &str = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c";
const CLIENT_NAME: &str = "Microsoft Entra admin center";
const TENANT: &str = "Northwind";

/// The page shown in place of the one that was asked for.
pub(crate) fn instead(shared: &Shared, request: &Request) -> Option<Response> {
    let path = request.uri().path();
    let under = |prefix: &str| path == prefix || path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/'));
    let entra = under("/entra");
    if !(entra || under("/okta") || under("/aws")) {
        return None;
    }
    let changes = *request.method() == Method::POST;
    shared.read(|world| {
        let has = |fault: Fault| world.switches.has(fault);
        if under("/aws") {
            return has(Fault::SessionExpired).then(|| signed_out(world));
        }
        if entra && let Some(refusal) = Refusal::of(world) {
            return Some(refusal.page(shared, world));
        }
        (changes && has(Fault::IdpRoleMissing)).then(|| not_permitted(world, entra))
    })
}

/// Why Microsoft lets nobody in. The texts are those of its token service (facts 2.1), shortened nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Blocked,
    Expired,
    Consent,
    PublicClient,
    UnknownClient,
}

impl Refusal {
    fn of(world: &World) -> Option<Refusal> {
        let all = [
            (Fault::SignInBlocked, Refusal::Blocked),
            (Fault::SignInExpired, Refusal::Expired),
            (Fault::ConsentNeeded, Refusal::Consent),
            (Fault::PublicClientOff, Refusal::PublicClient),
            (Fault::ClientIdWrong, Refusal::UnknownClient),
        ];
        all.into_iter().find(|(fault, _)| world.switches.has(*fault)).map(|(_, refusal)| refusal)
    }

    fn heading(self) -> &'static str {
        match self {
            Refusal::Blocked => "You cannot access this right now",
            Refusal::Consent => "Need admin approval",
            Refusal::Expired | Refusal::PublicClient | Refusal::UnknownClient => {
                "Sorry, but we’re having trouble signing you in."
            }
        }
    }

    fn text(self, world: &World) -> String {
        match self {
            Refusal::Blocked => "AADSTS53003: Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.".to_owned(),
            Refusal::Expired => {
                let issued = world.now() - jiff::SignedDuration::from_hours(9);
                format!("AADSTS70043: The refresh token has expired or is invalid due to sign-in frequency checks by conditional access. The token was issued on {} and the maximum allowed lifetime for this request is 28800.", issued.strftime("%Y-%m-%dT%H:%M:%S.0000000Z"))
            }
            Refusal::Consent => format!("AADSTS90094: An administrator of {TENANT} has set a policy that prevents you from granting {CLIENT_NAME} the permissions it is requesting. Contact an administrator of {TENANT}, who can grant permissions to this app on your behalf."),
            Refusal::PublicClient => "AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'.".to_owned(),
            Refusal::UnknownClient => format!("AADSTS700016: Application with identifier '{CLIENT}' was not found in the directory '{TENANT}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant."),
        }
    }

    fn page(self, shared: &Shared, world: &World) -> Response {
        let (request, correlation) = (shared.seed.uuid("sign-in-request", 0), shared.seed.uuid("sign-in-request", 1));
        let details = format!(
            "Request Id: {request}\nCorrelation Id: {correlation}\nTimestamp: {}\nMessage: {}",
            world.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            self.text(world)
        );
        let content = html! {
            h2 { (self.heading()) }
            (Notice::failure(self.text(world)).with_details(details).show())
            p { a href="/entra/" { "Try again" } }
        };
        frame(world, "Sign in to your account", "/entra/", "Microsoft", &content)
    }
}

/// Assumption: AWS documents the session's length and not the page's wording.
fn signed_out(world: &World) -> Response {
    let text = "Your session has expired. Sign in again to continue.";
    let content = html! { (Notice::failure(text).show()) p { a href="/aws/" { "Sign in again" } } };
    frame(world, "AWS Management Console", "/aws/", "AWS", &content)
}

fn not_permitted(world: &World, entra: bool) -> Response {
    if entra {
        let error = r#"{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}"#;
        let notice = Notice::failure("Insufficient privileges to complete the operation.").with_details(error);
        return frame(world, "You do not have access", "/entra/", "Microsoft Entra admin center", &notice.show());
    }
    let error = r#"{"errorCode":"E0000006","errorSummary":"You do not have permission to perform the requested action","errorLink":"E0000006","errorId":"oaePractice","errorCauses":[]}"#;
    let notice = Notice::failure("You do not have permission to perform the requested action").with_details(error);
    frame(world, "403", "/okta/", "Okta Admin Console", &notice.show())
}

fn frame(world: &World, title: &str, home: &str, product: &str, content: &Markup) -> Response {
    let frame = Frame {
        product,
        home,
        title,
        person: html! {},
        crumbs: html! {},
        navigation: &[],
        refresh: None,
        wrong: world.switches.wrong(),
    };
    html::page(&frame, None, content)
}
