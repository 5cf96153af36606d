//! Access to calls over the wire.

use orgraph::simulator::{SimUser, Workspace};
use serde_json::{Value, json};

use crate::support::{Service, refusal};

/// Ada leads Bo and Cy, Di is under Bo; Fay and Gus manage each other, Hal is under Gus; Jo's manager is
/// nobody.
async fn service() -> Service {
    let user = |id: &str, manager: Option<&str>| SimUser {
        first_name: Some(id.to_owned()),
        manager_id: manager.map(str::to_owned),
        ..SimUser::new(id)
    };
    let users = vec![
        user("ada", None),
        user("bo", Some("ada")),
        SimUser { active: false, ..user("cy", Some("ada")) },
        user("di", Some("bo")),
        user("fay", Some("gus")),
        user("gus", Some("fay")),
        user("hal", Some("gus")),
        user("jo", Some("404")),
    ];
    Service::over(Workspace::new(users)).await
}

/// The access that each person of the connection takes, by id.
fn told(connection: &Value) -> Value {
    let edge = |edge: &Value| (edge["node"]["id"].as_str().unwrap().to_owned(), edge["access"].clone());
    connection["edges"].as_array().unwrap().iter().map(edge).collect::<serde_json::Map<_, _>>().into()
}

#[tokio::test]
async fn whose_calls_somebody_hears_and_who_hears_them() {
    let data = service()
        .await
        .client
        .data(
            r#"fragment all on CallAccessConnection { estimate note access findings totalCount edges { access node { id } } }
            { own: callVisibility(userId: "bo", access: OWN) { ...all }
              team: callVisibility(userId: "bo", access: TEAM) { ...all }
              teams: callVisibility(userId: "bo", access: MANAGERS_TEAMS) { ...all }
              root: callVisibility(userId: "ada", access: MANAGERS_TEAMS) { ...all }
              ring: callVisibility(userId: "fay", access: TEAM) { ...all }
              belowRing: callVisibility(userId: "hal", access: MANAGERS_TEAMS) { ...all }
              dangling: callVisibility(userId: "jo", access: MANAGERS_TEAMS) { ...all }
              heardAll: whoCanSee(userId: "di") { ...all }
              heardTeam: whoCanSee(userId: "di", access: TEAM) { ...all }
              heardOwn: whoCanSee(userId: "di", access: OWN) { ...all }
              heardBelowRing: whoCanSee(userId: "hal", access: TEAM) { ...all } }"#,
        )
        .await;
    let own = "OWN";
    for (field, findings, people) in [
        ("own", json!([]), json!({ "bo": own })),
        ("team", json!([]), json!({ "bo": own, "di": "TEAM" })),
        (
            "teams",
            json!([]),
            json!({ "ada": "MANAGERS_TEAMS", "bo": own, "cy": "MANAGERS_TEAMS", "di": "TEAM" }),
        ),
        ("root", json!(["NO_MANAGER"]), json!({ "ada": own, "bo": "TEAM", "cy": "TEAM", "di": "TEAM" })),
        ("ring", json!(["IN_RING"]), json!({ "fay": own, "gus": "TEAM", "hal": "TEAM" })),
        (
            "belowRing",
            json!(["BELOW_RING"]),
            json!({ "fay": "MANAGERS_TEAMS", "gus": "MANAGERS_TEAMS", "hal": own }),
        ),
        ("dangling", json!(["MANAGER_NOT_FOUND"]), json!({ "jo": own })),
        ("heardAll", json!([]), json!({ "ada": "TEAM", "bo": "TEAM", "cy": "MANAGERS_TEAMS", "di": own })),
        ("heardTeam", json!([]), json!({ "ada": "TEAM", "bo": "TEAM", "di": own })),
        ("heardOwn", json!([]), json!({ "di": own })),
        ("heardBelowRing", json!(["BELOW_RING"]), json!({ "fay": "TEAM", "gus": "TEAM", "hal": own })),
    ] {
        let connection = &data[field];
        assert_eq!(told(connection), people, "{field}");
        assert_eq!(connection["findings"], findings, "{field}");
        assert_eq!(connection["totalCount"], people.as_object().unwrap().len(), "{field}");
        assert_eq!(connection["estimate"], true);
        assert!(connection["note"].as_str().unwrap().contains("hierarchy"));
    }
}

#[tokio::test]
async fn access_is_filtered_ordered_and_paged() {
    let service = service().await;
    let all = service
        .client
        .all(
            "callVisibility",
            r#"userId: "ada", access: TEAM, orderBy: { field: NAME, direction: DESC }"#,
            "nodes",
            "{ id }",
            1,
        )
        .await;
    assert_eq!(
        all,
        [json!({ "id": "di" }), json!({ "id": "cy" }), json!({ "id": "bo" }), json!({ "id": "ada" })]
    );
    let active = r#"userId: "di", filter: { active: true }"#;
    let all = service.client.all("whoCanSee", active, "edges", "{ access node { id } }", 2).await;
    let edge = |access: &str, id: &str| json!({ "access": access, "node": { "id": id } });
    assert_eq!(all, [edge("TEAM", "ada"), edge("TEAM", "bo"), edge("OWN", "di")]);
}

#[tokio::test]
async fn nobody_hears_a_stranger() {
    let service = service().await;
    let data = service
        .client
        .data(r#"{ callVisibility(userId: "nobody", access: TEAM) { totalCount } whoCanSee(userId: "0bo") { totalCount } }"#)
        .await;
    assert_eq!(data, json!({ "callVisibility": null, "whoCanSee": null }));
    for query in [
        r#"{ callVisibility(userId: "bo", access: TEAM, first: 1001) { totalCount } }"#,
        r#"{ whoCanSee(userId: "bo", first: -1) { totalCount } }"#,
    ] {
        let answer = service.client.ask(query).await;
        assert_eq!(refusal(&answer), ("BAD_USER_INPUT", "first"));
    }
}
