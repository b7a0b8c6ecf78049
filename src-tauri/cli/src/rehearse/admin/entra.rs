//! The administrator at the practice Microsoft Entra admin center: makes the app, connects it, works through the
//! mappings, assigns a group, provisions one person, starts.

use usher_core::{
    Problem, Secret,
    view::{ChoiceOption, MappingRow, MappingTable, Verb},
};

use super::{
    browser::{Browser, lost},
    page::{Form, Page},
};

/// The option of the console's dialog that makes an app which can provision.
const NON_GALLERY: &str = "non-gallery";

/// What is remembered from page to page.
pub(crate) struct Console {
    address: String,
    /// Path of the app, once it is made.
    app: String,
    group: String,
    member: Option<Person>,
    /// The last words of Test Connection, if it failed.
    refusal: Option<String>,
}

struct Person {
    display_name: String,
    user_name: String,
}

/// What the console answered to Test Connection.
pub(crate) struct Said {
    words: String,
    details: String,
}

impl Console {
    pub(crate) fn new(address: &str) -> Self {
        Self { address: address.to_owned(), app: String::new(), group: String::new(), member: None, refusal: None }
    }

    /// New application → Provisioning → Tenant URL and Secret token → Test Connection → Create.
    pub(crate) async fn connect(
        &mut self,
        browser: &Browser,
        name: &str,
        url: &Secret,
        token: &Secret,
    ) -> Result<Said, Problem> {
        if self.app.is_empty() {
            self.app = create_app(browser, &self.address, name).await?;
        }
        let page = browser.open(&format!("{}/provisioning", self.app)).await?;
        let form =
            form(&page, "Test Connection")?.fill("tenant_url", url.expose()).fill("secret_token", token.expose());
        let tested = browser.send(&press(form.clone(), "Test Connection")?).await?;
        let (result, words) = notice(&tested)?;
        if result == "success" {
            done(&browser.send(&press(form, "Create")?).await?)?;
        } else {
            self.refusal = Some(words.clone());
        }
        Ok(Said { words, details: tested.text })
    }

    /// What Test Connection said when it failed.
    pub(crate) fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    /// Deletes, adds and changes rows as the guide's table says, sets the object actions, saves.
    pub(crate) async fn map(&self, browser: &Browser, table: &MappingTable) -> Result<(), Problem> {
        let choice = browser.open(&format!("{}/mapping", self.app)).await?;
        let link = choice.link(&table.title).ok_or_else(|| missing(&table.title, &choice))?;
        let mut page = browser.open(&link.path).await?;
        for row in &table.rows {
            if let Some(form) = change(&page, row)? {
                page = browser.send(&form).await?;
                done(&page)?;
            }
        }
        let mut save = form(&page, "Save")?.tick("enabled", "on", true);
        for action in &table.actions {
            save = save.tick(&action.name.to_lowercase(), "on", action.wanted);
        }
        done(&browser.send(&save).await?)
    }

    /// Looks whether a change is still unsaved.
    pub(crate) async fn mappings_saved(&self, browser: &Browser) -> Result<(), Problem> {
        let page = browser.open(&format!("{}/mapping", self.app)).await?;
        if page.text.contains("not saved") {
            Err(lost("The practice console has mappings that are not saved."))
        } else {
            Ok(())
        }
    }

    /// Users and groups → Add user/group: the first group of the directory. Returns its name.
    pub(crate) async fn assign_group(&mut self, browser: &Browser) -> Result<String, Problem> {
        let directory = browser.open("/entra/directory").await?;
        let page = browser.open(&format!("{}/assignments", self.app)).await?;
        let form = form(&page, "Assign")?;
        let offered = form.offered.iter().filter(|offer| offer.name == "principal" && !offer.value.is_empty());
        // The directory's tables: people with their user name, groups with their direct members.
        let groups: Vec<&Vec<String>> =
            directory.rows.iter().filter(|row| row.len() == 2 && row[0] != "Name").collect();
        let group = offered.filter_map(|offer| groups.iter().find(|group| group[0] == offer.words)).next();
        let group = group.ok_or_else(|| missing("a group to assign", &page))?;
        let assigned = form.clone().choose("principal", &group[0]).ok_or_else(|| missing(&group[0], &page))?;
        done(&browser.send(&assigned).await?)?;
        self.member = member(&directory, &group[1]);
        self.group.clone_from(&group[0]);
        Ok(self.group.clone())
    }

    /// The user name of a member of the assigned group.
    pub(crate) fn member(&self) -> Result<String, Problem> {
        self.member
            .as_ref()
            .map(|member| member.user_name.clone())
            .ok_or_else(|| lost("The assigned group has no member with all names."))
    }

    /// Provision on demand. What it says is for [`Console::complaint`]: Usher looks at the target, not at the console.
    pub(crate) async fn provision_on_demand(&self, browser: &Browser) -> Result<(), Problem> {
        let page = browser.open(&format!("{}/on-demand", self.app)).await?;
        let member = self.member.as_ref().ok_or_else(|| missing("a member of the assigned group", &page))?;
        let form = form(&page, "Provision")?.choose("subject", &member.display_name);
        let answer = browser.send(&form.ok_or_else(|| missing(&member.display_name, &page))?).await?;
        notice(&answer).map(drop)
    }

    /// Overview → Start provisioning.
    pub(crate) async fn start(&self, browser: &Browser) -> Result<(), Problem> {
        let page = browser.open(&self.app).await?;
        done(&browser.send(&form(&page, "Start provisioning")?).await?)
    }

    /// What the console's own pages say about why nobody arrives: the state of the job, the last provisioning on
    /// demand, the log of the group.
    pub(crate) async fn complaint(&self, browser: &Browser) -> Result<Option<String>, Problem> {
        let overview = browser.open(&self.app).await?;
        if let Some(quarantine) = between(&overview.text, "Current cycle status", "Next attempt")
            .filter(|text| text.starts_with("Quarantine"))
        {
            return Ok(Some(quarantine));
        }
        let on_demand = browser.open(&format!("{}/on-demand", self.app)).await?;
        if let Some((_, reason)) = on_demand.results.last().filter(|(status, _)| status != "success") {
            return Ok(Some(reason.clone()));
        }
        let logs = browser.open(&format!("{}/logs", self.app)).await?;
        let about = |row: &&Vec<String>| row.len() == 5 && row[1].starts_with(&self.group) && row[3] != "Success";
        Ok(logs.rows.iter().find(about).map(|row| row[4].clone()))
    }
}

/// The option of the guide that says what the console said.
pub(crate) fn option(said: &Said, options: &[ChoiceOption]) -> Option<String> {
    let exact = options.iter().find(|option| option.label == said.words);
    // Codes are part of an option's label: "An error that contains …".
    let by_code = || {
        options.iter().find(|option| {
            let code = option.label.split(' ').next_back().unwrap_or_default();
            code.len() > 20 && said.details.contains(code)
        })
    };
    exact.or_else(by_code).or(options.last()).map(|option| option.id.clone())
}

async fn create_app(browser: &Browser, address: &str, name: &str) -> Result<String, Problem> {
    let list = browser.open(address).await?;
    let gallery = browser.open(path(&list, "New application")?).await?;
    let dialog = browser.open(path(&gallery, "Create your own application")?).await?;
    let created = browser.send(&form(&dialog, "Create")?.fill("name", name).fill("kind", NON_GALLERY)).await?;
    done(&created)?;
    Ok(created.path)
}

/// The form that makes a row of the console what the guide says; none if there is nothing to do.
fn change(page: &Page, row: &MappingRow) -> Result<Option<Form>, Problem> {
    let there = page.rows.iter().any(|cells| cells.len() == 4 && cells[0] == row.target);
    let edit = || page.forms.iter().find(|form| form.value("target") == Some(&row.target));
    match row.verb {
        Verb::Keep if there => Ok(None),
        Verb::Keep => Err(missing(&row.target, page)),
        Verb::Delete => form(page, &format!("Delete {}", row.target)).map(Some),
        Verb::Change => {
            edit().map(|form| Some(form.clone().fill("source", &row.source))).ok_or_else(|| missing(&row.target, page))
        }
        Verb::Add => Ok(Some(form(page, "Add")?.fill("target", &row.target).fill("source", &row.source))),
    }
}

/// Somebody of this group who has a surname and may sign in.
fn member(directory: &Page, members: &str) -> Option<Person> {
    let names: Vec<&str> = members.split(", ").collect();
    let fits =
        |row: &&Vec<String>| row.len() == 5 && names.contains(&row[0].as_str()) && row[2] != "–" && row[3] == "Enabled";
    directory.rows.iter().find(fits).map(|row| Person { display_name: row[0].clone(), user_name: row[1].clone() })
}

fn form(page: &Page, button: &str) -> Result<Form, Problem> {
    page.form_with(button).cloned().ok_or_else(|| missing(button, page))
}

fn press(form: Form, button: &str) -> Result<Form, Problem> {
    form.press(button).ok_or_else(|| lost(&format!("The practice console has no button {button} here.")))
}

fn path<'a>(page: &'a Page, words: &str) -> Result<&'a str, Problem> {
    page.link(words).map(|link| link.path.as_str()).ok_or_else(|| missing(words, page))
}

fn notice(page: &Page) -> Result<(String, String), Problem> {
    let (result, words) = page.notice.clone().ok_or_else(|| missing("what came of it", page))?;
    // The sign before the words is for the eye.
    Ok((result, words.trim_start_matches(['✓', '✕', '!', ' ']).to_owned()))
}

fn done(page: &Page) -> Result<(), Problem> {
    match notice(page)? {
        (result, _) if result == "success" => Ok(()),
        (_, words) => Err(lost(&format!("The practice console says: {words}"))),
    }
}

fn between(text: &str, from: &str, to: &str) -> Option<String> {
    let (_, rest) = text.split_once(from)?;
    Some(rest.split(to).next().unwrap_or(rest).trim().to_owned())
}

fn missing(what: &str, page: &Page) -> Problem {
    lost(&format!("The practice console's page {} does not show {what}.", page.path))
}
