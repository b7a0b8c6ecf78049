//! From Home to Finish with the keyboard alone, by what a screen reader says; and every other screen looked at in the
//! same way. Nothing is clicked, and no script runs in the page.

use std::collections::BTreeMap;

use crate::{
    console::Console,
    desktop::{Desktop, Scheme},
    screen_reader::{FRAME, Node, ScreenReader, steps, stumbles},
    walk::BEFORE,
};

/// What stood in the way, and on which screens.
#[derive(Default)]
struct Found(BTreeMap<String, Vec<String>>);

impl Found {
    fn note(&mut self, screen: &str, what: String) {
        self.0.entry(what).or_default().push(screen.to_owned());
    }

    fn must_be_none(&self) {
        let texts: Vec<String> = self.0.iter().map(|(what, screens)| format!("{what}\n    on {screens:?}")).collect();
        assert!(texts.is_empty(), "somebody with a keyboard and a screen reader stumbles:\n{}", texts.join("\n"));
    }
}

/// Reads a screen from top to bottom and goes once around it.
fn look(reader: &mut ScreenReader<'_>, screen: &str, found: &mut Found) -> Vec<Node> {
    let tree = reader.tree();
    for what in stumbles(&tree) {
        found.note(screen, what);
    }
    if let Err(what) = reader.goes_around() {
        found.note(screen, what);
    }
    tree
}

/// A step that has just been opened: the focus is at its heading, and the list says which it is.
fn arrive(reader: &mut ScreenReader<'_>, number: usize, found: &mut Found) {
    let step = format!("Step {number} of 6");
    let tree =
        reader.until(&step, |tree| tree.iter().any(|node| node.text.starts_with(&step)) && steps(tree).0.len() == 6);
    let title =
        tree.iter().find(|node| node.level.as_deref() == Some("1")).map(|it| it.name.clone()).unwrap_or_default();
    reader.begins_at_heading(&title);
    let (items, current) = steps(&tree);
    assert_eq!(items.len(), 6, "{items:#?}");
    assert_eq!(current, Some(number - 1), "the list says which step is the present one: {items:#?}");
    let in_words = |item: &String| {
        ["open", "proven", "done, not proven yet", "needs another look"]
            .iter()
            .any(|state| item.contains(&format!(", {state}")))
    };
    for item in items.iter().filter(|item| !in_words(item)) {
        found.note(&step, format!("a step without its state in words: {item}"));
    }
    look(reader, &step, found);
}

fn copies(reader: &mut ScreenReader<'_>, desktop: &Desktop, what: &str) -> String {
    desktop.copy_elsewhere(BEFORE);
    reader.presses("push button", &format!("Copy {what}"));
    reader.hears(&format!("{what} copied"), |said| said.starts_with(&format!("{what} copied.")));
    desktop.clipboard()
}

fn opens(reader: &mut ScreenReader<'_>, desktop: &Desktop, link: &str) -> Console {
    let before = desktop.opened().len();
    reader.presses("push button", link);
    reader.until("the link is opened", |_| desktop.opened().len() > before);
    Console::at_the_opened_link(desktop)
}

fn ticks(reader: &mut ScreenReader<'_>, name: &str) {
    reader.presses("check box", name);
    is_ticked(reader, name);
}

fn is_ticked(reader: &mut ScreenReader<'_>, name: &str) {
    let ticked = |node: &Node| node.role == "check box" && node.name.starts_with(name) && node.is("checked");
    reader.until(&format!("\"{name}\" is ticked"), |tree| tree.iter().any(ticked));
}

/// Runs a check and waits until it has passed; that is also said aloud.
fn checks(reader: &mut ScreenReader<'_>, button: &str, label: &str) {
    reader.presses("push button", button);
    let passed = |node: &Node| node.role == "heading" && node.name == label;
    reader.until(&format!("{label} has passed"), |tree| {
        let at = tree.iter().position(passed);
        at.is_some_and(|at| {
            tree[at.saturating_sub(2)..at].iter().any(|it| format!("{} {}", it.name, it.text).contains("Passed"))
        })
    });
    let shown = reader.text();
    reader.hears(&format!("what proves \"{label}\""), |said| said.len() > 10 && shown.contains(said));
    // The button that was pressed may be gone; somebody is still there.
    assert_ne!(reader.focused().role, FRAME);
}

fn goes_on(reader: &mut ScreenReader<'_>) {
    reader.until("Continue can be pressed", |tree| {
        tree.iter().any(|node| node.role == "push button" && node.name == "Continue" && node.is("sensitive"))
    });
    reader.presses("push button", "Continue");
}

#[tokio::test]
async fn from_home_to_finish_with_the_keyboard_and_a_screen_reader() {
    let desktop = Desktop::start(Scheme::Light);
    let mut reader = ScreenReader::start(&desktop);
    let mut found = Found::default();
    let reader = &mut reader;

    look(reader, "home", &mut found);
    reader.presses("push button", "Practice first");
    reader.begins_at_heading("Which connection");
    look(reader, "new-setup", &mut found);
    reader.goes_to("radio button", "AWS");
    reader.goes_by("Down", "radio button", "HPE GreenLake");
    reader.goes_to("radio button", "Microsoft Entra ID");
    reader.key(&["space"]);
    look(reader, "new-setup chosen", &mut found);
    goes_on(reader);
    reader.begins_at_heading("What you need");
    let tree = look(reader, "needs", &mut found);
    assert!(tree.iter().any(|node| node.text.contains("nothing here reaches a real system")), "the banner is read");
    assert!(tree.iter().any(|node| node.text.contains("HPE GreenLake") && node.text.contains("Microsoft Entra ID")));
    reader.presses("push button", "Begin");

    // 1: the role.
    arrive(reader, 1, &mut found);
    opens(reader, &desktop, "Open the HPE GreenLake portal").assign_role().await;
    ticks(reader, "The assignment is listed");
    goes_on(reader);

    // 2: the access token. What is typed is not read to anybody.
    arrive(reader, 2, &mut found);
    let token = opens(reader, &desktop, "Open the HPE GreenLake portal").access_token().await;
    reader.goes_to("password text", "Type Personal access token");
    reader.types("zebra");
    reader.finds("push button", "Use it");
    let said = reader.text();
    assert!(!said.contains("zebra"), "a secret is read aloud: {said}");
    reader.key(&["BackSpace"; 5]);
    desktop.copy_elsewhere(&format!("Bearer {token}\n"));
    reader.presses("push button", "Paste from the clipboard");
    reader.finds("push button", "Clear Personal access token");
    assert_ne!(reader.focused().role, FRAME, "the button that was pressed is gone; somebody is still there");
    look(reader, "step 2 done", &mut found);
    goes_on(reader);

    // 3: the SCIM token.
    arrive(reader, 3, &mut found);
    reader.presses("push button", "Create the token");
    reader.finds("push button", "Copy SCIM proxy token");
    checks(reader, "Ask the endpoint", "The SCIM endpoint accepts the token");
    let secret = copies(reader, &desktop, "SCIM proxy token");
    let said = reader.text();
    assert!(!said.contains(&secret) && !said.contains(&token), "a secret is read aloud: {said}");
    look(reader, "step 3 done", &mut found);
    goes_on(reader);

    // 4: in the console of the identity provider.
    arrive(reader, 4, &mut found);
    let console = opens(reader, &desktop, "Open Enterprise apps");
    let app = console.create_app(&copies(reader, &desktop, "Name")).await;
    let tenant_url = copies(reader, &desktop, "Tenant URL");
    let secret_token = copies(reader, &desktop, "Secret token");
    assert_eq!(secret_token, secret);
    checks(reader, "Ask as Entra will ask", "The SCIM endpoint of HPE GreenLake answers as Entra expects");
    let said = console.connect(&app, &tenant_url, &secret_token).await;
    let answer =
        if said.contains("authorized") { "The supplied credentials are authorized" } else { "Connection test for" };
    reader.goes_to("radio button", "Connection test for");
    reader.goes_by("Down", "radio button", answer);
    reader.key(&["space"]);
    look(reader, "step 4 done", &mut found);
    goes_on(reader);

    // 5: the mappings, row by row.
    arrive(reader, 5, &mut found);
    mappings(reader, &console, &app).await;
    ticks(reader, "Both mappings are saved");
    goes_on(reader);

    // 6: provisioning.
    arrive(reader, 6, &mut found);
    console.assign(&app, "GreenLake Users").await;
    reader.goes_to("entry", "Display name of the assigned group");
    reader.types("GreenLake Users");
    reader.goes_to("entry", "User name of one member");
    reader.types("zoe.oconnor-mueller@northwind.example");
    console.provision_on_demand(&app, "u1").await;
    checks(reader, "Look for this person", "The person is at HPE GreenLake, attribute by attribute");
    console.start(&app).await;
    checks(reader, "Watch them arrive", "The group is at HPE GreenLake, with its members");
    look(reader, "step 6 done", &mut found);
    reader.presses("push button", "Finish");

    reader.finds("push button", "Save runbook");
    reader.begins_at_heading("");
    look(reader, "finish", &mut found);
    reader.presses("push button", "Save runbook");
    reader.until("the runbook is saved", |tree| tree.iter().any(|node| node.text.contains("The runbook is saved")));
    reader.presses("push button", "All connections");
    reader.begins_at_heading("Connections");
    look(reader, "home with a connection", &mut found);
    around_home(reader, &mut found);
    found.must_be_none();
}

/// What opens in place closes with Escape, and the focus goes back to what opened it.
fn around_home(reader: &mut ScreenReader<'_>, found: &mut Found) {
    reader.presses("push button", "Remove ");
    // The way out has the focus.
    reader.stands_on("push button", "Keep it");
    look(reader, "home, removing", found);
    reader.goes_to("push button", "Keep it");
    reader.key(&["Escape"]);
    reader.until("the question is gone", |tree| !tree.iter().any(|node| node.name == "Keep it"));
    reader.stands_on("push button", "Remove ");

    reader.presses("push button", "Understand an error");
    reader.begins_at_heading("");
    look(reader, "doctor", found);
    reader.key(&["alt+Left"]);
    reader.begins_at_heading("Connections");

    reader.presses("push button", "Rotate token");
    reader.until("the rotation begins", |tree| tree.iter().any(|node| node.text.starts_with("Step 1 of")));
    look(reader, "rotation", found);
    reader.presses("push button", "Stop the rotation");
    reader.stands_on("push button", "Go on");
    reader.key(&["Escape"]);
    reader.until("the question is gone", |tree| !tree.iter().any(|node| node.name == "Go on"));
    reader.stands_on("push button", "Stop the rotation");
}

/// By the names of the boxes alone: what a reader says is enough to know what to do.
async fn mappings(reader: &mut ScreenReader<'_>, console: &Console, app: &str) {
    let boxes: Vec<String> = reader.tree().into_iter().filter(|it| it.role == "check box").map(|it| it.name).collect();
    let rows: Vec<&String> = boxes.iter().filter(|name| name.ends_with(": done") || name.contains(" there")).collect();
    let (users, groups) = rows.split_at(second_table(&rows));
    for (kind, rows) in [("users", users), ("groups", groups)] {
        let named = |begin: &str, end: &str| -> Vec<String> {
            let inner = |name: &&String| name.strip_prefix(begin)?.strip_suffix(end).map(str::to_owned);
            rows.iter().filter_map(inner).collect()
        };
        let (delete, wanted) = (named("Delete ", ": done"), named("", " is on there"));
        assert!(!wanted.is_empty(), "the boxes say which object actions are to be on: {rows:#?}");
        console.set_mapping(app, kind, &delete, &wanted).await;
    }
    for row in rows {
        reader.goes_to("check box", row);
        reader.key(&["space"]);
        is_ticked(reader, row);
    }
}

/// Where the groups begin: with object actions again, after the rows of the users.
fn second_table(rows: &[&String]) -> usize {
    let is_action = |index: &usize| rows[*index].contains(" there");
    (1..rows.len()).find(|index| is_action(index) && !is_action(&(index - 1))).expect("there are two tables")
}
