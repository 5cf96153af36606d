//! Chance that is the same for the same inputs, whatever was asked before.

/// A place in a tree of chances. Everything made up about a person and a day is drawn from the
/// place of that person and that day, so that no order of calls changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chance(u64);

impl Chance {
    /// The root of a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(scatter(seed))
    }

    /// The place below this one that a text names. FNV-1a, which is stable across machines.
    pub(super) fn of(self, text: &str) -> Self {
        let hash = text.bytes().fold(self.0 ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(scatter(hash))
    }

    /// The place below this one with a number.
    pub(super) fn at(self, number: u64) -> Self {
        Self(scatter(self.0 ^ scatter(number)))
    }

    /// A number from 0 to below the bound; 0 if the bound is.
    pub(super) fn below(self, bound: u64) -> u64 {
        ((u128::from(self.0) * u128::from(bound)) >> 64) as u64
    }

    /// One of some.
    pub(super) fn pick<T: Copy, const N: usize>(self, some: &[T; N]) -> T {
        some[self.below(N as u64) as usize]
    }

    /// Whether one of so many cases is met. `which` tells several questions of one place apart.
    pub(super) fn one_in(self, many: u64, which: u64) -> bool {
        self.at(which).below(many) == 0
    }

    /// An id as Gong makes them: 18 or 19 decimal digits.
    pub(super) fn id(self) -> String {
        const FEWEST: u64 = 100_000_000_000_000_000;
        (FEWEST + self.below(9_000_000_000_000_000_000)).to_string()
    }
}

/// The finaliser of SplitMix64: every bit of the input bears on every bit of the output.
fn scatter(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn places_are_told_apart_and_spread() {
        let root = Chance::new(7);
        assert_eq!(root.of("5").at(3), Chance::new(7).of("5").at(3));
        assert_ne!(root.of("5"), Chance::new(8).of("5"));
        let ids: BTreeSet<_> = (0..10_000).map(|number| root.at(number).id()).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(ids.iter().all(|id| (18..=19).contains(&id.len())));
        let heads = (0..10_000).filter(|number| root.at(*number).one_in(2, 1)).count();
        assert!((4_800..5_200).contains(&heads), "{heads}");
    }
}
