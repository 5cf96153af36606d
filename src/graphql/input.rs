//! Filters and orders as clients write them.

use async_graphql::{Enum, InputObject};

use super::model::{ManagerStatus, UserKind};
use crate::org::{self, Fragment, Order};

/// Conditions on users that all have to hold; a field that is left out asks for nothing.
#[derive(Default, InputObject)]
pub(super) struct UserFilter {
    /// Only active users (`true`) or only inactive ones (`false`).
    active: Option<bool>,
    /// Only users of one of these kinds. Without it: persons, no avatars.
    kind: Option<Vec<UserKind>>,
    /// Only users whose link to their manager is one of these.
    manager_status: Option<Vec<ManagerStatus>>,
    /// Only users with this text in their name ("first last"), in whatever case.
    name_contains: Option<String>,
    /// Only users with this text in their title, in whatever case.
    title_contains: Option<String>,
    /// Only users with this text in one of their e-mail addresses (primary, alias or trusted), in
    /// whatever case.
    email_contains: Option<String>,
}

impl From<UserFilter> for org::UserFilter {
    fn from(filter: UserFilter) -> Self {
        let fragment = |text: Option<String>| text.as_deref().map(Fragment::new);
        Self {
            active: filter.active,
            kinds: filter.kind.map(distinct),
            manager_status: filter.manager_status.map(distinct),
            name_contains: fragment(filter.name_contains),
            title_contains: fragment(filter.title_contains),
            email_contains: fragment(filter.email_contains),
        }
    }
}

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
    /// When the user was created in Gong.
    Created,
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
