//! Records that can't be read: told with id and place, and nobody is lost to them.

use orgraph::directory::{QuarantineReason, SyncState};
use serde_json::{Value, json};

use crate::support::{Reply, Service, UNHURRIED, Upstream, settings};

fn person(id: &str, title: &str) -> Value {
    json!({ "id": id, "active": true, "firstName": "Ann", "title": title, "managerId": "1" })
}

fn page(users: &[Value]) -> Reply {
    let records = json!({ "totalRecords": users.len() });
    Reply::new(200, json!({ "requestId": "r", "records": records, "users": users }).to_string())
}

/// What is served, and what was refused, after scans of these pages.
async fn served_after(script: impl IntoIterator<Item = Reply>) -> (Value, Service) {
    let script: Vec<_> = script.into_iter().collect();
    let scans = script.len();
    let (_, url) = Upstream::start(script).await;
    let service = Service::start(&settings(url, UNHURRIED), "1d").await;
    service.status(|status| status.scans > 0).await;
    for _ in 1..scans {
        service.scan().await;
    }
    let data = service
        .client
        .data(
            "{ users { nodes { id title active managerId } } snapshot { checks { recordsRefused recordsKept } }
               syncStatus { state recordsRefused refusedRecords { userId path cause } } }",
        )
        .await;
    (data, service)
}

#[tokio::test]
async fn a_record_that_cannot_be_read_keeps_its_last_good_one() {
    let good = page(&[person("1", "Chief"), person("2", "Sales"), person("3", "Support")]);
    let mut broken = person("2", "Head of Sales");
    broken["active"] = "yes".into();
    let (data, _) =
        served_after([good, page(&[person("1", "Chief"), broken, person("3", "Head of Support")])]).await;
    let titles: Vec<_> = data["users"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["Chief", "Sales", "Head of Support"]);
    assert_eq!(data["snapshot"]["checks"], json!({ "recordsRefused": 1, "recordsKept": 1 }));
    let refused =
        json!([{ "userId": "2", "path": "users[1].active", "cause": "found string, expected a boolean" }]);
    assert_eq!(
        data["syncStatus"],
        json!({ "state": "IDLE", "recordsRefused": 1, "refusedRecords": refused })
    );
}

#[tokio::test]
async fn of_somebody_new_what_can_be_read_is_served() {
    let mut broken = person("2", "Sales");
    broken["settings"] = json!({ "emailsImported": "maybe" });
    let (data, _) = served_after([page(&[person("1", "Chief"), broken])]).await;
    let users = json!([
        { "id": "1", "title": "Chief", "active": true, "managerId": "1" },
        { "id": "2", "title": "Sales", "active": true, "managerId": "1" },
    ]);
    assert_eq!(data["users"]["nodes"], users);
    assert_eq!(data["syncStatus"]["refusedRecords"][0]["path"], "users[1].settings.emailsImported");
}

#[tokio::test]
async fn every_fault_of_a_record_is_told_with_its_place() {
    for (broken, user, path, cause) in [
        (json!({ "id": 5 }), json!("5"), "users[1].id", "found integer, expected a string"),
        (json!({ "id": "" }), json!(null), "users[1].id", "found string, expected an id"),
        (json!({ "firstName": "x" }), json!(null), "users[1]", "missing field `id`"),
        (json!(null), json!(null), "users[1]", "found null, expected struct User"),
        (json!([]), json!(null), "users[1]", "found something else, expected struct User with 16 elements"),
        (
            json!({ "id": "2", "spokenLanguages": [{ "primary": "yes" }] }),
            json!("2"),
            "users[1].spokenLanguages[0].primary",
            "found string, expected a boolean",
        ),
    ] {
        let (data, _) = served_after([page(&[person("1", "Chief"), broken.clone()])]).await;
        let refused = json!([{ "userId": user, "path": path, "cause": cause }]);
        assert_eq!(data["syncStatus"]["refusedRecords"], refused, "{broken}");
        let people = if user.is_null() { 1 } else { 2 };
        assert_eq!(data["users"]["nodes"].as_array().unwrap().len(), people, "{broken}");
    }
}

#[tokio::test]
async fn while_a_record_has_no_id_nobody_is_taken_for_gone() {
    let good = page(&[person("1", "Chief"), person("2", "Sales"), person("3", "Support")]);
    let nameless = page(&[person("1", "Boss"), json!({ "active": true })]);
    // Whom the listing doesn't hold is asked for, and that answer is no clearer.
    let unclear = page(&[json!({ "active": true })]);
    let (_, url) = Upstream::start([good, nameless, unclear]).await;
    let service = Service::start(&settings(url, UNHURRIED), "1d").await;
    service.ready().await;
    service.scan().await;
    let data = service
        .client
        .data("{ users { nodes { id title } } snapshot { checks { recordsRefused recordsKept } } }")
        .await;
    let ids: Vec<_> =
        data["users"]["nodes"].as_array().unwrap().iter().map(|user| user["id"].clone()).collect();
    assert_eq!(ids, ["1", "2", "3"]);
    assert_eq!(data["users"]["nodes"][0]["title"], "Boss");
    assert_eq!(data["snapshot"]["checks"], json!({ "recordsRefused": 2, "recordsKept": 2 }));
    // What is kept is as old as it is: it is no answer to somebody who wants it fresh.
    let age = service.client.ask(r#"{ user(id: "3", maxAge: 0) { id } }"#).await;
    assert_eq!(age["data"]["user"], Value::Null);
}

#[tokio::test]
async fn too_many_records_that_cannot_be_read_are_no_scan() {
    let people = |broken: usize| {
        let people = (0..100).map(|at| {
            let mut user = person(&at.to_string(), "Sales");
            if at < broken {
                user["active"] = "yes".into();
            }
            user
        });
        page(&people.collect::<Vec<_>>())
    };
    let (data, _) = served_after([people(0), people(5)]).await;
    assert_eq!(data["syncStatus"]["state"], "IDLE");
    let (data, service) = served_after([people(0), people(6)]).await;
    assert_eq!(data["syncStatus"]["state"], "QUARANTINED");
    assert_eq!(data["users"]["nodes"].as_array().unwrap().len(), 50, "the first page of the last good one");
    let status = service.directory.status();
    assert_eq!(status.state, SyncState::Quarantined);
    let breaches = status.quarantine.unwrap().breaches;
    assert_eq!(breaches.len(), 1);
    assert_eq!(breaches[0].reason, QuarantineReason::TooManyUnreadable);
    assert_eq!(breaches[0].to_string(), "6 of 100 records can't be read; 5 at most are let through");
}

#[tokio::test]
async fn a_total_that_does_not_fit_what_came_is_no_whole_scan() {
    for (total, held) in [(95, false), (105, false), (94, true), (106, true), (200, true), (1_000_000, true)]
    {
        let people: Vec<_> = (0..100).map(|at| person(&at.to_string(), "Sales")).collect();
        let body = json!({ "records": { "totalRecords": total }, "users": people });
        let (_, url) = Upstream::start([Reply::new(200, body.to_string())]).await;
        let service = Service::start(&settings(url, UNHURRIED), "1d").await;
        let status = service.status(|status| status.scans > 0).await;
        assert_eq!(status.state == SyncState::Quarantined, held, "{total}");
        assert_eq!(service.directory.snapshot().is_none(), held, "{total}");
        if let Some(quarantine) = status.quarantine {
            let words = format!(
                "Gong announced {total} people and gave 100; they may differ by {}",
                (total / 100).clamp(5, 50)
            );
            assert_eq!(quarantine.breaches[0].to_string(), words);
        }
    }
}

#[tokio::test]
async fn a_look_up_of_a_record_that_cannot_be_read_says_so() {
    let good = page(&[person("1", "Chief")]);
    let broken = page(&[json!({ "id": "2", "active": "yes" })]);
    let (_, url) = Upstream::start([good, broken]).await;
    let service = Service::start(&settings(url, UNHURRIED), "1d").await;
    service.ready().await;
    let answer = service.client.ask(r#"{ user(id: "2") { id } }"#).await;
    assert_eq!(crate::support::code(&answer), "UPSTREAM_UNAVAILABLE");
    let words = "Gong's record of this user can't be understood at `users[0].active`: found string, expected a boolean";
    assert_eq!(answer["errors"][0]["message"], words);
}
