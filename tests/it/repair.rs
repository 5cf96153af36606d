//! What a look-up finds to be different is in the next snapshot.

use std::time::Duration;

use orgraph::{
    org::{OrgSnapshot, SnapshotSource},
    simulator::{SimUser, Simulator, Workspace},
};
use serde_json::json;
use tokio::time::timeout;

use crate::support::{FOREVER, Service, UNHURRIED, keyed, serve, settings, simulate};

fn company(people: usize) -> Workspace {
    let boss = SimUser::new("1");
    let others = (2..=people).map(|at| SimUser {
        manager_id: Some("1".to_owned()),
        created: Some(format!("2020-01-01T00:{:02}:{:02}Z", at / 60 % 60, at % 60)),
        ..SimUser::new(at.to_string())
    });
    Workspace::new([boss].into_iter().chain(others).collect())
}

fn retitle(simulator: &Simulator, id: &str, title: &str) {
    simulator.edit(|users| {
        users.iter_mut().find(|user| user.id == id).unwrap().title = Some(title.to_owned());
    });
}

fn title<'a>(snapshot: &'a OrgSnapshot, id: &str) -> Option<&'a str> {
    snapshot.graph.user(snapshot.graph.find(id)?).title()
}

/// Waits for a snapshot of which `wanted` holds.
async fn snapshot(service: &Service, wanted: impl Fn(&OrgSnapshot) -> bool) -> std::sync::Arc<OrgSnapshot> {
    let mut snapshots = service.directory.snapshots();
    let found = snapshots.wait_for(|snapshot| snapshot.as_deref().is_some_and(&wanted));
    timeout(FOREVER, found).await.expect("no such snapshot").unwrap().clone().unwrap()
}

const LOOK_UP: &str = "query($ids: [ID!]!) { usersByIds(ids: $ids, maxAge: 0) { managerId title } }";

/// Looks people up until `wanted` holds of a snapshot: what comes in within the same second as too much is
/// left to the next scan together with it.
async fn published(
    service: &Service,
    ids: serde_json::Value,
    wanted: impl Fn(&OrgSnapshot) -> bool,
) -> std::sync::Arc<OrgSnapshot> {
    for _ in 0..20 {
        service.client.ask_with(LOOK_UP, ids.clone()).await;
        if let Ok(published) = timeout(Duration::from_secs(5), snapshot(service, &wanted)).await {
            return published;
        }
    }
    panic!("never published: {ids}");
}

#[tokio::test]
async fn what_a_look_up_finds_is_in_the_next_snapshot() {
    let simulator = simulate(company(20));
    let service = Service::of(&simulator).await;
    let scanned = service.directory.snapshot().unwrap();
    retitle(&simulator, "7", "Head of Sales");
    simulator.edit(|users| users.push(SimUser { manager_id: Some("7".to_owned()), ..SimUser::new("99") }));
    let found = service.client.data(r#"{ user(id: "7", maxAge: 0) { title } node(id: "99") { id } }"#).await;
    assert_eq!(found, json!({ "user": { "title": "Head of Sales" }, "node": { "id": "99" } }));

    let repaired = snapshot(&service, |snapshot| snapshot.source == SnapshotSource::ReadRepair).await;
    assert_eq!(title(&repaired, "7"), Some("Head of Sales"));
    assert!(repaired.version > scanned.version);
    assert_eq!(repaired.taken_at, scanned.taken_at, "the rest is as old as before");
    let data = service
        .client
        .data(r#"{ managerChain(userId: "99") { nodes { id } } snapshot { source userCount } }"#)
        .await;
    let chain = json!({ "nodes": [{ "id": "7" }, { "id": "1" }] });
    assert_eq!(
        data,
        json!({ "managerChain": chain, "snapshot": { "source": "READ_REPAIR", "userCount": 21 } })
    );
    // A scan that began later has the last word.
    retitle(&simulator, "7", "Head of Everything");
    service.scan().await;
    let scanned = service.directory.snapshot().unwrap();
    assert_eq!(
        (scanned.source, title(&scanned, "7")),
        (SnapshotSource::FullScan, Some("Head of Everything"))
    );
}

#[tokio::test]
async fn a_manager_whom_only_a_look_up_names_comes_along() {
    let simulator = simulate(company(20));
    let service = Service::of(&simulator).await;
    simulator.edit(|users| {
        users.push(SimUser { manager_id: Some("1".to_owned()), ..SimUser::new("98") });
        users.push(SimUser { manager_id: Some("98".to_owned()), ..SimUser::new("99") });
    });
    service.client.data(r#"{ node(id: "99") { id } }"#).await;
    snapshot(&service, |snapshot| snapshot.graph.find("99").is_some()).await;
    let data = service
        .client
        .data(r#"{ managerChain(userId: "99") { end nodes { id } } orphans { nodes { id } } }"#)
        .await;
    let chain = json!({ "end": "ROOT", "nodes": [{ "id": "98" }, { "id": "1" }] });
    assert_eq!(data, json!({ "managerChain": chain, "orphans": { "nodes": [] } }));
}

#[tokio::test]
async fn the_last_answer_counts_whatever_the_snapshot_says() {
    let simulator = simulate(company(20));
    let service = Service::of(&simulator).await;
    let look_up = async || service.client.data(r#"{ user(id: "7", maxAge: 0) { title } }"#).await;
    retitle(&simulator, "7", "new");
    look_up().await;
    // Gong takes it back before it is published.
    simulator.edit(|users| users.iter_mut().for_each(|user| user.title = None));
    look_up().await;
    retitle(&simulator, "8", "marker");
    service.client.data(r#"{ user(id: "8", maxAge: 0) { title } }"#).await;
    let repaired = snapshot(&service, |snapshot| title(snapshot, "8") == Some("marker")).await;
    assert_eq!(title(&repaired, "7"), None);
    assert_eq!(title(&service.directory.snapshot().unwrap(), "7"), None);
}

#[tokio::test]
async fn what_an_operator_accepts_does_not_undo_a_later_look_up() {
    let simulator = simulate(company(200));
    let service = Service::of(&simulator).await;
    simulator.edit(|users| users.truncate(100));
    service.scan().await;
    assert!(service.directory.status().quarantine.is_some());
    retitle(&simulator, "7", "new");
    published(&service, json!({ "ids": ["7"] }), |snapshot| title(snapshot, "7") == Some("new")).await;
    service.decide(orgraph::directory::Decision::Accept).await;
    let accepted = service.directory.snapshot().unwrap();
    assert_eq!((accepted.graph.users().len(), title(&accepted, "7")), (100, Some("new")));
}

#[tokio::test]
async fn look_ups_of_the_same_moment_are_one_snapshot() {
    let simulator = simulate(company(150));
    let service = Service::of(&simulator).await;
    simulator.edit(|users| users.iter_mut().for_each(|user| user.title = Some("new".to_owned())));
    let mut snapshots = service.directory.snapshots();
    snapshots.borrow_and_update();
    let ids: Vec<_> = (1..=150).map(|id| id.to_string()).collect();
    service.client.ask_with(LOOK_UP, json!({ "ids": ids })).await;
    let mut published = 0;
    let all_new = |snapshot: &OrgSnapshot| snapshot.graph.users().iter().all(|user| user.title().is_some());
    loop {
        timeout(FOREVER, snapshots.changed()).await.expect("not repaired").unwrap();
        published += 1;
        if all_new(snapshots.borrow_and_update().as_deref().unwrap()) {
            break;
        }
    }
    assert!(published <= 2, "{published} snapshots for two batches");
}

#[tokio::test]
async fn what_the_snapshot_has_already_is_no_news() {
    let simulator = simulate(company(20));
    let service = Service::of(&simulator).await;
    let before = service.directory.snapshot().unwrap().version;
    service.client.data(r#"{ user(id: "7", maxAge: 0) { title } missing: user(id: "404") { id } }"#).await;
    retitle(&simulator, "8", "new");
    service.client.data(r#"{ user(id: "8", maxAge: 0) { title } }"#).await;
    let repaired = snapshot(&service, |snapshot| snapshot.version > before).await;
    assert_eq!(title(&repaired, "8"), Some("new"), "the first that was published since");
    // That Gong knows nobody of an id is an answer to whoever asked and no reason to forget somebody.
    let gone = simulator.edit(|users| users.remove(10).id);
    let answer = service.client.data(&format!(r#"{{ user(id: "{gone}", maxAge: 0) {{ id }} }}"#)).await;
    assert_eq!(answer["user"], json!(null));
    retitle(&simulator, "8", "newer");
    service.client.data(r#"{ user(id: "8", maxAge: 0) { title } }"#).await;
    let repaired = snapshot(&service, |snapshot| title(snapshot, "8") == Some("newer")).await;
    assert!(repaired.graph.find(&gone).is_some(), "until a scan has said so");
}

#[tokio::test]
async fn look_ups_cannot_change_more_than_a_scan_could() {
    let simulator = simulate(company(200));
    let service = Service::of(&simulator).await;
    let before = service.directory.snapshot().unwrap().version;
    simulator.edit(|users| users.iter_mut().for_each(|user| user.manager_id = None));
    let ids: Vec<_> = (1..=60).map(|id| id.to_string()).collect();
    let answer = service.client.ask_with(LOOK_UP, json!({ "ids": ids })).await;
    assert_eq!(
        answer["data"]["usersByIds"][20]["managerId"],
        json!(null),
        "whoever asks gets what Gong says"
    );
    // Not by small steps either: 39 are a fifth of the 199 links, and they are all there is.
    simulator.edit(|users| users.iter_mut().for_each(|user| user.manager_id = Some("2".to_owned())));
    let relinked = |snapshot: &OrgSnapshot, id: &str| {
        let user = snapshot.graph.find(id).unwrap();
        snapshot.graph.user(user).manager_id() == Some("2")
    };
    for step in 0..2 {
        let ids: Vec<_> = (100 + 19 * step..119 + 19 * step).map(|id: usize| id.to_string()).collect();
        let last = ids.last().unwrap();
        published(&service, json!({ "ids": ids }), |snapshot| relinked(snapshot, last)).await;
    }
    let ids: Vec<_> = (138..157).map(|id: usize| id.to_string()).collect();
    service.client.ask_with(LOOK_UP, json!({ "ids": ids })).await;
    // What comes later is published, without those.
    simulator.edit(|users| users.push(SimUser::new("999")));
    let last =
        published(&service, json!({ "ids": ["999"] }), |snapshot| snapshot.graph.find("999").is_some()).await;
    assert!(last.version > before);
    let links = |to: &str| last.graph.users().iter().filter(|user| user.manager_id() == Some(to)).count();
    assert_eq!((links("1"), links("2")), (199 - 38, 38));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_that_began_before_the_look_up_does_not_undo_it() {
    let latency = Duration::from_millis(100);
    let settled = orgraph::simulator::Settings { latency, max_starts_per_second: None, ..keyed() };
    let simulator = Simulator::new(company(1_000), settled);
    let service = Service::start(&settings(serve(&simulator).await, UNHURRIED), "1d").await;
    service.ready().await;
    let scan = service.directory.request_scan();
    service.status(|status| status.scans < scan && status.pages_read >= 3).await;
    // Each window has given its first page: these people have been read.
    let ids = ["2", "3", "4"];
    ids.iter().for_each(|id| retitle(&simulator, id, "new"));
    let answer = service.client.data(r#"{ usersByIds(ids: ["2", "3", "4"], maxAge: 0) { title } }"#).await;
    assert_eq!(answer["usersByIds"], json!([{ "title": "new" }, { "title": "new" }, { "title": "new" }]));
    service.status(|status| status.scans >= scan).await;
    let scanned =
        snapshot(&service, |snapshot| ids.iter().all(|id| title(snapshot, id) == Some("new"))).await;
    assert!(scanned.graph.users().len() == 1_000);
    // And no snapshot of that scan says otherwise.
    assert_eq!(title(&service.directory.snapshot().unwrap(), "2"), Some("new"));
}
