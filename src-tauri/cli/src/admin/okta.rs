//! The administrator at the practice Okta Admin Console: adds the app from the catalog, connects it, sets what is sent,
//! assigns one group and pushes the other.

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

const GROUPS: &str = "/okta/directory/groups";
const PEOPLE: &str = "/okta/directory/people";
/// How the guide writes into a row when it is to be applied.
const APPLY: &str = "Apply on: ";
/// The last entry of the menu that a pushed group has.
const UNLINK: &str = "Unlink pushed group";

/// What is remembered from page to page.
pub(super) struct Okta {
    browser: Browser,
    address: String,
    /// Path of the app, once it is added.
    app: String,
    plan: Option<Plan>,
    /// The last words of Test API Credentials, if they were refused.
    refusal: Option<String>,
}

/// Which group is assigned, which one is pushed, and somebody who is in both.
#[derive(Clone)]
struct Plan {
    assigned: String,
    pushed: String,
    /// Names as the console shows them.
    both: Vec<String>,
}

impl Console for Okta {
    async fn does(&mut self, id: &str) -> Result<bool, Problem> {
        // Each row and the actions were saved one by one.
        Ok(id == "mappings-saved")
    }

    async fn answers(&mut self, told: &Told, id: &str, options: &[ChoiceOption]) -> Result<Option<String>, Problem> {
        match id {
            "console-said" => Ok(option(&self.connect(told).await?, options)),
            _ => Ok(None),
        }
    }

    async fn types(&mut self, id: &str) -> Result<Option<String>, Problem> {
        match id {
            "assigned-group" => self.assign().await.map(Some),
            "sample-user" => self.somebody().await.map(Some),
            "sample-group" => self.push().await.map(Some),
            _ => Ok(None),
        }
    }
}

impl Okta {
    pub(super) fn new(browser: Browser, address: &str) -> Self {
        Self { browser, address: address.to_owned(), app: String::new(), plan: None, refusal: None }
    }

    pub(super) async fn comes_to_check(&mut self, id: &str) -> Result<(), Problem> {
        match id {
            "scim-watch-change" => {
                self.push_again().await?;
                self.changes_something().await
            }
            "scim-watch-arrivals" => self.tab("Push Groups").await.map(drop),
            _ => Ok(()),
        }
    }

    /// Provisioning → Integration: address and token, Test API Credentials, Save.
    async fn connect(&mut self, told: &Told) -> Result<Said, Problem> {
        if self.app.is_empty() {
            self.app = self.open_or_add_app(told).await?;
        }
        let tab = self.tab("Provisioning").await?;
        let way =
            tab.link("Configure API Integration").map_or_else(|| path(&tab, "Integration"), |link| Ok(&link.path));
        let page = self.browser.open(way?).await?;
        let form = form(&page, "Test API Credentials")?
            .tick_words("Enable API integration", true)
            .ok_or_else(|| missing("Enable API integration", &page))?
            .fill("base_url", told.needed("tenant-url")?.expose())
            .fill("token", told.needed("secret-token")?.expose());
        let form = form.clone().tick_words("Import Groups", false).unwrap_or(form);
        let tested = self.browser.send(&press(form.clone(), "Test API Credentials")?).await?;
        let (result, words) = notice(&tested)?;
        if result == "success" {
            done(&self.browser.send(&press(form, "Save")?).await?)?;
        } else {
            self.refusal = Some(words.clone());
        }
        Ok(Said { words, details: tested.text })
    }

    /// The app of this name, or a new one: Browse App Catalog → the integration that the guide names → Add Integration.
    async fn open_or_add_app(&self, told: &Told) -> Result<String, Problem> {
        let name = told.needed("app-name")?.expose();
        let list = self.browser.open(&self.address).await?;
        if let Some(app) = list.links.iter().find(|link| link.text == name) {
            return Ok(app.path.clone());
        }
        let catalog = self.browser.open(path(&list, "Browse App Catalog")?).await?;
        let search = form(&catalog, "Search")?.fill("q", told.search().unwrap_or_default());
        let found = self.browser.send(&search).await?;
        let entry = found.links.iter().find(|link| told.names(&link.text));
        let entry = entry.ok_or_else(|| missing("the integration that the guide names", &found))?;
        let entry = self.browser.open(&entry.path).await?;
        let general = self.browser.open(path(&entry, "Add Integration")?).await?;
        let sign_on = self.browser.send(&form(&general, "Next")?.fill("label", name)).await?;
        let added = self.browser.send(&form(&sign_on, "Done")?).await?;
        done(&added)?;
        // It opens on one of its tabs.
        path(&added, "General").map(str::to_owned)
    }

    /// A tab of the app, when nothing is being sent any more.
    async fn tab(&self, name: &str) -> Result<Page, Problem> {
        let app = self.browser.open(&self.app).await?;
        self.browser.open_settled(path(&app, name)?).await
    }

    /// What Test API Credentials said when it failed.
    pub(super) fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    /// Provisioning → To App: Edit for the actions, then row after row. Groups have neither here.
    pub(super) async fn map(&self, table: &MappingTable) -> Result<(), Problem> {
        let tab = self.tab("Provisioning").await?;
        let shown = self.browser.open(path(&tab, "To App")?).await?;
        let edited = self.browser.open(path(&shown, "Edit")?).await?;
        let save = edited.forms.iter().find(|form| table.actions.iter().any(|action| form.has_tick(&action.name)));
        let mut save = save.cloned().ok_or_else(|| missing("the actions", &edited))?;
        for action in &table.actions {
            save = save.tick_words(&action.name, action.wanted).ok_or_else(|| missing(&action.name, &edited))?;
        }
        let mut page = self.browser.send(&save).await?;
        done(&page)?;
        for row in &table.rows {
            if let Some(form) = change(&page, row)? {
                page = self.browser.send(&form).await?;
                done(&page)?;
            }
        }
        Ok(())
    }

    /// Assignments → Assign to Groups. A group that is assigned already stays the one.
    async fn assign(&mut self) -> Result<String, Problem> {
        let plan = self.plan().await?;
        let page = self.tab("Assignments").await?;
        if !is_assigned(&page, &plan.assigned) {
            let choice = self.browser.open(path(&page, "Assign to Groups")?).await?;
            let assigned = self.browser.send(&form(&choice, &format!("Assign {}", plan.assigned))?).await?;
            done(&assigned)?;
        }
        let assigned = plan.assigned.clone();
        self.plan = Some(plan);
        Ok(assigned)
    }

    async fn plan(&self) -> Result<Plan, Problem> {
        let directory = self.browser.open(GROUPS).await?;
        let (assignments, pushes) = (self.tab("Assignments").await?, self.tab("Push Groups").await?);
        let groups: Vec<(&str, Vec<&str>)> = directory
            .sections()
            .map(|(name, rows)| (name, rows.iter().filter_map(|row| row.first().map(String::as_str)).collect()))
            .collect();
        let built_in = |name: &str| directory.text.contains(&format!("{name} BUILT_IN"));
        let own = || groups.iter().filter(|(name, _)| !built_in(name));
        let assigned = groups.iter().find(|(name, _)| is_assigned(&assignments, name)).or_else(|| own().next());
        let assigned = assigned.ok_or_else(|| missing("a group to assign", &directory))?;
        let pushed = groups.iter().find(|(name, _)| is_pushed(&pushes, name));
        let pushed = pushed.or_else(|| own().find(|(name, _)| *name != assigned.0)).unwrap_or(assigned);
        let both = assigned.1.iter().filter(|name| pushed.1.contains(name)).map(|name| (*name).to_owned()).collect();
        Ok(Plan { assigned: assigned.0.to_owned(), pushed: pushed.0.to_owned(), both })
    }

    fn planned(&self) -> Result<&Plan, Problem> {
        self.plan.as_ref().ok_or_else(|| lost("The guide has not asked for a group to assign yet."))
    }

    /// The user name of somebody in both groups who has all names; if anybody arrived, of one who did.
    async fn somebody(&self) -> Result<String, Problem> {
        let plan = self.planned()?;
        let (people, assignments) = (self.browser.open(PEOPLE).await?, self.tab("Assignments").await?);
        let whole = |row: &&Vec<String>| {
            row.len() == 5
                && row[2] != "–"
                && row[3] == "Active"
                && plan.both.iter().any(|name| row[0].starts_with(name))
        };
        let arrived = |row: &&&Vec<String>| {
            assignments
                .rows_under("Provisioning")
                .iter()
                .any(|one| row[0].starts_with(&one[0]) && one[1] == "Provisioned")
        };
        let fitting: Vec<&Vec<String>> = people.rows.iter().filter(whole).collect();
        let person = fitting.iter().find(arrived).or(fitting.first());
        person.map(|row| row[1].clone()).ok_or_else(|| missing("somebody who is in both groups", &people))
    }

    /// Push Groups → Find groups by name → Save. A group that is pushed already stays the one.
    async fn push(&self) -> Result<String, Problem> {
        let name = &self.planned()?.pushed;
        let page = self.tab("Push Groups").await?;
        if !is_pushed(&page, name) {
            let found = self.browser.open(path(&page, "Find groups by name")?).await?;
            let form = form(&found, "Save")?.choose("group", name).ok_or_else(|| missing(name, &found))?;
            done(&self.browser.send(&form).await?)?;
        }
        Ok(name.clone())
    }

    /// Directory → Groups: takes somebody out of the pushed group, and puts the same one in the next time.
    pub(super) async fn changes_something(&mut self) -> Result<(), Problem> {
        let plan = self.planned()?.clone();
        let page = self.browser.open(GROUPS).await?;
        let person = plan.both.last().ok_or_else(|| missing("somebody who is in both groups", &page))?;
        let remove = page.form_with(&format!("Remove {person} from {}", plan.pushed)).cloned();
        let add = || page.form_with(&format!("Add to {}", plan.pushed))?.clone().choose("person", person);
        let form = remove.or_else(add).ok_or_else(|| missing(person, &page))?;
        done(&self.browser.send(&form).await?)
    }

    /// What failed while the token was refused is not sent again by itself.
    async fn push_again(&self) -> Result<(), Problem> {
        let page = self.tab("Push Groups").await?;
        let failed = page.rows.iter().any(|row| row.get(3).is_some_and(|status| status.starts_with("Error")));
        match page.form_with("Push now").filter(|_| failed) {
            Some(form) => done(&self.browser.send(form).await?),
            None => Ok(()),
        }
    }

    /// Push Groups for the group, Assignments for the people, and the System Log.
    pub(super) async fn complaint(&self) -> Result<Option<String>, Problem> {
        let pushes = self.tab("Push Groups").await?;
        // The reason stands below the menu of the status.
        let refused = |row: &Vec<String>| {
            row.get(3)?.strip_prefix("Error")?.rsplit_once(UNLINK).map(|(_, why)| why.trim().to_owned())
        };
        if let Some(why) = pushes.rows.iter().find_map(refused) {
            return Ok(Some(why));
        }
        let assignments = self.tab("Assignments").await?;
        // Somebody else may have failed for a reason of their own.
        let whom = self.plan.as_ref().map_or(&[][..], |plan| &plan.both);
        let failed = |row: &&Vec<String>| row.len() == 3 && row[1] == "Error" && whom.contains(&row[0]);
        if let Some(row) = assignments.rows_under("Provisioning").iter().find(failed) {
            return Ok(Some(row[2].clone()));
        }
        let log = self.tab("View Logs").await?;
        let failed = |row: &&Vec<String>| row.len() == 5 && row[3] == "FAILURE" && whom.contains(&row[2]);
        Ok(log.rows.iter().find(failed).map(|row| row[4].clone()))
    }
}

fn is_assigned(assignments: &Page, group: &str) -> bool {
    assignments.rows.iter().any(|row| row.len() == 4 && row[0] == group && row[1] == "Group")
}

fn is_pushed(pushes: &Page, group: &str) -> bool {
    pushes.rows.iter().any(|row| row.len() >= 4 && row[0] == group)
}

/// The form that makes a row of the console what the guide says; none if there is nothing to do.
fn change(page: &Page, row: &MappingRow) -> Result<Option<Form>, Problem> {
    let apply = row.note.as_deref().and_then(|note| note.split("; ").find_map(|part| part.strip_prefix(APPLY)));
    let fill = |form: Form| {
        let form = form.fill("expression", &row.source);
        apply.map_or_else(|| Some(form.clone()), |apply| form.clone().choose("apply", apply))
    };
    let own = |rest: &str| {
        let action = format!("/rows/{}{rest}", row.target);
        page.forms.iter().find(|form| form.action.ends_with(&action)).cloned()
    };
    let wanted = |form: Option<Form>| form.and_then(fill).map(Some).ok_or_else(|| missing(&row.target, page));
    match row.verb {
        Verb::Keep => keeps(page, row, apply).map(|()| None),
        Verb::Delete => own("/delete").map(Some).ok_or_else(|| missing(&row.target, page)),
        Verb::Change => wanted(own("")),
        Verb::Add => wanted(page.form_holding("attribute").cloned().map(|form| form.fill("attribute", &row.target))),
    }
}

/// What the guide says to keep has to be there as the guide shows it.
fn keeps(page: &Page, row: &MappingRow, apply: Option<&str>) -> Result<(), Problem> {
    let named = |cells: &&Vec<String>| cells.len() == 4 && cells[0].split(' ').next_back() == Some(row.target.as_str());
    let cells = page.rows.iter().find(named).ok_or_else(|| missing(&row.target, page))?;
    if cells[1] == row.source && apply.is_none_or(|apply| cells[2] == apply) {
        return Ok(());
    }
    let (source, when) = (&cells[1], &cells[2]);
    Err(lost(&format!("The practice console has {source} ({when}) for {}, and the guide says to keep it.", row.target)))
}
