//! Reads whole directories: everybody and every group, page by page, with the pages fetched ahead of each other once the
//! total is known. Only what is wanted of each entry is kept (see [`Plan`]); a page is text and places in it, so that
//! nothing is allocated for a single person. A server that pages wrongly is named, never looped on.
//! Small lists, as screens show them, stand in `listing.rs`.

mod ask;
mod decode;
mod entries;
mod pace;
mod path;
mod value;
mod walk;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_decode;

use std::hash::{BuildHasher, RandomState};

use crate::error::{Code, Problem};

pub(crate) use entries::{GroupRow, GroupsPage, MemberRow, PeoplePage};
pub(crate) use pace::Pace;
pub(crate) use path::Path;
pub(crate) use walk::{Listed, Reader, Step};

/// Entries after which a list counts as endless.
pub(crate) const MOST: u64 = 2_000_000;
/// What is asked for at once; servers send fewer where they like.
const PAGE: u64 = 1_000;
/// What is asked for where that is refused; AWS's limit (facts/targets.md B3).
const SMALL_PAGE: u64 = 100;
/// Bytes of one page: a thousand groups with two hundred members each. Larger ones are asked for in parts.
const BODY: usize = 32 << 20;
/// Characters of a value that are kept, here and of what it is compared with.
const LONGEST: usize = 1_000;

/// As much of a value as is kept.
pub(crate) fn cut(value: &str) -> &str {
    match value.len() > LONGEST {
        true => value.char_indices().nth(LONGEST).map_or(value, |(end, _)| &value[..end]),
        false => value,
    }
}

/// Why there is no list: somebody did not want to wait for it.
pub(crate) fn stopped() -> Problem {
    Problem::new(Code::Cancelled, "Stopped before everything was read.")
}

/// What is kept of each entry, and how ids are told apart.
#[derive(Debug)]
pub(crate) struct Plan {
    columns: Vec<Path>,
    root: value::Node,
    /// Keyed anew for each reading, so that no server can make ids collide.
    hasher: RandomState,
}

/// The columns that every plan of people has before the wanted ones.
pub(crate) const ID: usize = 0;
pub(crate) const USER_NAME: usize = 1;
pub(crate) const ACTIVE: usize = 2;
pub(crate) const CREATED: usize = 3;
/// The first of the wanted ones.
pub(crate) const WANTED: usize = 4;

impl Plan {
    /// `id`, `userName`, `active` and `meta.created`, and these.
    pub(crate) fn new(wanted: &[Path]) -> Self {
        let fixed = ["id", "userName", "active", "meta.created"].map(Path::of_name);
        let columns: Vec<Path> = fixed.into_iter().chain(wanted.iter().cloned()).collect();
        let mut root = value::Node::default();
        for (index, path) in columns.iter().enumerate() {
            root.add(path, index);
        }
        Self { columns, root, hasher: RandomState::new() }
    }

    /// An id without its letters.
    pub(crate) fn hash(&self, id: &str) -> u64 {
        self.hasher.hash_one(id.as_bytes())
    }

    /// The entries of a page that nobody sent.
    #[cfg(test)]
    pub(crate) fn page_of_test<E: entries::Entries>(&self, body: &str) -> Result<E, Problem> {
        decode::read(&crate::http::Answer::of_test(200, body.as_bytes().to_vec()), self).map(|page| page.entries)
    }

    fn width(&self) -> usize {
        self.columns.len()
    }

    /// What `attributes=` names: whole attributes, because servers differ in what they make of their parts.
    fn attributes(&self) -> String {
        let mut names: Vec<String> = self.columns.iter().skip(USER_NAME).map(Path::attribute).collect();
        let mut seen = Vec::new();
        names.retain(|name| {
            !seen.contains(name) && {
                seen.push(name.clone());
                true
            }
        });
        names.join(",")
    }
}

/// How pages go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    SamePage,
    Repeated { repeats: u64, total: u64, distinct: u64 },
    Endless,
    TooFew { total: u64, sent: u64 },
}

impl Fault {
    fn problem(self, path: &str, host: &str) -> Problem {
        use crate::number::grouped;
        let what = match self {
            Self::SamePage => format!(
                "{host} sends the same entries of /{path} again when the next page is asked for: it does not honour “startIndex”."
            ),
            Self::Repeated { repeats, total, distinct } => format!(
                "{host} says that /{path} has {} entries. It lists {} of them more than once, and only {} different ones: others are left out.",
                grouped(total),
                grouped(repeats),
                grouped(distinct)
            ),
            Self::Endless => {
                format!("The list /{path} of {host} does not end: Usher stopped after {} entries.", grouped(MOST))
            }
            Self::TooFew { total, sent } => {
                format!("{host} says that /{path} has {} entries, but sends only {}.", grouped(total), grouped(sent))
            }
        };
        Problem::new(Code::PagingBroken, what)
            .hint("Tell the team that runs the server: lists must honour “startIndex” and “count” (RFC 7644, section 3.4.2.4).")
            .hint("Provisioning may work all the same; who is there cannot be compared with such a list.")
    }
}
