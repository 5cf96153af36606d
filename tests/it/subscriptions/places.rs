//! What is answered over a connection that stays open takes places and has its time, as a request.

use std::time::Duration;

use orgraph::http::{ServerSettings, Times};
use serde_json::json;

use super::socket::Socket;
use crate::{
    concurrency::{Held, QUICK, SLOW, bounded},
    support::{Events, Raw, post},
};

#[tokio::test]
async fn what_is_asked_over_a_socket_waits_for_a_place_as_a_request_does() {
    let held = Held::new(bounded(9, 1)).await;
    let mut socket = Socket::ready(held.service.address).await;
    let busy = held.busy().await;
    // To hear what is wanted is a run as well.
    for (id, query) in [("1", QUICK), ("2", "subscription { userChanged { kind } }")] {
        socket.subscribe(id, query).await;
        let refused = socket.hear().await;
        assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!(id)));
        assert_eq!(refused["payload"][0]["extensions"]["code"], "THROTTLED");
    }
    held.finish(busy).await;
    socket.subscribe("1", QUICK).await;
    assert_eq!(socket.event("1").await["users"]["totalCount"], 1);
}

#[tokio::test]
async fn what_is_asked_takes_a_place_whichever_way_it_comes() {
    for as_events in [true, false] {
        let held = Held::new(bounded(9, 1)).await;
        let mut socket = Socket::ready(held.service.address).await;
        let mut events = None;
        match as_events {
            true => events = Some(Events::post(&held.service.client, SLOW).await),
            false => socket.subscribe("1", SLOW).await,
        }
        held.asked().await;
        let mut connection = Raw::connect(held.service.address).await;
        assert_eq!(connection.ask(post(QUICK)).await.status, 429);
        // Whoever goes away leaves it at once.
        drop((events, socket));
        while connection.ask(post(QUICK)).await.status == 429 {}
    }
}

#[tokio::test]
async fn what_is_asked_has_its_time_whichever_way_it_comes() {
    let times = Times { request: Duration::from_millis(200), ..Times::default() };
    let held = Held::new(ServerSettings { times, ..bounded(9, 1) }).await;
    let mut socket = Socket::ready(held.service.address).await;
    socket.subscribe("1", SLOW).await;
    let late = socket.hear().await;
    assert_eq!((&late["type"], &late["id"]), (&json!("error"), &json!("1")));
    assert_eq!(late["payload"][0]["extensions"]["code"], "QUERY_TOO_COMPLEX");
    let mut events = Events::post(&held.service.client, SLOW).await;
    assert_eq!(events.next().await["errors"][0]["extensions"]["code"], "QUERY_TOO_COMPLEX");
    assert_eq!(events.block().await.as_deref(), Some("event: complete\ndata: "));
    socket.subscribe("1", QUICK).await;
    assert_eq!(socket.event("1").await["users"]["totalCount"], 1, "the place is free");
}

/// It would be lost otherwise.
#[tokio::test]
async fn an_event_waits_for_its_place() {
    let held = Held::new(bounded(9, 1)).await;
    let mut socket = Socket::ready(held.service.address).await;
    socket.subscribe("1", "subscription { snapshotPublished { userCount version } }").await;
    let first = socket.event("1").await;
    let busy = held.busy().await;
    held.service.scan().await;
    // As long as a request waits, which is refused then.
    let mut connection = Raw::connect(held.service.address).await;
    assert_eq!(connection.ask(post(QUICK)).await.status, 429);
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await["type"], "pong");
    held.finish(busy).await;
    let second = socket.event("1").await;
    assert_ne!(first["snapshotPublished"]["version"], second["snapshotPublished"]["version"]);
}
