//! Ranges as clients write them.

use async_graphql::InputObject;

use crate::{
    graphql::{error::Fault, scalar::DateTime},
    org::{Moments, Numbers},
};

/// Moments from one on, and before another; an end that is left out is open. What has no moment is in no
/// range that has an end.
#[derive(Default, InputObject)]
pub(in crate::graphql) struct DateTimeRange {
    /// At this moment or later.
    from: Option<DateTime>,
    /// Before this moment.
    to: Option<DateTime>,
}

/// Whole numbers from a smallest to a greatest, both among them; an end that is left out is open. What has
/// no number is in no range that has an end.
#[derive(Default, InputObject)]
pub(in crate::graphql) struct IntRange {
    /// This or more.
    min: Option<i64>,
    /// This or less.
    max: Option<i64>,
}

impl DateTimeRange {
    /// The range of argument `name`.
    pub(super) fn of(range: Option<Self>, name: &'static str) -> Result<Moments, Fault> {
        let moments = range.map_or_else(Moments::default, |range| Moments {
            from: range.from.map(Into::into),
            to: range.to.map(Into::into),
        });
        if moments.are_reversed() { Err(ends_before_it_begins(name)) } else { Ok(moments) }
    }
}

impl IntRange {
    /// The range of argument `name`.
    pub(super) fn of(range: Option<Self>, name: &'static str) -> Result<Numbers, Fault> {
        let numbers = range.map_or_else(Numbers::default, |range| Numbers { min: range.min, max: range.max });
        if numbers.are_reversed() { Err(ends_before_it_begins(name)) } else { Ok(numbers) }
    }
}

fn ends_before_it_begins(name: &'static str) -> Fault {
    Fault::argument(name, "ends before it begins")
}
