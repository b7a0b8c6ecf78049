//! Lists: one page as servers send it, and all pages without ever going round in circles.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{Resource, Scim, not_scim};
use crate::{
    error::{Code, Problem},
    http::{Answer, host},
};

/// What is asked for at once; Okta's own page, and AWS's limit (facts/targets.md B3, D3).
const PAGE: u64 = 100;
/// Entries after which a list counts as endless.
const MOST: usize = 100_000;
/// Bytes after which a list counts as endless; 100,000 users were measured as 87 MB (facts/measured.md).
const MOST_BYTES: usize = 256 << 20;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPage<T> {
    /// What the server says there is in all; some send none, and some lie.
    pub total: Option<u64>,
    /// The 1-based index it says it starts with.
    pub start_index: Option<u64>,
    /// What the page holds.
    pub items: Vec<T>,
    /// For the next page, at servers that page by cursor (RFC 9865; AWS).
    pub next_cursor: Option<String>,
}

/// A ListResponse before its entries are looked at.
#[derive(Debug, Clone)]
pub(crate) struct Listing {
    pub(crate) total: Option<u64>,
    /// Whether `totalResults` was sent as a number, as Okta needs it.
    pub(crate) total_is_integer: bool,
    pub(crate) start_index: Option<u64>,
    pub(crate) items: Vec<Value>,
    next_cursor: Option<String>,
}

impl Listing {
    /// Whether it names a cursor for the next page.
    pub(crate) fn has_next(&self) -> bool {
        self.next_cursor.is_some()
    }

    /// Reads a 2xx answer. `Resources` may be missing, totals too; one of them or the schema must be there.
    pub(crate) fn read(answer: &Answer) -> Result<Self, Problem> {
        let value: Value = answer.json()?;
        let Value::Object(mut fields) = value else {
            return Err(not_scim(answer, "it is JSON, but not a list as SCIM defines it"));
        };
        if !is_list(&fields) {
            return Err(not_scim(answer, "it is JSON without “totalResults” and “Resources”"));
        }
        let items = match take(&mut fields, "Resources") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(not_scim(answer, "“Resources” is not a list")),
        };
        let total = take(&mut fields, "totalResults");
        Ok(Self {
            total_is_integer: total.as_ref().is_some_and(Value::is_u64),
            total: total.as_ref().and_then(number),
            start_index: take(&mut fields, "startIndex").as_ref().and_then(number),
            next_cursor: take(&mut fields, "nextCursor")
                .and_then(|cursor| cursor.as_str().map(str::to_owned))
                .filter(|cursor| !cursor.is_empty() && cursor.len() <= 4_096),
            items,
        })
    }

    /// With its entries read.
    pub(super) fn typed<T: Resource>(self, not_scim: impl FnOnce(String) -> Problem) -> Result<ListPage<T>, Problem> {
        let read = |(index, value)| T::from_value(value).map_err(|why| format!("{why} (Resources[{index}])"));
        let items = self.items.iter().enumerate().map(read).collect::<Result<Vec<T>, String>>().map_err(not_scim)?;
        Ok(ListPage { total: self.total, start_index: self.start_index, items, next_cursor: self.next_cursor })
    }
}

fn is_list(fields: &Map<String, Value>) -> bool {
    let named = |key: &str| fields.keys().any(|name| name.eq_ignore_ascii_case(key));
    let schema = fields.get("schemas").and_then(Value::as_array).is_some_and(|all| {
        all.iter().any(|schema| schema.as_str().is_some_and(|schema| schema.to_lowercase().ends_with(":listresponse")))
    });
    schema || named("Resources") || named("totalResults")
}

fn take(fields: &mut Map<String, Value>, key: &str) -> Option<Value> {
    let name = fields.keys().find(|name| name.eq_ignore_ascii_case(key))?.clone();
    fields.remove(&name)
}

fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// Where the next page begins.
enum Next {
    Index(u64),
    Cursor(String),
}

/// What was collected so far.
struct Collected<T> {
    items: Vec<T>,
    ids: HashSet<String>,
    bytes: usize,
}

impl Scim {
    pub(super) async fn list<T: Resource>(
        &self,
        path: &str,
        start_index: u64,
        count: u64,
    ) -> Result<ListPage<T>, Problem> {
        Ok(self.fetch(path, &Next::Index(start_index), count).await?.0)
    }

    pub(super) async fn all<T: Resource>(&self, path: &str) -> Result<Vec<T>, Problem> {
        let mut so_far = Collected { items: Vec::new(), ids: HashSet::new(), bytes: 0 };
        let mut next = Next::Index(1);
        loop {
            let (page, bytes) = self.fetch::<T>(path, &next, PAGE).await?;
            let (total, cursor, length) = (page.total, page.next_cursor.clone(), page.items.len());
            let before = so_far.items.len();
            if let Err(fault) = so_far.take(page, bytes) {
                // AWS ignores startIndex unless its cursor is asked for (facts/targets.md B3).
                if fault == Fault::SamePage && matches!(next, Next::Index(_)) && self.pages_by_cursor::<T>(path).await?
                {
                    so_far = Collected { items: Vec::new(), ids: HashSet::new(), bytes: so_far.bytes };
                    next = Next::Cursor(String::new());
                    continue;
                }
                return self.ended(so_far, total, before, fault, path);
            }
            next = match cursor {
                Some(cursor) => Next::Cursor(cursor),
                None if matches!(next, Next::Cursor(_)) => return Ok(so_far.items),
                None => match so_far.goes_on(total, length, path, &host(self.base.url()))? {
                    true => Next::Index(so_far.items.len() as u64 + 1),
                    false => return Ok(so_far.items),
                },
            };
        }
    }

    /// A list without totals may begin anew behind its end; then what was there before is all.
    fn ended<T>(
        &self,
        so_far: Collected<T>,
        total: Option<u64>,
        before: usize,
        fault: Fault,
        path: &str,
    ) -> Result<Vec<T>, Problem> {
        if fault == Fault::SamePage && total.is_none() && before < usize::try_from(PAGE).unwrap_or(usize::MAX) {
            return Ok(so_far.items);
        }
        Err(fault.problem(path, &host(self.base.url())))
    }

    async fn pages_by_cursor<T: Resource>(&self, path: &str) -> Result<bool, Problem> {
        Ok(self.fetch::<T>(path, &Next::Cursor(String::new()), PAGE).await?.0.next_cursor.is_some())
    }

    async fn fetch<T: Resource>(&self, path: &str, next: &Next, count: u64) -> Result<(ListPage<T>, usize), Problem> {
        let count = count.to_string();
        let url = match next {
            Next::Index(index) => {
                self.base.with_query(&[path], &[("startIndex", &index.to_string()), ("count", &count)])
            }
            Next::Cursor(cursor) => self.base.with_query(&[path], &[("cursor", cursor), ("count", &count)]),
        };
        let answer = self.get(url).await?;
        Ok((self.page(&answer)?, answer.body.len()))
    }
}

/// How pages go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    SamePage,
    Repeated,
    Endless,
    TooMany(u64),
    TooFew(u64, usize),
}

impl<T: Resource> Collected<T> {
    fn take(&mut self, page: ListPage<T>, bytes: usize) -> Result<(), Fault> {
        self.bytes += bytes;
        let fresh = page.items.iter().filter(|item| !self.ids.contains(item.id())).count();
        if !page.items.is_empty() && fresh == 0 {
            return Err(Fault::SamePage);
        }
        for item in page.items {
            if !self.ids.insert(item.id().to_owned()) {
                return Err(Fault::Repeated);
            }
            self.items.push(item);
        }
        match page.total {
            Some(total) if self.items.len() as u64 > total => Err(Fault::TooMany(total)),
            _ if self.items.len() > MOST || self.bytes > MOST_BYTES => Err(Fault::Endless),
            _ => Ok(()),
        }
    }

    /// Whether there is another page to ask for.
    fn goes_on(&self, total: Option<u64>, length: usize, path: &str, host: &str) -> Result<bool, Problem> {
        match total {
            Some(total) if self.items.len() as u64 >= total => Ok(false),
            Some(total) if length == 0 => Err(Fault::TooFew(total, self.items.len()).problem(path, host)),
            None if length == 0 => Ok(false),
            _ => Ok(true),
        }
    }
}

impl Fault {
    fn problem(self, path: &str, host: &str) -> Problem {
        let what = match self {
            Self::SamePage => format!(
                "{host} sends the first page of /{path} again when the next one is asked for: it ignores “startIndex”."
            ),
            Self::Repeated => format!("{host} lists the same id twice in /{path}."),
            Self::Endless => {
                format!("The list /{path} of {host} does not end: Usher stopped after {MOST} entries or 256 MiB.")
            }
            Self::TooMany(total) => {
                format!("{host} says that /{path} has {total} entries, but sends more.")
            }
            Self::TooFew(total, sent) => {
                format!("{host} says that /{path} has {total} entries, but sends only {sent}.")
            }
        };
        Problem::new(Code::PagingBroken, what)
            .hint("Tell the team that runs the server: lists must honour “startIndex” and “count” (RFC 7644, section 3.4.2.4).")
            .hint("Provisioning may work all the same; importing from this server will not.")
    }
}
