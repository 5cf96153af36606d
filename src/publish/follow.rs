//! Publishing after each sync, for as long as the service runs.

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, time::sleep};

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
    /// is then.
    pub async fn run(mut self) {
        let mut failures = 0;
        loop {
            let snapshot = self.snapshots.borrow_and_update().clone();
            let outcome = match snapshot {
                Some(snapshot) => self.publish(snapshot).await,
                None => Outcome::Published,
            };
            if outcome == Outcome::Failed {
                let wait = wait_after(failures, self.rng.f64());
                failures += 1;
                sleep(wait).await;
                continue;
            }
            failures = 0;
            if self.snapshots.changed().await.is_err() {
                return;
            }
        }
    }

    async fn publish(&self, snapshot: Arc<OrgSnapshot>) -> Outcome {
        let (version, taken_at) = (snapshot.version.as_u64(), snapshot.taken_at);
        let place = &self.target.place;
        let outcome = match publish(&self.target, snapshot).await {
            Ok(published) => {
                let (changed, milliseconds) = (changed(&published), published.took.as_millis());
                tracing::info!(%place, version, changed, milliseconds, "published");
                Outcome::Published
            }
            Err(PublishError::Newer { theirs, .. }) => {
                tracing::info!(%place, version, %theirs, "not published: the tables hold a newer snapshot");
                Outcome::Older
            }
            Err(error) => {
                tracing::warn!(%place, version, %error, "not published; the tables are as they were");
                Outcome::Failed
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
