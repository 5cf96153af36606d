//! The sync as a whole: scans in their time, and beside them what look-ups find and what operators decide.

use std::{future::pending, sync::Arc, time::Duration};

use tokio::time::{Instant, sleep};

use super::{GuardBounds, Interval, Percent, TooOften, kept::Kept, publisher::Publisher, scans::Scans};
use crate::{
    clock::Clock,
    directory::{Desk, Directory, People, Verdicts, Writer},
    gong::Gong,
    store::Store,
};

/// How the sync goes about it.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How often Gong is read.
    pub interval: Interval,
    /// The part of the daily budget that scans may spend when the interval is chosen.
    pub share: Percent,
    /// What a scan may change.
    pub guard: GuardBounds,
}

impl Default for Settings {
    fn default() -> Self {
        Self { interval: Interval::Auto, share: Percent::new(25), guard: GuardBounds::default() }
    }
}

/// Keeps a directory filled.
pub struct Sync {
    gong: Arc<Gong>,
    directory: Directory,
    desk: Desk,
    publisher: Publisher,
    kept: Kept,
    settings: Settings,
    clock: Clock,
    jitter: fastrand::Rng,
}

/// How long records of look-ups are gathered before they are published together.
const GATHER: Duration = Duration::from_secs(1);
/// The part of its time that publishing what look-ups find may take up: one in so many.
const ONE_IN: u32 = 5;

impl Sync {
    /// A sync of `gong`. It does nothing until it [runs](Self::run).
    pub fn new(
        gong: Arc<Gong>,
        (writer, desk, directory): (Writer, Desk, Directory),
        store: Option<Arc<Store>>,
        settings: Settings,
        clock: Clock,
        jitter: fastrand::Rng,
    ) -> Self {
        let kept = Kept::new(store);
        let publisher = Publisher::new(writer, kept.clone(), settings.guard, clock.clone());
        Self { gong, directory, desk, publisher, kept, settings, clock, jitter }
    }

    /// Serves what is on disk, then scans now and for as long as it is polled.
    ///
    /// # Errors
    /// If the interval turns out not to fit the budget when the company's size is first known.
    pub async fn run(self) -> TooOften {
        let Self { gong, directory, desk, publisher, kept, settings, clock, jitter } = self;
        kept.count_earlier(gong.limiter()).await;
        publisher.restore().await;
        let cost = publisher.writer.current().map(|snapshot| snapshot.checks.calls());
        let scans = Scans {
            gong: &gong,
            directory: &directory,
            publisher: &publisher,
            requests: &desk.scans,
            settings,
            clock,
            jitter,
            cost,
            held_back: 0,
        };
        tokio::select! {
            too_often = scans.run() => too_often,
            () = kept.keep_count(gong.limiter()) => pending().await,
            () = repair(&publisher, directory.people()) => pending().await,
            () = decide(&publisher, desk.verdicts) => pending().await,
        }
    }
}

/// Publishes what look-ups find, for ever.
async fn repair(publisher: &Publisher, people: &People) {
    loop {
        publisher.writer.repairs_arrived().await;
        sleep(GATHER).await;
        let began = Instant::now();
        publisher.repair(publisher.writer.take_repairs(), people).await;
        publisher.writer.repairs_settled();
        sleep(began.elapsed() * (ONE_IN - 1)).await;
    }
}

/// Carries out decisions, for ever.
async fn decide(publisher: &Publisher, mut verdicts: Verdicts) {
    loop {
        let verdict = verdicts.next().await;
        let done = publisher.decide(verdict.decision, verdict.id).await;
        // Whoever asked may have gone.
        let _ = verdict.done.send(done);
    }
}
