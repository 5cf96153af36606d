//! What the endpoints answer from.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use super::{
    calendar::Calendar,
    chance::Chance,
    cursor::Cursors,
    envelope::Fault,
    resources::HistoryRows,
    settings::Settings,
    signing::SigningKey,
    stats::Ledger,
    user::SimUser,
    workspace::{Workspace, put_in_order},
};

/// The people, and what it takes to give them out in pages.
pub(super) struct Tenant {
    people: RwLock<Vec<SimUser>>,
    pub(super) cursors: Cursors,
    pub(super) page_size: usize,
    pub(super) max_ids_per_request: Option<usize>,
    pub(super) max_call_window_days: Option<u32>,
    pub(super) history_rows: HistoryRows,
    pub(super) seed: Chance,
    pub(super) calendar: Calendar,
    pub(super) ledger: Arc<Ledger>,
}

impl Tenant {
    /// A tenant of these people.
    pub(super) fn new(
        workspace: Workspace,
        settings: &Settings,
        key: SigningKey,
        ledger: Arc<Ledger>,
    ) -> Self {
        Self {
            people: RwLock::new(workspace.into_users()),
            cursors: Cursors::new(key, settings.cursor_life),
            page_size: settings.page_size.max(1),
            max_ids_per_request: settings.max_ids_per_request,
            max_call_window_days: settings.max_call_window_days,
            history_rows: settings.history_rows,
            seed: Chance::new(settings.seed),
            calendar: Calendar::new(settings),
            ledger,
        }
    }

    /// Refuses more ids than one request may name.
    pub(super) fn check_ids(&self, key: &str, many: usize) -> Result<(), Fault> {
        match self.max_ids_per_request {
            Some(most) if many > most => Err(Fault::BadRequest(format!("{key} may hold at most {most} ids"))),
            _ => Ok(()),
        }
    }

    /// The people as they stand, in listing order.
    pub(super) fn people(&self) -> RwLockReadGuard<'_, Vec<SimUser>> {
        self.people.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the people. They are put in order again before anybody sees them.
    pub(super) fn edit<T>(&self, change: impl FnOnce(&mut Vec<SimUser>) -> T) -> T {
        let mut people = self.people.write().unwrap_or_else(PoisonError::into_inner);
        let outcome = change(&mut people);
        put_in_order(&mut people);
        outcome
    }
}
