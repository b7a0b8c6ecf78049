//! The administrator at the practice portal of HPE GreenLake: gives the role, gets a personal access token.

use usher_core::{Problem, Secret};

use super::{
    browser::{Browser, lost},
    page::Page,
};

const ROLE: &str = "SCIM Proxy Token Contributor";
const SPACE: &str = "All Resources";
const SCOPE: &str = "greenlake.service.user";

/// User Management → the own account → Actions → Create Assignment.
pub(crate) async fn assign_role(browser: &Browser) -> Result<(), Problem> {
    let me = own_address(browser).await?;
    let users = browser.open("/greenlake/users").await?;
    let row = users.rows.iter().find(|row| row.contains(&me)).ok_or_else(|| missing("the own account", &users))?;
    let account = users.link(&row[0]).ok_or_else(|| missing("the own account", &users))?.path.clone();
    let account = browser.open(&account).await?;
    let action = account.link("Create Assignment").ok_or_else(|| missing("Create Assignment", &account))?.path.clone();
    let page = browser.open(&action).await?;
    let form = page.form_with("Create Assignment").ok_or_else(|| missing("Create Assignment", &page))?.clone();
    let form = form
        .choose("role", ROLE)
        .and_then(|form| form.choose("space", SPACE))
        .and_then(|form| form.choose("scope", SCOPE))
        .ok_or_else(|| missing(ROLE, &page))?
        .tick("confirm", "on", true);
    let done = browser.send(&form).await?;
    match done.notice {
        Some((result, _)) if result == "success" => Ok(()),
        Some((_, words)) => Err(lost(&format!("The practice portal refuses the role: {words}"))),
        None => Err(missing("an answer to the assignment", &done)),
    }
}

/// API Access → Get token.
pub(crate) async fn access_token(browser: &Browser) -> Result<Secret, Problem> {
    let page = browser.open("/greenlake/api-access").await?;
    let form = page.form_with("Get token").ok_or_else(|| missing("Get token", &page))?;
    let shown = browser.send(form).await?;
    let token =
        shown.shown.iter().find(|(name, _)| name == "access_token").ok_or_else(|| missing("the token", &shown))?;
    Ok(Secret::new(token.1.trim()))
}

/// Who is signed in, as the portal's page says.
async fn own_address(browser: &Browser) -> Result<String, Problem> {
    let page = browser.open("/greenlake/").await?;
    let word =
        page.text.split(' ').find(|word| word.contains('@')).ok_or_else(|| missing("the signed-in account", &page))?;
    Ok(word.to_owned())
}

fn missing(what: &str, page: &Page) -> Problem {
    lost(&format!("The practice portal's page {} does not show {what}.", page.path))
}
