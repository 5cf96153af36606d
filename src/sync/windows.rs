//! A listing cut by the moment people were created, so that its parts can be read at once: one cursor
//! leads from page to page and leaves the other places that Gong offers empty.

use jiff::Timestamp;

use crate::gong::CreatedWindow;

/// Records on a page of Gong's.
pub(super) const PAGE: usize = 100;
/// A company of fewer pages isn't worth it: each listing begun costs a call or two.
const LEAST_PAGES: usize = 4;

/// Windows that hold between them everybody who ever was or will be created, for `lanes` of them to be read
/// at once. By those who were created at these moments, each but the last holds whole pages, so that the
/// cut costs no calls; and the later ones are the smaller, so that all lanes come to their end together. A
/// single window means that a plain listing does as well.
pub(super) fn windows(mut created: Vec<Timestamp>, lanes: usize) -> Vec<CreatedWindow> {
    created.sort_unstable();
    let pages = created.len().div_ceil(PAGE);
    let mut edges = Vec::new();
    let mut read = 0;
    while lanes > 1 && pages >= LEAST_PAGES && read < pages {
        read += ((pages - read) / (2 * lanes)).max(1);
        // Who was created in the same moment as the one at the edge stays together, behind it.
        edges.extend(
            created.get(read * PAGE).filter(|edge| created.first().is_some_and(|first| first < *edge)),
        );
    }
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
        let held: Vec<_> = held.collect();
        assert_eq!(held[..8], [1_600, 1_400, 1_100, 1_000, 800, 700, 500, 500]);
        assert_eq!(held[held.len() - 3..], [100, 100, 50]);
        assert!(held[..held.len() - 1].iter().all(|people| people % PAGE == 0), "{held:?}");
        assert_eq!(held.iter().sum::<usize>(), created.len());
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
            [(None, edge), (edge, Some(at(9))), (Some(at(9)), None)]
                .map(|(from, to)| CreatedWindow { from, to })
        );
    }

    #[test]
    fn a_small_company_is_not_cut() {
        assert_eq!(windows(Vec::new(), 3), [CreatedWindow::default()]);
        assert_eq!(windows((0..300).map(at).collect(), 3), [CreatedWindow::default()]);
        assert_eq!(windows((0..301).map(at).collect(), 3).len(), 4);
        assert_eq!(windows((0..100_000).map(at).collect(), 1).len(), 1);
    }
}
