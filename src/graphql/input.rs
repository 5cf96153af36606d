//! Filters and orders as clients write them.

mod filter;
mod range;
mod compile;

use async_graphql::{Enum, InputObject};

pub(super) use filter::UserFilter;

use crate::org::{self, Order};

/// Each value once, however often it was written.
pub(super) fn distinct<T: Into<U>, U: PartialEq>(values: Vec<T>) -> Vec<U> {
    let mut distinct = Vec::new();
    for value in values.into_iter().map(Into::into) {
        if !distinct.contains(&value) {
            distinct.push(value);
        }
    }
    distinct
}

/// What users can be ordered by.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "org::OrderField")]
pub(super) enum UserOrderField {
    /// First and last name, without case.
    Name,
    /// The primary e-mail address, without case.
    Email,
    /// Job title, without case.
    Title,
    /// When the user was created in Gong.
    Created,
    /// Steps to the top of the tree, 0 at the top. In and below a ring there is none.
    Depth,
    /// The number of direct reports.
    DirectReportCount,
    /// The number of direct and indirect reports.
    TransitiveReportCount,
}

/// The direction of an order.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "org::Direction")]
pub(super) enum OrderDirection {
    /// From small to great, from A to Z, from old to new.
    #[graphql(name = "ASC")]
    Ascending,
    /// From great to small, from Z to A, from new to old.
    #[graphql(name = "DESC")]
    Descending,
}

/// An order of users. Users without a value come last in both directions; ties go by id, as text,
/// ascending in both.
#[derive(Clone, Copy, InputObject)]
pub(super) struct UserOrder {
    /// What to order by.
    field: UserOrderField,
    /// In which direction.
    #[graphql(default_with = "Some(OrderDirection::Ascending)")]
    direction: Option<OrderDirection>,
}

impl From<UserOrder> for Order {
    fn from(order: UserOrder) -> Self {
        Self::By(order.field.into(), order.direction.unwrap_or(OrderDirection::Ascending).into())
    }
}
