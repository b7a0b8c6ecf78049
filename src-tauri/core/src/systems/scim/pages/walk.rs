//! Walks through a list from its first page to its end: in order where nothing is known, with the next pages fetched ahead
//! where the total is.

use std::{
    collections::{HashSet, VecDeque},
    hash::BuildHasherDefault,
    sync::Arc,
    time::Duration,
};

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use super::{
    Fault, GroupsPage, MOST, PAGE, Pace, PeoplePage, Plan, SMALL_PAGE,
    ask::{Ask, Start},
    decode::Page,
    entries::Entries,
    stopped,
};
use crate::{
    error::{Code, Problem},
    number::grouped,
    people::AsIs,
    systems::scim::Scim,
};

/// Between two looks at how far it is.
const TICK: Duration = Duration::from_millis(100);

/// Pages by cursor, one after the other, with nobody in them.
const MOST_EMPTY: u32 = 20;

/// What the walk tells on its way.
pub(crate) enum Step<E> {
    /// Some more entries, and how many there are in all as far as is known.
    Page(E, Option<u64>),
    /// Time went by.
    Tick,
}

/// A list that was read to its end.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    /// Different entries.
    pub(crate) entries: u64,
    /// What the server does oddly although the list is whole.
    pub(crate) notes: Vec<String>,
    /// It changed while it was read.
    pub(crate) changed: bool,
}

/// Reads one list.
pub(crate) struct Reader {
    ask: Ask,
    count: u64,
}

/// What was seen so far.
#[derive(Default)]
struct Tally {
    /// Hashes already.
    ids: HashSet<u64, BuildHasherDefault<AsIs>>,
    sent: u64,
    repeats: u64,
    first_total: Option<u64>,
    total: Option<u64>,
    changed: bool,
}

/// Several pages that belong together, and whether the list ended within them.
struct Span<E> {
    pages: Vec<Page<E>>,
    ended: bool,
}

impl Reader {
    pub(crate) fn people(scim: &Scim, plan: &Arc<Plan>, pace: &Arc<Pace>) -> Self {
        let attributes = plan.attributes();
        Self { ask: Ask::new(scim, "Users", Arc::clone(plan), Arc::clone(pace), attributes), count: PAGE }
    }

    pub(crate) fn groups(scim: &Scim, plan: &Arc<Plan>, pace: &Arc<Pace>) -> Self {
        let attributes = "displayName,members".to_owned();
        Self { ask: Ask::new(scim, "Groups", Arc::clone(plan), Arc::clone(pace), attributes), count: PAGE }
    }

    /// With smaller bodies: a test need not send 32 MiB.
    #[cfg(test)]
    pub(super) fn bounded(mut self, body: usize) -> Self {
        self.ask = self.ask.bounded(body);
        self
    }

    /// Everybody.
    pub(crate) async fn all_people(
        self,
        stop: &CancellationToken,
        see: &mut (dyn FnMut(Step<PeoplePage>) + Send),
    ) -> Result<Listed, Problem> {
        self.read(stop, see).await
    }

    /// Every group.
    pub(crate) async fn all_groups(
        self,
        stop: &CancellationToken,
        see: &mut (dyn FnMut(Step<GroupsPage>) + Send),
    ) -> Result<Listed, Problem> {
        self.read(stop, see).await
    }

    async fn read<E: Entries>(
        mut self,
        stop: &CancellationToken,
        see: &mut (dyn FnMut(Step<E>) + Send),
    ) -> Result<Listed, Problem> {
        let walk = Walk { stop, see, tally: Tally::default() };
        walk.through(&mut self).await
    }

    /// The first page, asked for in the way that this server understands.
    async fn first<E: Entries>(&mut self) -> Result<Page<E>, Problem> {
        let start = Start::Index(1);
        let problem = match self.ask.page::<E>(&start, self.count).await {
            Ok(page) => return self.whole_or(page).await,
            Err(problem) if !matches!(problem.code, Code::Refused | Code::ServerError | Code::NotScim) => {
                return Err(problem);
            }
            Err(problem) => problem,
        };
        // `attributes` may be refused (RFC 7644, section 3.4.2.5 lets servers do without), and so may the count.
        self.ask.attributes = None;
        if let Ok(page) = self.ask.page(&start, self.count).await {
            return Ok(page);
        }
        if problem.code == Code::NotScim {
            return Err(problem);
        }
        self.count = SMALL_PAGE;
        self.ask.page(&start, self.count).await
    }

    /// Some servers leave out what `attributes` names, if it is written otherwise than they expect.
    async fn whole_or<E: Entries>(&mut self, page: Page<E>) -> Result<Page<E>, Problem> {
        let lacking = page.entries.lacking(&self.ask.plan);
        if lacking == 0 {
            return Ok(page);
        }
        let attributes = self.ask.attributes.take();
        let whole = self.ask.page::<E>(&Start::Index(1), self.count).await;
        match whole {
            Ok(whole) if whole.entries.lacking(&self.ask.plan) < lacking => Ok(whole),
            Ok(_) | Err(_) => {
                self.ask.attributes = attributes;
                Ok(page)
            }
        }
    }
}

/// One way through a list.
struct Walk<'a, E> {
    stop: &'a CancellationToken,
    see: &'a mut (dyn FnMut(Step<E>) + Send),
    tally: Tally,
}

impl<E: Entries> Walk<'_, E> {
    async fn through(mut self, reader: &mut Reader) -> Result<Listed, Problem> {
        let first = self.under_way(reader.first::<E>()).await?;
        let (ask, count) = (&reader.ask, reader.count);
        if let Some(cursor) = first.next_cursor.clone() {
            self.take(first, ask)?;
            return self.by_cursor(ask, cursor, count).await;
        }
        let (length, total) = (first.entries.ids().len() as u64, first.total);
        if length == 0 || total == Some(length) && !may_be_one_page(length) {
            self.take(first, ask)?;
            return self.tally.listed(ask);
        }
        // The page after the first one shows whether the server pages at all.
        let second = self.under_way(ask.page::<E>(&Start::Index(length + 1), length)).await?;
        if is_the_same(&first, &second) {
            return self.without_index(first, ask, count).await;
        }
        let over = second.entries.ids().is_empty();
        self.take(first, ask)?;
        self.take(second, ask)?;
        match self.tally.total.filter(|total| *total >= self.tally.sent) {
            _ if over => {}
            Some(_) => self.ahead(ask, length).await?,
            None => self.in_order(ask, length).await?,
        }
        self.tally.listed(ask)
    }

    /// For a server that sends its first page whatever is asked for: AWS does, unless its cursor is asked for
    /// (facts/targets.md B3).
    async fn without_index(mut self, first: Page<E>, ask: &Ask, count: u64) -> Result<Listed, Problem> {
        let by_cursor = self.under_way(ask.page::<E>(&Start::Cursor(String::new()), count)).await;
        if let Ok(page) = by_cursor
            && let Some(cursor) = page.next_cursor.clone()
        {
            self.take(page, ask)?;
            return self.by_cursor(ask, cursor, count).await;
        }
        let length = first.entries.ids().len() as u64;
        if first.total.map_or(length >= count, |total| length < total) {
            return Err(Fault::SamePage.problem(ask.path, &ask.host()));
        }
        self.take(first, ask)?;
        self.tally.listed(ask)
    }

    /// Page after page until one is empty: nothing says how many there are.
    async fn in_order(&mut self, ask: &Ask, count: u64) -> Result<(), Problem> {
        loop {
            let start = Start::Index(self.tally.sent + 1);
            let page = self.under_way(ask.page::<E>(&start, count)).await?;
            if page.entries.ids().is_empty() || self.begins_anew(&page) {
                return Ok(());
            }
            self.take(page, ask)?;
        }
    }

    /// A list without totals may begin anew behind its end.
    fn begins_anew(&self, page: &Page<E>) -> bool {
        self.tally.total.is_none() && page.entries.ids().iter().all(|id| self.tally.ids.contains(id))
    }

    /// With pages fetched ahead, until the total is reached or a page is empty.
    async fn ahead(&mut self, ask: &Ask, length: u64) -> Result<(), Problem> {
        let ask = Arc::new(ask.clone());
        let mut under_way: VecDeque<AbortOnDropHandle<Result<Span<E>, Problem>>> = VecDeque::new();
        let mut next = self.tally.sent + 1;
        loop {
            let last = self.tally.total.unwrap_or(0).min(MOST + length);
            while under_way.len() < ask.pace.window() && next <= last {
                let (ask, start) = (Arc::clone(&ask), next);
                under_way.push_back(AbortOnDropHandle::new(tokio::spawn(async move { ask.span(start, length).await })));
                next += length;
            }
            let Some(front) = under_way.pop_front() else { return Ok(()) };
            let span = self.under_way(async { front.await.unwrap_or_else(|_| Err(stopped())) }).await?;
            for page in span.pages {
                self.take(page, &ask)?;
            }
            if span.ended {
                return Ok(());
            }
        }
    }

    async fn by_cursor(mut self, ask: &Ask, cursor: String, count: u64) -> Result<Listed, Problem> {
        let (mut next, mut empty) = (Some(cursor), 0);
        while let Some(cursor) = next {
            let page = self.under_way(ask.page::<E>(&Start::Cursor(cursor.clone()), count)).await?;
            next = page.next_cursor.clone();
            // Servers may send empty pages in between; the same cursor again, or nothing but such pages, leads nowhere.
            empty = if page.entries.ids().is_empty() { empty + 1 } else { 0 };
            if next.as_ref() == Some(&cursor) || empty > MOST_EMPTY {
                return Err(Fault::SamePage.problem(ask.path, &ask.host()));
            }
            self.take(page, ask)?;
        }
        self.tally.total = None;
        self.tally.listed(ask)
    }

    fn take(&mut self, page: Page<E>, ask: &Ask) -> Result<(), Problem> {
        let fault = |fault: Fault| Err(fault.problem(ask.path, &ask.host()));
        let tally = &mut self.tally;
        let ids = page.entries.ids();
        let before = tally.ids.len();
        if before == 0 {
            // What it says there is in all may be a lie, and room is not free.
            tally.ids.reserve(page.total.unwrap_or_default().min(200_000) as usize);
        }
        tally.ids.extend(ids);
        tally.sent += ids.len() as u64;
        let fresh = tally.ids.len() - before;
        tally.repeats += (ids.len() - fresh) as u64;
        if !ids.is_empty() && fresh == 0 {
            return fault(Fault::SamePage);
        }
        if tally.sent > MOST {
            return fault(Fault::Endless);
        }
        if let Some(total) = page.total {
            tally.changed |= tally.first_total.is_some_and(|first| first != total);
            tally.first_total.get_or_insert(total);
            tally.total = Some(total);
        }
        (self.see)(Step::Page(page.entries, tally.total));
        Ok(())
    }

    /// Waits for it, and tells that time goes by.
    async fn under_way<T>(&mut self, work: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
        let mut work = std::pin::pin!(work);
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        tick.reset();
        loop {
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return Err(stopped()),
                done = &mut work => return done,
                _ = tick.tick() => (self.see)(Step::Tick),
            }
        }
    }
}

impl Ask {
    /// The entries from `start` on, in several pages if the server sends less than was asked for.
    async fn span<E: Entries>(&self, start: u64, length: u64) -> Result<Span<E>, Problem> {
        let (mut next, end) = (start, start + length);
        let mut span = Span { pages: Vec::new(), ended: false };
        while next < end {
            let page = self.page::<E>(&Start::Index(next), end - next).await?;
            let sent = page.entries.ids().len() as u64;
            let total = page.total.unwrap_or(u64::MAX);
            span.pages.push(page);
            next += sent;
            if next > total {
                break;
            }
            if sent == 0 {
                span.ended = true;
                break;
            }
        }
        Ok(span)
    }
}

impl Tally {
    /// Whether all is there.
    fn listed(self, ask: &Ask) -> Result<Listed, Problem> {
        let distinct = self.ids.len() as u64;
        let fault = |fault: Fault| Err(fault.problem(ask.path, &ask.host()));
        let host = ask.host();
        let path = ask.path;
        let mut notes = Vec::new();
        if let Some(total) = self.total.filter(|total| distinct < *total && !self.changed) {
            return match self.repeats {
                0 => fault(Fault::TooFew { total, sent: self.sent }),
                repeats => fault(Fault::Repeated { repeats, total, distinct }),
            };
        }
        if self.changed {
            notes.push(format!(
                "The list /{path} of {host} changed while it was read: who came or went in between may be told wrongly. Compare again when no cycle runs."
            ));
        } else if let Some(total) = self.total.filter(|total| distinct > *total) {
            notes.push(format!(
                "{host} says that /{path} has {} entries, and sends {}. All that it sends were compared.",
                grouped(total),
                grouped(distinct)
            ));
        }
        if self.repeats > 0 {
            notes.push(format!(
                "{host} lists {} more than once in /{path}; each was compared once.",
                match self.repeats {
                    1 => "one entry".to_owned(),
                    more => format!("{} entries", grouped(more)),
                }
            ));
        }
        Ok(Listed { entries: distinct, notes, changed: self.changed })
    }
}

/// A total that is also a usual size of a page may be the page's own length.
fn may_be_one_page(length: u64) -> bool {
    [20, 25, 50, 100, 200, 250, 500, 1_000].contains(&length)
}

fn is_the_same<E: Entries>(first: &Page<E>, second: &Page<E>) -> bool {
    let seen: HashSet<&u64> = first.entries.ids().iter().collect();
    let ids = second.entries.ids();
    !ids.is_empty() && ids.iter().all(|id| seen.contains(id))
}
