//! The administrator at the practice Microsoft Entra admin center: makes the app, connects it, works through the
//! mappings, assigns a group, provisions one person, starts.

use usher_core::{
    Problem,
    view::{ChoiceOption, MappingRow, MappingTable, Verb},
};

use super::{
    browser::{Browser, lost},
    console::{Console, done, form, missing, notice, path, press},
    idps::{Said, option},
    page::{Form, Page},
    told::Told,
};

/// The way to an app of one's own, where the guide names none of the gallery.
const OWN_APP: &str = "Create your own application";
/// The option of the console's dialog that makes an app which can provision.
const NON_GALLERY: &str = "non-gallery";

/// What is remembered from page to page.
pub(super) struct Entra {
    browser: Browser,
    address: String,
    /// Path of the app, once it is made.
    app: String,
    group: String,
    /// Who joins and leaves that group, when something has to change.
    joiner: String,
    member: Option<Person>,
    /// The last words of Test Connection, if it failed.
    refusal: Option<String>,
}

struct Person {
    display_name: String,
    user_name: String,
}

impl Console for Entra {
    async fn does(&mut self, id: &str) -> Result<bool, Problem> {
        match id {
            "mappings-saved" => self.mappings_saved().await.map(|()| true),
            _ => Ok(false),
        }
    }

    async fn answers(&mut self, told: &Told, id: &str, options: &[ChoiceOption]) -> Result<Option<String>, Problem> {
        match id {
            "console-said" => Ok(option(&self.connect(told).await?, options)),
            _ => Ok(None),
        }
    }

    async fn types(&mut self, id: &str) -> Result<Option<String>, Problem> {
        match id {
            "sample-group" => self.assign_group().await.map(Some),
            "sample-user" => match &self.member {
                Some(member) => Ok(Some(member.user_name.clone())),
                None => Err(lost("The assigned group has no member with all names.")),
            },
            _ => Ok(None),
        }
    }
}

impl Entra {
    pub(super) fn new(browser: Browser, address: &str) -> Self {
        Self {
            browser,
            address: address.to_owned(),
            app: String::new(),
            group: String::new(),
            joiner: String::new(),
            member: None,
            refusal: None,
        }
    }

    pub(super) async fn comes_to_check(&mut self, id: &str) -> Result<(), Problem> {
        match id {
            "scim-watch-change" => {
                self.changes_something().await?;
                self.restart().await
            }
            "scim-find-user" => self.provision_on_demand().await,
            "scim-watch-arrivals" => self.start().await,
            _ => Ok(()),
        }
    }

    /// New application → Provisioning → Tenant URL and Secret token → Test Connection → Create.
    async fn connect(&mut self, told: &Told) -> Result<Said, Problem> {
        if self.app.is_empty() {
            self.app = self.open_or_create_app(told).await?;
        }
        let page = self.browser.open(&format!("{}/provisioning", self.app)).await?;
        let form = form(&page, "Test Connection")?
            .fill("tenant_url", told.needed("tenant-url")?.expose())
            .fill("secret_token", told.needed("secret-token")?.expose());
        let tested = self.browser.send(&press(form.clone(), "Test Connection")?).await?;
        let (result, words) = notice(&tested)?;
        if result == "success" {
            let save = press(form.clone(), "Create").or_else(|_| press(form, "Save"))?;
            done(&self.browser.send(&save).await?)?;
        } else {
            self.refusal = Some(words.clone());
        }
        Ok(Said { words, details: tested.text })
    }

    /// The app of this name, or a new one: of the gallery if the guide names it, else one of one's own.
    async fn open_or_create_app(&self, told: &Told) -> Result<String, Problem> {
        let name = told.needed("app-name")?.expose();
        let list = self.browser.open(&self.address).await?;
        if let Some(app) = list.links.iter().find(|link| link.text == name) {
            return Ok(app.path.clone());
        }
        let gallery = self.browser.open(path(&list, "New application")?).await?;
        let named = gallery.links.iter().find(|link| told.names(&link.text)).map(|link| link.path.as_str());
        let dialog = self.browser.open(named.map_or_else(|| path(&gallery, OWN_APP), Ok)?).await?;
        let form = form(&dialog, "Create")?.fill("name", name);
        let kind = form.offered.iter().find(|offer| offer.name == "kind" && told.names(&offer.words));
        let kind = kind.map_or(NON_GALLERY, |offer| offer.value.as_str()).to_owned();
        let asked = form.offered.iter().any(|offer| offer.name == "kind");
        let created = self.browser.send(&if asked { form.fill("kind", &kind) } else { form }).await?;
        done(&created)?;
        Ok(created.path)
    }

    /// What Test Connection said when it failed.
    pub(super) fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    /// Deletes, adds and changes rows as the guide's table says, sets the object actions, saves.
    pub(super) async fn map(&self, table: &MappingTable) -> Result<(), Problem> {
        let choice = self.browser.open(&format!("{}/mapping", self.app)).await?;
        let mut page = self.browser.open(path(&choice, &table.title)?).await?;
        for row in &table.rows {
            if let Some(form) = change(&page, row)? {
                page = self.browser.send(&form).await?;
                done(&page)?;
            }
        }
        let mut save = form(&page, "Save")?.tick("enabled", "on", true);
        for action in &table.actions {
            save = save.tick_words(&action.name, action.wanted).ok_or_else(|| missing(&action.name, &page))?;
        }
        done(&self.browser.send(&save).await?)
    }

    /// Looks whether a change is still unsaved.
    async fn mappings_saved(&self) -> Result<(), Problem> {
        let page = self.browser.open(&format!("{}/mapping", self.app)).await?;
        if page.text.contains("not saved") {
            Err(lost("The practice console has mappings that are not saved."))
        } else {
            Ok(())
        }
    }

    /// Users and groups → Add user/group: the first group of the directory. Returns its name.
    async fn assign_group(&mut self) -> Result<String, Problem> {
        let directory = self.browser.open("/entra/directory").await?;
        let page = self.browser.open(&format!("{}/assignments", self.app)).await?;
        let form = form(&page, "Assign")?;
        let offered = form.offered.iter().filter(|offer| offer.name == "principal" && !offer.value.is_empty());
        let groups = directory.rows_under("Groups");
        let group = offered.filter_map(|offer| groups.iter().find(|group| group[0] == offer.words)).next();
        let name = group.ok_or_else(|| missing("a group to assign", &page))?[0].clone();
        let assigned = form.choose("principal", &name).ok_or_else(|| missing(&name, &page))?;
        done(&self.browser.send(&assigned).await?)?;
        self.member = member(&directory, &name);
        self.group = name;
        Ok(self.group.clone())
    }

    /// Provision on demand. What it says is for [`Entra::complaint`]: Usher looks at the target, not at the console.
    async fn provision_on_demand(&self) -> Result<(), Problem> {
        let page = self.browser.open(&format!("{}/on-demand", self.app)).await?;
        let member = self.member.as_ref().ok_or_else(|| missing("a member of the assigned group", &page))?;
        let form = form(&page, "Provision")?.choose("subject", &member.display_name);
        let answer = self.browser.send(&form.ok_or_else(|| missing(&member.display_name, &page))?).await?;
        notice(&answer).map(drop)
    }

    /// Directory → Members: puts somebody into the assigned group, and takes the same one out the next time.
    pub(super) async fn changes_something(&mut self) -> Result<(), Problem> {
        let directory = self.browser.open("/entra/directory").await?;
        let row = directory.rows_under("Groups").iter().find(|row| row[0] == self.group);
        let row = row.ok_or_else(|| missing(&self.group, &directory))?;
        let members: Vec<&str> = row[1].split(", ").collect();
        if self.joiner.is_empty() {
            let fits = |row: &&Vec<String>| !members.contains(&row[0].as_str()) && row[2] != "–" && row[3] == "Enabled";
            let found = directory.rows_under("Users").iter().find(fits);
            self.joiner = found.ok_or_else(|| missing("somebody who could join", &directory))?[0].clone();
        }
        let button = if members.contains(&self.joiner.as_str()) { "Remove" } else { "Add" };
        // Only where groups can be chosen does the console show their keys.
        let choice = self.browser.open(&format!("{}/on-demand", self.app)).await?;
        let offered = choice.forms.iter().flat_map(|form| &form.offered).find(|offer| offer.words == self.group);
        let key = &offered.ok_or_else(|| missing(&self.group, &choice))?.value;
        let form = directory.forms.iter().find(|form| form.action.ends_with(&format!("/groups/{key}")));
        let form = form.cloned().and_then(|form| form.choose("person", &self.joiner));
        let form = form.ok_or_else(|| missing("Members…", &directory))?;
        done(&self.browser.send(&press(form, button)?).await?)
    }

    /// Overview → Restart provisioning: a cycle at once, in place of one in 40 minutes.
    async fn restart(&self) -> Result<(), Problem> {
        let page = self.browser.open(&self.app).await?;
        done(&self.browser.send(&form(&page, "Restart provisioning")?).await?)
    }

    /// Overview → Start provisioning.
    async fn start(&self) -> Result<(), Problem> {
        let page = self.browser.open(&self.app).await?;
        done(&self.browser.send(&form(&page, "Start provisioning")?).await?)
    }

    /// The state of the job, the last provisioning on demand, the log of the group.
    pub(super) async fn complaint(&self) -> Result<Option<String>, Problem> {
        let overview = self.browser.open(&self.app).await?;
        if let Some(quarantine) = between(&overview.text, "Current cycle status", "Next attempt")
            .filter(|text| text.starts_with("Quarantine"))
        {
            return Ok(Some(quarantine));
        }
        let on_demand = self.browser.open(&format!("{}/on-demand", self.app)).await?;
        if let Some((_, reason)) = on_demand.results.last().filter(|(status, _)| status != "success") {
            return Ok(Some(reason.clone()));
        }
        let logs = self.browser.open(&format!("{}/logs", self.app)).await?;
        let about = |row: &&Vec<String>| row.len() == 5 && row[1].starts_with(&self.group) && row[3] != "Success";
        Ok(logs.rows.iter().find(about).map(|row| row[4].clone()))
    }
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

/// Somebody of this group who has a surname and may sign in; where it holds groups only, somebody of those.
fn member(directory: &Page, group: &str) -> Option<Person> {
    let groups = directory.rows_under("Groups");
    let members = |name: &str| -> Vec<&str> {
        let row = groups.iter().find(|row| row[0] == name);
        row.map_or_else(Vec::new, |row| row[1].split(", ").collect())
    };
    let direct = members(group);
    let inner = direct.iter().flat_map(|member| members(member));
    let person = |name: &str| {
        let fits = |row: &&Vec<String>| row[0] == name && row[2] != "–" && row[3] == "Enabled";
        let found = directory.rows_under("Users").iter().find(fits);
        found.map(|row| Person { display_name: row[0].clone(), user_name: row[1].clone() })
    };
    direct.iter().copied().chain(inner).find_map(person)
}

fn between(text: &str, from: &str, to: &str) -> Option<String> {
    let (_, rest) = text.split_once(from)?;
    Some(rest.split(to).next().unwrap_or(rest).trim().to_owned())
}
