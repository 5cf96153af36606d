//! Which users a request asks for.

use jiff::Timestamp;
use serde::Deserialize;
use thiserror::Error;

use super::user::SimUser;

/// `filter` as it comes in a body.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct UserFilter {
    user_ids: Option<Vec<String>>,
    created_from_date_time: Option<String>,
    created_to_date_time: Option<String>,
    include_avatars: Option<bool>,
}

/// A filter that has been understood. Two that print alike ask for the same, which cursors rely on.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// Only these users; everybody when it is empty.
    pub(super) user_ids: Vec<String>,
    pub(super) include_avatars: bool,
    pub(super) created_from: Option<Timestamp>,
    pub(super) created_to: Option<Timestamp>,
}

/// A bound of a filter that can't be read.
#[derive(Debug, Error)]
#[error("filter.{key} is not an RFC 3339 time")]
pub(super) struct NotATime {
    key: &'static str,
}

impl Selection {
    /// Whether the row is asked for, apart from its id. The first bound is inclusive, the last one
    /// exclusive.
    pub(super) fn admits(&self, user: &SimUser) -> bool {
        (self.include_avatars || !user.avatar) && self.spans(user.created.as_deref())
    }

    fn spans(&self, created: Option<&str>) -> bool {
        if self.created_from.is_none() && self.created_to.is_none() {
            return true;
        }
        let Some(created) = created.and_then(|text| text.parse::<Timestamp>().ok()) else {
            return false;
        };
        self.created_from.is_none_or(|from| from <= created) && self.created_to.is_none_or(|to| created < to)
    }
}

impl TryFrom<UserFilter> for Selection {
    type Error = NotATime;

    fn try_from(filter: UserFilter) -> Result<Self, NotATime> {
        Ok(Self {
            user_ids: filter.user_ids.unwrap_or_default(),
            include_avatars: filter.include_avatars.unwrap_or_default(),
            created_from: time("createdFromDateTime", filter.created_from_date_time)?,
            created_to: time("createdToDateTime", filter.created_to_date_time)?,
        })
    }
}

fn time(key: &'static str, text: Option<String>) -> Result<Option<Timestamp>, NotATime> {
    text.map(|text| text.parse().map_err(|_| NotATime { key })).transpose()
}
