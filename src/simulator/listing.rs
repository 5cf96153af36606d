//! Pages of an ordered list of people that may change between two pages.

use std::collections::BTreeSet;

use super::{
    filter::Selection,
    user::{SimUser, by_id},
};

/// The place behind a row that was given. It names the row by its id, not by its index, so that
/// people who come and go elsewhere in the list move nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) id: String,
    /// How many rows of that id lie before this place.
    pub(super) rows: usize,
}

impl Position {
    /// Before every row.
    pub(super) const BEGINNING: Self = Self { id: String::new(), rows: 0 };
}

/// Some of the rows.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) users: Vec<&'a SimUser>,
    /// The place behind the page, if there is more.
    pub(super) next: Option<Position>,
}

/// How many rows are selected.
pub(super) fn count(people: &[SimUser], selection: &Selection) -> usize {
    selected(people, selection, 0).count()
}

/// Up to `size` of the selected rows, from the beginning or from behind a place. `people` are in
/// listing order.
pub(super) fn page<'a>(
    people: &'a [SimUser],
    selection: &Selection,
    after: Option<&Position>,
    size: usize,
) -> Page<'a> {
    let from = after.map_or(0, |position| index_behind(people, position));
    let mut rows = selected(people, selection, from);
    let given: Vec<_> = rows.by_ref().take(size).collect();
    let next = rows
        .next()
        .and(given.last())
        .map(|(index, user)| Position { id: user.id.clone(), rows: index + 1 - start_of(people, &user.id) });
    Page { users: given.into_iter().map(|(_, user)| user).collect(), next }
}

/// The last row of an id, which is the one that counts.
pub(super) fn latest<'a>(people: &'a [SimUser], id: &str) -> Option<&'a SimUser> {
    people.get(latest_index(people, id)?)
}

/// The last row of every id, in listing order, avatars left out.
pub(super) fn everybody(people: &[SimUser]) -> impl Iterator<Item = &SimUser> {
    let next_ids = people.iter().skip(1).map(|user| Some(&user.id)).chain([None]);
    let latest = people.iter().zip(next_ids).filter(|(user, next)| Some(&user.id) != *next);
    latest.map(|(user, _)| user).filter(|user| !user.avatar)
}

/// The selected rows from an index on, each with its index. Of ids that are asked for, only the
/// latest row.
fn selected<'a>(
    people: &'a [SimUser],
    selection: &Selection,
    from: usize,
) -> impl Iterator<Item = (usize, &'a SimUser)> {
    let candidates: Box<dyn Iterator<Item = usize>> = if selection.user_ids.is_empty() {
        Box::new(from..people.len())
    } else {
        let asked: BTreeSet<_> =
            selection.user_ids.iter().filter_map(|id| latest_index(people, id)).collect();
        Box::new(asked.into_iter().filter(move |index| *index >= from))
    };
    candidates
        .filter_map(|index| Some((index, people.get(index)?)))
        .filter(|(_, user)| selection.admits(user))
}

fn start_of(people: &[SimUser], id: &str) -> usize {
    people.partition_point(|user| by_id(&user.id, id).is_lt())
}

fn end_of(people: &[SimUser], id: &str) -> usize {
    people.partition_point(|user| by_id(&user.id, id).is_le())
}

fn latest_index(people: &[SimUser], id: &str) -> Option<usize> {
    (start_of(people, id)..end_of(people, id)).next_back()
}

/// Where to go on. Rows of the id may have gone since: then behind those that are left.
fn index_behind(people: &[SimUser], position: &Position) -> usize {
    (start_of(people, &position.id) + position.rows).min(end_of(people, &position.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(ids: &[&str]) -> Vec<SimUser> {
        ids.iter().map(|id| SimUser::new(*id)).collect()
    }

    fn ids(page: &Page<'_>) -> Vec<String> {
        page.users.iter().map(|user| user.id.clone()).collect()
    }

    #[test]
    fn every_row_of_an_id_is_given_once() {
        let (people, all) = (people(&["1", "2", "2", "2", "3"]), Selection::default());
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = page(&people, &all, after.as_ref(), 1);
            seen.extend(ids(&page));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["1", "2", "2", "2", "3"]);
    }

    #[test]
    fn people_who_come_and_go_move_nothing() {
        let (mut people, all) = (people(&["10", "20", "30", "40"]), Selection::default());
        let after = page(&people, &all, None, 2).next;
        people.remove(1);
        people.insert(0, SimUser::new("5"));
        people.insert(2, SimUser::new("25"));
        assert_eq!(ids(&page(&people, &all, after.as_ref(), 9)), ["25", "30", "40"]);
    }

    #[test]
    fn a_full_last_page_has_no_next_place() {
        assert_eq!(page(&people(&["1", "2"]), &Selection::default(), None, 2).next, None);
    }

    #[test]
    fn of_ids_asked_for_the_latest_row_is_given_once() {
        let mut people = people(&["1", "2", "2", "3"]);
        people[2].title = Some("later".to_owned());
        let user_ids = ["3", "2", "2", "4"].map(str::to_owned).to_vec();
        let selection = Selection { user_ids, ..Selection::default() };
        assert_eq!(count(&people, &selection), 2);
        let first = page(&people, &selection, None, 1);
        assert_eq!(first.users[0].title.as_deref(), Some("later"));
        assert_eq!(ids(&page(&people, &selection, first.next.as_ref(), 1)), ["3"]);
    }
}
