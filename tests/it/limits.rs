//! Gong's limits, as the simulator counts them from the other side.

use futures_util::{StreamExt, future::join_all, stream};
use orgraph::{
    directory::{Freshness, SyncState},
    gong::Limits,
    org::UserId,
    simulator::{Settings, SimUser, Simulator, Workspace},
};
use serde_json::json;

use crate::support::{ALONE, Service, UNHURRIED, code, keyed, serve, settings, simulate};

/// Ids that nobody has: 19 digits beginning with 999, beyond what the simulator makes up.
fn unknown(n: usize) -> String {
    format!("999{n:016}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_of_10_000_people_with_500_look_ups_at_once_stays_within_all_limits() {
    let _alone = ALONE.lock().await;
    let simulator = Simulator::new(Workspace::generate(10_000, 42), keyed());
    let service = Service::start(&settings(serve(&simulator).await, Limits::default()), "1d").await;
    let early = service.client.ask("{ users(first: 1) { totalCount } }").await;
    assert_eq!(code(&early), "NOT_READY");
    assert_eq!(service.client.status("/readyz").await, 503);
    service.status(|status| status.pages_read >= 5).await;

    // The look-ups of GraphQL need a snapshot; these are the same ones, fired while the scan runs.
    let people = service.directory.people();
    let ids: Vec<_> = (0..500).map(|n| UserId::new(unknown(n))).collect();
    let answers = join_all(ids.iter().map(|id| people.look_up(id, Freshness::Usual))).await;
    assert!(answers.into_iter().all(|answer| answer.unwrap().user.is_none()));
    let stats = simulator.stats();
    assert!(service.directory.snapshot().is_none(), "the scan has ended: nothing was tried while it ran");
    assert_eq!(stats.lookup_batches.iter().sum::<usize>(), 500);
    assert!(stats.lookup_batches.len() <= 7, "batches of {:?}", stats.lookup_batches);
    assert!(stats.lookup_batches.iter().all(|&size| size <= 100));

    service.ready().await;
    let count = service.client.data("{ users(first: 1) { totalCount } }").await;
    assert_eq!(count["users"]["totalCount"], 10_000);
    let stats = simulator.stats();
    assert!(stats.most_in_flight <= 3, "{} in flight", stats.most_in_flight);
    assert!(stats.most_starts_in_a_second <= 3, "{} starts in a second", stats.most_starts_in_a_second);
    assert_eq!(stats.refused, 0);
    assert_eq!(stats.unauthorised, 0);
    assert_eq!(stats.calls_by_endpoint.users, 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_answers_use_the_three_places_and_never_a_fourth() {
    let latency = std::time::Duration::from_millis(100);
    let people = Workspace::generate(60, 3);
    let settled = Settings { latency, max_starts_per_second: None, ..keyed() };
    let simulator = Simulator::new(people, settled);
    let service = Service::start(&settings(serve(&simulator).await, UNHURRIED), "1d").await;
    service.ready().await;
    let ids: Vec<_> = (0..1_000).map(unknown).collect();
    let answer = service
        .client
        .ask_with("query($ids: [ID!]!) { usersByIds(ids: $ids) { id } }", json!({ "ids": ids }))
        .await;
    assert_eq!(answer["data"]["usersByIds"], json!(vec![json!(null); 1_000]));
    let stats = simulator.stats();
    assert_eq!(stats.most_in_flight, 3);
    assert_eq!(stats.refused, 0);
}

#[tokio::test]
async fn the_budget_of_the_day_is_kept_and_a_part_of_it_is_for_look_ups() {
    let limits = Limits { daily_budget: 10, lookup_reserve: 5, ..UNHURRIED };
    let settled = Settings { max_starts_per_second: None, ..keyed() };
    let simulator = Simulator::new(Workspace::generate(1_000, 3), settled);
    let service = Service::start(&settings(serve(&simulator).await, limits), "auto").await;
    let status = service.status(|status| status.last_failure.is_some()).await;
    assert_eq!(status.state, SyncState::BudgetSpent);
    assert_eq!(simulator.stats().calls, 5, "a scan leaves the reserve alone");

    let people = service.directory.people();
    let mut refused = None;
    for n in 0..6 {
        let id = UserId::new(unknown(n));
        refused = people.look_up(&id, Freshness::Usual).await.err();
    }
    assert_eq!(simulator.stats().calls, 10);
    let refused = refused.expect("the sixth look-up is over the budget").to_string();
    assert!(refused.contains("spent"), "{refused}");
}

#[tokio::test]
async fn callers_cannot_use_up_what_a_scan_needs() {
    // A manager beyond the listing makes every scan look somebody up.
    let user = SimUser { manager_id: Some("404".to_owned()), ..SimUser::new("1") };
    let simulator = simulate(Workspace::new(vec![user]));
    let limits = Limits { daily_budget: 40, lookup_reserve: 4, ..UNHURRIED };
    let service = Service::start(&settings(serve(&simulator).await, limits), "auto").await;
    service.ready().await;
    let people = service.directory.people();
    let mut calls = 0;
    while people.look_up(&UserId::new(unknown(calls)), Freshness::Usual).await.is_ok() {
        calls += 1;
    }
    assert!((17..=20).contains(&calls), "{calls} look-ups of a budget of 40");
    let scan = service.directory.request_scan();
    let status = service.status(|status| status.scans >= scan).await;
    assert_eq!(status.last_failure, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_callers_for_one_unknown_id_are_one_call() {
    let simulator = simulate(Workspace::generate(60, 3));
    let service = Service::of(&simulator).await;
    let calls = simulator.stats().calls;
    let callers = (0..10_000).map(|_| {
        let directory = service.directory.clone();
        tokio::spawn(async move {
            directory.people().look_up(&UserId::new(unknown(1)), Freshness::Usual).await.unwrap().user
        })
    });
    let callers: Vec<_> = callers.collect();
    for found in join_all(callers).await {
        assert!(found.unwrap().is_none());
    }
    let stats = simulator.stats();
    assert_eq!(stats.calls - calls, 1);
    assert_eq!(stats.ids_looked_up[&unknown(1)], 1);

    // And over HTTP, where nothing is cold any more.
    let query = format!("{{ user(id: {:?}) {{ id }} }}", unknown(1));
    for answer in join_all((0..100).map(|_| service.client.data(&query))).await {
        assert_eq!(answer, json!({ "user": null }));
    }
    assert_eq!(simulator.stats().calls - calls, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_askers_cause_one_scan() {
    let simulator = simulate(Workspace::generate(49, 3));
    let service = Service::of(&simulator).await;
    service.status(|status| status.state == SyncState::Idle).await;
    let listed = || simulator.stats().calls_by_endpoint.users;
    let before = listed();
    // Whatever scan there is takes until everybody has asked.
    simulator.faults().set(["time-out@endpoint=users,times=1".parse().unwrap()]).unwrap();
    let operator = service.operator();
    let scans: Vec<u64> = stream::iter(0..1_000)
        .map(|_| async { operator.request_scan().await.unwrap().scan })
        .buffer_unordered(100)
        .collect()
        .await;
    assert_eq!(scans, [2; 1_000]);
    service.status(|status| status.state == SyncState::Syncing).await;
    simulator.faults().clear();
    // The one that was held up is made again, and the next scan has its time.
    let status = service.status(|status| status.scans >= 2 && status.next_run_at.is_some()).await;
    assert_eq!((status.state, status.scans, listed() - before), (SyncState::Idle, 2, 2));
    service.scan().await;
    assert_eq!((service.directory.status().scans, listed() - before), (3, 3));
}
