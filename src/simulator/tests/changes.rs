//! Changes over time.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    time::Duration,
};

use serde_json::json;

use super::{
    super::{Difference, Drift, Series, Step},
    *,
};

fn series() -> Series {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/series");
    Series::read(&folder).unwrap()
}

/// The people of a simulator, whom nobody may change meanwhile.
fn users(simulator: &Simulator) -> Vec<SimUser> {
    simulator.edit(|people| people.clone())
}

#[tokio::test]
async fn a_series_is_followed_to_its_end() {
    let series = series();
    let served = Served::start(series.first(), Settings { page_size: 500, ..generous() }).await;
    let first = served.get("/v2/users").await.body["users"].as_array().unwrap().len();
    assert_eq!((first, series.len()), (273, 3));
    served.simulator.follow(series);
    let step = async || Answer::read(served.anonymous(Method::POST, "/_simulator/step")).await.body;
    assert_eq!(
        step().await,
        json!({"step": 2, "of": 3, "name": "2022-04", "moved": true, "people": 270, "changes": {
            "hired": 11, "removed": 14, "deactivated": 0, "reactivated": 0, "moved": 32, "retitled": 11
        }})
    );
    let third = step().await;
    assert_eq!((&third["step"], &third["people"]), (&json!(3), &json!(268)));
    assert_eq!(served.get("/v2/users").await.ids().len(), 268);
    let stayed = step().await;
    assert_eq!(
        (&stayed["step"], &stayed["moved"], &stayed["people"]),
        (&json!(3), &json!(false), &json!(268))
    );
    assert_eq!(stayed["changes"], serde_json::to_value(Difference::default()).unwrap());
}

#[tokio::test(start_paused = true)]
async fn steps_are_made_in_time() {
    let simulator = Simulator::new(series().first(), generous());
    simulator.follow(series());
    let began = tokio::time::Instant::now();
    let steps = std::sync::Mutex::new(Vec::new());
    let tell = |step: &Step| steps.lock().unwrap().push((began.elapsed().as_secs(), step.step));
    simulator.keep_stepping(Duration::from_secs(60), tell).await;
    assert_eq!(*steps.lock().unwrap(), [(60, 2), (120, 3)]);
    simulator.keep_stepping(Duration::ZERO, |_| panic!("zero is never")).await;
}

#[tokio::test]
async fn a_simulator_that_follows_nothing_says_so() {
    let served = Served::start(people(&["1"]), generous()).await;
    assert_eq!(served.simulator.step(), None);
    let refused = Answer::read(served.anonymous(Method::POST, "/_simulator/step")).await;
    assert_eq!(refused.status, 409);
    assert_eq!(served.simulator.stats().calls, 0);
}

#[test]
fn what_is_no_series_is_named() {
    let folder = std::env::temp_dir().join(format!("orgraph-series-{}", std::process::id()));
    let said = || Series::read(&folder).unwrap_err().to_string();
    assert!(said().contains(folder.to_str().unwrap()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("README.md"), "passed over").unwrap();
    assert!(said().ends_with("no .ndjson files here"), "{}", said());
    std::fs::write(folder.join("1.ndjson"), r#"{"id":"1"}"#).unwrap();
    std::fs::write(folder.join("2.ndjson"), "{\"id\":\"1\"}\n{}").unwrap();
    assert!(said().ends_with("2.ndjson: line 2: id is missing"), "{}", said());
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn drift_is_the_same_for_the_same_seed() {
    let after = |seed| {
        let simulator = Simulator::new(Workspace::generate(500, 7), generous());
        simulator.follow(Drift::new(2.0, seed));
        for _ in 0..20 {
            simulator.step();
        }
        users(&simulator)
    };
    assert_eq!(after(1), after(1));
    assert_ne!(after(1), after(2));
}

#[tokio::test]
async fn a_step_of_drift_tells_what_it_did() {
    let starts_at = Some("2025-06-01T10:00:00Z".parse().unwrap());
    let simulator = Simulator::new(Workspace::generate(1_000, 7), Settings { starts_at, ..generous() });
    simulator.follow(Drift::new(3.0, 1));
    let mut total = Difference::default();
    for number in 2..=40 {
        let before: BTreeMap<_, _> =
            users(&simulator).into_iter().map(|user| (user.id.clone(), user)).collect();
        let step = simulator.step().unwrap();
        let after = users(&simulator);
        let ids: BTreeSet<_> = after.iter().map(|user| &user.id).collect();
        let hired: Vec<_> = after.iter().filter(|user| !before.contains_key(&user.id)).collect();
        assert_eq!(ids.len(), after.len(), "nobody comes twice");
        assert!(step.moved && step.step == number);
        assert_eq!(step.people, after.iter().filter(|user| !user.avatar).count());
        assert_eq!(step.changes.hired, hired.len());
        assert_eq!(step.changes.removed, before.keys().filter(|id| !ids.contains(id)).count());
        assert!(hired.iter().all(|user| user.created.as_ref().unwrap().starts_with("2025-06-01T12:0")));
        assert!(hired.iter().all(|user| user.manager_id.as_ref().is_some_and(|id| before.contains_key(id))));
        let changed = |so: fn(&SimUser, &SimUser) -> bool| {
            after.iter().filter(|user| before.get(&user.id).is_some_and(|was| so(was, user))).count()
        };
        assert_eq!(step.changes.deactivated, changed(|was, is| was.active && !is.active));
        assert_eq!(step.changes.moved, changed(|was, is| was.manager_id != is.manager_id));
        assert_eq!(step.changes.retitled, changed(|was, is| was.title != is.title));
        total.hired += step.changes.hired;
        total.removed += step.changes.removed;
        total.deactivated += step.changes.deactivated;
        total.moved += step.changes.moved;
        total.retitled += step.changes.retitled;
    }
    let all = [total.hired, total.removed, total.deactivated, total.moved, total.retitled];
    assert!(all.iter().all(|many| *many > 10), "{total:?}");
}

#[tokio::test]
async fn small_companies_change_now_and_then() {
    let simulator = Simulator::new(Workspace::generate(20, 7), generous());
    simulator.follow(Drift::new(1.0, 1));
    let before = users(&simulator);
    let unchanged = (0..4).filter(|_| {
        simulator.step();
        users(&simulator) == before
    });
    assert_eq!(unchanged.count(), 4);
    simulator.step();
    assert_ne!(users(&simulator), before);
    let nobody = Simulator::new(Workspace::new(Vec::new()), generous());
    nobody.follow(Drift::new(f64::NAN, 1));
    assert_eq!(nobody.step().map(|step| step.people), Some(0));
}
