//! What Gong tells beside the snapshot: activity, calls, the history of settings, scorecards, workspaces and
//! coaching. Every question goes through the limiter as a look-up; what was answered is kept for a while and
//! says when Gong was asked.

mod values;
mod remembered;
mod batched;
mod activity;
mod calls;
mod single;

use std::{sync::Arc, time::Duration};

use crate::{
    clock::Clock,
    gong::{DateWindow, Gong, Limiter, TimeWindow},
    org::UserId,
};
use activity::Activities;
use calls::CallLists;
use single::Singles;

pub use activity::ActivityAudit;
pub use remembered::LiveError;
pub use values::{
    Activity, Call, Calls, Coached, Coaching, Fetched, Question, Scorecard, SettingChange, Workspace,
};

/// Gong's side of the matter.
pub struct Live {
    activities: Activities,
    calls: CallLists,
    singles: Singles,
    limiter: Arc<Limiter>,
}

impl Live {
    pub(super) fn new(gong: Arc<Gong>, clock: Clock) -> Self {
        let limiter = gong.limiter().clone();
        Self {
            activities: Activities::new(gong.clone(), clock.clone()),
            calls: CallLists::new(gong.clone(), clock.clone()),
            singles: Singles::new(gong, clock),
            limiter,
        }
    }

    /// What a user did between two days; `None` where Gong has no row of them. Users who are asked for in the
    /// same moment are a call for each hundred.
    ///
    /// # Errors
    /// If Gong can't be asked or has not answered in time, as with everything here.
    pub async fn activity(
        &self,
        user: &UserId,
        days: DateWindow,
    ) -> Result<Fetched<Option<Activity>>, LiveError> {
        self.activities.of(user, days).await
    }

    /// An audit of what each of these users did between two days: what is kept of that already, and so how many
    /// calls [`activities`](Self::activities) makes for the rest. Asks nobody; looks everybody up once.
    pub fn audit(&self, users: impl Iterator<Item = UserId>, days: DateWindow) -> ActivityAudit {
        self.activities.audit_of(users, days)
    }

    /// What each user of `audit` did, in that order, however many they are: two calls at once wait for their
    /// turn, so that single look-ups come in between.
    ///
    /// # Errors
    /// As above; an audit is kept waiting for as long as its calls take.
    pub async fn activities(
        &self,
        audit: &ActivityAudit,
    ) -> Result<Vec<Fetched<Option<Activity>>>, LiveError> {
        let calls = audit.calls() as u64;
        let each_second = u64::from(self.limiter.limits().max_per_second.max(1));
        // Twice the time, since the limits are shared with everybody else.
        let patience = remembered::PATIENCE + Duration::from_secs(2 * calls.div_ceil(each_second));
        self.activities.of_all(audit, patience).await
    }

    /// Calls of the day that are left for look-ups.
    pub fn lookups_left(&self) -> u32 {
        self.limiter.lookups_left()
    }

    /// The most calls to Gong that [`calls`](Self::calls) can cost for one user.
    pub fn cost_of_calls(window: TimeWindow, first: usize) -> usize {
        CallLists::cost(window, first)
    }

    /// The first so many calls of a user in a window, in the order in which Gong lists them.
    ///
    /// # Errors
    /// As above.
    pub async fn calls(
        &self,
        user: &UserId,
        window: TimeWindow,
        first: usize,
    ) -> Result<Fetched<Calls>, LiveError> {
        self.calls.of(user, window, first).await
    }

    /// How a user's switches were set, in Gong's order; `None` if Gong knows nobody of that id. One call a user.
    ///
    /// # Errors
    /// As above.
    pub async fn settings_history(
        &self,
        user: &UserId,
    ) -> Result<Fetched<Option<Vec<SettingChange>>>, LiveError> {
        self.singles.settings_history(user).await
    }

    /// The forms that calls are judged by.
    ///
    /// # Errors
    /// As above.
    pub async fn scorecards(&self) -> Result<Fetched<Vec<Scorecard>>, LiveError> {
        self.singles.scorecards().await
    }

    /// The parts that the company has cut its calls into.
    ///
    /// # Errors
    /// As above.
    pub async fn workspaces(&self) -> Result<Fetched<Vec<Workspace>>, LiveError> {
        self.singles.workspaces().await
    }

    /// Gong's own list of a manager's direct reports.
    ///
    /// # Errors
    /// As above; also where Gong knows no such manager.
    pub async fn coaching(
        &self,
        manager: &UserId,
        workspace: &str,
        window: TimeWindow,
    ) -> Result<Fetched<Coaching>, LiveError> {
        self.singles.coaching(manager, workspace, window).await
    }
}
