//! The same over streams of events, as graphql-sse has it.

use std::time::Duration;

use orgraph::http::SubscriptionSettings;
use reqwest::Method;
use serde_json::json;
use tokio::time::timeout;

use super::world::{World, crowd};
use crate::support::{Events, FOREVER};

const COMPLETE: Option<&str> = Some("event: complete\ndata: ");

#[tokio::test]
async fn a_subscription_is_a_stream_of_events() {
    let world = World::new().await;
    world.publish(crowd(1));
    let mut events = Events::post(&world.client, "subscription { snapshotPublished { userCount } }").await;
    assert_eq!(events.next().await["data"], json!({ "snapshotPublished": { "userCount": 1 } }));
    world.publish(crowd(2));
    assert_eq!(events.next().await["data"], json!({ "snapshotPublished": { "userCount": 2 } }));
    drop(events);
    // The client is gone, and with it all that was kept for it.
    timeout(FOREVER, world.connections.emptied()).await.unwrap();
}

#[tokio::test]
async fn queries_and_what_cannot_be_run_are_one_event() {
    let world = World::new().await;
    world.publish(crowd(1));
    let mut events = Events::post(&world.client, "{ snapshot { userCount } }").await;
    assert_eq!(events.next().await["data"], json!({ "snapshot": { "userCount": 1 } }));
    assert_eq!(events.block().await.as_deref(), COMPLETE);
    assert_eq!(events.block().await, None);
    for (query, code) in [
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { userChanged(since: \"x\") { kind } }", "BAD_USER_INPUT"),
    ] {
        let mut events = Events::post(&world.client, query).await;
        assert_eq!(events.next().await["errors"][0]["extensions"]["code"], code);
        assert_eq!(events.block().await.as_deref(), COMPLETE);
        assert_eq!(events.block().await, None);
    }
}

#[tokio::test]
async fn requests_that_are_none_are_refused_before_the_stream() {
    let world = World::new().await;
    let status = async |method: Method, path: &str, media_type: &str, body: &str| {
        let request = world.client.request(method, path).header("accept", "text/event-stream");
        let request = request.header("content-type", media_type).body(body.to_owned());
        request.send().await.unwrap().status().as_u16()
    };
    let json = "application/json";
    assert_eq!(status(Method::POST, "/graphql", "text/plain", r#"{"query":"{a}"}"#).await, 415);
    assert_eq!(status(Method::POST, "/graphql", json, "{").await, 400);
    assert_eq!(status(Method::POST, "/graphql", json, r#"{"query":""}"#).await, 400);
    assert_eq!(status(Method::POST, "/graphql", json, r#"[{"query":"{a}"}]"#).await, 400);
    assert_eq!(status(Method::POST, "/graphql", json, &" ".repeat((1 << 20) + 1)).await, 413);
    assert_eq!(status(Method::GET, "/graphql", json, "").await, 400);
    assert_eq!(status(Method::GET, "/graphql?query=%7Ba%7D&variables=1", json, "").await, 400);
    assert_eq!(status(Method::PUT, "/graphql", json, "").await, 405);
    assert_eq!(world.connections.open(), 0);
}

#[tokio::test]
async fn an_event_source_of_a_browser_gets_what_it_asks_for() {
    let world = World::new().await;
    world.publish(crowd(1));
    let query = "/graphql?query=subscription%20A(%24id%3AID)%7BuserChanged(under%3A%24id)%7Bkind%20userId%7D%7D\
                 &operationName=A&variables=%7B%22id%22%3A%220%22%7D";
    let request = world.client.request(Method::GET, query).header("accept", "text/event-stream");
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
    let mut events = Events::of(response);
    // The subscription has begun when its place is taken and its first run is over: until then a new snapshot
    // would be the one that it begins with.
    let told = async {
        for people in 2.. {
            world.publish(crowd(people));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let event = tokio::select! { event = events.next() => event, () = told => unreachable!() };
    assert_eq!(event["data"]["userChanged"]["kind"], "ADDED");
}

#[tokio::test]
async fn a_silent_stream_gets_comments_and_ends_with_the_service() {
    let told = SubscriptionSettings { keep_alive: Duration::from_millis(30), ..Default::default() };
    let world = World::with(told).await;
    world.publish(crowd(1));
    let mut events = Events::post(&world.client, "subscription { userChanged { kind } }").await;
    assert_eq!(events.block().await.as_deref(), Some(":"));
    assert_eq!(events.block().await.as_deref(), Some(":"));
    world.connections.close();
    // Without `complete`: clients are to come again.
    while let Some(block) = events.block().await {
        assert_eq!(block, ":");
    }
    world.connections.emptied().await;
}
