//! Ranges; an end that is left out is open, and a range without ends asks for nothing.

use jiff::Timestamp;

/// Moments from one on, and before another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "said above")]
pub struct Moments {
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

/// Numbers from a smallest to a greatest, both among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "said above")]
pub struct Numbers {
    pub min: Option<i64>,
    pub max: Option<i64>,
}

impl Moments {
    /// Whether the range ends before it begins.
    pub fn are_reversed(&self) -> bool {
        matches!((self.from, self.to), (Some(from), Some(to)) if to < from)
    }

    /// What is missing is in no range that has an end.
    pub(super) fn hold(&self, moment: Option<Timestamp>) -> bool {
        self.from.is_none_or(|from| moment.is_some_and(|moment| from <= moment))
            && self.to.is_none_or(|to| moment.is_some_and(|moment| moment < to))
    }
}

impl Numbers {
    /// Whether the range ends before it begins.
    pub fn are_reversed(&self) -> bool {
        matches!((self.min, self.max), (Some(min), Some(max)) if max < min)
    }

    /// What is missing is in no range that has an end.
    pub(super) fn hold(&self, number: Option<u32>) -> bool {
        self.min.is_none_or(|min| number.is_some_and(|number| min <= i64::from(number)))
            && self.max.is_none_or(|max| number.is_some_and(|number| i64::from(number) <= max))
    }
}
