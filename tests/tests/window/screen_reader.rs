//! A person who does not see the window and has no mouse: Usher is started as it is, without a driver; what it shows is
//! read over AT-SPI, as a screen reader does, and keys are pressed on the screen's keyboard.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    desktop::{Desktop, NEEDS_TOOLS, Running},
    program::tool,
};

const PATIENCE: Duration = Duration::from_secs(60);
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
/// More stops of the Tab key than any screen has.
const MOST_CONTROLS: usize = 150;

/// What the window itself is, around the page.
pub(crate) const FRAME: &str = "filler";

/// An object of the window, as `tests/tools/reader.py` tells it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Node {
    pub(crate) role: String,
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) level: Option<String>,
    current: Option<String>,
    pub(crate) depth: usize,
    states: Vec<String>,
}

/// What has the focus, and how often it has moved.
#[derive(Debug, Deserialize)]
struct Focus {
    on: Option<Node>,
    moves: u64,
}

/// What can be used, by the names of the roles in AT-SPI.
const CONTROLS: [&str; 10] = [
    "push button",
    "toggle button",
    "link",
    "entry",
    "password text",
    "check box",
    "radio button",
    "combo box",
    "slider",
    "list box",
];

impl Node {
    pub(crate) fn is(&self, state: &str) -> bool {
        self.states.iter().any(|it| it == state)
    }

    pub(crate) fn is_control(&self) -> bool {
        CONTROLS.contains(&self.role.as_str())
    }

    fn in_short(&self) -> String {
        format!("{} \"{}\"", self.role, self.name)
    }
}

/// Eyes and hands of this person, and the Usher in front of them.
pub(crate) struct ScreenReader<'a> {
    desktop: &'a Desktop,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    heard: Vec<String>,
    // Ended in this order.
    _reader: Running,
    _program: Running,
    _bus: Running,
}

impl<'a> ScreenReader<'a> {
    /// Starts Usher on this desktop, for somebody with a screen reader.
    pub(crate) fn start(desktop: &'a Desktop) -> Self {
        let bus = desktop.with_assistive_technology();
        let mut script = desktop.command("/usr/bin/python3");
        script.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/reader.py")).arg("usher");
        script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut reader = Running::start(script);
        let (questions, answers) = reader.pipes();

        let mut usher = desktop.command(tool("USHER_BINARY", "target/debug/usher"));
        let log = fs::OpenOptions::new().create(true).append(true).open(desktop.path().join("usher.log")).unwrap();
        usher.env_remove("NO_AT_BRIDGE").env("USHER_LOG", "trace");
        usher.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let program = Running::start(usher);
        let mut this = Self {
            desktop,
            questions,
            answers: BufReader::new(answers),
            heard: Vec::new(),
            _reader: reader,
            _program: program,
            _bus: bus,
        };
        this.until("the window is there", |tree| tree.iter().any(|node| node.level.is_some()));
        this
    }

    /// Everything in the window, top to bottom.
    pub(crate) fn tree(&mut self) -> Vec<Node> {
        self.ask("tree")
    }

    /// What is said in the window, one object a line.
    pub(crate) fn text(&mut self) -> String {
        let lines =
            self.tree().into_iter().map(|it| format!("{}{}: {} {}", " ".repeat(it.depth), it.role, it.name, it.text));
        lines.collect::<Vec<_>>().join("\n")
    }

    pub(crate) fn until(&mut self, what: &str, look: impl Fn(&[Node]) -> bool) -> Vec<Node> {
        let begin = Instant::now();
        loop {
            let tree = self.tree();
            if look(&tree) {
                return tree;
            }
            assert!(begin.elapsed() < PATIENCE, "waited in vain until {what}.\nThe reader reads:\n{}", self.text());
            std::thread::sleep(BETWEEN_LOOKS);
        }
    }

    /// Waits until something with this role and a name that begins so is there.
    pub(crate) fn finds(&mut self, role: &str, name: &str) -> Node {
        let wanted = |node: &Node| node.role == role && node.name.starts_with(name);
        let tree = self.until(&format!("{role} \"{name}\" is there"), |tree| tree.iter().any(wanted));
        tree.into_iter().find(wanted).unwrap()
    }

    /// Waits until a sentence was said aloud by itself, since the last time.
    pub(crate) fn hears(&mut self, what: &str, is_it: impl Fn(&str) -> bool) {
        let begin = Instant::now();
        loop {
            let new: Vec<String> = self.ask("heard");
            self.heard.extend(new);
            if let Some(at) = self.heard.iter().position(|said| is_it(said)) {
                self.heard.drain(..=at);
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "{what} was not said; heard were: {:#?}", self.heard);
            std::thread::sleep(BETWEEN_LOOKS);
        }
    }

    /// After a change of the screen the reader begins at its heading.
    pub(crate) fn begins_at_heading(&mut self, name: &str) {
        self.stands_on("heading", name);
    }

    /// Waits until the focus is there.
    pub(crate) fn stands_on(&mut self, role: &str, name: &str) {
        let begin = Instant::now();
        loop {
            let focus = self.focus();
            if focus.on.as_ref().is_some_and(|on| on.role == role && on.name.starts_with(name)) {
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "the focus is on {:?}, not on {role} \"{name}\"", focus.on);
            std::thread::sleep(BETWEEN_LOOKS);
        }
    }

    /// What has the focus. Never nothing: a person would be lost.
    pub(crate) fn focused(&mut self) -> Node {
        let begin = Instant::now();
        loop {
            if let Some(node) = self.focus().on.filter(|it| it.role != "document web") {
                return node;
            }
            assert!(begin.elapsed() < PATIENCE, "nothing has the focus.\nThe reader reads:\n{}", self.text());
            std::thread::sleep(BETWEEN_LOOKS);
        }
    }

    /// Presses a key, or several one after the other, by their X names.
    pub(crate) fn key(&self, keys: &[&str]) {
        self.xdotool(&[&["key", "--clearmodifiers"], keys].concat());
    }

    pub(crate) fn types(&self, text: &str) {
        self.xdotool(&["type", "--delay", "20", text]);
    }

    /// Goes to a control with the Tab key; or with an arrow, within a group.
    pub(crate) fn goes_to(&mut self, role: &str, name: &str) {
        self.goes_by("Tab", role, name);
    }

    pub(crate) fn goes_by(&mut self, key: &str, role: &str, name: &str) {
        self.finds(role, name);
        for _ in 0..MOST_CONTROLS {
            let on = self.focused();
            if on.role == role && on.name.starts_with(name) {
                return;
            }
            self.moves(key);
        }
        panic!("no {key} leads to {role} \"{name}\".\nThe reader reads:\n{}", self.text());
    }

    /// Goes there and presses Enter, or Space where Enter does nothing.
    pub(crate) fn presses(&mut self, role: &str, name: &str) {
        self.goes_to(role, name);
        self.key(&[if role == "check box" { "space" } else { "Return" }]);
    }

    /// All controls of the screen in the order of the Tab key, once around; it has to be the order in which they are
    /// read, and no control may be left out. The window's own frame stands between the last and the first.
    pub(crate) fn goes_around(&mut self) -> Result<(), String> {
        let expected = stops(&self.tree());
        let mut seen = Vec::new();
        let mut ends = None;
        for _ in 0..=expected.len() {
            self.moves("Tab");
            match self.focused() {
                frame if frame.role == FRAME => ends = Some(seen.len()),
                node => seen.push(node.in_short()),
            }
        }
        let Some(ends) = ends else { return Err(format!("the Tab key does not leave the page: {seen:#?}")) };
        seen.rotate_left(ends);
        if seen == expected {
            return Ok(());
        }
        Err(format!(
            "the Tab key goes\n      {}\n    but what is read is\n      {}",
            seen.join("\n      "),
            expected.join("\n      ")
        ))
    }

    /// Presses a key and waits until the focus has moved.
    fn moves(&mut self, key: &str) {
        let before = self.focus().moves;
        self.key(&[key]);
        let begin = Instant::now();
        while self.focus().moves == before {
            assert!(begin.elapsed() < PATIENCE, "{key} leads nowhere.\nThe reader reads:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn focus(&mut self) -> Focus {
        self.ask("focus")
    }

    fn ask<T: DeserializeOwned>(&mut self, question: &str) -> T {
        writeln!(self.questions, "{question}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "the reader has ended: {NEEDS_TOOLS}");
        serde_json::from_str(&line).unwrap()
    }

    fn xdotool(&self, arguments: &[&str]) {
        let mut tool: Command = self.desktop.command("xdotool");
        let output = tool.args(arguments).output().expect(NEEDS_TOOLS);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Where the Tab key has to stop, top to bottom: at each control that can be used, and once in a group of radio buttons.
fn stops(tree: &[Node]) -> Vec<String> {
    let mut panel = 0;
    let mut stops: Vec<(Option<usize>, &Node)> = Vec::new();
    for node in tree {
        panel += usize::from(node.role == "panel");
        if !(node.is("focusable") && node.is("sensitive") && (node.is_control() || opens(node))) {
            continue;
        }
        let group = (node.role == "radio button").then_some(panel);
        match stops.last_mut() {
            // The chosen one stands for its group, else the first.
            Some((Some(last), stop)) if group == Some(*last) => {
                if node.is("checked") {
                    *stop = node;
                }
            }
            _ => stops.push((group, node)),
        }
    }
    stops.into_iter().map(|(_, node)| node.in_short()).collect()
}

/// A heading of something that is folded up.
fn opens(node: &Node) -> bool {
    node.is("expandable") && node.role != "frame"
}

/// What a screen reader would stumble over on one screen.
pub(crate) fn stumbles(tree: &[Node]) -> Vec<String> {
    let mut found = Vec::new();
    for node in tree.iter().filter(|it| it.is_control() || opens(it)) {
        if node.name.trim().is_empty() {
            found.push(format!("a {} has no name", node.role));
        }
    }
    for node in tree.iter().filter(|it| it.role == "unknown") {
        found.push(format!("something has no role: {} {}", node.name, node.text));
    }
    let headings: Vec<&Node> = tree.iter().filter(|it| it.role == "heading").collect();
    let first = headings.iter().filter(|it| it.level.as_deref() == Some("1")).count();
    if first != 1 {
        found.push(format!("there are {first} headings of the first level"));
    }
    let mut before = 0;
    for heading in headings {
        match heading.level.as_deref().and_then(|level| level.parse::<u8>().ok()) {
            Some(level) if level > before + 1 => {
                found.push(format!("heading {level} \"{}\" comes after one of level {before}", heading.name));
            }
            Some(level) => before = level,
            None => found.push(format!("heading \"{}\" has no level", heading.name)),
        }
    }
    found
}

/// The steps as they are read in the list of them: each with its state in words. Which of them is the present one.
pub(crate) fn steps(tree: &[Node]) -> (Vec<String>, Option<usize>) {
    let at = tree.iter().position(|it| it.role == "landmark" && it.name == "Steps");
    let Some(at) = at else { return (Vec::new(), None) };
    let depth = tree[at].depth;
    let inside: Vec<&Node> = tree[at + 1..].iter().take_while(|it| it.depth > depth).collect();
    assert!(inside.iter().any(|it| it.role == "list"), "the steps are a list: {inside:#?}");
    let starts: Vec<usize> = (0..inside.len()).filter(|index| inside[*index].role == "list item").collect();
    let mut items = Vec::new();
    let mut current = None;
    for (number, start) in starts.iter().enumerate() {
        let end = starts.get(number + 1).copied().unwrap_or(inside.len());
        let words = inside[*start..end].iter().map(|it| if it.name.is_empty() { &it.text } else { &it.name });
        items.push(words.cloned().collect::<Vec<_>>().join(" "));
        if inside[*start..end].iter().any(|it| it.current.as_deref() == Some("step")) {
            current = Some(number);
        }
    }
    (items, current)
}
