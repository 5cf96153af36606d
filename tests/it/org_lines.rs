//! The lines of random companies, whole and in pages, held against the model.

use orgraph::org::{Line, LinePosition, LineScope, LineWindow, Lines, Take};
use proptest::{collection::vec, option::of, prelude::*, test_runner::TestCaseResult};

use crate::{
    company::{Company, GRAPHS, companies, for_all},
    org_tree::Judged,
};

#[derive(Clone, Debug)]
struct Wish {
    under: Option<u8>,
    max_distance: Option<u32>,
    with_self: bool,
    pages: Vec<usize>,
}

fn wish() -> impl Strategy<Value = Wish> {
    (of(any::<u8>()), of(0..5_u32), any::<bool>(), vec(0..7_usize, 1..4))
        .prop_map(|(under, max_distance, with_self, pages)| Wish { under, max_distance, with_self, pages })
}

/// Descendant, ancestor, distance, by the model's numbers.
type Row = (usize, usize, u32);

impl Wish {
    fn under(&self, company: &Judged) -> Option<usize> {
        let size = company.model.users.len();
        self.under.filter(|_| size > 0).map(|user| usize::from(user) % size)
    }

    fn scope(&self, company: &Judged) -> LineScope {
        let under = self.under(company).map(|user| company.people[user]);
        LineScope { under, max_distance: self.max_distance, with_self: self.with_self }
    }

    /// The lower ends of lines, in the order of the tree.
    fn users(&self, company: &Judged) -> Vec<usize> {
        let order = company.model.in_tree_order();
        order.into_iter().filter(|&user| self.inside(company, user)).collect()
    }

    fn inside(&self, company: &Judged, user: usize) -> bool {
        let under = self.under(company);
        under.is_none_or(|top| top == user || company.model.below(top).contains(&user))
    }

    fn expected(&self, company: &Judged) -> Vec<Row> {
        let mut rows = Vec::new();
        for descendant in self.users(company) {
            if self.with_self {
                rows.push((descendant, descendant, 0));
            }
            for (distance, &ancestor) in (1..).zip(company.model.chain(descendant)) {
                if self.inside(company, ancestor) && distance <= self.max_distance.unwrap_or(u32::MAX) {
                    rows.push((descendant, ancestor, distance));
                }
            }
        }
        rows
    }
}

fn rows(company: &Judged, lines: &[Line]) -> Vec<Row> {
    let row = |line: &Line| (company.number(line.descendant), company.number(line.ancestor), line.distance);
    lines.iter().map(row).collect()
}

#[test]
fn lines_of_small_companies() {
    for_all(GRAPHS, (companies(8), wish()), |(company, wish)| pages(&company, &wish));
}

#[test]
fn lines_of_larger_companies() {
    for_all(60, (companies(45), wish()), |(company, wish)| pages(&company, &wish));
}

fn pages(company: &Company, wish: &Wish) -> TestCaseResult {
    let company = Judged::of(company.users());
    let expected = wish.expected(&company);
    let lines = company.graph().lines(wish.scope(&company));
    prop_assert_eq!(lines.count(), expected.len() as u64);
    for &size in &wish.pages {
        let whole = LineWindow { after: None, before: None, take: Take::First(size) };
        let page = lines.page(&whole);
        prop_assert_eq!(rows(&company, &page.lines), &expected[..size.min(expected.len())]);
        prop_assert_eq!((page.has_previous, page.has_next), (false, expected.len() > size));
    }
    let all = lines.page(&LineWindow { after: None, before: None, take: Take::First(usize::MAX) }).lines;
    prop_assert_eq!(rows(&company, &all), &expected[..]);
    let users = wish.users(&company);
    for line in &all {
        let position = lines.position(line);
        prop_assert_eq!(position.descendant.as_str(), company.graph().user(line.descendant).id());
        prop_assert_eq!(users.get(position.place as usize), Some(&company.number(line.descendant)));
        prop_assert_eq!(position.distance, line.distance);
    }

    // Every page between two lines that the wish picks, from both ends.
    let picks: Vec<_> = wish.pages.iter().map(|&pick| pick * 5).filter(|&pick| pick < all.len()).collect();
    for &after in &picks {
        for &before in picks.iter().chain([&all.len()]) {
            for &size in &wish.pages {
                between(&company, &lines, &all, (after, before), size)?;
            }
        }
    }
    Ok(())
}

fn between(
    company: &Judged,
    lines: &Lines<'_>,
    all: &[Line],
    (after, before): (usize, usize),
    size: usize,
) -> TestCaseResult {
    let edge = |at: usize| all.get(at).map(|line| lines.position(line));
    let (start, end) = (after + 1, before.max(after + 1));
    let window = |take| LineWindow { after: edge(after), before: edge(before), take };

    let first = lines.page(&window(Take::First(size)));
    let reached = (start + size).min(end);
    prop_assert_eq!(rows(company, &first.lines), rows(company, &all[start..reached]));
    prop_assert_eq!((first.has_previous, first.has_next), (true, reached < all.len()));

    let last = lines.page(&window(Take::Last(size)));
    let reached = end.saturating_sub(size).max(start);
    prop_assert_eq!(rows(company, &last.lines), rows(company, &all[reached..end]));
    prop_assert_eq!((last.has_previous, last.has_next), (true, end < all.len()));
    Ok(())
}

#[test]
fn a_line_is_found_again_in_a_later_company() {
    for_all(GRAPHS, (companies(6), companies(6), wish(), any::<u8>()), |(old, new, wish, pick)| {
        let (old, new) = (Judged::of(old.users()), Judged::of(new.users()));
        let everything = LineWindow { after: None, before: None, take: Take::First(usize::MAX) };
        let before = old.graph().lines(wish.scope(&old));
        let all = before.page(&everything).lines;
        if all.is_empty() {
            return Ok(());
        }
        let edge = before.position(&all[usize::from(pick) % all.len()]);

        let wish = Wish { under: None, ..wish };
        let expected = wish.expected(&new);
        let later = new.graph().lines(wish.scope(&new));
        let after = later.page(&LineWindow { after: Some(edge.clone()), ..everything.clone() });
        let until = later.page(&LineWindow { before: Some(edge.clone()), ..everything });
        let split = split(&new, &expected, &edge);
        prop_assert_eq!(rows(&new, &after.lines), &expected[split.1..]);
        prop_assert_eq!(rows(&new, &until.lines), &expected[..split.0]);
        Ok(())
    });
}

/// How many rows are before the edge, and how many up to it. Whoever is still here is where they are now;
/// of who is gone, the place counts.
fn split(company: &Judged, rows: &[Row], edge: &LinePosition) -> (usize, usize) {
    let order = company.model.in_tree_order();
    let place = |user: usize| order.iter().position(|&other| other == user).unwrap();
    let key = |row: &Row| (place(row.0), row.2);
    let (before, up_to) = match company.model.find(edge.descendant.as_str()) {
        Some(user) => ((place(user), edge.distance), (place(user), edge.distance + 1)),
        None => ((edge.place as usize, 0), (edge.place as usize, 0)),
    };
    let count = |cut| rows.iter().filter(|row| key(row) < cut).count();
    (count(before), count(up_to))
}
