//! What is asked for one by one: there is nothing to batch, but many may ask the same.

use std::{sync::Arc, time::Duration};

use super::{
    remembered::{LiveError, PATIENCE, Remembered, spawned},
    values::{Coached, Coaching, Fetched, Scorecard, SettingChange, Workspace},
};
use crate::{
    clock::Clock,
    gong::{COACHING_SCOPE, Gong, SCORECARDS_SCOPE, SETTINGS_HISTORY_SCOPE, TimeWindow, WORKSPACES_SCOPE},
    org::UserId,
};

/// Moka in front of Gong.
pub(super) struct Singles {
    gong: Arc<Gong>,
    clock: Clock,
    histories: Remembered<UserId, Fetched<Option<Vec<SettingChange>>>>,
    scorecards: Remembered<(), Fetched<Vec<Scorecard>>>,
    workspaces: Remembered<(), Fetched<Vec<Workspace>>>,
    coaching: Remembered<(UserId, Arc<str>, TimeWindow), Fetched<Coaching>>,
}

/// What changes rarely, and what by the minute.
const LONG: Duration = Duration::from_secs(5 * 60);
const SHORT: Duration = Duration::from_secs(60);

impl Singles {
    pub(super) fn new(gong: Arc<Gong>, clock: Clock) -> Self {
        Self {
            histories: Remembered::new(SETTINGS_HISTORY_SCOPE, SHORT, 1_000, |_| 1, clock.clone()),
            scorecards: Remembered::new(SCORECARDS_SCOPE, LONG, 1, |_| 1, clock.clone()),
            workspaces: Remembered::new(WORKSPACES_SCOPE, LONG, 1, |_| 1, clock.clone()),
            coaching: Remembered::new(COACHING_SCOPE, LONG, 200, |_| 1, clock.clone()),
            gong,
            clock,
        }
    }

    pub(super) async fn settings_history(
        &self,
        user: &UserId,
    ) -> Result<Fetched<Option<Vec<SettingChange>>>, LiveError> {
        let begin = || {
            let (gong, clock, user) = (self.gong.clone(), self.clock.clone(), user.clone());
            spawned(async move {
                let began = clock.now();
                let answer = gong.settings_history(user.as_str()).await?;
                let asked_at = answer.as_ref().map_or(began, |answer| answer.asked_at);
                let changes = answer.map(|answer| answer.value.into_iter().map(Into::into).collect());
                Ok(Fetched { value: Arc::new(changes), asked_at })
            })
        };
        self.histories.get(user, PATIENCE, begin).await
    }

    pub(super) async fn scorecards(&self) -> Result<Fetched<Vec<Scorecard>>, LiveError> {
        let begin = || {
            let gong = self.gong.clone();
            spawned(async move { Ok(Fetched::of(gong.scorecards().await?, all)) })
        };
        self.scorecards.get(&(), PATIENCE, begin).await
    }

    pub(super) async fn workspaces(&self) -> Result<Fetched<Vec<Workspace>>, LiveError> {
        let begin = || {
            let gong = self.gong.clone();
            spawned(async move { Ok(Fetched::of(gong.workspaces().await?, all)) })
        };
        self.workspaces.get(&(), PATIENCE, begin).await
    }

    pub(super) async fn coaching(
        &self,
        manager: &UserId,
        workspace: &str,
        window: TimeWindow,
    ) -> Result<Fetched<Coaching>, LiveError> {
        let key = (manager.clone(), Arc::from(workspace), window);
        let begin = || {
            let (gong, (manager, workspace, window)) = (self.gong.clone(), key.clone());
            spawned(async move {
                let answer = gong.coaching(manager.as_str(), &workspace, window).await?;
                Ok(Fetched::of(answer, all::<_, Coached>))
            })
        };
        self.coaching.get(&key, PATIENCE, begin).await
    }
}

fn all<T: Into<U>, U>(records: Vec<T>) -> Vec<U> {
    records.into_iter().map(Into::into).collect()
}
