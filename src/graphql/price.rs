//! What costs more than a field, in fields: calls to Gong, 3 of which a second are all that the company has, and filters,
//! each of which is read and kept wherever its field is answered.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_graphql::{InputType, Value};

use super::input::UserFilter;

/// A call of its own.
pub(super) const CALL: usize = 1_000;
/// A share in a call that is made for a hundred users at once; alone it is a call too, but few are.
pub(super) const LOOKUP: usize = 100;

/// A filter, whatever it says.
const FILTER: usize = 10;
/// So many of its values cost a field.
const VALUES: usize = 4;

/// What a filter costs wherever its field is answered.
pub(super) fn filter(filter: &Option<UserFilter>) -> usize {
    filter.as_ref().map_or(0, |filter| FILTER + values(&filter.to_value()) / VALUES)
}

fn values(value: &Value) -> usize {
    match value {
        Value::Null => 0,
        Value::List(items) => items.iter().map(values).sum(),
        Value::Object(fields) => fields.values().map(values).sum(),
        _ => 1,
    }
}

/// What one request has asked of Gong so far, at its price. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Asked(Arc<AtomicU64>);

impl Asked {
    /// Adds so many calls, each at `price`.
    pub(super) fn add(&self, calls: usize, price: usize) {
        self.0.fetch_add(calls.saturating_mul(price) as u64, Ordering::Relaxed);
    }

    /// The sum.
    pub(super) fn price(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What so many look-ups may cost that are only made if the records are too old.
pub(super) fn lookups(count: usize, max_age: Option<i64>) -> usize {
    if max_age.is_some() { count.saturating_mul(LOOKUP) } else { 0 }
}
