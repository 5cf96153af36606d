//! How many people sit below several users together.

use std::ops::Range;

use crate::org::{OrgGraph, UserIndex, UserKind};

impl OrgGraph {
    /// How many persons can be reached downwards from any of `people` and aren't among them, each counted
    /// once. `people` are to name nobody twice. O(k log k) for k people.
    pub fn below_count(&self, people: &[UserIndex]) -> u32 {
        if let [one] = people {
            return self.transitive_count(*one);
        }
        let below = united(people.iter().map(|&user| self.walk.below(user)).collect());
        let persons: u32 = below.iter().map(|slice| self.counts.persons(slice.clone())).sum();
        let is_below = |user: &&UserIndex| {
            let place = self.walk.places[user.at()].enter as usize;
            let slice = below.get(below.partition_point(|slice| slice.end <= place));
            slice.is_some_and(|slice| slice.start <= place) && self.user(**user).kind() == UserKind::Person
        };
        persons - people.iter().filter(is_below).count() as u32
    }
}

/// The same places, in slices that don't overlap.
fn united(mut slices: Vec<Range<usize>>) -> Vec<Range<usize>> {
    slices.retain(|slice| !slice.is_empty());
    slices.sort_unstable_by_key(|slice| slice.start);
    let mut united: Vec<Range<usize>> = Vec::new();
    for slice in slices {
        match united.last_mut() {
            Some(last) if slice.start < last.end => last.end = last.end.max(slice.end),
            _ => united.push(slice),
        }
    }
    united
}
