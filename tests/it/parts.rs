//! A listing that is read in parts brings whom a plain one brings.

use std::{collections::BTreeSet, time::Duration};

use orgraph::simulator::{Fault, Settings, SimUser, Simulator, Workspace};

use crate::support::{Service, UNHURRIED, keyed, serve, settings, simulate};

/// People whose moments of creation are as odd as can be: in other offsets, at the same moment, long ago,
/// in the future, and one without any.
fn company(people: usize, seed: u64) -> Workspace {
    let mut rng = fastrand::Rng::with_seed(seed);
    let user = |at: usize| {
        let created = match rng.u8(0..20) {
            0 => "1931-05-04T03:02:01Z".to_owned(),
            1 => "2199-12-31T23:59:59.999+14:00".to_owned(),
            // The same moment, spelt in three ways.
            2..6 => ["2020-06-01T00:00:00Z", "2020-06-01T02:00:00+02:00", "2020-05-31T16:30:00.000-07:30"]
                [rng.usize(0..3)]
            .to_owned(),
            _ => format!(
                "20{:02}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}{}",
                rng.u8(10..26),
                rng.u8(1..13),
                rng.u8(1..29),
                rng.u8(0..24),
                rng.u8(0..60),
                rng.u8(0..60),
                rng.u16(0..1000),
                ["Z", "+03:00", "-08:00", "+05:45"][rng.usize(0..4)]
            ),
        };
        SimUser { created: Some(created), ..SimUser::new((1_000_000 + at).to_string()) }
    };
    let mut users: Vec<_> = (0..people).map(user).collect();
    users[people / 2].created = None;
    Workspace::new(users)
}

async fn served(service: &Service) -> BTreeSet<String> {
    let snapshot = service.directory.snapshot().unwrap();
    snapshot.graph.users().iter().map(|user| user.id().to_owned()).collect()
}

fn listed(simulator: &Simulator) -> BTreeSet<String> {
    simulator.edit(|users| users.iter().map(|user| user.id.clone()).collect())
}

#[tokio::test]
async fn nobody_is_lost_at_an_edge_in_another_offset_or_without_a_moment() {
    for seed in 0..6 {
        let simulator = simulate(company(1_234, seed));
        let service = Service::of(&simulator).await;
        let before = simulator.stats().calls_by_endpoint;
        assert_eq!((before.users, before.users_extensive), (13, 0), "the first scan is a plain one");
        // Somebody comes at each edge that there can be.
        simulator.edit(|users| {
            let moments: Vec<_> = users.iter().filter_map(|user| user.created.clone()).collect();
            for (at, created) in moments.into_iter().enumerate().step_by(97) {
                users.push(SimUser { created: Some(created), ..SimUser::new((2_000_000 + at).to_string()) });
            }
        });
        service.scan().await;
        let after = simulator.stats().calls_by_endpoint;
        assert_eq!(after.users - before.users, 1, "one page of the plain listing, for the total");
        // The windows held whole pages before so many came at their edges; one look-up of whoever has no
        // moment.
        let calls = after.users_extensive - before.users_extensive;
        assert!((14..=26).contains(&calls), "{calls}");
        assert_eq!(served(&service).await, listed(&simulator), "seed {seed}");
        let snapshot = service.directory.snapshot().unwrap();
        let checks = snapshot.checks;
        assert_eq!(checks.records_announced, Some(checks.ids_read));
        assert_eq!(checks.records_read, checks.ids_read, "nobody is read twice");
        assert_eq!(snapshot.graph.anomalies(), []);
        let status = service.directory.status();
        assert_eq!(status.pages_expected, Some(status.pages_read));
    }
}

#[tokio::test]
async fn whom_no_window_holds_is_found_all_the_same() {
    let simulator = simulate(company(900, 1));
    let service = Service::of(&simulator).await;
    // Somebody new without a moment of creation: the total tells, and the listing is read in one.
    simulator.edit(|users| users.push(SimUser::new("9000000")));
    service.scan().await;
    assert!(served(&service).await.contains("9000000"));
    let whole = simulator.stats().calls_by_endpoint.users;
    assert_eq!(whole, 9 + 1 + 10);
    // From then on that is known.
    service.scan().await;
    assert_eq!(simulator.stats().calls_by_endpoint.users, whole + 1);
    assert_eq!(served(&service).await, listed(&simulator));
}

#[tokio::test]
async fn whole_windows_cost_no_call_more() {
    let moment = |at: i64| jiff::Timestamp::from_second(1_600_000_000 + at).unwrap().to_string();
    let user = |at: i64| SimUser { created: Some(moment(at)), ..SimUser::new((1_000 + at).to_string()) };
    let simulator = simulate(Workspace::new((0..5_000).map(user).collect()));
    let service = Service::of(&simulator).await;
    let before = simulator.stats().calls;
    service.scan().await;
    assert_eq!(simulator.stats().calls - before, 50 + 1, "the pages, and one for the total");
    // Newcomers are at the end, where they cost a page when one is full.
    simulator.edit(|users| users.extend((5_000..5_050).map(user)));
    let before = simulator.stats().calls;
    service.scan().await;
    assert_eq!(simulator.stats().calls - before, 51 + 1);
}

#[tokio::test]
async fn windows_that_gong_does_not_take_are_done_without() {
    let simulator = simulate(company(900, 1));
    let service = Service::of(&simulator).await;
    simulator.faults().add("not-found-404@endpoint=extensive".parse::<Fault>().unwrap()).unwrap();
    let before = simulator.stats().calls_by_endpoint.users;
    // Nobody has gone and no manager is missing, so nothing else needs that endpoint.
    service.scan().await;
    assert_eq!(service.directory.status().last_failure, None);
    assert_eq!(simulator.stats().calls_by_endpoint.users - before, 1 + 9, "the total, and the listing");
    assert_eq!(served(&service).await, listed(&simulator));
}

#[tokio::test]
async fn who_is_only_missed_by_a_listing_is_not_gone() {
    let simulator = simulate(company(450, 2));
    let service = Service::of(&simulator).await;
    let everybody = listed(&simulator);
    simulator.faults().add("user-missing-although-counted".parse::<Fault>().unwrap()).unwrap();
    service.scan().await;
    assert_eq!(served(&service).await, everybody);
    let checks = service.directory.snapshot().unwrap().checks;
    assert!(checks.absentees_found >= 1, "{checks:?}");
    // Who is gone is gone.
    simulator.faults().clear();
    let gone = simulator.edit(|users| users.remove(200).id);
    service.scan().await;
    assert!(!served(&service).await.contains(&gone));
    let checks = service.directory.snapshot().unwrap().checks;
    assert_eq!((checks.absentees_asked_for, checks.absentees_found), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_answers_are_waited_for_in_three_places() {
    let simulator = Simulator::new(
        company(1_000, 3),
        Settings { latency: Duration::from_millis(60), max_starts_per_second: None, ..keyed() },
    );
    let service = Service::start(&settings(serve(&simulator).await, UNHURRIED), "1d").await;
    service.ready().await;
    assert_eq!(simulator.stats().most_in_flight, 1, "one cursor has one place");
    service.scan().await;
    let stats = simulator.stats();
    assert_eq!((stats.most_in_flight, stats.refused), (3, 0));
}
