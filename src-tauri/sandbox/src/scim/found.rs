//! What a list or a search found, without writing it out: of a large company only the page that is asked for is.

use std::borrow::Cow;

use super::store::{Kind, Resource, Store};

/// No answer holds more, not even that of a server that ignores paging: a million people are some gigabytes.
const MOST_AT_ONCE: usize = 20_000;

pub(crate) enum Found<'a> {
    /// Everybody of these kinds.
    All(&'a [Kind]),
    /// Only these, in this order.
    Some(Vec<(Kind, String)>),
}

impl Found<'_> {
    pub(crate) fn those<'r>(all: impl Iterator<Item = Cow<'r, Resource>>) -> Self {
        Found::Some(all.map(|one| (one.kind, one.id.clone())).collect())
    }

    pub(crate) fn count(&self, store: &Store) -> usize {
        match self {
            Found::All(kinds) => kinds.iter().map(|kind| store.count(*kind)).sum(),
            Found::Some(some) => some.len(),
        }
    }

    /// So many, after the first ones.
    pub(crate) fn page<'r>(&self, store: &'r Store, skip: usize, take: usize) -> Vec<Cow<'r, Resource>> {
        let take = take.min(MOST_AT_ONCE);
        match self {
            Found::All(kinds) => {
                let (mut page, mut skip) = (Vec::new(), skip);
                for kind in *kinds {
                    page.extend(store.page(*kind, skip, take - page.len()));
                    skip = skip.saturating_sub(store.count(*kind));
                }
                page
            }
            Found::Some(some) => {
                let there = some.iter().skip(skip).take(take);
                there.filter_map(|(kind, id)| store.get(*kind, id).ok()).collect()
            }
        }
    }
}
