//! Publishing after each sync, for as long as the service runs.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{Outcome, PublishError, Published, Tally, Target, publish};
use crate::{clock::Clock, export::Table, org::OrgSnapshot};

/// Publishes each snapshot that the service serves, or the last of several that came meanwhile.
pub struct Follower {
    target: Target,
    snapshots: watch::Receiver<Option<Arc<OrgSnapshot>>>,
    tally: Arc<Tally>,
    clock: Clock,
    rng: fastrand::Rng,
}

/// The wait after a first failure, which doubles with each.
const FIRST_WAIT: Duration = Duration::from_secs(5);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

impl Follower {
    /// One that hasn't begun.
    pub fn new(
        target: Target,
        snapshots: watch::Receiver<Option<Arc<OrgSnapshot>>>,
        tally: Arc<Tally>,
        clock: Clock,
        rng: fastrand::Rng,
    ) -> Self {
        Self { target, snapshots, tally, clock, rng }
    }

    /// Publishes until no more snapshots come. What fails is told in the log, and tried again with whatever snapshot there
    /// is then. Between two publications is a pause as long as the first took: of the database it takes half at most.
    pub async fn run(mut self) {
        let mut failures = 0;
        loop {
            let snapshot = self.snapshots.borrow_and_update().clone();
            let Some(snapshot) = snapshot else {
                if self.snapshots.changed().await.is_err() {
                    return;
                }
                continue;
            };
            let began = Instant::now();
            match self.publish(snapshot).await {
                Outcome::Failed => {
                    let wait = wait_after(failures, self.rng.f64());
                    failures += 1;
                    sleep(wait).await;
                    continue;
                }
                Outcome::Published | Outcome::Older => failures = 0,
            }
            sleep(began.elapsed()).await;
            if self.snapshots.changed().await.is_err() {
                return;
            }
        }
    }

    async fn publish(&self, snapshot: Arc<OrgSnapshot>) -> Outcome {
        let (version, ours) = (snapshot.version.as_u64(), snapshot.taken_at);
        let (place, now) = (&self.target.place, self.clock.now());
        let target = self.target.clone();
        // A task of its own: a fault of ours is one publication's.
        let mut task = JoinSet::new();
        task.spawn(async move { publish(&target, snapshot).await });
        let (outcome, taken_at) = match task.join_next().await {
            Some(Ok(Ok(published))) => {
                let (changed, milliseconds) = (changed(&published), published.took.as_millis());
                tracing::info!(%place, version, changed, milliseconds, "published");
                (Outcome::Published, ours)
            }
            Some(Ok(Err(PublishError::Newer { theirs, .. }))) if theirs <= now => {
                tracing::info!(%place, version, %theirs, "not published: the tables hold a newer snapshot");
                (Outcome::Older, theirs)
            }
            Some(Ok(Err(error))) => {
                tracing::warn!(%place, version, %error, "not published; the tables are as they were");
                (Outcome::Failed, ours)
            }
            Some(Err(_)) | None => {
                tracing::error!(%place, version, "not published: a fault of orgraph's; the tables are as they were");
                (Outcome::Failed, ours)
            }
        };
        self.tally.ended(outcome, taken_at, self.clock.now());
        outcome
    }
}

/// Rows that were written or removed.
fn changed(published: &Published) -> u64 {
    let of = |(_, changes): &(Table, super::Changes)| changes.inserted + changes.updated + changes.removed;
    published.tables.iter().map(of).sum()
}

/// From half of the full wait to all of it, so that services that failed together don't come again together.
fn wait_after(failures: u32, share: f64) -> Duration {
    let full = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(failures)).min(LONGEST_WAIT);
    full.mul_f64(0.5 + share.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_have_an_end() {
        assert_eq!(wait_after(0, 1.0), FIRST_WAIT);
        assert_eq!(wait_after(0, 0.0), FIRST_WAIT / 2);
        assert_eq!(wait_after(3, 1.0), FIRST_WAIT * 8);
        for failures in [7, 31, 32, u32::MAX] {
            assert_eq!(wait_after(failures, 1.0), LONGEST_WAIT);
        }
    }
}
