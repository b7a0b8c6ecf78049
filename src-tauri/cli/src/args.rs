//! What can be typed after `usher-cli`. What the commands do stands in their own files.

use std::path::{Path, PathBuf};

use clap::{
    Args, Parser, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use usher_cli::classes::faults_of;
use usher_core::Class;
use usher_sandbox::{Fault, Target};

/// Connects an identity provider to a service over SCIM: rehearse it, practise against it, check an endpoint.
#[derive(Debug, Parser)]
#[command(
    name = "usher-cli",
    version,
    after_help = "USHER_LOG turns on a log on standard error: USHER_LOG=debug, or any filter such as USHER_LOG=usher_core=trace.\n\
                  Exit codes: 0 it holds, 1 it does not, 2 wrong use."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    // What each does is said by the description of its arguments.
    Rehearse(Rehearse),
    Sandbox(Sandbox),
    Check(Check),
    Status(Status),
    Lint(Lint),
    Diagnose(Diagnose),
    People(People),
    Verify(Verify),
}

/// Goes through the six steps in the practice world, unattended, and proves each of them.
///
/// Nothing reaches a real system, and nothing stays on this computer.
#[derive(Debug, Args)]
#[command(after_help = rehearse_help())]
pub(crate) struct Rehearse {
    /// Where the accounts go, such as azion; without it every pair with a guide is rehearsed, one after the other
    #[arg(requires = "idp")]
    pub(crate) target: Option<String>,
    /// Where the accounts come from: entra or okta
    pub(crate) idp: Option<String>,
    /// Replaces the token as well: three weeks before its end on the practice world's clock, with the provisioning cycles
    /// counted until a week after it; and once more without replacing it
    #[arg(long, conflicts_with = "faults")]
    pub(crate) rotate: bool,
    /// One JSON object for each pair on standard output
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) faults: Faults,
}

/// Serves a practice target, its console and the consoles of both identity providers on 127.0.0.1 until it is
/// interrupted.
///
/// The first thing on standard output says where everything is. The SCIM token is ready to use.
#[derive(Debug, Args)]
#[command(after_help = sandbox_help())]
pub(crate) struct Sandbox {
    /// The target to play
    #[arg(long, value_name = "ID", default_value = "hpe-greenlake", value_parser = targets(), hide_possible_values = true)]
    pub(crate) target: Target,
    /// The port to listen on; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) port: u16,
    /// The addresses as one JSON object on one line
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) faults: Faults,
}

#[derive(Debug, Args)]
pub(crate) struct Faults {
    /// Something that goes wrong in the practice world; can be given more than once
    #[arg(long = "fault", value_name = "NAME", value_parser = faults(), hide_possible_values = true)]
    pub(crate) faults: Vec<Fault>,
}

/// Asks a SCIM endpoint what the identity provider's own test will ask, and says in words what is wrong.
///
/// The token comes from USHER_TOKEN or from standard input, never from an argument. It only reads, with at most 20
/// requests.
#[derive(Debug, Args)]
#[command(
    after_help = "The token: if USHER_TOKEN is set, it is used and standard input is not read. Otherwise the token is read from\n\
                        standard input, as in: secret-tool lookup … | usher-cli check --url … --idp entra\n\
                        \"Bearer \", quotes, blanks and line breaks around it are taken off.\n\n\
                        The system's trusted certificates count; on Linux, SSL_CERT_FILE names a file of others to trust in their place.\n\
                        The system's proxy settings are honoured, and HTTPS_PROXY=http://user:password@host:port.\n\n\
                        Exit codes: 0 the test will pass as far as can be seen from here, 1 it will not, 2 wrong use."
)]
pub(crate) struct Check {
    /// The SCIM base URL, as it will be given to the identity provider
    #[arg(long)]
    pub(crate) url: String,
    /// Whose test is asked
    #[arg(long, value_parser = ["entra", "okta"])]
    pub(crate) idp: String,
    /// The finding as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
    /// How long to wait for each answer, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) timeout: u64,
    /// Refused; see [`crate::check`].
    #[arg(long, hide = true, num_args = 0..=1, default_missing_value = "", allow_hyphen_values = true)]
    pub(crate) token: Option<String>,
    /// Refused as well: a value without a name may be a token.
    #[arg(hide = true)]
    pub(crate) stray: Vec<String>,
}

/// Says how every connection of this computer stands: days left, and whether its endpoint accepts the token.
///
/// It changes nothing, and works while Usher's window is open. Practice is left out.
#[derive(Debug, Args)]
#[command(
    after_help = "Each line: ok or attention, the state in one word, the pair, the last four characters of the token, and why.\n\
                        States: well, ending, ended, refused, unreachable, no-token, unfinished, unreadable.\n\n\
                        Exit codes: 0 all well, 1 a token ends within --within, has ended, is refused, or could not be asked for, 2 wrong use."
)]
pub(crate) struct Status {
    /// A token that ends sooner than this needs attention: days (30d), weeks (4w) or hours (36h)
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = within)]
    pub(crate) within: jiff::SignedDuration,
    /// Asks no endpoint and no keyring; only what is known on this computer counts
    #[arg(long)]
    pub(crate) offline: bool,
    /// How long to wait for each answer, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) timeout: u64,
    /// One JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

/// Compares an export of the identity provider's attribute mapping with what the target wants, row by row.
///
/// It reads the file and asks nobody.
#[derive(Debug, Args)]
#[command(
    after_help = "FILE for entra: the schema that Provisioning > Attribute mapping > Users > Show advanced options > Review your schema here\n\
                        downloads, or the table of that page as copied. FILE for okta: the answer of GET /api/v1/mappings/{id}, or the table of\n\
                        Provisioning > To App as copied.\n\n\
                        Example:\n  \
                        usher-cli lint --target hpe-greenlake --idp entra schema.json\n\n\
                        Exit codes: 0 the mapping is as wanted, 1 there is something to do, 2 wrong use, or the file is no mapping."
)]
pub(crate) struct Lint {
    /// Where the accounts go, such as hpe-greenlake
    #[arg(long, value_name = "ID")]
    pub(crate) target: String,
    /// Where the accounts come from: entra or okta
    #[arg(long, value_name = "ID")]
    pub(crate) idp: String,
    /// The export, or the copied table; - reads standard input
    pub(crate) file: PathBuf,
    /// The finding as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

/// Says what an error text or a provisioning log means: the cause, the fix, the next click, and who says so.
///
/// It takes any error text, a provisioning log of Microsoft Entra (JSON or CSV), a system log of Okta (JSON or CSV), a
/// provisioning job, or an answer to provision on demand. Nothing leaves this computer. What is not recognised is said to
/// be so.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
                  usher-cli diagnose provisioning.json               a log, grouped by cause with counts\n  \
                  some-command 2>&1 | usher-cli diagnose             an error text\n  \
                  usher-cli diagnose --class token-expired           what is known about a class\n\n\
                  --json prints one object on one line for each finding, likeliest first:\n  \
                  {\"class\",\"cause\",\"fix\",\"next\",\"source\",\"confidence\"}, all of them texts; confidence is certain, likely or\n  \
                  possible. For a log also count, first, last, excerpt, and alternative for a cause of rows that stand under a\n  \
                  likelier one already.\n\n\
                  Exit codes: 0 something was recognised, success included, 1 nothing was, 2 wrong use or unreadable.")]
pub(crate) struct Diagnose {
    /// The file to read; without it, or as -, standard input
    pub(crate) file: Option<std::path::PathBuf>,
    /// One JSON object for each finding
    #[arg(long)]
    pub(crate) json: bool,
    /// The page of a class, such as token-expired
    #[arg(long, value_name = "CLASS", conflicts_with = "file", value_parser = class)]
    pub(crate) class: Option<usher_core::Class>,
    /// Lists the classes
    #[arg(long, conflicts_with_all = ["file", "class"])]
    pub(crate) classes: bool,
}

fn class(text: &str) -> Result<usher_core::Class, String> {
    text.parse().map_err(|_| {
        let nearest = usher_core::Class::ALL
            .iter()
            .map(|class| class.slug())
            .max_by(|one, other| strsim::jaro_winkler(text, one).total_cmp(&strsim::jaro_winkler(text, other)));
        format!(
            "there is no such class; is it {}? usher-cli diagnose --classes lists them",
            nearest.unwrap_or_default()
        )
    })
}

/// Checks a list of people before they are provisioned: who would fail at the target, and why.
///
/// The list is a CSV as the identity provider's console exports it, in any of its languages, encodings and separators, or
/// rows pasted into a file. It is read row by row and nothing of it is kept.
#[derive(Debug, Args)]
#[command(after_help = people_help())]
pub(crate) struct People {
    /// Where the people go, such as aws-identity-center
    #[arg(long)]
    pub(crate) target: String,
    /// Where they come from: entra or okta
    #[arg(long)]
    pub(crate) idp: String,
    /// The list; - for standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: std::path::PathBuf,
    /// Who is at the target already is looked up there: the SCIM base URL, with the token in USHER_TOKEN or on standard
    /// input
    #[arg(long)]
    pub(crate) url: Option<String>,
    /// How long to wait for each answer of --url, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) timeout: u64,
    /// The report as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

fn people_help() -> &'static str {
    "Examples:\n  \
     usher-cli people --target aws-identity-center --idp entra users.csv\n  \
     pbpaste | usher-cli people --target azion --idp entra -\n\n\
     Ctrl-C stops the check; what was found until then is shown.\n\n\
     Exit codes: 0 nobody would fail, 1 somebody would or not everything could be looked at, 2 wrong use, such as a file that\n\
     is no list of people."
}

/// Compares what the identity provider should have sent, by its exports, with what the target holds.
///
/// Who is missing, who is there unexpectedly, which attributes and memberships differ: each difference with its probable
/// cause and what to do. The exports are those of the console, as CSV, in any of its languages. Nothing is changed at the
/// target, and nothing is kept but what --save names.
#[derive(Debug, Args)]
#[command(after_help = verify_help())]
pub(crate) struct Verify {
    /// The SCIM base URL of the target; the token comes from USHER_TOKEN or standard input
    #[arg(long)]
    pub(crate) url: String,
    /// The export of the people who are assigned; - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) people: PathBuf,
    /// An export of members: of many groups if it has a column for the group, else of the one named before =, or by the
    /// file. May be given several times
    #[arg(long, value_name = "[NAME=]FILE")]
    pub(crate) groups: Vec<String>,
    /// The SCIM attribute by which people are found again; without it that of the mapping, userName in most
    #[arg(long = "match", value_name = "ATTRIBUTE")]
    pub(crate) matching: Option<String>,
    /// Where the people go, such as aws-identity-center: compares what its mapping sends
    #[arg(long, requires = "idp")]
    pub(crate) target: Option<String>,
    /// Where they come from: entra or okta
    #[arg(long, requires = "target")]
    pub(crate) idp: Option<String>,
    /// Saves all differences as CSV
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
    /// One JSON object for each difference, then one with the counts
    #[arg(long)]
    pub(crate) json: bool,
    /// How long to wait for each answer, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) timeout: u64,
}

fn verify_help() -> &'static str {
    "Examples:\n  \
     usher-cli verify --url https://scim.example.com/v2 --people users.csv\n  \
     usher-cli verify --url … --people users.csv --groups Sales=exportGroupMembers_2026-1-1.csv --save differences.csv\n  \
     usher-cli verify --url … --people users.csv --groups members.csv --target aws-identity-center --idp okta --json\n\n\
     Without --target and --idp, the names, the e-mail address, the title and the department are compared, as far as the\n\
     export has them and anybody at the target does.\n\n\
     --json writes a line for each difference: kind, who, group, attribute, expected, found, cause, class, reason. The kinds\n\
     are missing, unexpected, duplicate, disabled, attribute, group-missing, group-unexpected, member-missing and\n\
     member-unexpected. The last line has ok, complete, verdict, the counts by kind and by cause (with what to do), notes.\n\n\
     Exit codes: 0 all is there as it should be, 1 something differs or not everything could be compared, 2 wrong use, such\n\
     as a file that is no list of people."
}

fn within(text: &str) -> Result<jiff::SignedDuration, String> {
    let span: Option<jiff::Span> = text.parse().ok();
    let days_are_days = jiff::SpanRelativeTo::days_are_24_hours();
    let duration =
        span.and_then(|span| span.to_duration(days_are_days).ok()).filter(|duration| !duration.is_negative());
    duration.ok_or_else(|| format!("\"{text}\" is not a time such as 30d, 4w or 36h"))
}

/// The command whose JSON the arguments ask for, also when they cannot be understood.
pub(crate) fn asks_for_json(arguments: &[std::ffi::OsString]) -> Option<&'static str> {
    let words = || arguments.iter().skip(1);
    let command = words().find(|word| !word.to_string_lossy().starts_with('-'))?;
    let command =
        ["check", "lint", "people", "verify"].into_iter().find(|known| Path::new(known) == Path::new(command))?;
    words().any(|word| word == "--json").then_some(command)
}

fn faults() -> impl TypedValueParser<Value = Fault> {
    PossibleValuesParser::new(Fault::ALL.iter().map(|fault| fault.name())).try_map(|name| name.parse::<Fault>())
}

fn targets() -> impl TypedValueParser<Value = Target> {
    PossibleValuesParser::new(Target::ALL.iter().map(|target| target.name())).try_map(|name| name.parse::<Target>())
}

fn rehearse_help() -> String {
    format!(
        "Examples:\n  \
         usher-cli rehearse                          every pair\n  \
         usher-cli rehearse azion entra              one pair\n  \
         usher-cli rehearse --fault role-missing     every pair in which this can go wrong\n\n\
         {}\n\n\
         A fault shows only where the target or the identity provider has what goes wrong: without names, the pairs in which\n\
         all the given faults can show are rehearsed; a named pair in which one cannot is wrong use.\n\n\
         Exit codes: 0 all six steps are proven, 1 one of them is not, 2 wrong use.",
        fault_list()
    )
}

fn sandbox_help() -> String {
    format!(
        "{}\n\n\
         Examples:\n  \
         usher-cli sandbox                                           HPE GreenLake, on a free port\n  \
         usher-cli sandbox --target aws-identity-center --port 4711  AWS, on this port\n  \
         usher-cli sandbox --target generic --json                   for a script, such as a tester of SCIM servers\n\n\
         {}\n\n\
         {}\n\n\
         Exit codes: 0 it was stopped by Ctrl-C or SIGTERM, 1 it could not start (the port is taken), 2 wrong use.",
        list("Targets", Target::ALL.iter().map(|target| (target.name(), target.description()))),
        fault_list(),
        class_list()
    )
}

fn class_list() -> String {
    let width = Class::ALL.iter().map(|class| class.slug().len()).max().unwrap_or_default();
    let shown = Class::ALL.iter().filter(|class| !faults_of(**class).is_empty());
    let line = |class: &Class| {
        let names: Vec<&str> = faults_of(*class).iter().map(|fault| fault.name()).collect();
        format!("\n  {:width$}  {}", class.slug(), names.join(", "))
    };
    format!("Faults by class of trouble:{}", shown.map(line).collect::<String>())
}

fn fault_list() -> String {
    list("Faults", Fault::ALL.iter().map(|fault| (fault.name(), fault.description())))
}

fn list(heading: &str, all: impl Iterator<Item = (&'static str, &'static str)> + Clone) -> String {
    let width = all.clone().map(|(name, _)| name.len()).max().unwrap_or_default();
    let lines = all.map(|(name, text)| format!("\n  {name:width$}  {text}"));
    format!("{heading}:{}", lines.collect::<String>())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_well_formed() {
        super::Cli::command().debug_assert();
    }
}
