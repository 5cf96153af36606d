//! A listing cut by the moment people were created, so that its parts can be read at once: one cursor
//! leads from page to page and leaves the other places that Gong offers empty.

use jiff::Timestamp;

use crate::gong::CreatedWindow;

/// Records on a page of Gong's.
pub(super) const PAGE: usize = 100;
/// A part of fewer pages isn't worth a cursor of its own.
const LEAST_PAGES: usize = 2;

/// At most `most` windows that hold about equally many of those who were created at these moments, and
/// between them everybody who ever was or will be. Each but the last holds whole pages. A single one means
/// that a plain listing does as well.
pub(super) fn windows(mut created: Vec<Timestamp>, most: usize) -> Vec<CreatedWindow> {
    created.sort_unstable();
    let pages = created.len().div_ceil(PAGE);
    let parts = most.min(pages / LEAST_PAGES).max(1);
    let mut edges: Vec<Timestamp> = (1..parts)
        // Who was created in the same moment as the one at the edge stays together, behind it.
        .filter_map(|part| created.get((pages * part / parts) * PAGE).copied())
        .filter(|edge| created.first().is_some_and(|first| first < edge))
        .collect();
    edges.dedup();
    let from = std::iter::once(None).chain(edges.iter().copied().map(Some));
    let to = edges.iter().copied().map(Some).chain([None]);
    from.zip(to).map(|(from, to)| CreatedWindow { from, to }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn holds(window: &CreatedWindow, moment: Timestamp) -> bool {
        window.from.is_none_or(|from| from <= moment) && window.to.is_none_or(|to| moment < to)
    }

    #[test]
    fn everybody_is_in_one_window_and_the_windows_hold_whole_pages() {
        let created: Vec<_> = (0..10_050).rev().map(at).collect();
        let windows = windows(created.clone(), 3);
        let held = windows.iter().map(|window| created.iter().filter(|at| holds(window, **at)).count());
        assert_eq!(held.collect::<Vec<_>>(), [3_300, 3_400, 3_350]);
        for odd in [Timestamp::MIN, Timestamp::MAX, at(-1), at(3_300), at(6_700), at(1 << 33)] {
            assert_eq!(windows.iter().filter(|window| holds(window, odd)).count(), 1, "{odd}");
        }
    }

    #[test]
    fn who_was_created_together_stays_together() {
        let together = windows(vec![at(7); 5_000], 3);
        assert_eq!(together, [CreatedWindow::default()]);
        let mostly = [vec![at(1); 100], vec![at(7); 5_000], vec![at(9); 10]].concat();
        let edge = Some(at(7));
        assert_eq!(
            windows(mostly, 3),
            [CreatedWindow { from: None, to: edge }, CreatedWindow { from: edge, to: None }]
        );
    }

    #[test]
    fn a_small_company_is_not_cut() {
        assert_eq!(windows(Vec::new(), 3), [CreatedWindow::default()]);
        assert_eq!(windows((0..300).map(at).collect(), 3), [CreatedWindow::default()]);
        assert_eq!(windows((0..400).map(at).collect(), 3).len(), 2);
        assert_eq!(windows((0..100_000).map(at).collect(), 1).len(), 1);
    }
}
