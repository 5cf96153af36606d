//! A whole day by a test's clock: what scans spend of it, and when they come.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use orgraph::{
    app,
    clock::Clock,
    gong::Limits,
    simulator::{Settings, SimUser, Simulator, Workspace},
};
use tokio::time::{Instant, sleep};

use crate::support::{Service, keyed, serve, settings};

/// A clock that goes as tokio's does, which jumps to whatever is due next.
fn clock() -> Clock {
    let (began, morning) = (Instant::now(), "2026-03-02T08:00:00Z".parse::<Timestamp>().unwrap());
    Clock::from_fn(move || morning + SignedDuration::try_from(began.elapsed()).unwrap())
}

fn company(people: usize) -> Workspace {
    let user = |at: usize| SimUser {
        manager_id: (at > 0).then(|| ((at - 1) / 8).to_string()),
        created: Timestamp::from_second(1_500_000_000 + at as i64).ok().map(|created| created.to_string()),
        ..SimUser::new(at.to_string())
    };
    Workspace::new((0..people).map(user).collect())
}

/// How many scans a day has, how many calls they make, and how far they are apart, for so many people.
async fn day(people: usize) -> (u64, u64, Duration) {
    let simulator = Simulator::new(company(people), Settings { calls_per_day: Some(10_000), ..keyed() });
    let gong = settings(serve(&simulator).await, Limits::default());
    let service = Service::at(clock(), &gong, app::Settings::default(), None).await;
    sleep(Duration::from_secs(24 * 60 * 60)).await;
    let stats = simulator.stats();
    let status = service.directory.status();
    assert_eq!((stats.refused, status.failures_in_a_row), (0, 0));
    assert!(stats.most_in_flight <= 3 && stats.most_starts_in_a_second <= 3, "{stats:?}");
    assert_eq!(u64::from(service.directory.upstream().calls_today), stats.calls);
    (status.scans, stats.calls, status.interval.unwrap())
}

/// The day of a company: its scans, the calls of a scan at most, and the seconds between two scans.
async fn holds(people: usize, scans: u64, cost: u64, interval: u64) {
    const SHARE: u64 = 2_500;
    let (scanned, calls, chosen) = day(people).await;
    assert_eq!((scanned, chosen.as_secs()), (scans, interval), "{calls} calls");
    assert!(calls <= SHARE.min(scans * cost), "{calls} calls");
}

#[tokio::test(start_paused = true)]
async fn at_10_000_people_it_is_read_every_hour() {
    holds(10_000, 24, 102, 3_600).await;
}

#[tokio::test(start_paused = true)]
async fn at_50_000_people_it_is_read_four_times() {
    holds(50_000, 4, 502, 21_600).await;
}

#[tokio::test(start_paused = true)]
async fn at_200_000_people_it_is_read_once() {
    holds(200_000, 1, 2_002, 86_400).await;
}
