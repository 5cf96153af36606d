//! Answers and the snapshot that they are from: one, which is named; lists that are read across two.

use futures_util::future::join_all;
use orgraph::simulator::Workspace;
use serde_json::{Value, json};

use crate::support::{Service, UNHURRIED, example, serve, settings, simulate};

#[tokio::test]
async fn every_answer_says_which_snapshot_it_is_from() {
    let service = example::service().await;
    let body = json!({ "query": "{ snapshot { version takenAt userCount source } }" }).to_string();
    let request =
        service.client.request(reqwest::Method::POST, "/graphql").header("content-type", "application/json");
    let response = request.body(body).send().await.unwrap();
    assert!(response.headers()["age"].to_str().unwrap().parse::<u64>().is_ok());
    let answer: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    let (data, told) = (&answer["data"]["snapshot"], &answer["extensions"]["snapshot"]);
    assert_eq!((&data["version"], &data["takenAt"]), (&told["version"], &told["takenAt"]));
    assert_eq!((&data["userCount"], &data["source"]), (&json!(11), &json!("FULL_SCAN")));
    let refused = service.client.ask("{ nope }").await;
    assert_eq!(&refused["extensions"]["snapshot"], told);
}

#[tokio::test]
async fn all_of_an_answer_is_from_one_snapshot() {
    let simulator = simulate(Workspace::generate(500, 5));
    let url = serve(&simulator).await;
    let service = Service::start(&settings(url, UNHURRIED), "1s").await;
    service.ready().await;
    let before = service.client.ask("{ snapshot { version } }").await;
    simulator.edit(|users| users.truncate(450));
    let query = "{ a: snapshot { version userCount } users(first: 1) { totalCount } b: snapshot { version userCount } }";
    let asks = join_all((0..50).map(|_| service.client.ask(query)));
    let (answers, ()) = tokio::join!(asks, service.next_snapshot());
    for answer in answers.iter().chain([&service.client.ask(query).await]) {
        let data = &answer["data"];
        assert_eq!(data["a"], data["b"]);
        assert_eq!(data["users"]["totalCount"], data["a"]["userCount"]);
        assert_eq!(answer["extensions"]["snapshot"]["version"], data["a"]["version"]);
    }
    let after = service.client.ask("{ snapshot { version } }").await;
    let version =
        |answer: &Value| answer["data"]["snapshot"]["version"].as_str().unwrap().parse::<u64>().unwrap();
    assert!(version(&after) > version(&before));
}

#[tokio::test]
async fn a_cursor_survives_a_new_snapshot() {
    let simulator = simulate(Workspace::new(example::company()));
    let url = serve(&simulator).await;
    let service = Service::start(&settings(url, UNHURRIED), "1s").await;
    service.ready().await;
    let first = service.client.data("{ users(first: 4) { nodes { name } pageInfo { endCursor } } }").await;
    assert_eq!(first["users"]["nodes"][3]["name"], "Di Example");
    simulator.edit(|users| users.retain(|user| user.id != "13" && user.id != "10"));
    service.next_snapshot().await;
    let rest = service
        .client
        .ask_with(
            "query($after: String!) { users(after: $after) { totalCount nodes { name } } }",
            json!({ "after": first["users"]["pageInfo"]["endCursor"] }),
        )
        .await;
    let users = &rest["data"]["users"];
    assert_eq!((&users["totalCount"], &users["nodes"][0]["name"]), (&json!(9), &json!("Ed Example")));
    assert_eq!(users["nodes"].as_array().unwrap().len(), 7);
}
