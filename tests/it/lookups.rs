//! Single people, fresher than the snapshot.

use futures_util::future::join_all;
use orgraph::{
    directory::Freshness,
    org::{UserId, UserKind},
    simulator::{SimUser, Workspace},
};
use serde_json::{Value, json};

use crate::support::{Service, UNHURRIED, code, serve, settings, simulate};

fn person(id: &str, manager: Option<&str>) -> SimUser {
    SimUser { manager_id: manager.map(str::to_owned), ..SimUser::new(id) }
}

#[tokio::test]
async fn somebody_unknown_is_asked_for_once_however_many_ask() {
    let simulator = simulate(Workspace::new(vec![person("1", None)]));
    let service = Service::of(&simulator).await;
    let asks = (0..200).map(|_| service.client.ask(r#"{ user(id: "999") { id } node(id: "999") { id } }"#));
    for answer in join_all(asks).await {
        assert_eq!(answer["data"], json!({ "user": null, "node": null }));
        assert_eq!(answer.get("errors"), None);
    }
    assert_eq!(simulator.stats().ids_looked_up.get("999"), Some(&1));
}

#[tokio::test]
async fn what_is_no_id_is_not_asked_for() {
    let simulator = simulate(Workspace::new(vec![person("1", None)]));
    let service = Service::of(&simulator).await;
    for id in ["", " ", "1 OR 1=1", "../users", "ü", &"1".repeat(65)] {
        let answer =
            service.client.ask_with("query($id: ID!) { user(id: $id) { id } }", json!({ "id": id })).await;
        assert_eq!(answer["data"]["user"], Value::Null, "{id}");
        assert_eq!(answer.get("errors"), None, "{id}");
    }
    assert_eq!(simulator.stats().lookup_batches, [0; 0]);
}

#[tokio::test]
async fn ids_are_text() {
    let service = Service::over(Workspace::new(vec![person("00005654", None)])).await;
    let data = service.client.data(r#"{ a: user(id: "5654") { id } b: user(id: "00005654") { id } }"#).await;
    assert_eq!(data, json!({ "a": null, "b": { "id": "00005654" } }));
}

#[tokio::test]
async fn a_caller_who_goes_away_harms_nobody() {
    let simulator = simulate(Workspace::new(vec![person("1", None)]));
    let service = Service::of(&simulator).await;
    let (people, id) = (service.directory.people(), UserId::new("2"));
    simulator.edit(|users| users.push(person("2", Some("1"))));
    {
        let mut leaves = Box::pin(people.look_up(&id, Freshness::Usual));
        assert!(futures_util::poll!(&mut leaves).is_pending());
    }
    let answer = people.look_up(&id, Freshness::Usual).await.unwrap();
    assert_eq!(answer.user.unwrap().manager_id(), Some("1"));
    // Asked for with avatars, and once more without, which tells that it is a person.
    assert_eq!(simulator.stats().ids_looked_up["2"], 2);
}

#[tokio::test]
async fn max_age_is_a_promise() {
    let simulator =
        simulate(Workspace::new(vec![person("1", None), person("2", Some("1")), person("3", None)]));
    let service = Service::of(&simulator).await;
    simulator.edit(|users| users[1].manager_id = Some("3".to_owned()));

    let query = |age: &str| {
        format!(
            r#"{{ user(id: "2"{age}) {{ managerId manager {{ id }} managerChain {{ end nodes {{ id }} }} depth fetchedAt }} snapshot {{ takenAt }} }}"#
        )
    };
    let data = service.client.data(&query("")).await;
    assert_eq!(data["user"]["managerId"], "1");
    let data = service.client.data(&query(", maxAge: 3600")).await;
    assert_eq!(data["user"]["managerId"], "1", "the snapshot is fresh enough");
    assert_eq!(simulator.stats().ids_looked_up.get("2"), None);

    let data = service.client.data(&query(", maxAge: 0")).await;
    let user = &data["user"];
    assert_eq!(user["managerId"], "3");
    assert_eq!(user["manager"]["id"], "3");
    assert_eq!(user["managerChain"], json!({ "end": "ROOT", "nodes": [{ "id": "3" }] }));
    let moment = |value: &serde_json::Value| value.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert!(moment(&user["fetchedAt"]) > moment(&data["snapshot"]["takenAt"]));
    assert_eq!(simulator.stats().ids_looked_up["2"], 1);
}

#[tokio::test]
async fn a_promise_that_cannot_be_kept_is_an_error_on_its_own_field() {
    let simulator = simulate(Workspace::new(vec![person("1", None)]));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let gong = tokio::spawn(simulator.serve(listener, async { _ = stopped.await }));
    let mut gone = settings(url, UNHURRIED);
    gone.retry.max_tries = 1;
    let service = Service::start(&gone, "1d").await;
    service.ready().await;
    stop.send(()).unwrap();
    gong.await.unwrap().unwrap();

    let answer = service.client.ask(r#"{ fresh: user(id: "1", maxAge: 0) { id } user(id: "1") { id } usersByIds(ids: ["1", "2"]) { id } }"#).await;
    assert_eq!(
        answer["data"],
        json!({ "fresh": null, "user": { "id": "1" }, "usersByIds": [{ "id": "1" }, null] })
    );
    let errors = answer["errors"].as_array().unwrap();
    let mut paths: Vec<_> = errors.iter().map(|error| error["path"].to_string()).collect();
    paths.sort();
    assert_eq!(paths, [r#"["fresh"]"#, r#"["usersByIds",1]"#]);
    assert!(errors.iter().all(|error| error["extensions"]["code"] == "UPSTREAM_UNAVAILABLE"));
    assert!(errors.iter().all(|error| error["extensions"]["requestId"].is_string()));
}

#[tokio::test]
async fn addresses_are_found_without_case_and_an_ambiguous_one_says_so() {
    let with = |id: &str, primary: &str, alias: &str, trusted: &str| SimUser {
        email_address: Some(primary.to_owned()),
        email_aliases: vec![alias.to_owned()],
        trusted_email_address: Some(trusted.to_owned()),
        ..SimUser::new(id)
    };
    let users = vec![
        with("1", "Ann@Example.org", "a@example.org", "ann@trusted.example"),
        with("2", "bob@example.org", "A@EXAMPLE.org", "bob@trusted.example"),
    ];
    let service = Service::over(Workspace::new(users)).await;
    for (email, id) in [("ann@example.ORG", "1"), ("ANN@trusted.example", "1"), ("bob@example.org", "2")] {
        let data = service.client.data(&format!("{{ user(email: {email:?}) {{ id }} }}")).await;
        assert_eq!(data["user"]["id"], id, "{email}");
    }
    assert_eq!(service.client.data(r#"{ user(email: "no@body") { id } }"#).await["user"], Value::Null);
    let answer = service.client.ask(r#"{ user(email: "a@example.org") { id } }"#).await;
    assert_eq!((&answer["data"]["user"], code(&answer)), (&Value::Null, "AMBIGUOUS_EMAIL"));
    let checks = service.client.data("{ snapshot { checks { anomalies { kind count } } } }").await;
    assert_eq!(checks["snapshot"]["checks"]["anomalies"], json!([{ "kind": "DUPLICATE_EMAIL", "count": 1 }]));
}

#[tokio::test]
async fn managers_beyond_the_listing_are_asked_for_before_they_are_called_missing() {
    let avatar = SimUser { avatar: true, manager_id: Some("8".to_owned()), ..SimUser::new("9") };
    let above = SimUser { avatar: true, ..SimUser::new("8") };
    let users = vec![person("1", Some("9")), person("2", Some("1")), person("3", Some("777")), avatar, above];
    let simulator = simulate(Workspace::new(users));
    let service = Service::of(&simulator).await;
    let data = service
        .client
        .data(
            r#"{ users { totalCount nodes { id } } avatars: users(filter: { kind: AVATAR }) { nodes { id kind } }
                 managerChain(userId: "2") { end nodes { id kind } } orphans { edges { reason node { id } } }
                 roots { nodes { id } } nine: user(id: "9") { reportCount all: reportCount(transitive: true) }
                 eight: user(id: "8") { reportCount all: reportCount(transitive: true) }
                 snapshot { userCount checks { managersAskedFor managersFound } } }"#,
        )
        .await;
    insta::assert_json_snapshot!(data, @r#"
    {
      "avatars": {
        "nodes": [
          {
            "id": "8",
            "kind": "AVATAR"
          },
          {
            "id": "9",
            "kind": "AVATAR"
          }
        ]
      },
      "eight": {
        "all": 2,
        "reportCount": 0
      },
      "managerChain": {
        "end": "ROOT",
        "nodes": [
          {
            "id": "1",
            "kind": "PERSON"
          },
          {
            "id": "9",
            "kind": "AVATAR"
          },
          {
            "id": "8",
            "kind": "AVATAR"
          }
        ]
      },
      "nine": {
        "all": 2,
        "reportCount": 1
      },
      "orphans": {
        "edges": [
          {
            "node": {
              "id": "3"
            },
            "reason": "MANAGER_NOT_FOUND"
          }
        ]
      },
      "roots": {
        "nodes": [
          {
            "id": "8"
          }
        ]
      },
      "snapshot": {
        "checks": {
          "managersAskedFor": 3,
          "managersFound": 2
        },
        "userCount": 3
      },
      "users": {
        "nodes": [
          {
            "id": "1"
          },
          {
            "id": "2"
          },
          {
            "id": "3"
          }
        ],
        "totalCount": 3
      }
    }
    "#);
}

#[tokio::test]
async fn somebody_created_while_the_scan_ran_joins_as_a_person() {
    // The listing is one page; whoever comes after it is only named as a manager.
    let simulator = simulate(Workspace::new(vec![person("1", Some("2"))]));
    let url = serve(&simulator).await;
    let service = Service::start(&settings(url, UNHURRIED), "1s").await;
    service.ready().await;
    let before = service.client.data(r#"{ user(id: "1") { managerStatus } }"#).await;
    assert_eq!(before["user"]["managerStatus"], "NOT_FOUND");
    simulator.edit(|users| users.push(person("2", None)));
    let answer = service
        .directory
        .people()
        .look_up(&UserId::new("2"), Freshness::MaxAge(std::time::Duration::ZERO))
        .await;
    assert_eq!(answer.unwrap().user.unwrap().kind(), UserKind::Person);
    service.next_snapshot().await;
    let after = service.client.data(r#"{ user(id: "1") { managerStatus manager { id kind } } }"#).await;
    assert_eq!(
        after["user"],
        json!({ "managerStatus": "ACTIVE", "manager": { "id": "2", "kind": "PERSON" } })
    );
}
