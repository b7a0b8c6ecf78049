//! The reader of whole directories against servers that do what servers should not.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio_util::sync::CancellationToken;

use super::{ID, Pace, Path, Plan, Reader, Step, walk::Listed};
use crate::{
    error::{Code, Problem},
    http::{
        Http, Journal,
        hostile::{Ask, Hostile, Reply, json, status},
    },
    secret::Secret,
    systems::scim::Scim,
};

/// What was read, what was asked, and the longest wait that the server asked for.
struct Read {
    listed: Result<Listed, Problem>,
    ids: Vec<String>,
    asks: Vec<Ask>,
    waited: bool,
}

impl Read {
    fn whole(&self, ids: impl Iterator<Item = u64>) -> &Listed {
        let listed = self.listed.as_ref().unwrap_or_else(|problem| panic!("{problem:?}"));
        let mut wanted: Vec<String> = ids.map(|id| id.to_string()).collect();
        let mut found = self.ids.clone();
        wanted.sort();
        found.sort();
        assert_eq!(found, wanted);
        listed
    }

    fn broken(&self, words: &str) {
        let problem = self.listed.as_ref().expect_err(words);
        assert_eq!(problem.code, Code::PagingBroken, "{problem:?}");
        assert!(problem.message.contains(words) && !problem.hints.is_empty(), "{words}: {problem:?}");
    }
}

async fn read(answer: impl Fn(&Ask) -> Reply + Send + Sync + 'static) -> Read {
    read_until(answer, &CancellationToken::new()).await
}

async fn read_until(answer: impl Fn(&Ask) -> Reply + Send + Sync + 'static, stop: &CancellationToken) -> Read {
    let server = Hostile::start(answer).await;
    let scim = Scim::new(&Http::new().unwrap(), &server.base(), &Secret::new("t"), &Journal::new()).unwrap();
    let (plan, pace) = (Arc::new(Plan::new(&[Path::of_name("displayName")])), Arc::new(Pace::new()));
    let (mut ids, mut waited) = (Vec::new(), false);
    let listed = Reader::people(&scim, &plan, &pace)
        .bounded(1 << 20)
        .all_people(stop, &mut |step| match step {
            Step::Page(page, _) => ids.extend((0..page.len()).map(|row| page.value(row, ID).to_owned())),
            Step::Tick => waited |= pace.waits().is_some(),
        })
        .await;
    Read { listed, ids, asks: server.asks(), waited }
}

fn number(ask: &Ask, name: &str) -> Option<u64> {
    let (_, rest) = ask.path.split_once(&format!("{name}="))?;
    rest.split('&').next()?.parse().ok()
}

/// `Resources` with the ids from `from` to `to - 1`.
fn people(from: u64, to: u64, total: Option<u64>) -> String {
    let entries: Vec<String> = (from..to).map(|id| format!(r#"{{"id":"{id}","userName":"u{id}","displayName":"D","active":true,"meta":{{"created":"2026-01-01T00:00:00Z"}}}}"#)).collect();
    let total = total.map(|total| format!(r#""totalResults":{total},"#)).unwrap_or_default();
    format!(r#"{{{total}"Resources":[{}]}}"#, entries.join(","))
}

/// As the standard has it, with a largest page.
fn pages(ask: &Ask, total: u64, cap: u64) -> Reply {
    let start = number(ask, "startIndex").unwrap();
    let count = number(ask, "count").unwrap().min(cap);
    json(&people(start.min(total + 1), (start + count).min(total + 1), Some(total)))
}

#[tokio::test]
async fn a_list_that_fits_on_a_page_is_asked_for_once() {
    for total in [0, 1, 45] {
        let read = read(move |ask| pages(ask, total, 1_000)).await;
        assert_eq!(read.whole(1..total + 1).notes, Vec::<String>::new());
        assert_eq!(read.asks.len(), 1, "{total}");
    }
    let read = read(|ask| pages(ask, 3, 1_000)).await;
    assert!(
        read.asks[0].path.contains("count=1000") && read.asks[0].path.contains("attributes=userName%2Cactive%2Cmeta")
    );
}

#[tokio::test]
async fn pages_smaller_than_asked_for_are_put_together() {
    // A cap, a count that is ignored, pages of changing size.
    let read_capped = read(|ask| pages(ask, 205, 20)).await;
    read_capped.whole(1..206);
    assert_eq!(read_capped.asks.len(), 11);
    read(|ask| {
        let start = number(ask, "startIndex").unwrap();
        json(&people(start.min(206), (start + 20).min(206), Some(205)))
    })
    .await
    .whole(1..206);
    read(|ask| {
        let start = number(ask, "startIndex").unwrap();
        pages(ask, 205, if start.is_multiple_of(2) { 7 } else { 20 })
    })
    .await
    .whole(1..206);
}

#[tokio::test]
async fn a_list_without_totals_is_read_until_it_ends() {
    let read_on = read(|ask| {
        let start = number(ask, "startIndex").unwrap();
        json(&people(start.min(206), (start + 20).min(206), None))
    })
    .await;
    read_on.whole(1..206);
    // Behind its end it begins anew, as scimmy does (facts/measured.md).
    read(|ask| {
        let start = number(ask, "startIndex").unwrap();
        json(&if start > 45 { people(1, 21, None) } else { people(start, (start + 20).min(46), None) })
    })
    .await
    .whole(1..46);
}

#[tokio::test]
async fn pages_are_fetched_ahead_and_never_more_than_the_bound() {
    let (active, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (now, peak) = (Arc::clone(&active), Arc::clone(&most));
    let begin = Instant::now();
    let read = read(move |ask| {
        peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        let over = Arc::clone(&now);
        let wait = Duration::from_millis(50);
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            over.fetch_sub(1, Ordering::SeqCst);
        });
        Reply::Late(wait, Box::new(pages(ask, 2_000, 20)))
    })
    .await;
    read.whole(1..2_001);
    let most = most.load(Ordering::SeqCst);
    // The counter is a little late where the machine is busy.
    assert!((8..=14).contains(&most), "{most} at once");
    assert!(begin.elapsed() < Duration::from_secs(5) / 3, "100 pages of 50 ms took {:?}", begin.elapsed());
}

#[tokio::test]
async fn paging_that_does_not_work_is_named() {
    type Case = (&'static str, fn(&Ask) -> Reply, usize);
    let cases: [Case; 6] = [
        ("does not honour “startIndex”", |_| json(&people(1, 21, Some(45))), 3),
        (
            "does not honour “startIndex”",
            |ask| pages(ask, 1_000, if number(ask, "startIndex") > Some(200) { 0 } else { 20 }).unless_empty(ask),
            40,
        ),
        (
            "has 45 entries, but sends only 20",
            |ask| {
                json(&if number(ask, "startIndex") == Some(1) {
                    people(1, 21, Some(45))
                } else {
                    people(1, 1, Some(45))
                })
            },
            3,
        ),
        (
            "has 9,223,372,036,854,775,808 entries, but sends only 45",
            |ask| {
                let start = number(ask, "startIndex").unwrap();
                json(&people(start.min(46), (start + 20).min(46), Some(1 << 63)))
            },
            20,
        ),
        (
            "of them more than once, and only 45 different ones",
            |ask| {
                // Every page begins five entries too early, and the last ones never come.
                let start = number(ask, "startIndex").unwrap();
                let from = if start == 1 { 1 } else { start - 5 * ((start - 1) / 20) };
                json(&people(from, (from + 20).min(46), Some(60)))
            },
            8,
        ),
        ("has 45 entries, but sends only 0", |_| json(&people(1, 1, Some(45))), 2),
    ];
    for (words, answer, most) in cases {
        let read = read(answer).await;
        read.broken(words);
        assert!(read.asks.len() <= most, "{words}: {} requests", read.asks.len());
    }
}

trait UnlessEmpty {
    fn unless_empty(self, ask: &Ask) -> Self;
}

impl UnlessEmpty for Reply {
    /// From the eleventh page on, the second one comes again.
    fn unless_empty(self, ask: &Ask) -> Self {
        if number(ask, "startIndex") > Some(200) { json(&people(21, 41, Some(1_000))) } else { self }
    }
}

#[tokio::test]
async fn a_list_that_is_whole_all_the_same_has_a_note() {
    // Its total is too low.
    let low = read(|ask| {
        let start = number(ask, "startIndex").unwrap();
        json(&people(start.min(46), (start + 20).min(46), Some(5)))
    })
    .await;
    assert!(low.whole(1..46).notes[0].contains("has 5 entries, and sends 45"), "{:?}", low.listed);
    // One is listed twice, and yet everybody is there.
    let twice = read(|_| {
        json(&people(1, 21, Some(20)).replacen("\"Resources\":[", r#""Resources":[{"id":"7","userName":"u7"},"#, 1))
    })
    .await;
    let listed = twice.listed.as_ref().unwrap();
    assert!(listed.entries == 20 && listed.notes[0].contains("one entry more than once"), "{listed:?}");
    // Somebody came while it was read.
    let grown = read(|ask| {
        let start = number(ask, "startIndex").unwrap();
        let total = if start > 60 { 101 } else { 100 };
        json(&people(start.min(total + 1), (start + 20).min(total + 1), Some(total)))
    })
    .await;
    assert!(
        grown.whole(1..102).changed && grown.listed.as_ref().unwrap().notes[0].contains("changed while it was read")
    );
    // Somebody left, and the pages moved.
    let shrunk = read(|ask| {
        let start = number(ask, "startIndex").unwrap();
        match start {
            1..60 => json(&people(start, start + 20, Some(100))),
            _ => json(&people(start + 1, (start + 21).min(101), Some(99))),
        }
    })
    .await;
    assert!(shrunk.listed.as_ref().unwrap().changed, "{:?}", shrunk.listed);
}

#[tokio::test]
async fn a_server_that_asks_to_wait_is_left_alone_for_so_long() {
    let (refused, early) = (Arc::new(Mutex::new(None::<Instant>)), Arc::new(AtomicUsize::new(0)));
    let (since, too_early) = (Arc::clone(&refused), Arc::clone(&early));
    let begin = Instant::now();
    let read = read(move |ask| {
        let mut since = since.lock().unwrap();
        match *since {
            None if number(ask, "startIndex") > Some(100) => {
                *since = Some(Instant::now());
                let wait = ("retry-after", "1".to_owned());
                return Reply::Http(429, vec![("content-type", "application/json".to_owned()), wait], "{}".to_owned());
            }
            // Those that were under way may still arrive.
            Some(then) if (200..900).contains(&then.elapsed().as_millis()) => {
                too_early.fetch_add(1, Ordering::SeqCst);
            }
            None | Some(_) => {}
        }
        pages(ask, 400, 20)
    })
    .await;
    read.whole(1..401);
    assert!(read.waited && begin.elapsed() >= Duration::from_secs(1));
    assert_eq!(early.load(Ordering::SeqCst), 0, "asked although it was to wait");
    let problem = self::read(|_| Reply::Http(429, vec![("retry-after", "3600".to_owned())], String::new())).await;
    assert_eq!(problem.listed.unwrap_err().code, Code::RateLimited);
    assert_eq!(problem.asks.len(), 1, "nobody waits for an hour");
}

#[tokio::test]
async fn what_may_pass_is_asked_for_again() {
    type Case = (&'static str, fn() -> Reply);
    let cases: [Case; 3] = [
        ("a failure of the server", || status(500, "{}")),
        ("a line that breaks", || Reply::Close),
        ("an answer that is cut off", || {
            Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"totalRes".to_vec())
        }),
    ];
    for (what, reply) in cases {
        let failed = Mutex::new(false);
        let read = read(move |ask| {
            let first = number(ask, "startIndex") > Some(60) && !std::mem::replace(&mut *failed.lock().unwrap(), true);
            if first { reply() } else { pages(ask, 205, 20) }
        })
        .await;
        read.whole(1..206);
        assert_eq!(read.asks.len(), 12, "{what}");
    }
    let read =
        read(|ask| if number(ask, "startIndex") > Some(100) { status(500, "{}") } else { pages(ask, 205, 20) }).await;
    assert_eq!(read.listed.unwrap_err().code, Code::ServerError);
    assert!(read.asks.len() <= 30, "{}", read.asks.len());
}

#[tokio::test]
async fn a_page_of_another_kind_ends_it() {
    type Case = (fn() -> Reply, &'static str);
    let cases: [Case; 4] = [
        (
            || Reply::Http(200, vec![("content-type", "text/html".to_owned())], "<html>Sign in</html>".to_owned()),
            "login page",
        ),
        (|| json("{\"ok\":true}"), "without “totalResults”"),
        (|| json("[]"), "not a list"),
        (|| json("{\"totalResults\":205,\"Resources\":[{\"id\":\"1\"},5]}"), "Resources[1]"),
    ];
    for (reply, words) in cases {
        let read =
            read(move |ask| if number(ask, "startIndex") == Some(121) { reply() } else { pages(ask, 205, 20) }).await;
        let problem = read.listed.expect_err(words);
        assert!(problem.code == Code::NotScim && problem.message.contains(words), "{words}: {problem:?}");
    }
}

#[tokio::test]
async fn a_cursor_is_followed() {
    // AWS sends its first page again unless the cursor is asked for (facts/targets.md B3).
    let aws = |ask: &Ask| {
        let Some((_, rest)) = ask.path.split_once("cursor=") else { return json(&people(1, 101, Some(100))) };
        let page: u64 = rest.split('&').next().unwrap().parse().unwrap_or(0);
        let next = if page < 4 { format!(r#""nextCursor":"{}","#, page + 1) } else { String::new() };
        json(&people(page * 100 + 1, page * 100 + 101, None).replacen('{', &format!("{{{next}"), 1))
    };
    let by_cursor = read(aws).await;
    by_cursor.whole(1..501);
    assert_eq!(by_cursor.asks.len(), 7, "two by index, five by cursor");
    let in_a_circle = read(|_| json(&people(1, 3, None).replacen('{', r#"{"nextCursor":"again","#, 1))).await;
    in_a_circle.broken("sends the same entries");
    assert!(in_a_circle.asks.len() <= 3);
    let turn = AtomicUsize::new(0);
    let of_empty_pages = read(move |ask| match ask.path.contains("cursor=") {
        false => json(&people(1, 3, None).replacen('{', r#"{"nextCursor":"a","#, 1)),
        true => json(&format!(r#"{{"nextCursor":"c{}","Resources":[]}}"#, turn.fetch_add(1, Ordering::SeqCst))),
    })
    .await;
    of_empty_pages.broken("sends the same entries");
    assert!(of_empty_pages.asks.len() <= 25, "{}", of_empty_pages.asks.len());
}

#[tokio::test]
async fn a_list_without_end_is_stopped() {
    let read = read(|ask| {
        let start = number(ask, "startIndex").unwrap();
        let entries: Vec<String> = (start..start + 50_000).map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
        json(&format!(r#"{{"Resources":[{}]}}"#, entries.join(",")))
    })
    .await;
    read.broken("does not end");
    assert!(read.asks.len() <= 50, "{}", read.asks.len());
}

#[tokio::test]
async fn what_a_server_refuses_is_asked_for_otherwise() {
    let no_attributes = read(|ask| match ask.path.contains("attributes=") {
        true => status(400, r#"{"detail":"unknown parameter"}"#),
        false => pages(ask, 205, 20),
    })
    .await;
    no_attributes.whole(1..206);
    assert_eq!(no_attributes.asks.len(), 12);
    let small_pages = read(|ask| match number(ask, "count") > Some(100) || ask.path.contains("attributes=") {
        true => status(400, r#"{"detail":"count is 100 at most"}"#),
        false => pages(ask, 205, 100),
    })
    .await;
    small_pages.whole(1..206);
    // The names are hidden from whoever asks for them.
    let hidden = read(|ask| {
        let Reply::Http(status, headers, body) = pages(ask, 45, 20) else { unreachable!() };
        let body = if ask.path.contains("attributes=") { body.replace("displayName", "x") } else { body };
        Reply::Http(status, headers, body)
    })
    .await;
    hidden.whole(1..46);
    assert!(!hidden.asks.last().unwrap().path.contains("attributes="));
    let token = read(|_| status(401, "{}")).await;
    assert_eq!((token.listed.unwrap_err().code, token.asks.len()), (Code::Unauthorized, 1));
}

#[tokio::test]
async fn a_page_that_is_too_large_is_asked_for_in_parts() {
    let read = read(|ask| {
        let start = number(ask, "startIndex").unwrap();
        let count = number(ask, "count").unwrap();
        if count > 100 { Reply::Flood } else { json(&people(start.min(251), (start + count).min(251), Some(250))) }
    })
    .await;
    read.whole(1..251);
    let flood = self::read(|_| Reply::Flood).await;
    assert_eq!(flood.listed.unwrap_err().code, Code::TooLarge);
    assert!(flood.asks.len() <= 12, "{}", flood.asks.len());
}

#[tokio::test]
async fn stopping_is_quick() {
    let stop = CancellationToken::new();
    let soon = stop.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(200)).await;
        soon.cancel();
    });
    let begin = Instant::now();
    let read = read_until(
        |ask| if number(ask, "startIndex") > Some(40) { Reply::Silent } else { pages(ask, 1_000, 20) },
        &stop,
    )
    .await;
    assert_eq!(read.listed.unwrap_err().code, Code::Cancelled);
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
}
