//! Compares what should be at a target, by the exports of the identity provider, with what is there: who is missing, who
//! is there unexpectedly, which attributes and memberships differ, each with its probable cause and the next click.
//!
//! ```text
//! let mut expected = Expected::read_people(file, &rules, None, watch)?;      // Rules::of(&guide) or Rules::usual()
//! expected.read_groups(file, "name of the file", watch)?;                    // as often as there are files
//! let outcome = verify::run(&scim, expected, now, &mut |progress| …, &stop).await?;
//! outcome.verdict(); outcome.counts(); outcome.notes();
//! outcome.page(&Filter { kinds: vec![Kind::Missing], ..Filter::default() }, 0, 100);
//! outcome.write_csv(file)?;
//! ```
//!
//! Reading the exports and comparing are pure; only [`run`] asks the target. The lists are read by
//! [`crate::systems::scim`]'s pages, and what is there as expected leaves nothing behind but its id.

mod comparison;
mod expected;
mod keys;
mod kind;
mod members;
mod outcome;
mod progress;
mod texts;
mod words;

#[cfg(test)]
mod tests;

use std::{collections::VecDeque, sync::Arc};

use jiff::Timestamp;
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

pub use expected::{Expected, Watch};
pub use kind::{Cause, Kind};
pub use outcome::{CauseCount, Counts, Difference, Filter, KindCount, Outcome, Page};
pub use progress::{Counted, Progress, Stage};

use crate::{
    error::{Code, Problem},
    systems::scim::{
        Scim,
        pages::{Listed, Pace, Plan, Reader, Step, stopped},
    },
};
use comparison::Comparison;
use members::MOST_ASKED;
use progress::Course;

/// Members that are asked for at the same time.
const ASKED_AT_ONCE: usize = 4;

/// Reads everybody and every group at the target and compares them. `told` hears at most about ten times a second how far
/// it is, and once at the end of each part.
///
/// # Errors
/// [`Code::PagingBroken`] where the list cannot be trusted, [`Code::Cancelled`] once `stop` is cancelled, and those of
/// [`Scim::list_users`].
pub async fn run(
    scim: &Scim,
    mut expected: Expected,
    now: Timestamp,
    told: &mut (dyn FnMut(&Progress) + Send),
    stop: &CancellationToken,
) -> Result<Outcome, Problem> {
    expected.settle();
    let paths: Vec<_> = expected.sent.iter().map(|sent| sent.path.clone()).collect();
    let (plan, pace) = (Arc::new(Plan::new(&paths)), Arc::new(Pace::new()));
    let mut comparison = Comparison::new(&expected, Arc::clone(&plan), now);
    let mut course = Course::new(&pace, told);
    let people = Reader::people(scim, &plan, &pace);
    let listed = people
        .all_people(stop, &mut |step| match step {
            Step::Page(page, total) => {
                comparison.people(&page);
                course.people(page.len(), total);
            }
            Step::Tick => course.tick(),
        })
        .await?;
    heard(&mut comparison, listed);
    course.next(Stage::Groups);
    if !expected.groups.is_empty() {
        let groups = Reader::groups(scim, &plan, &pace);
        let listed = groups
            .all_groups(stop, &mut |step| match step {
                Step::Page(page, total) => {
                    comparison.groups(&page);
                    course.groups(page.rows().count(), total);
                }
                Step::Tick => course.tick(),
            })
            .await?;
        heard(&mut comparison, listed);
        if comparison.members.none_sent(&expected) {
            course.next(Stage::Members);
            ask_for_members(scim, &mut comparison, &mut course, stop).await?;
        }
    }
    course.next(Stage::Done);
    Ok(comparison.finish())
}

fn heard(comparison: &mut Comparison<'_>, listed: Listed) {
    comparison.heard(listed.notes, listed.changed);
}

/// Some targets list groups without members (AWS: facts/targets.md B3) and find groups by them: each member of the export
/// is asked for.
async fn ask_for_members(
    scim: &Scim,
    comparison: &mut Comparison<'_>,
    course: &mut Course<'_>,
    stop: &CancellationToken,
) -> Result<(), Problem> {
    let people: Vec<(u32, String)> = comparison.members.person_ids.drain().collect();
    if people.is_empty() {
        let why = match comparison.members.too_many {
            true => format!("the export has more than {MOST_ASKED} members to ask for one by one"),
            false => "nobody of the groups in the export is there".to_owned(),
        };
        comparison.without_members(&why);
        return Ok(());
    }
    let (total, mut waiting, mut under_way) = (people.len() as u64, people.into_iter(), VecDeque::new());
    // Nobody is in no group; whoever finds one for nobody does not search.
    let nobody = (None, uuid::Uuid::new_v4().to_string());
    let mut next = Some(nobody);
    loop {
        while under_way.len() < ASKED_AT_ONCE
            && let Some((row, id)) = next.take().or_else(|| waiting.next().map(|(row, id)| (Some(row), id)))
        {
            let scim = scim.clone();
            let asked = tokio::spawn(async move { (row, scim.groups_of(&id).await) });
            under_way.push_back(AbortOnDropHandle::new(asked));
        }
        let Some(front) = under_way.pop_front() else { break };
        let (row, asked) = tokio::select! {
            () = stop.cancelled() => return Err(stopped()),
            asked = front => asked.map_err(|_| stopped())?,
        };
        match (row, asked) {
            (None, Ok((groups, _))) if groups.is_empty() => {}
            (None, Ok(_)) => {
                comparison.without_members("it does not search by members");
                return Ok(());
            }
            (Some(row), Ok((groups, whole))) => {
                comparison.is_in(row, &groups, whole);
                course.members(1, total);
            }
            (_, Err(problem)) if problem.code == Code::Refused => {
                comparison.without_members("it does not search by members");
                return Ok(());
            }
            (_, Err(problem)) => return Err(problem),
        }
    }
    comparison.notes.push(
        "The target lists its groups without members, so each member of the export was asked for. Who is in a group there without standing in the export is not found like this.".to_owned(),
    );
    Ok(())
}
