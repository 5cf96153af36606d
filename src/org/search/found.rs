//! Who was found, the best first, in pages.

use std::{cell::Cell, cmp::Ordering};

use super::{Index, SearchField, SearchText};
use crate::org::{
    Direction, OrderField, OrgGraph, Position, Take, UserFilter, UserId, UserIndex, Window,
    filter::Sieve,
    order::{KeyRef, compare},
};

/// Somebody who was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The user.
    pub user: UserIndex,
    rank: u16,
    fields: u8,
}

impl Hit {
    /// The fields in which words of the text were found, in whatever way.
    pub fn fields(&self) -> impl Iterator<Item = SearchField> {
        SearchField::ALL.into_iter().filter(|field| self.fields & field.bit() != 0)
    }
}

/// Who was found by a text in one graph, the best first.
pub struct Found<'a> {
    graph: &'a OrgGraph,
    sieve: Sieve<'a>,
    weight: usize,
    /// Everybody who was found, the filter left aside.
    hits: Vec<Hit>,
    visits: Cell<usize>,
    most: usize,
}

impl OrgGraph {
    /// The users whom `filter` admits and who are found by `text`.
    ///
    /// Costs the index, when it isn't there yet; otherwise about as much as a look at a tenth of all
    /// users for each word of the text. Looks at about `most` users and then holds nobody else.
    pub fn search<'a>(&'a self, most: usize, text: &SearchText, filter: &'a UserFilter) -> Found<'a> {
        let by_name = self.sorted(OrderField::Name, Direction::Ascending);
        let (matches, visits) = self.search_index().matches(text);
        let all = text.words.len();
        let found =
            matches.iter().zip(by_name).filter(|(found, _)| all > 0 && usize::from(found.words) == all);
        let hit = |(found, &user): (&super::index::Match, &UserIndex)| Hit {
            user,
            rank: found.rank,
            fields: found.fields,
        };
        let mut hits: Vec<_> = found.map(hit).collect();
        hits.sort_by_key(|hit| hit.rank);
        Found {
            graph: self,
            sieve: filter.over(self),
            weight: filter.weight(),
            hits,
            visits: Cell::new(visits),
            most,
        }
    }

    pub(in crate::org) fn search_index(&self) -> &Index {
        self.search
            .get_or_init(|| Index::new(&self.users, self.sorted(OrderField::Name, Direction::Ascending)))
    }
}

/// Those who were found in a window, the best first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPage {
    /// Who was found.
    pub hits: Vec<Hit>,
    /// Whether there is somebody before them.
    pub has_previous: bool,
    /// Whether there is somebody after them.
    pub has_next: bool,
}

impl Found<'_> {
    /// How many were found.
    pub fn count(&self) -> usize {
        self.iter().count()
    }

    /// All who were found.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Hit> {
        self.hits.iter().copied().filter(|hit| self.holds(hit))
    }

    /// Those in `window`.
    pub fn page(&self, window: &Window) -> FoundPage {
        let start = window.after.as_ref().map_or(0, |edge| self.edge(edge, Ordering::is_le));
        let end = window.before.as_ref().map_or(self.hits.len(), |edge| self.edge(edge, Ordering::is_lt));
        let end = end.max(start);
        let held = |part: &[Hit]| part.iter().any(|hit| self.holds(hit));
        let mut inside = self.hits[start..end].iter().copied().filter(|hit| self.holds(hit));
        let (hits, more_before, more_after) = match window.take {
            Take::First(n) => {
                let hits = inside.by_ref().take(n).collect();
                (hits, false, inside.next().is_some())
            }
            Take::Last(n) => {
                let mut hits: Vec<_> = inside.by_ref().rev().take(n).collect();
                hits.reverse();
                (hits, inside.next_back().is_some(), false)
            }
        };
        FoundPage {
            hits,
            has_previous: more_before || held(&self.hits[..start]),
            has_next: more_after || held(&self.hits[end..]),
        }
    }

    /// The position of `hit`.
    pub fn position(&self, hit: &Hit) -> Position {
        Position { key: self.key(hit).to_owned(), id: UserId::new(self.graph.user(hit.user).id()) }
    }

    /// What this has cost so far, in users looked at.
    pub fn visits(&self) -> usize {
        self.visits.get()
    }

    fn holds(&self, hit: &Hit) -> bool {
        self.visits.update(|visits| visits + self.weight);
        self.visits.get() <= self.most && self.sieve.admits(hit.user)
    }

    /// How many stand before `edge`, or at it if `before` says so of `Equal`.
    fn edge(&self, edge: &Position, before: fn(Ordering) -> bool) -> usize {
        let edge = (edge.key.borrow(), edge.id.as_str());
        self.hits.partition_point(|hit| {
            before(compare(Direction::Ascending, (self.key(hit), self.graph.user(hit.user).id()), edge))
        })
    }

    fn key(&self, hit: &Hit) -> KeyRef<'_> {
        let name = self.graph.names.get(hit.user);
        KeyRef::Rank(hit.rank, name.is_none(), name.unwrap_or_default())
    }
}
