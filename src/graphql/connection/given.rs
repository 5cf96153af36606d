//! Pages of lists that are at hand: of issues, rings and groups, and of users in an order of their own.

use std::{cmp::Ordering, ops::Range, sync::Arc};

use async_graphql::connection::PageInfo;

use super::{
    PageArguments, Slice,
    cursor::{Cursor, Sequence},
};
use crate::{
    graphql::error::Fault,
    org::{OrgSnapshot, Page, Position, SnapshotVersion, SortKey, Take, UserId, UserIndex},
};

/// Which entries of a list are on a page, and where they stand.
pub(in crate::graphql) struct Excerpt {
    places: Range<usize>,
    cursors: Vec<Cursor>,
    total: usize,
}

/// Where a cursor points to in a list: at the entry at a place, or to where it would stand.
pub(in crate::graphql) type Found = std::result::Result<usize, usize>;

impl Excerpt {
    /// The page of a list of `total` entries in this order. `position` tells where an entry stands, `find` finds
    /// the place of a position again, in a list that may have changed since.
    pub(in crate::graphql) fn of(
        version: SnapshotVersion,
        sequence: Sequence,
        arguments: &PageArguments,
        total: usize,
        position: impl Fn(usize) -> Position,
        find: impl Fn(&Position) -> Found,
    ) -> Result<Self, Fault> {
        let window = arguments.window(sequence)?;
        let start = match window.after.as_ref().map(&find) {
            None => 0,
            Some(Ok(at)) => at + 1,
            Some(Err(at)) => at,
        };
        let end = window.before.as_ref().map(find).map_or(total, |found| found.unwrap_or_else(|at| at));
        let end = end.clamp(start, total.max(start));
        let places = match window.take {
            Take::First(n) => start..end.min(start.saturating_add(n)),
            Take::Last(n) => start.max(end.saturating_sub(n))..end,
        };
        let cursors = places.clone().map(|at| Cursor { version, sequence, position: position(at) }).collect();
        Ok(Self { places, cursors, total })
    }

    /// How many entries the list has, on whatever page.
    pub(in crate::graphql) fn total(&self) -> usize {
        self.total
    }

    pub(in crate::graphql) fn info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.places.start > 0,
            has_next_page: self.places.end < self.total,
            start_cursor: self.cursors.first().map(Cursor::encode),
            end_cursor: self.cursors.last().map(Cursor::encode),
        }
    }

    /// The places of the entries on the page.
    pub(in crate::graphql) fn places(&self) -> Range<usize> {
        self.places.clone()
    }

    /// The places with the cursors of their edges.
    pub(in crate::graphql) fn edges(&self) -> impl Iterator<Item = (usize, String)> {
        self.places.clone().zip(self.cursors.iter().map(Cursor::encode))
    }
}

impl Excerpt {
    /// The page of a list of `total` entries that are ordered by a rank, ties by name, both as text, as `rank`
    /// tells them of an entry.
    pub(in crate::graphql) fn ranked(
        version: SnapshotVersion,
        sequence: Sequence,
        arguments: &PageArguments,
        total: usize,
        rank: impl Fn(usize) -> (String, String),
    ) -> Result<Self, Fault> {
        let position = |at: usize| {
            let (rank, name) = rank(at);
            Position { key: SortKey::Text(rank), id: UserId::new(name) }
        };
        let find = |wanted: &Position| {
            let (mut start, mut end) = (0, total);
            while start < end {
                let middle = start + (end - start) / 2;
                let there = position(middle);
                match text(&there).cmp(&text(wanted)) {
                    Ordering::Equal => return Ok(middle),
                    Ordering::Less => start = middle + 1,
                    Ordering::Greater => end = middle,
                }
            }
            Err(start)
        };
        Self::of(version, sequence, arguments, total, position, find)
    }
}

/// What the entries of a ranked list are compared by.
fn text(position: &Position) -> (&str, &UserId) {
    match &position.key {
        SortKey::Text(rank) => (rank, &position.id),
        _ => ("", &position.id),
    }
}

impl Slice {
    /// A page of these users, in the order that they are given in, which is this one.
    pub(in crate::graphql) fn given(
        snapshot: &Arc<OrgSnapshot>,
        users: &[UserIndex],
        sequence: Sequence,
        arguments: &PageArguments,
    ) -> Result<Self, Fault> {
        let id = |at: usize| snapshot.graph.user(users[at]).id();
        let position = |at: usize| Position { key: SortKey::Place(at as u32), id: UserId::new(id(at)) };
        let find = |wanted: &Position| {
            let place = match wanted.key {
                SortKey::Place(place) => (place as usize).min(users.len()),
                _ => 0,
            };
            if place < users.len() && id(place) == wanted.id.as_str() {
                return Ok(place);
            }
            // Who stands elsewhere now is found there; where somebody was who is gone, the next one stands.
            let wanted = snapshot.graph.find(wanted.id.as_str());
            wanted.and_then(|wanted| users.iter().position(|&user| user == wanted)).ok_or(place)
        };
        let excerpt = Excerpt::of(snapshot.version, sequence, arguments, users.len(), position, find)?;
        let page = Page {
            users: users[excerpt.places()].to_vec(),
            has_previous: excerpt.places.start > 0,
            has_next: excerpt.places.end < users.len(),
        };
        Ok(Self::of(snapshot.clone(), page, excerpt.cursors, users.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(first: Option<i64>, after: Option<String>) -> PageArguments {
        PageArguments { first, after, last: None, before: None }
    }

    fn page(list: &[&str], arguments: &PageArguments) -> Result<Excerpt, Fault> {
        let rank = |at: usize| (String::new(), list[at].to_owned());
        Excerpt::ranked(1.into(), Sequence::named("letters"), arguments, list.len(), rank)
    }

    #[test]
    fn pages_meet_from_both_ends() {
        let list = ["a", "b", "c", "d", "e"];
        for size in 0..7 {
            let all = page(&list, &arguments(None, None)).unwrap();
            assert_eq!((all.places(), all.total()), (0..5, 5));
            for (at, cursor) in all.edges() {
                let size = size as usize;
                let next = page(&list, &arguments(Some(size as i64), Some(cursor.clone()))).unwrap();
                assert_eq!(next.places(), at + 1..(at + 1 + size).min(5));
                assert_eq!(next.info().has_next_page, at + 1 + size < 5);
                let last =
                    PageArguments { first: None, after: None, last: Some(size as i64), before: Some(cursor) };
                let previous = page(&list, &last).unwrap();
                assert_eq!(previous.places(), at.saturating_sub(size)..at);
                assert_eq!(previous.info().has_previous_page, at > size);
            }
        }
    }

    #[test]
    fn a_page_that_ends_before_it_begins_is_empty() {
        let list = ["a", "b", "c"];
        let cursors: Vec<_> =
            page(&list, &arguments(None, None)).unwrap().edges().map(|(_, cursor)| cursor).collect();
        let crossed = PageArguments {
            first: Some(5),
            after: Some(cursors[2].clone()),
            last: None,
            before: Some(cursors[0].clone()),
        };
        assert!(page(&list, &crossed).unwrap().places().is_empty());
    }

    #[test]
    fn a_cursor_keeps_its_place_when_the_list_changes() {
        let cursor = |list: &[&str], at: usize| {
            let all = page(list, &arguments(None, None)).unwrap();
            all.edges().nth(at).unwrap().1
        };
        let after_c = arguments(None, Some(cursor(&["a", "c", "e"], 1)));
        let rest = |list: &[&str]| page(list, &after_c).unwrap().places();
        assert_eq!(rest(&["a", "b", "c", "d", "e"]), 3..5);
        assert_eq!(rest(&["a", "b", "d"]), 2..3);
        assert_eq!(rest(&["a", "b"]), 2..2);
        assert_eq!(rest(&[]), 0..0);
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        let rank = |_| (String::new(), "1".to_owned());
        let other =
            Excerpt::ranked(1.into(), Sequence::named("numbers"), &arguments(None, None), 1, rank).unwrap();
        let (_, cursor) = other.edges().next().unwrap();
        assert!(page(&["a"], &arguments(None, Some(cursor))).is_err());
        assert!(page(&["a"], &arguments(None, Some("zzz".to_owned()))).is_err());
        assert!(page(&["a"], &arguments(Some(1_001), None)).is_err());
    }
}
