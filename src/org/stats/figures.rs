//! The numbers of some people.

use super::census::Member;

/// How many people there are, and how many of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// All of them.
    pub headcount: usize,
    /// The active ones.
    pub active: usize,
    /// How many direct reports the managers among them have. Whoever has any is a manager.
    pub spans: Spans,
}

impl Figures {
    pub(super) fn of<'a>(members: impl IntoIterator<Item = &'a Member>) -> Self {
        let mut figures = Self { headcount: 0, active: 0, spans: Spans(Vec::new()) };
        for member in members {
            figures.headcount += 1;
            figures.active += usize::from(member.active);
            if member.span > 0 {
                figures.spans.0.push(member.span);
            }
        }
        figures.spans.0.sort_unstable();
        figures
    }

    /// How many have direct reports.
    pub fn managers(&self) -> usize {
        self.spans.0.len()
    }

    /// How many have none.
    pub fn individual_contributors(&self) -> usize {
        self.headcount - self.managers()
    }
}

/// The spans of control of some managers, ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spans(Vec<u32>);

/// Where the buckets of a histogram begin; each ends before the next, the last one doesn't end.
const BUCKETS: [u32; 8] = [1, 2, 4, 7, 11, 16, 26, 51];

impl Spans {
    /// The smallest.
    pub fn min(&self) -> Option<u32> {
        self.0.first().copied()
    }

    /// The greatest.
    pub fn max(&self) -> Option<u32> {
        self.0.last().copied()
    }

    /// The sum, divided by how many there are.
    pub fn mean(&self) -> Option<f64> {
        let sum: u64 = self.0.iter().copied().map(u64::from).sum();
        (!self.0.is_empty()).then(|| sum as f64 / self.0.len() as f64)
    }

    /// The one in the middle; of an even number the mean of the two in the middle.
    pub fn median(&self) -> Option<f64> {
        let middle = self.0.len() / 2;
        let upper = f64::from(*self.0.get(middle)?);
        let lower = if self.0.len().is_multiple_of(2) { f64::from(*self.0.get(middle - 1)?) } else { upper };
        Some((lower + upper) / 2.0)
    }

    /// How many managers have from so many to so many direct reports (`None`: or more), for each bucket.
    pub fn histogram(&self) -> impl Iterator<Item = (u32, Option<u32>, usize)> {
        let before = |bound| self.0.partition_point(|&span| span < bound);
        BUCKETS.into_iter().enumerate().map(move |(at, from)| {
            let next = BUCKETS.get(at + 1).copied();
            (from, next.map(|next| next - 1), next.map_or(self.0.len(), before) - before(from))
        })
    }
}
