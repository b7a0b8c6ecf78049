// Made from the Rust types: UPDATE_TYPES=1 cargo test -p usher-core types

export type About = { 
/**
 * "0.1.0".
 */
version: string, 
/**
 * The commit that this was built from, where whoever built it said so.
 */
build: string | null, 
/**
 * What there is to know, in the order in which it is shown.
 */
points: Array<AboutPoint>, 
/**
 * Shown as it is copied: no secret, no person and no host is in it.
 */
diagnostics: CopyField, };

export type AboutPoint = { 
/**
 * What it is about.
 */
name: string, 
/**
 * In words.
 */
text: string, 
/**
 * The place on this computer.
 */
path: string | null, 
/**
 * Opens that place, for `open_link`.
 */
open: string | null, };

export type Action = { "type": "home" } | { "type": "new-setup", 
/**
 * In the practice world.
 */
practice: boolean, } | { "type": "choose-target", 
/**
 * Id of the target's recipe.
 */
target: string, } | { "type": "choose-idp", 
/**
 * Id of the identity provider's recipe.
 */
idp: string, } | { "type": "open-setup", 
/**
 * Id of the setup.
 */
setup: string, } | { "type": "remove-setup", 
/**
 * Id of the setup.
 */
setup: string, } | { "type": "back" } | { "type": "continue" } | { "type": "go-to", 
/**
 * The step.
 */
phase: Phase, } | { "type": "type", 
/**
 * The block.
 */
block: string, 
/**
 * Its new value.
 */
value: string, } | { "type": "fill-secret", 
/**
 * The block.
 */
block: string, 
/**
 * The value.
 */
secret: string, } | { "type": "use-secret", 
/**
 * The block.
 */
block: string, } | { "type": "clear-secret", 
/**
 * The block.
 */
block: string, } | { "type": "save-secret", 
/**
 * The block.
 */
block: string, } | { "type": "choose", 
/**
 * The block.
 */
block: string, 
/**
 * The option.
 */
option: string, } | { "type": "tick", 
/**
 * The block.
 */
block: string, 
/**
 * The row; empty for a confirmation.
 */
row: string, 
/**
 * Ticked or not.
 */
done: boolean, } | { "type": "run", 
/**
 * The block.
 */
block: string, } | { "type": "cancel", 
/**
 * The block.
 */
block: string, } | { "type": "correct", 
/**
 * The block.
 */
block: string, } | { "type": "pick", 
/**
 * The block.
 */
block: string, 
/**
 * The candidate.
 */
candidate: string, } | { "type": "rotate", 
/**
 * Id of the setup.
 */
setup: string, } | { "type": "cancel-rotation" } | { "type": "check-all" } | { "type": "stop-check-all" } | { "type": "set-end", 
/**
 * Id of the setup.
 */
setup: string, 
/**
 * As `YYYY-MM-DD`; empty if it is not known after all.
 */
day: string, } | { "type": "save-reminders" } | { "type": "save-runbook" } | { "type": "examine", 
/**
 * The intake.
 */
intake: string, 
/**
 * What the file is called.
 */
name: string, 
/**
 * Its bytes, if that is known.
 */
size: number | null, } | { "type": "put-away", 
/**
 * The intake.
 */
intake: string, } | { "type": "break-off", 
/**
 * The examination that takes its bytes.
 */
serial: number, } | { "type": "doctor", 
/**
 * The class, by its slug.
 */
class: string | null, } | { "type": "about" } | { "type": "arrived", 
/**
 * Id of the setup.
 */
setup: string, } | { "type": "name-group", 
/**
 * The file.
 */
file: string, 
/**
 * The group's name, as the target has it.
 */
name: string, } | { "type": "compare" } | { "type": "stop-comparing" } | { "type": "save-differences" } | { "type": "dismiss", 
/**
 * The notice.
 */
notice: string, } | { "type": "try-again" };

export type Announcement = { 
/**
 * New text, new number.
 */
serial: number, 
/**
 * The words.
 */
text: string, };

export type Arrivals = { 
/**
 * Users at the target.
 */
users: number, 
/**
 * Groups at the target.
 */
groups: number, 
/**
 * The newest names.
 */
newest: Array<string>, 
/**
 * Anything else worth saying: when the next cycle is due.
 */
note: string, };

export type Arrived = { 
/**
 * Where the accounts go.
 */
target: string, 
/**
 * Where they come from.
 */
idp: string, 
/**
 * Heading.
 */
title: string, 
/**
 * One sentence.
 */
lead: string, 
/**
 * The list of people.
 */
people: Intake, 
/**
 * The groups with their members.
 */
groups: GroupFiles, 
/**
 * Why nothing can be compared yet.
 */
missing: string | null, 
/**
 * How the comparison stands.
 */
comparison: Comparison, };

export type Block = { "kind": "heading", 
/**
 * Its id.
 */
id: string, 
/**
 * The words.
 */
text: string, } | { "kind": "text", 
/**
 * Its id.
 */
id: string, 
/**
 * Its number in the list of things to do.
 */
number: number, 
/**
 * The words.
 */
text: Array<Span>, 
/**
 * What an older or newer console calls it, or what another guide says.
 */
variants: Array<Variant>, } | { "kind": "note", 
/**
 * Its id.
 */
id: string, 
/**
 * Warn or neutral.
 */
tone: Tone, 
/**
 * The words.
 */
text: Array<Span>, } | { "kind": "link", 
/**
 * For `open_link`.
 */
id: string, 
/**
 * The button's words.
 */
label: string, 
/**
 * The host, so that the admin sees where it leads.
 */
host: string, } | { "kind": "copy", 
/**
 * For `copy`.
 */
id: string, 
/**
 * The console's own name of the field.
 */
label: string, 
/**
 * The value as copied.
 */
value: string, 
/**
 * A remark.
 */
note: string | null, } | { "kind": "secret", 
/**
 * For `paste`, `copy`, `reveal`.
 */
id: string, 
/**
 * What it is.
 */
label: string, 
/**
 * Whether the admin fills it here; else it is only copied.
 */
fillable: boolean, 
/**
 * Offers the token of another slot: the words of the button.
 */
offer: string | null, 
/**
 * Empty or filled.
 */
state: SecretState, 
/**
 * Why what was entered cannot be it.
 */
problem: Problem | null, 
/**
 * A remark.
 */
note: string | null, } | { "kind": "choice", 
/**
 * Its id.
 */
id: string, 
/**
 * The question.
 */
label: string, 
/**
 * The answers.
 */
options: Array<ChoiceOption>, 
/**
 * What the chosen answer means, if it is not the good one.
 */
problem: Problem | null, 
/**
 * What the chosen answer means, if there is more to say.
 */
note: Array<Span> | null, } | { "kind": "input", 
/**
 * Its id.
 */
id: string, 
/**
 * The question.
 */
label: string, 
/**
 * What was typed.
 */
value: string, 
/**
 * An example.
 */
placeholder: string, 
/**
 * Why it is asked.
 */
note: string | null, 
/**
 * Why what was typed cannot be it.
 */
problem: Problem | null, 
/**
 * What is to be said about it, although it may be right.
 */
warning: Problem | null, } | { "kind": "confirm", 
/**
 * Its id.
 */
id: string, 
/**
 * What the admin says.
 */
label: string, 
/**
 * Ticked.
 */
done: boolean, 
/**
 * "Step 3 proves it", or what proved it.
 */
proof: Toned, } | { "kind": "mapping", 
/**
 * Its id.
 */
id: string, 
/**
 * Users and groups.
 */
tables: Array<MappingTable>, 
/**
 * Rows and object actions done.
 */
done: number, 
/**
 * Rows and object actions in all.
 */
total: number, } | { "kind": "intake" } & Intake | { "kind": "check", 
/**
 * Its id.
 */
id: string, 
/**
 * What is proved or done, as a heading.
 */
label: string, 
/**
 * The button's words.
 */
button: string, 
/**
 * What the button changes, if anything: "replaces nothing; safe to do".
 */
note: string | null, 
/**
 * Whether pressing Continue runs it too.
 */
runsOnContinue: boolean, 
/**
 * Whether it can be pressed now.
 */
enabled: boolean, 
/**
 * How it stands.
 */
state: CheckState, 
/**
 * Who arrived so far, for a check that watches.
 */
arrivals: Arrivals | null, };

export type Blocked = { 
/**
 * Why, and what to do.
 */
problem: Problem, };

export type Candidate = { 
/**
 * For [`crate::Action::Pick`].
 */
id: string, 
/**
 * Where it stands in the answer.
 */
path: string, 
/**
 * Masked, with the last four.
 */
masked: string, };

export type CheckAll = { 
/**
 * While it runs: how far it is.
 */
running: Progress | null, 
/**
 * What came of the last one.
 */
result: Toned | null, };

export type CheckState = { "kind": "waiting" } | { "kind": "running", 
/**
 * What it is doing.
 */
doing: string, 
/**
 * Since when.
 */
since: string, 
/**
 * Whether Cancel is offered; what issues something is not cancelled.
 */
cancellable: boolean, 
/**
 * The stages of a check that has some, in order.
 */
stages: Array<StageShown>, } | { "kind": "passed", 
/**
 * What was proved.
 */
proof: string, 
/**
 * When.
 */
at: string, 
/**
 * The evidence, line by line.
 */
findings: Array<Finding>, } | { "kind": "failed", 
/**
 * Who refused, what, why, and what next.
 */
problem: Problem, 
/**
 * When.
 */
at: string, 
/**
 * The evidence, line by line.
 */
findings: Array<Finding>, 
/**
 * Parts of an unknown answer, one of which is the token.
 */
candidates: Array<Candidate>, 
/**
 * The base URL that was tried instead and answered, for [`crate::Action::Correct`].
 */
correction: string | null, };

export type ChoiceOption = { 
/**
 * For [`crate::Action::Choose`].
 */
id: string, 
/**
 * The words, often a console's own.
 */
label: string, 
/**
 * Whether it is chosen.
 */
chosen: boolean, };

export type Choosable = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * One line about it, or why it cannot be chosen.
 */
note: string, 
/**
 * Whether it can be chosen.
 */
available: boolean, 
/**
 * Whether it is.
 */
chosen: boolean, };

export type Class = "token-expired" | "token-expiring" | "bad-credentials" | "unreachable" | "tls" | "proxy" | "clock-skew" | "wrong-path" | "not-scim" | "region-mismatch" | "filter-ignored" | "paging-broken" | "missing-attribute" | "unsupported-attribute" | "forbidden-character" | "mapping-invalid" | "patch-dialect" | "update-off" | "not-assigned" | "duplicate" | "matching-user-not-found" | "nested-group" | "group-push" | "group-too-large" | "stale-group-mapping" | "nameid-mismatch" | "rate-limited" | "quarantine" | "too-many-deletes" | "first-cycle-running" | "secret-too-large" | "two-token-limit" | "wrong-app-type" | "app-setting" | "role-missing" | "licence-missing" | "sign-in-blocked" | "sign-in-expired" | "consent-needed" | "public-client-off" | "client-id-wrong" | "aws-session-expired" | "target-error" | "target-rejected" | "success" | "unrecognised";

export type ClassLink = { 
/**
 * For [`crate::Action::Doctor`].
 */
class: string, 
/**
 * Its title.
 */
title: string, };

export type Code = "dns" | "connect" | "tls" | "timeout" | "redirect" | "proxy" | "unauthorized" | "forbidden" | "not_found" | "wrong_path" | "not_scim" | "too_large" | "conflict" | "rate_limited" | "server_error" | "refused" | "filter_ignored" | "groups_broken" | "paging_broken" | "role_missing" | "token_not_recognised" | "not_arrived" | "mapping_differs" | "members_missing" | "still_accepted" | "console_refused" | "wrong_input" | "expired" | "vault" | "disk" | "clock_skew" | "already_open" | "unreadable_file" | "cancelled" | "practice";

export type CompareDoor = { 
/**
 * For [`crate::Action::Arrived`].
 */
setup: string, 
/**
 * The block of the step below which it stands; empty elsewhere.
 */
below: string, 
/**
 * What came of the last one.
 */
last: Toned | null, };

export type Compared = { 
/**
 * Which comparison; a later one has another number.
 */
serial: number, 
/**
 * When.
 */
at: string, 
/**
 * One sentence.
 */
verdict: Toned, 
/**
 * How much was read and in which time, in some words each; that a file was changed since.
 */
remarks: Array<string>, 
/**
 * What was assumed, and what could not be compared.
 */
notes: Array<string>, 
/**
 * Whether everything could be compared.
 */
complete: boolean, 
/**
 * Differences in all.
 */
total: number, 
/**
 * How many of each kind, the gravest first; none that there are none of.
 */
kinds: Array<KindCount>, 
/**
 * Where the file was saved.
 */
saved: string | null, };

export type Comparison = { "kind": "waiting" } | { "kind": "running", 
/**
 * How far, how fast and how long still, in words.
 */
doing: string, 
/**
 * What the server asks to wait for.
 */
waits: string | null, 
/**
 * How far, in hundredths, once that is known.
 */
percent: number | null, } | { "kind": "done" } & Compared | { "kind": "failed", 
/**
 * Who refused, what, why, and what next.
 */
problem: Problem, 
/**
 * When.
 */
at: string, };

export type Copied = { 
/**
 * What was copied, by its label.
 */
what: string, 
/**
 * After how many seconds a secret leaves the clipboard; absent for what is no secret.
 */
clearsIn: number | null, };

export type CopyField = { 
/**
 * For `copy`.
 */
id: string, 
/**
 * What it is.
 */
label: string, 
/**
 * Shown as it is copied.
 */
value: string, };

export type Details = { 
/**
 * `GET`, `POST` …
 */
method: string, 
/**
 * Host and path, without secrets.
 */
url: string, 
/**
 * The HTTP status, if there was an answer.
 */
status: number | null, 
/**
 * The beginning of the answer, redacted, control characters removed.
 */
body: string, };

export type DifferenceRow = { 
/**
 * Its kind, in words.
 */
kind: string, 
/**
 * How grave.
 */
tone: Tone, 
/**
 * Whom it is about.
 */
who: string, 
/**
 * The group or the attribute.
 */
what: string, 
/**
 * What the identity provider's list says.
 */
expected: string, 
/**
 * What the target has.
 */
found: string, 
/**
 * The probable cause, in few words.
 */
cause: string, 
/**
 * What to know about it: cause, what to do, the next click.
 */
points: Array<Point>, 
/**
 * For [`crate::Action::Doctor`]: the page that says more.
 */
class: string | null, };

export type Doctor = { 
/**
 * Heading.
 */
title: string, 
/**
 * One sentence.
 */
lead: string, 
/**
 * The page of one class, if one is open.
 */
page: Section | null, 
/**
 * Where a text or a log is handed over.
 */
intake: Intake, 
/**
 * Every class that has a page.
 */
classes: Array<ClassLink>, };

export type EndField = { 
/**
 * What was entered, as `YYYY-MM-DD`, also if it cannot be it; empty if nothing was.
 */
value: string, 
/**
 * Whether a day is known.
 */
known: boolean, 
/**
 * Where the admin finds it.
 */
note: string, 
/**
 * A day that is offered, never assumed.
 */
offer: EndOffer | null, 
/**
 * Why what was entered cannot be it.
 */
problem: Problem | null, };

export type EndOffer = { 
/**
 * As `YYYY-MM-DD`.
 */
value: string, 
/**
 * "One year after it was entered here: 22 November 2027".
 */
label: string, };

export type Fact = { 
/**
 * The name.
 */
name: string, 
/**
 * The value.
 */
value: string, 
/**
 * Soon to act on?
 */
tone: Tone, };

export type Finding = { 
/**
 * Name: a request, an attribute.
 */
name: string, 
/**
 * Value: its answer.
 */
value: string, 
/**
 * Whether it is as it should be.
 */
good: boolean, 
/**
 * Whether it is worth knowing all the same.
 */
warn: boolean, };

export type Finish = { 
/**
 * Where the accounts go.
 */
target: string, 
/**
 * Where they come from.
 */
idp: string, 
/**
 * The setup, for [`crate::Action::Rotate`].
 */
id: string, 
/**
 * Heading.
 */
title: string, 
/**
 * One sentence.
 */
lead: string, 
/**
 * Whether the last check failed: then the token is to be seen to first.
 */
attention: boolean, 
/**
 * The six steps with what proved each.
 */
proofs: Array<ProvenStep>, 
/**
 * By which token, until when, the next date to act on.
 */
facts: Array<Fact>, 
/**
 * Where the runbook was saved.
 */
runbook: string | null, 
/**
 * "Rotate token" or "Go on with the rotation".
 */
rotate: string, 
/**
 * The way to the comparison of who arrived.
 */
compare: CompareDoor | null, 
/**
 * Reminders for the calendar, where the token's end is known.
 */
reminders: Reminders | null, 
/**
 * What happened, the newest first.
 */
history: Array<HistoryLine>, };

export type Forward = { 
/**
 * "Continue", "Finish" …
 */
label: string, 
/**
 * Whether it can be pressed.
 */
enabled: boolean, 
/**
 * If not: what is missing, in words.
 */
missing: string | null, };

export type GroupFile = { 
/**
 * For [`crate::Action::NameGroup`] and [`crate::Action::PutAway`].
 */
id: string, 
/**
 * What the file is called.
 */
file: string, 
/**
 * The group's name, where the file does not say it: taken from the file's name, for the admin to correct.
 */
name: string | null, 
/**
 * How it stands.
 */
state: GroupFileState, };

export type GroupFileState = { "kind": "reading", 
/**
 * The examination that takes the bytes.
 */
serial: number, 
/**
 * How far, in words.
 */
doing: string, } | { "kind": "done", 
/**
 * "20 members".
 */
holds: string, 
/**
 * What is worth knowing about it.
 */
remarks: Array<string>, } | { "kind": "failed", 
/**
 * Why, and what to hand over instead.
 */
problem: Problem, };

export type GroupFiles = { 
/**
 * For [`crate::Action::Examine`].
 */
id: string, 
/**
 * What is handed over, as a heading.
 */
label: string, 
/**
 * What to hand over, and from where.
 */
note: Array<Span>, 
/**
 * What was handed over, the first first; of very many, those that are to be seen to and the newest.
 */
files: Array<GroupFile>, 
/**
 * What is not shown: "and 4,900 more files".
 */
more: string | null, };

export type Hint = { 
/**
 * A sentence; `**bold**` marks a console's own words.
 */
text: string, 
/**
 * The step that mends it.
 */
go: Phase | null, };

export type HistoryLine = { 
/**
 * When, in words.
 */
at: string, 
/**
 * What.
 */
text: string, };

export type Home = { 
/**
 * Heading.
 */
title: string, 
/**
 * One sentence: what Usher does (first start) or what the list is.
 */
lead: string, 
/**
 * Connections, the most urgent first.
 */
setups: Array<SetupCard>, 
/**
 * Files that could not be read; they are kept.
 */
unreadable: Array<Problem>, 
/**
 * "Check all now", where there is something to check.
 */
check: CheckAll | null, };

export type Intake = { 
/**
 * For [`crate::Action::Examine`].
 */
id: string, 
/**
 * What is looked at, as a heading.
 */
label: string, 
/**
 * What to hand over, and from where.
 */
note: Array<Span>, 
/**
 * What the field for a pasted text says while it is empty.
 */
placeholder: string, 
/**
 * How it stands.
 */
state: IntakeState, };

export type IntakeState = { "kind": "empty" } | { "kind": "reading", 
/**
 * Name of the file, or what a pasted text is called.
 */
name: string, 
/**
 * The examination that takes the bytes; a later one has another.
 */
serial: number, 
/**
 * How far, in words.
 */
doing: string, 
/**
 * How far, in hundredths, if the size is known.
 */
percent: number | null, } | { "kind": "done", 
/**
 * Name of the file.
 */
name: string, 
/**
 * When.
 */
at: string, 
/**
 * What was found.
 */
sheet: Sheet, } | { "kind": "failed", 
/**
 * Name of the file.
 */
name: string, 
/**
 * Why, and what to hand over instead.
 */
problem: Problem, };

export type KindCount = { 
/**
 * For [`RowFilter`].
 */
kind: string, 
/**
 * What it is, in words.
 */
title: string, 
/**
 * How grave.
 */
tone: Tone, 
/**
 * How many.
 */
count: number, };

export type MappingRow = { 
/**
 * For [`crate::Action::Tick`]; `<block>/<row>/target` and `<block>/<row>/source` for `copy`.
 */
id: string, 
/**
 * The attribute at the target.
 */
target: string, 
/**
 * The attribute or expression at the identity provider.
 */
source: string, 
/**
 * What is to be done with it.
 */
verb: Verb, 
/**
 * A remark: "matching 1", "was mail".
 */
note: string | null, 
/**
 * Whether the admin has done it.
 */
done: boolean, };

export type MappingTable = { 
/**
 * "Users" or "Groups".
 */
title: string, 
/**
 * Head of the target's column, in the console's words.
 */
targetHeading: string, 
/**
 * Head of the source's column.
 */
sourceHeading: string, 
/**
 * Object actions to tick or untick.
 */
actions: Array<ObjectAction>, 
/**
 * The rows.
 */
rows: Array<MappingRow>, };

export type Need = { 
/**
 * The right.
 */
what: Array<Span>, 
/**
 * At which console.
 */
place: string, 
/**
 * For how long.
 */
howLong: string, 
/**
 * Who has it or gives it.
 */
who: string, };

export type Needs = { 
/**
 * Where the accounts go.
 */
target: string, 
/**
 * Where they come from.
 */
idp: string, 
/**
 * One sentence.
 */
lead: string, 
/**
 * The rights and things.
 */
needs: Array<Need>, 
/**
 * A request to send to the person who must act; copied by this id.
 */
request: CopyField | null, 
/**
 * To the first step.
 */
forward: Forward, };

export type NewSetup = { 
/**
 * In the practice world.
 */
practice: boolean, 
/**
 * Where accounts can go.
 */
targets: Array<Choosable>, 
/**
 * Where they can come from; empty until a target is chosen.
 */
idps: Array<Choosable>, 
/**
 * Continue, when both are chosen and there is a guide.
 */
forward: Forward, };

export type Notice = { 
/**
 * For [`crate::Action::Dismiss`].
 */
id: string, 
/**
 * How it is coloured; the words alone say the same.
 */
tone: Tone, 
/**
 * The problem with its hints.
 */
problem: Problem, 
/**
 * Whether it can be taken away.
 */
dismissible: boolean, };

export type ObjectAction = { 
/**
 * For [`crate::Action::Tick`].
 */
id: string, 
/**
 * The console's word.
 */
name: string, 
/**
 * Whether it must be ticked in the console.
 */
wanted: boolean, 
/**
 * Whether the admin has done it.
 */
done: boolean, };

export type Phase = "role" | "access-token" | "scim-token" | "idp-credentials" | "mappings" | "provisioning" | "old-token";

export type Point = { 
/**
 * The heading: "Cause".
 */
label: string, 
/**
 * The words.
 */
text: Array<Span>, };

export type Problem = { 
/**
 * For code that acts on it.
 */
code: Code, 
/**
 * The doctor's page that says more, if the cause is known better than by the code.
 */
class?: Class, 
/**
 * Who refused, what, and why. One or two sentences.
 */
message: string, 
/**
 * What to do next, best first.
 */
hints: Array<Hint>, 
/**
 * Id of the link to the guide of the system that refused, for `open_link`.
 */
docs: string | null, 
/**
 * What was asked and answered, redacted, for those who want to see it.
 */
details: Details | null, };

export type Progress = { 
/**
 * Done.
 */
done: number, 
/**
 * In all.
 */
total: number, };

export type ProvenStep = { 
/**
 * Which.
 */
phase: Phase, 
/**
 * Its name.
 */
title: string, 
/**
 * Whether something proved it; what is not proven is said to be so.
 */
proven: boolean, 
/**
 * Whether the target has no need for it; then there was nothing to prove.
 */
notNeeded: boolean, 
/**
 * What proved it, or why it is not needed.
 */
proof: string, };

export type RailItem = { 
/**
 * For [`crate::Action::GoTo`].
 */
phase: Phase, 
/**
 * The step's name, in the target's words.
 */
title: string, 
/**
 * How far it is.
 */
state: RailState, 
/**
 * Whether it is the one shown.
 */
current: boolean, 
/**
 * Whether it can be opened now.
 */
reachable: boolean, 
/**
 * A line below: days left, "proven by step 3", "not needed here".
 */
note: Toned | null, 
/**
 * The end of a short-lived token; the screen counts down to it.
 */
endsAt: string | null, };

export type RailState = "open" | "unproven" | "proven" | "reopened" | "not-needed";

export type Reminders = { 
/**
 * What they are, or that the saved ones are for an older token.
 */
note: Toned, 
/**
 * Where the newest ones were saved.
 */
saved: string | null, 
/**
 * Whether those that were saved are for the token in use.
 */
current: boolean, 
/**
 * Whether they can be made now: the token's end is known.
 */
possible: boolean, };

export type Rotation = { 
/**
 * "Replaces the token ending in 3f9c".
 */
text: string, 
/**
 * What [`crate::Action::CancelRotation`] does now.
 */
cancel: string, };

export type RowFilter = { 
/**
 * Kinds by their slugs; all, if none is named.
 */
kinds: Array<string>, 
/**
 * What has to stand in the row, letter case aside; anything, if empty.
 */
text: string, };

export type Rows = { 
/**
 * Rows that the filter leaves, in all.
 */
total: number, 
/**
 * Place of the first one here among them, from 0.
 */
from: number, 
/**
 * The rows.
 */
rows: Array<DifferenceRow>, };

export type Screen = { "kind": "home" } & Home | { "kind": "new-setup" } & NewSetup | { "kind": "needs" } & Needs | { "kind": "step" } & Step | { "kind": "finish" } & Finish | { "kind": "doctor" } & Doctor | { "kind": "about" } & About | { "kind": "arrived" } & Arrived | { "kind": "blocked" } & Blocked;

export type SecretState = { "kind": "empty" } | { "kind": "filled", 
/**
 * For recognising it again.
 */
lastFour: string, 
/**
 * Whether the keyring holds it; if not, it is only in memory and must be copied.
 */
saved: boolean, 
/**
 * What is known about it: "saved in your system keyring", "for ada@example.com".
 */
facts: Array<string>, 
/**
 * Its end, if known.
 */
expiresAt: string | null, 
/**
 * The end in words: "expires 22 November 2027 (365 days)", "its end is not known".
 */
expires: Toned, };

export type Section = { 
/**
 * Unique on its sheet.
 */
id: string, 
/**
 * What it is.
 */
title: string, 
/**
 * How grave.
 */
tone: Tone, 
/**
 * How many, or how sure: a short word beside the title.
 */
badge: string, 
/**
 * What to know about all of them: cause, what to do, the next click.
 */
points: Array<Point>, 
/**
 * Where that comes from.
 */
source: Source | null, 
/**
 * For [`crate::Action::Doctor`]: the page that says more.
 */
class: string | null, 
/**
 * Heads of the columns; none where there are no rows.
 */
columns: Array<string>, 
/**
 * One line each.
 */
rows: Array<SheetRow>, 
/**
 * What is not shown: "and 1,204 more".
 */
more: string | null, };

export type SetupCard = { 
/**
 * For [`crate::Action::OpenSetup`].
 */
id: string, 
/**
 * Where the accounts go.
 */
target: string, 
/**
 * Where they come from.
 */
idp: string, 
/**
 * In the practice world.
 */
practice: boolean, 
/**
 * Step reached, or that all six are proven, or how far a rotation is.
 */
status: string, 
/**
 * Days left, or that the end is not known.
 */
token: Toned, 
/**
 * For how long the token has been in use.
 */
age: string | null, 
/**
 * When it was last proven to work, or that it is refused.
 */
health: Toned | null, 
/**
 * Why the last check failed.
 */
problem: Problem | null, 
/**
 * Whether it is being checked right now.
 */
checking: boolean, 
/**
 * A field for the token's end, where nothing tells it.
 */
end: EndField | null, 
/**
 * "Rotate token" or "Go on with the rotation", where that can be done: [`crate::Action::Rotate`].
 */
rotate: string | null, 
/**
 * "Continue" or "Open".
 */
open: string, 
/**
 * Whether who arrived can be compared with who should have: [`crate::Action::Arrived`].
 */
comparable: boolean, };

export type Sheet = { 
/**
 * One sentence.
 */
verdict: Toned, 
/**
 * How it was read, and what is worth knowing about it.
 */
remarks: Array<string>, 
/**
 * What was found, the gravest first.
 */
sections: Array<Section>, };

export type SheetRow = { 
/**
 * Unique in its section.
 */
id: string, 
/**
 * How grave.
 */
tone: Tone, 
/**
 * What to do with it, in a word; drawn in its colour. May be empty.
 */
tag: string, 
/**
 * The cells, as many as there are columns.
 */
cells: Array<string>, 
/**
 * Why, below the line.
 */
note: string, };

export type Source = { 
/**
 * Id of the link, for `open_link`; absent if it has no page.
 */
link: string | null, 
/**
 * Its title.
 */
title: string, 
/**
 * Its date, as `YYYY-MM-DD`.
 */
date: string, };

export type Span = { "style": "plain", "text": string } | { "style": "strong", "text": string } | { "style": "code", "text": string };

export type StageShown = { 
/**
 * Its name.
 */
title: string, 
/**
 * How it stands.
 */
state: StageState, 
/**
 * What was found; empty while it waits.
 */
words: string, };

export type StageState = "waiting" | "running" | "passed" | "warned" | "failed" | "skipped";

export type Step = { 
/**
 * Where the accounts go.
 */
target: string, 
/**
 * Where they come from.
 */
idp: string, 
/**
 * The six, with their state.
 */
rail: Array<RailItem>, 
/**
 * Which one is shown.
 */
phase: Phase, 
/**
 * 1 to 6.
 */
number: number, 
/**
 * Heading.
 */
title: string, 
/**
 * One sentence.
 */
why: Array<Span>, 
/**
 * Where the guide's words come from.
 */
sources: Array<Source>, 
/**
 * What is to be done, top to bottom.
 */
blocks: Array<Block>, 
/**
 * Continue.
 */
forward: Forward, 
/**
 * Set while a token is being rotated: these are then the steps of the rotation.
 */
rotation: Rotation | null, 
/**
 * The way to the comparison of who arrived, once somebody may have.
 */
compare: CompareDoor | null, };

export type Tone = "neutral" | "good" | "warn" | "bad";

export type Toned = { 
/**
 * The words.
 */
text: string, 
/**
 * The colour.
 */
tone: Tone, };

export type Variant = { 
/**
 * "My screen looks different", "An older guide says otherwise".
 */
label: string, 
/**
 * The words.
 */
text: Array<Span>, 
/**
 * Where they come from.
 */
source: Source | null, };

export type Verb = "keep" | "add" | "change" | "delete";

export type View = { 
/**
 * Grows with each change; an older view that arrives late is dropped by the screen.
 */
revision: number, 
/**
 * In practice: the sentence across the top.
 */
banner: string | null, 
/**
 * What concerns the whole window: progress that could not be saved, a locked keyring.
 */
notices: Array<Notice>, 
/**
 * To be read aloud by a screen reader, politely, when its serial is new.
 */
announcement: Announcement | null, 
/**
 * The screen itself.
 */
screen: Screen, };
