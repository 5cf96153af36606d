//! What outlives a restart, and how the day's calls are dealt with.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use orgraph::{
    app::{self, AppError},
    clock::Clock,
    directory::{Storage, SyncState},
    gong::Limits,
    simulator::Workspace,
    sync,
};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::support::{
    FOREVER, Reply, Scratch, Service, UNHURRIED, Upstream, open, serve, settings, simulate,
};

/// Nobody is there.
const NOWHERE: &str = "http://127.0.0.1:1";

async fn start(url: &str, state: &Scratch) -> Service {
    Service::with(&settings(url.to_owned(), UNHURRIED), app::Settings::default(), open(state)).await
}

async fn everything(service: &Service) -> Value {
    service
        .client
        .data(
            "{ snapshot { version takenAt source checks { pagesRead recordsRead } }
               users(first: 500) { nodes { id name title emailAddress created managerChain { end nodes { id } } } }
               orphans { edges { reason node { id } } } }",
        )
        .await
}

#[tokio::test]
async fn a_restart_serves_what_was_served_before_it_has_reached_gong() {
    let state = Scratch::new();
    let simulator = simulate(Workspace::generate(300, 9));
    let service = start(&serve(&simulator).await, &state).await;
    service.ready().await;
    assert_eq!(service.directory.status().storage, Storage::Disk);
    let before = everything(&service).await;
    service.status(|status| status.scans > 0).await;
    let spent = service.directory.upstream().calls_today;
    assert!(spent > 0);
    service.stop().await;

    let service = start(NOWHERE, &state).await;
    service.ready().await;
    assert_eq!(everything(&service).await, before, "version, age and all");
    assert!(service.directory.upstream().calls_today >= spent, "the budget is not forgotten");
    let status = service.status(|status| status.last_failure.is_some()).await;
    assert_eq!(status.state, SyncState::Retrying);
    assert_eq!(service.client.status("/readyz").await, 200);
}

#[tokio::test]
async fn state_that_cannot_be_read_is_set_aside_and_begun_anew() {
    let state = Scratch::new();
    let simulator = simulate(Workspace::generate(60, 9));
    let url = serve(&simulator).await;
    let service = start(&url, &state).await;
    service.status(|status| status.scans > 0).await;
    service.stop().await;
    for file in ["snapshot.db", "calls.db", "quarantine.db"] {
        fs::write(state.path().join(file), "this is no database").unwrap();
    }
    let service = start(&url, &state).await;
    service.ready().await;
    service.status(|status| status.scans > 0).await;
    assert_eq!(service.directory.status().storage, Storage::Disk);
    let before = everything(&service).await;
    service.stop().await;
    let service = start(NOWHERE, &state).await;
    service.ready().await;
    assert_eq!(everything(&service).await, before);
}

/// A clock that can be moved on.
fn moved_on() -> (Clock, Arc<AtomicI64>) {
    let ahead = Arc::new(AtomicI64::new(0));
    let seconds = ahead.clone();
    let machine = Clock::system();
    (
        Clock::from_fn(move || machine.now() + SignedDuration::from_secs(seconds.load(Ordering::Relaxed))),
        ahead,
    )
}

#[tokio::test]
async fn the_service_is_ready_until_its_snapshot_is_too_old() {
    let simulator = simulate(Workspace::generate(60, 9));
    let (clock, ahead) = moved_on();
    let told = app::Settings { max_snapshot_age: Some(Duration::from_secs(600)), ..app::Settings::default() };
    let service = Service::at(clock, &settings(serve(&simulator).await, UNHURRIED), told, None).await;
    service.ready().await;
    ahead.store(500, Ordering::Relaxed);
    assert_eq!(service.client.status("/readyz").await, 200);
    // One failed scan changes nothing.
    simulator.faults().add("server-error-500".parse::<orgraph::simulator::Fault>().unwrap()).unwrap();
    ahead.store(700, Ordering::Relaxed);
    let answer = service.client.request(reqwest::Method::GET, "/readyz").send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert!(answer.text().await.unwrap().ends_with("s old, more than 600 s\n"));
    assert_eq!(service.client.status("/livez").await, 200);
    simulator.faults().clear();
    service.scan().await;
    assert_eq!(service.client.status("/readyz").await, 200);
}

fn every(interval: &str) -> app::Settings {
    let sync = sync::Settings { interval: interval.parse().unwrap(), ..sync::Settings::default() };
    app::Settings { sync, ..app::Settings::default() }
}

#[tokio::test]
async fn an_interval_that_the_day_has_no_room_for_is_refused_when_the_size_is_known() {
    let limits = Limits { daily_budget: 10_000, lookup_reserve: 1_000, ..UNHURRIED };
    let simulator = simulate(Workspace::generate(2_000, 9));
    let gong = settings(serve(&simulator).await, limits);
    let service = Service::with(&gong, every("60s"), None).await;
    let ended = timeout(FOREVER, service.ended).await.expect("it goes on").unwrap();
    let Err(AppError::TooOften(too_often)) = ended else { panic!("{ended:?}") };
    insta::assert_snapshot!(too_often, @"a scan every 1m is 1440 scans a day of 20 calls each, 28800 calls; the daily budget of 10000 less the look-up reserve of 1000 leaves 9000 for scans. The shortest interval that fits is 192s; `auto` chooses one");
    assert!(simulator.stats().calls <= 3, "the first page tells");

    let service = Service::with(&gong, every("250s"), None).await;
    service.ready().await;
    assert_eq!(service.directory.status().interval, Some(Duration::from_secs(250)));
}

#[tokio::test]
async fn a_company_that_has_outgrown_its_interval_is_read_less_often() {
    let limits = Limits { daily_budget: 10_000, lookup_reserve: 1_000, ..UNHURRIED };
    let simulator = simulate(Workspace::generate(300, 9));
    let service = Service::with(&settings(serve(&simulator).await, limits), every("60s"), None).await;
    service.status(|status| status.interval == Some(Duration::from_secs(60))).await;
    simulator.edit(|users| *users = Workspace::generate(3_000, 9).users().to_vec());
    service.scan().await;
    service.decide(orgraph::directory::Decision::Reject).await;
    let interval = service.directory.status().interval.unwrap();
    assert!((280..=420).contains(&interval.as_secs()), "{interval:?} for some thirty to forty calls a scan");
}

#[tokio::test]
async fn a_silence_of_hours_is_kept_by_everybody_at_once() {
    let page = Reply::page(json!([{ "id": "1" }]), None);
    let throttled = Reply::error(429, "come back later").header("retry-after", "18000");
    let (upstream, url) = Upstream::start([page, throttled]).await;
    let service = start(&url, &Scratch::new()).await;
    service.ready().await;
    service.scan().await;
    let asked = upstream.asked().len();
    let closed = service.directory.upstream().closed_until.unwrap();
    let wait = closed.duration_since(Timestamp::UNIX_EPOCH)
        - Clock::system().now().duration_since(Timestamp::UNIX_EPOCH);
    assert!((17_000..=20_000).contains(&wait.as_secs()), "{wait}");
    for id in 2..40 {
        let answer = service.client.ask(&format!(r#"{{ user(id: "{id}") {{ id }} }}"#)).await;
        assert_eq!(crate::support::code(&answer), "UPSTREAM_UNAVAILABLE");
    }
    service.scan().await;
    assert_eq!(upstream.asked().len(), asked, "nobody has called");
    let status = service
        .client
        .data("{ syncStatus { state lastFailure { kind } upstream { retryAfter inFlight dailyBudget } } users { totalCount } }")
        .await;
    assert_eq!(status["users"]["totalCount"], 1);
    assert_eq!(status["syncStatus"]["lastFailure"]["kind"], "THROTTLED");
    assert_eq!(status["syncStatus"]["upstream"]["inFlight"], 0);
    assert!(status["syncStatus"]["upstream"]["retryAfter"].is_string());
    let metrics = service.metrics().await;
    let line = metrics.lines().find(|line| line.starts_with("orgraph_gong_retry_after_seconds ")).unwrap();
    let seconds: f64 = line.split(' ').nth(1).unwrap().parse().unwrap();
    assert!(seconds > 17_000.0, "{line}");
}
