//! `graphql-transport-ws` to the letter: each message, and each code that a socket is closed with.

use std::time::Duration;

use orgraph::http::SubscriptionSettings;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::{
    socket::Socket,
    world::{World, crowd},
};

const PUBLISHED: &str = "subscription { snapshotPublished { version userCount } }";

#[tokio::test]
async fn an_operation_is_told_until_one_of_the_two_ends_it() {
    let world = World::new().await;
    let first = world.publish(crowd(3)).to_string();
    let mut socket = Socket::ready(world.address).await;
    socket.subscribe("a", PUBLISHED).await;
    let event = socket.hear().await;
    assert_eq!(event["payload"]["data"]["snapshotPublished"], json!({ "version": first, "userCount": 3 }));
    assert_eq!(event["payload"]["extensions"]["snapshot"]["version"], first.as_str());
    let second = world.publish(crowd(4)).to_string();
    assert_eq!(socket.event("a").await["snapshotPublished"], json!({ "version": second, "userCount": 4 }));

    // Once it is complete, its id is free and nothing more is told of it.
    socket.say(json!({ "id": "a", "type": "complete" })).await;
    socket.say(json!({ "id": "never", "type": "complete" })).await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await["type"], "pong");
    world.publish(crowd(5));
    socket.subscribe("a", "{ snapshot { userCount } }").await;
    assert_eq!(socket.event("a").await, json!({ "snapshot": { "userCount": 5 } }));
    assert_eq!(socket.hear().await, json!({ "id": "a", "type": "complete" }));
}

#[tokio::test]
async fn queries_and_subscriptions_stand_side_by_side() {
    let world = World::new().await;
    world.publish(crowd(2));
    let mut socket = Socket::ready(world.address).await;
    for id in ["1", "2"] {
        socket.subscribe(id, PUBLISHED).await;
        socket.event(id).await;
    }
    socket
        .say(json!({ "id": "q", "type": "subscribe", "payload": {
            "query": "query A($id: ID!) { user(id: $id) { id } } query B { roots { totalCount } }",
            "operationName": "A", "variables": { "id": "1" }, "extensions": {} } }))
        .await;
    assert_eq!(socket.event("q").await, json!({ "user": { "id": "1" } }));
    assert_eq!(socket.hear().await, json!({ "id": "q", "type": "complete" }));
    world.publish(crowd(3));
    let (one, two) = (socket.hear().await, socket.hear().await);
    let mut ids = [one["id"].as_str().unwrap(), two["id"].as_str().unwrap()];
    ids.sort_unstable();
    assert_eq!(ids, ["1", "2"]);
}

#[tokio::test]
async fn pings_are_answered_at_any_time() {
    let world = World::new().await;
    let mut socket = Socket::silent(world.address).await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong" }));
    socket.say(json!({ "type": "ping", "payload": { "n": 1 } })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong", "payload": { "n": 1 } }));
    socket.say(json!({ "type": "pong" })).await;
    socket.say(json!({ "type": "connection_init", "payload": { "Authorization": "Bearer x" } })).await;
    assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
}

#[tokio::test]
async fn what_cannot_be_run_is_told_as_errors_and_leaves_the_socket_open() {
    let world = World::new().await;
    world.publish(crowd(1));
    let mut socket = Socket::ready(world.address).await;
    let many =
        format!("subscription($ids: [ID!]) {{ userChanged(ids: $ids, under: \"{}\") {{ kind }} }}", "0");
    for (query, code) in [
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        (
            "subscription { snapshotPublished { version } syncStatusChanged { state } }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("subscription { __typename }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { snapshotPublished @skip(if: false) { version } }", "GRAPHQL_VALIDATION_FAILED"),
        ("mutation { a }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { userChanged(since: \"yesterday\") { kind } }", "BAD_USER_INPUT"),
        (&many, "BAD_USER_INPUT"),
    ] {
        let ids: Vec<_> = (0..1_001).map(|id| id.to_string()).collect();
        socket
            .say(json!({ "id": "x", "type": "subscribe",
                "payload": { "query": query, "variables": { "ids": ids } } }))
            .await;
        let answer = socket.hear().await;
        assert_eq!((&answer["type"], &answer["id"]), (&json!("error"), &json!("x")), "{query}: {answer}");
        let error = &answer["payload"][0];
        assert_eq!(error["extensions"]["code"], code, "{query}: {answer}");
        assert!(error["extensions"]["requestId"].is_string(), "{answer}");
    }
    let fragments = "subscription { ...F } fragment F on Subscription { it: snapshotPublished { userCount @skip(if: true) v: version } }";
    socket.subscribe("f", fragments).await;
    assert!(socket.event("f").await["it"]["v"].is_string());
}

#[tokio::test]
async fn what_is_no_message_closes_with_4400() {
    let world = World::new().await;
    let close = async |message: Message| {
        let mut socket = Socket::ready(world.address).await;
        socket.send(message).await;
        socket.closed().await
    };
    for text in [
        "",
        "no json",
        "[]",
        "{}",
        r#"{"type":"start"}"#,
        r#"{"type":"connection_init","payload":1}"#,
        r#"{"id":"1","type":"subscribe"}"#,
        r#"{"id":"1","type":"subscribe","payload":{}}"#,
        r#"{"id":"1","type":"subscribe","payload":{"query":1}}"#,
        r#"{"id":"1","type":"subscribe","payload":{"query":"{a}","variables":[]}}"#,
        r#"{"id":"1","type":"subscribe","payload":{"query":"{a}","operationName":1}}"#,
        r#"{"id":1,"type":"subscribe","payload":{"query":"{a}"}}"#,
        r#"{"type":"complete"}"#,
    ] {
        let (code, reason) = close(Message::text(text)).await;
        assert_eq!(code, 4400, "{text}");
        assert!(reason.starts_with("Invalid message"), "{reason}");
    }
    let binary = Message::binary(r#"{"type":"ping"}"#.as_bytes().to_vec());
    assert_eq!(close(binary).await, (4400, "Invalid message: binary".to_owned()));
}

#[tokio::test]
async fn who_is_not_let_in_is_told_why() {
    let world = World::new().await;
    let mut early = Socket::silent(world.address).await;
    early.subscribe("1", PUBLISHED).await;
    assert_eq!(early.closed().await, (4401, "Unauthorized".to_owned()));

    let mut twice = Socket::ready(world.address).await;
    twice.say(json!({ "type": "connection_init" })).await;
    assert_eq!(twice.closed().await, (4429, "Too many initialisation requests".to_owned()));

    for protocol in [None, Some("graphql-ws"), Some("soap")] {
        let headers: Vec<_> = protocol.iter().map(|name| ("sec-websocket-protocol", *name)).collect();
        let mut other = Socket::open(world.address, &headers).await.unwrap();
        assert_eq!(other.closed().await, (4406, "Subprotocol not acceptable".to_owned()));
    }
    let headers = [("sec-websocket-protocol", "soap, graphql-transport-ws")];
    let mut several = Socket::open(world.address, &headers).await.unwrap();
    several.say(json!({ "type": "connection_init" })).await;
    assert_eq!(several.hear().await["type"], "connection_ack");
}

#[tokio::test]
async fn one_id_is_one_operation() {
    let world = World::new().await;
    world.publish(crowd(1));
    let mut socket = Socket::ready(world.address).await;
    socket.subscribe("same", PUBLISHED).await;
    socket.event("same").await;
    socket.subscribe("same", PUBLISHED).await;
    assert_eq!(socket.closed().await, (4409, "Subscriber for same already exists".to_owned()));
}

#[tokio::test]
async fn whoever_says_nothing_is_let_go() {
    let told = SubscriptionSettings { init_timeout: Duration::from_millis(50), ..Default::default() };
    let world = World::with(told).await;
    let mut socket = Socket::silent(world.address).await;
    assert_eq!(socket.closed().await, (4408, "Connection initialisation timeout".to_owned()));
    world.connections.emptied().await;
}

#[tokio::test]
async fn all_are_told_when_the_service_ends() {
    let world = World::new().await;
    world.publish(crowd(1));
    let mut one = Socket::ready(world.address).await;
    one.subscribe("1", PUBLISHED).await;
    one.event("1").await;
    let mut silent = Socket::silent(world.address).await;
    world.connections.close();
    assert_eq!(one.closed().await, (1001, "Going away".to_owned()));
    assert_eq!(silent.closed().await.0, 1001);
    world.connections.emptied().await;
}

#[tokio::test]
async fn over_plain_http_a_subscription_says_where_to_go() {
    let world = World::new().await;
    world.publish(crowd(1));
    let answer = world.client.ask(PUBLISHED).await;
    let message = answer["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("graphql-transport-ws") && message.contains("text/event-stream"), "{message}");
    assert_eq!(answer.get("data").unwrap_or(&Value::Null), &Value::Null);
}
