//! How a user's switches came to stand as they do.

use std::cmp::Reverse;

use async_graphql::{ID, SimpleObject};

use crate::{
    directory::{Fetched, SettingChange as Change},
    graphql::scalar::DateTime,
};

/// How a user's settings came to be as they are. Gong keeps no history of managers, titles or names.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SettingsHistory {
    /// How many changes there are in all.
    total_count: usize,
    /// The latest changes, the latest first; those without a time come last.
    changes: Vec<SettingChange>,
    /// When Gong was asked: it was true then or later.
    fetched_at: DateTime,
}

/// A setting was switched. What Gong doesn't tell is null.
#[derive(SimpleObject)]
struct SettingChange {
    /// The setting, by Gong's name, for example `emailsImported`.
    setting: Option<String>,
    /// What it was set to; null if it wasn't yes or no.
    value: Option<bool>,
    /// What it was before; Gong may not tell.
    previous_value: Option<bool>,
    /// When.
    time: Option<DateTime>,
    /// Gong's id of whoever set it; Gong may not tell.
    changed_by_user_id: Option<ID>,
}

impl SettingsHistory {
    /// The latest so many changes; `None` for somebody whom Gong doesn't know.
    pub(in crate::graphql) fn of(answer: &Fetched<Option<Vec<Change>>>, first: usize) -> Option<Self> {
        let mut changes: Vec<&Change> = answer.value.as_ref().as_ref()?.iter().collect();
        // `None` is before every time.
        changes.sort_by_key(|change| Reverse(change.time));
        Some(Self {
            total_count: changes.len(),
            changes: changes.into_iter().take(first).map(Into::into).collect(),
            fetched_at: answer.asked_at.into(),
        })
    }
}

impl From<&Change> for SettingChange {
    fn from(change: &Change) -> Self {
        Self {
            setting: change.setting.clone(),
            value: change.value,
            previous_value: change.previous_value,
            time: change.time.map(Into::into),
            changed_by_user_id: change.changed_by.as_ref().map(|id| ID::from(id.as_str())),
        }
    }
}
