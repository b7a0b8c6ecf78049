//! One provisioning cycle of one app: probe the credentials, then users, groups, and those who left.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{
    App, CycleRecord, DELETE_THRESHOLD, INTERVAL, Job, LogEntry, Progress, Quarantine, Status, TOO_MANY_DELETES,
    directory,
    directory::{Directory, Group, Person},
    mapping::{self, Kind, Mapping},
    object::{self, Done, Links},
    probe::{self, Failure},
    wire::Wire,
};
use crate::{
    fault::Fault,
    world::{Shared, World},
};

/// What a cycle works from: the settings as they stood when it began.
struct Cycle {
    shared: Arc<Shared>,
    app: String,
    users: Mapping,
    groups: Mapping,
    directory: Directory,
    in_scope: Vec<Person>,
    groups_in_scope: Vec<Group>,
    record: CycleRecord,
    /// With a fault, what comes of everybody.
    instead: Option<Done>,
    refuse: bool,
    hold_deletes: bool,
}

pub(crate) async fn run(shared: &Arc<Shared>, app: &str) {
    let begun = shared.change(|world| begin(world, shared, app));
    let Some((mut cycle, wire)) = begun else {
        // Nothing is saved to run with.
        shared.change(|world| {
            if let Some(app) = world.entra.app_mut(app) {
                app.job.stop();
            }
        });
        return;
    };
    let result = match wire {
        Ok(wire) => cycle.work(&wire).await,
        Err(message) => {
            Err(Failure { code: "InvalidTenantUrl".to_owned(), message, details: String::new(), lasting: true })
        }
    };
    let record = cycle.record;
    shared.change(|world| end(world, app, record, result.err()));
}

/// The mapping that counts: with faults, the default rows are sent whatever was saved, or Update is off whatever is ticked.
pub(crate) fn user_mapping(world: &World, app: &App) -> Mapping {
    let mut mapping = app.users.saved.clone();
    if world.switches.has(Fault::MappingIgnored) {
        mapping.rows = Kind::Users.default_mapping(app.kind).rows;
    }
    mapping.update &= !world.switches.has(Fault::UpdateOff);
    mapping
}

fn begin(world: &mut World, shared: &Arc<Shared>, id: &str) -> Option<(Cycle, Result<Wire, String>)> {
    let now = world.now();
    let app = world.entra.app(id)?;
    let connection = app.saved.clone()?;
    let users = user_mapping(world, app);
    let groups = app.groups.saved.clone();
    let directory = Directory::of(world);
    let cycle = Cycle {
        shared: shared.clone(),
        app: id.to_owned(),
        users,
        groups,
        in_scope: app.people_in_scope(&directory),
        groups_in_scope: app.groups_in_scope(&directory),
        directory,
        record: CycleRecord {
            number: app.job.cycle_count + 1,
            initial: app.job.initial,
            began: now,
            ended: now,
            succeeded: 0,
            failed: 0,
            skipped: 0,
            error: None,
        },
        instead: object::instead(&world.switches),
        refuse: world.switches.has(Fault::Quarantine),
        hold_deletes: world.switches.has(Fault::ManyDeletes) && !app.job.deletes_allowed,
    };
    let wire = Wire::new(&shared.client, &connection);
    let job = &mut world.entra.app_mut(id)?.job;
    job.cycle_count += 1;
    // A change made meanwhile asks for a new initial cycle by setting this again.
    job.initial = false;
    job.renewed = false;
    job.deletes_allowed = false;
    let total = cycle.in_scope.len() + cycle.groups_in_scope.len();
    job.running = Some(Progress { done: 0, total, initial: cycle.record.initial });
    Some((cycle, wire))
}

impl Cycle {
    async fn work(&mut self, wire: &Wire) -> Result<(), Failure> {
        if self.refuse {
            let code = "SystemForCrossDomainIdentityManagementInvalidCredentials".to_owned();
            return Err(Failure { code, ..Failure::refused() });
        }
        let attribute =
            |mapping: &Mapping, usual: &str| mapping.matching().map_or(usual.to_owned(), |row| row.target.clone());
        // Assumption: a job asks first whether its credentials still count.
        probe::test(wire, &attribute(&self.users, "userName"), &attribute(&self.groups, "displayName")).await?;
        self.dawdle().await;
        if self.users.enabled {
            self.all_users(wire).await;
        }
        if self.groups.enabled {
            self.all_groups(wire).await;
        }
        self.leavers(wire).await
    }

    /// With the fault, an initial cycle takes until the fault is switched off.
    async fn dawdle(&self) {
        const LOOK: std::time::Duration = std::time::Duration::from_millis(100);
        while self.record.initial && self.shared.read(|world| world.switches.has(Fault::FirstCycleSlow)) {
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn all_users(&mut self, wire: &Wire) {
        for person in self.in_scope.clone() {
            let enabled = self.directory.is_enabled(&person);
            let links = self.links();
            let values = object::person_values(&self.users, &person, enabled, &links);
            let settled = links.get(person.key).is_some_and(|link| link.sent == values && !link.disabled);
            if settled && !self.record.initial {
                self.step();
                continue;
            }
            let done = match self.instead.clone() {
                Some(done) => done,
                None => object::user(wire, &self.users, &person, enabled, &links).await,
            };
            self.note("User", person.key, person.display_name, done);
        }
    }

    async fn all_groups(&mut self, wire: &Wire) {
        for group in self.groups_in_scope.clone() {
            if self.record.initial {
                self.nested(&group);
            }
            let links = self.links();
            if !self.record.initial && !changed(&self.groups, &group, &links) {
                self.step();
                continue;
            }
            let done = match self.instead.clone() {
                Some(done) => done,
                None => object::group(wire, &self.groups, &group, &links).await,
            };
            self.note("Group", group.key, group.display_name, done);
        }
    }

    /// Groups in an assigned group, and who is in those alone, are passed over (facts 5).
    fn nested(&mut self, outer: &Group) {
        let inner: Vec<Group> = outer.members.iter().filter_map(|key| self.directory.group(key)).collect();
        for inner in inner {
            if self.groups_in_scope.iter().any(|group| group.key == inner.key) {
                continue;
            }
            let reason = format!("It is a group inside “{}”; nested groups are not provisioned.", outer.display_name);
            self.mention("Group", inner.key, inner.display_name, object::not_entitled(&reason));
            for person in inner.members.iter().filter_map(|key| directory::person(key)) {
                if !self.in_scope.iter().any(|one| one.key == person.key) {
                    let reason = format!(
                        "It is a member of “{}”, a group inside “{}”; nested groups are not read.",
                        inner.display_name, outer.display_name
                    );
                    self.mention("User", person.key, person.display_name, object::not_entitled(&reason));
                }
            }
        }
    }

    async fn leavers(&mut self, wire: &Wire) -> Result<(), Failure> {
        let mut leavers = self.links();
        leavers.retain(|key, link| {
            let still = self.in_scope.iter().any(|one| one.key == *key)
                || self.groups_in_scope.iter().any(|one| one.key == *key);
            !still && (!link.disabled || self.directory.is_deleted(key))
        });
        if self.hold_deletes && !leavers.is_empty() {
            return Err(self.hold_back(&leavers));
        }
        for (key, link) in leavers {
            let deleted = self.directory.is_deleted(&key);
            let is_group = self.directory.group(&key).is_some();
            let done = if is_group {
                object::remove(wire, "Groups", &self.groups, &link).await
            } else {
                object::user_leaves(wire, &self.users, &link, deleted).await
            };
            self.note(if is_group { "Group" } else { "User" }, &key, &link.name, done);
        }
        Ok(())
    }

    /// Facts 5: above the threshold, what would be deleted is named in the log, and the job waits in quarantine.
    fn hold_back(&mut self, leavers: &Links) -> Failure {
        for (key, link) in leavers {
            let kind = if self.directory.group(key).is_some() { "Group" } else { "User" };
            self.mention(kind, key, &link.name, object::staged(&link.name));
        }
        let message = format!(
            "The number of objects to be deleted ({}) exceeds the accidental deletion threshold ({DELETE_THRESHOLD}). Review the deletions, then allow or reject them.",
            leavers.len()
        );
        Failure { code: TOO_MANY_DELETES.to_owned(), message, details: String::new(), lasting: true }
    }

    fn links(&self) -> Links {
        self.shared.read(|world| world.entra.app(&self.app).map(|app| app.job.links.clone()).unwrap_or_default())
    }

    fn step(&self) {
        self.shared.change(|world| {
            if let Some(progress) = world.entra.app_mut(&self.app).and_then(|app| app.job.running.as_mut()) {
                progress.done = (progress.done + 1).min(progress.total);
            }
        });
    }

    fn note(&mut self, kind: &str, key: &str, name: &str, mut done: Done) {
        let (link, unlink) = (done.link.take(), done.unlink);
        self.shared.change(|world| {
            let Some(job) = world.entra.app_mut(&self.app).map(|app| &mut app.job) else { return };
            if unlink {
                job.links.remove(key);
            } else if let Some(link) = link {
                job.links.insert(key.to_owned(), link);
            }
        });
        self.mention(kind, key, name, done);
        self.step();
    }

    fn mention(&mut self, kind: &str, key: &str, name: &str, done: Done) {
        match done.status {
            Status::Success => self.record.succeeded += 1,
            Status::Failure => self.record.failed += 1,
            Status::Skipped => self.record.skipped += 1,
        }
        let cycle = self.record.number;
        self.shared.change(|world| {
            let now = world.now();
            if let Some(app) = world.entra.app_mut(&self.app) {
                app.job.log(entry(now, cycle, kind, key, name, done));
            }
        });
    }
}

pub(crate) fn entry(at: Timestamp, cycle: u64, kind: &str, key: &str, name: &str, done: Done) -> LogEntry {
    LogEntry {
        id: uuid::Uuid::new_v4().to_string(),
        at,
        cycle,
        kind: kind.to_owned(),
        key: key.to_owned(),
        name: name.to_owned(),
        action: done.action.to_owned(),
        status: done.status,
        code: done.code,
        reason: done.reason,
        changes: done.changes,
        matched: done.matched,
    }
}

fn changed(mapping: &Mapping, group: &Group, links: &Links) -> bool {
    let Some(link) = links.get(group.key) else { return true };
    let members: Vec<&str> = group.members.iter().copied().filter(|key| links.contains_key(*key)).collect();
    link.sent != mapping::group_values(mapping, group) || (mapping.has("members") && link.members != members)
}

fn end(world: &mut World, app: &str, mut record: CycleRecord, failure: Option<Failure>) {
    let now = world.now();
    record.ended = now;
    let Some(job) = world.entra.app_mut(app).map(|app| &mut app.job) else { return };
    job.running = None;
    match failure {
        None => {
            job.quarantine = None;
            job.next_cycle = job.on.then(|| (record.began + INTERVAL).max(now + SignedDuration::from_secs(1)));
        }
        Some(failure) => {
            record.error = Some(format!("{}: {}", failure.code, failure.message));
            // What this cycle was to read is still unread.
            job.initial |= record.initial;
            fail(job, now, &failure);
        }
    }
    // A Start or a saved mapping during the cycle asks for another one at once.
    if job.on && job.initial && job.quarantine.is_none() && record.error.is_none() {
        job.next_cycle = Some(now);
    }
    // It was the connection before that was refused: the new one is tried at once.
    if job.on && job.quarantine.is_some() && std::mem::take(&mut job.renewed) {
        job.next_cycle = Some(now);
    }
    let (what, trouble) = (format!("cycle {}", record.number), record.error.clone());
    job.record(record);
    world.activities.entra(now, what, trouble);
}

fn fail(job: &mut Job, now: Timestamp, failure: &Failure) {
    if !failure.lasting {
        job.next_cycle = job.on.then(|| now + INTERVAL);
        return;
    }
    let known = job.quarantine.take();
    let quarantine = Quarantine {
        since: known.as_ref().map_or(now, |quarantine| quarantine.since),
        retries: known.map_or(0, |quarantine| quarantine.retries + 1),
        code: failure.code.clone(),
        message: failure.message.clone(),
    };
    if now >= quarantine.ends() {
        job.on = false;
    }
    job.next_cycle = job.on.then(|| now + quarantine.wait());
    job.quarantine = Some(quarantine);
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;
    use crate::{Target, entra::AppKind, tokens::Seed};

    fn ended(world: &mut World) -> SignedDuration {
        let now = world.now();
        let record = CycleRecord {
            number: 1,
            initial: false,
            began: now,
            ended: now,
            succeeded: 0,
            failed: 0,
            skipped: 0,
            error: None,
        };
        end(world, "a1", record, Some(Failure::refused()));
        let job = &world.entra.app("a1").expect("an app").job;
        assert!(job.quarantine.is_some());
        job.next_cycle.expect("another attempt").duration_since(now)
    }

    #[test]
    fn a_connection_saved_during_a_refused_cycle_is_tried_at_once() {
        let seed = Seed::new(Some([1; 32])).expect("a given seed");
        let mut world = World::load(None, Target::Generic, &seed);
        world.entra.create("A", AppKind::NonGallery).expect("an app");
        let now = world.now();
        let job = &mut world.entra.app_mut("a1").expect("an app").job;
        (job.on, job.running) = (true, Some(Progress::default()));
        assert!(!job.connection_saved(now), "it is not in quarantine yet");
        assert!(ended(&mut world) < SignedDuration::from_mins(1));
        assert!(ended(&mut world) >= SignedDuration::from_hours(6), "once is enough");
    }
}
