//! `make bench`: listing a target and comparing it with the exports, beside a bare reader of the same pages, on a slow line,
//! and with ten times as many people. Ratios of one run count, not times: the machines are noisy. The server is another
//! process, and each measured reader with the memory it needs is one too. With `-- --tsv` there is a line of cells for each
//! measure as well; with `-- --sequential` the second measure is held against a reader that asks for one page after the
//! other, which takes a minute.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench prints, and stops at the first surprise")]

mod bare;
mod crowd;
mod server;
mod whole;

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, ChildStdin, Command, Stdio},
    time::Duration,
};

use crowd::Size;

const PEOPLE: u32 = 100_000;
const PAGE: u32 = 1_000;
/// The fastest of so many counts: others work on this machine too.
const TRIES: usize = 7;
const SLOW_PAGE: u32 = 100;
const DELAY: Duration = Duration::from_millis(50);
/// In MB.
const MEMORY: u32 = 600;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let after = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        Some(arguments[place + 1..].iter().map(|argument| argument.parse().expect("a number")).collect::<Vec<u32>>())
    };
    if let Some(numbers) = after("--serve") {
        return server::serve(Size::of(numbers[0]), numbers[1], Duration::from_millis(numbers[2].into()));
    }
    if let Some(numbers) = after("--read") {
        return whole::report(numbers[0], Size::of(numbers[1]));
    }
    let mut rows = beside_a_bare_reader();
    rows.push(on_a_slow_line(has("--sequential")));
    rows.extend(ten_times_as_many());
    println!("{:<44} {:>10} {:>10} {:>7} {:>8}", "measure", "figure", "against", "ratio", "goal");
    for row in &rows {
        println!("{row}");
    }
    if has("--tsv") {
        rows.iter().for_each(|row| println!("{}", row.cells().join("\t")));
    }
}

/// Measure 1. Both read the same pages of the same server, in turn, in this process.
fn beside_a_bare_reader() -> Vec<Row> {
    let server = Server::start(PEOPLE, PAGE, Duration::ZERO);
    let (mut bare, mut whole) = (Duration::MAX, Duration::MAX);
    for _ in 0..TRIES {
        bare = bare.min(bare::read(server.port, Size::of(PEOPLE), PAGE, 4));
        whole = whole.min(whole::read(server.port, Size::of(PEOPLE)).listing);
    }
    let ratio = bare.as_secs_f64() / whole.as_secs_f64();
    vec![Row {
        measure: "list and compare 100,000: speed of a bare reader",
        figure: seconds(whole),
        against: seconds(bare),
        ratio,
        goal: Goal::AtLeast(0.8),
    }]
}

/// Measure 2.
fn on_a_slow_line(sequential: bool) -> Row {
    let server = Server::start(PEOPLE, SLOW_PAGE, DELAY);
    let size = Size::of(PEOPLE);
    let against = match sequential {
        true => bare::read(server.port, size, SLOW_PAGE, 1),
        false => DELAY * (size.people.div_ceil(SLOW_PAGE) + size.groups.div_ceil(SLOW_PAGE)),
    };
    let whole = whole::read(server.port, size).listing;
    Row {
        measure: match sequential {
            true => "50 ms per answer, pages of 100: one by one",
            false => "50 ms per answer, pages of 100: sum of them",
        },
        figure: seconds(whole),
        against: seconds(against),
        ratio: against.as_secs_f64() / whole.as_secs_f64(),
        goal: Goal::AtLeast(8.0),
    }
}

/// Measure 3. Each reading is a process of its own, so that its memory is its own.
fn ten_times_as_many() -> Vec<Row> {
    let few = Server::start(PEOPLE, PAGE, Duration::ZERO);
    let many = Server::start(PEOPLE * 10, PAGE, Duration::ZERO);
    let (mut less, mut more) = (Reading::slowest(), Reading::slowest());
    for _ in 0..3 {
        less = less.faster(whole_elsewhere(few.port, PEOPLE));
        more = more.faster(whole_elsewhere(many.port, PEOPLE * 10));
    }
    let mut rows = vec![Row {
        measure: "1,000,000 people: times as long as 100,000",
        figure: seconds(more.listing),
        against: seconds(less.listing),
        ratio: more.listing.as_secs_f64() / less.listing.as_secs_f64(),
        goal: Goal::AtMost(11.0),
    }];
    if let Some(memory) = more.memory {
        rows.push(Row {
            measure: "1,000,000 people: memory at most",
            figure: format!("{memory} MB"),
            against: format!("{MEMORY} MB"),
            ratio: f64::from(memory) / f64::from(MEMORY),
            goal: Goal::AtMost(1.0),
        });
    }
    rows
}

/// What another process says of its reading.
struct Reading {
    listing: Duration,
    /// In MB, where the system tells.
    memory: Option<u32>,
}

impl Reading {
    fn slowest() -> Reading {
        Reading { listing: Duration::MAX, memory: None }
    }

    /// The time of the faster one; the memory of the larger one.
    fn faster(self, other: Reading) -> Reading {
        let memory = self.memory.max(other.memory);
        Reading { listing: self.listing.min(other.listing), memory }
    }
}

fn whole_elsewhere(port: u16, people: u32) -> Reading {
    let output = again(&["--read".to_owned(), port.to_string(), people.to_string()]).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let mut numbers = said.split_whitespace();
    let seconds = numbers.next().unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let seconds = seconds.parse().expect("a number");
    Reading { listing: Duration::from_secs_f64(seconds), memory: numbers.next().and_then(|memory| memory.parse().ok()) }
}

fn again(arguments: &[String]) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(arguments);
    command
}

/// The server as a process of its own, which ends with its input.
struct Server {
    port: u16,
    child: Child,
    input: Option<ChildStdin>,
}

impl Server {
    fn start(people: u32, page: u32, delay: Duration) -> Server {
        let numbers = [people.to_string(), page.to_string(), delay.as_millis().to_string()];
        let arguments: Vec<String> = std::iter::once("--serve".to_owned()).chain(numbers).collect();
        let mut command = again(&arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("its port");
        let input = child.stdin.take();
        Server { port: line.trim().parse().expect("a port"), child, input }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

/// A line of the table.
struct Row {
    measure: &'static str,
    figure: String,
    against: String,
    ratio: f64,
    goal: Goal,
}

enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Row {
    fn met(&self) -> &'static str {
        let met = match self.goal {
            Goal::AtLeast(goal) => self.ratio >= goal,
            Goal::AtMost(goal) => self.ratio <= goal,
        };
        if met { "met" } else { "not met" }
    }

    fn cells(&self) -> [String; 6] {
        let goal = match self.goal {
            Goal::AtLeast(goal) => format!("≥ {goal}"),
            Goal::AtMost(goal) => format!("≤ {goal}"),
        };
        let ratio = format!("{:.2}", self.ratio);
        [self.measure.to_owned(), self.figure.clone(), self.against.clone(), ratio, goal, self.met().to_owned()]
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [measure, figure, against, ratio, goal, met] = self.cells();
        write!(f, "{measure:<48} {figure:>9} {against:>9} {ratio:>7} {goal:>7}  {met}")
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}
