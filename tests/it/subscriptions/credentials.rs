//! Who may open a connection that stays open, and for how long.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use jiff::Timestamp;
use orgraph::{
    auth::{ApiKey, KeyEntry, KeyFile, Role, Settings},
    clock::Clock,
};
use reqwest::Method;
use serde_json::json;

use super::{
    socket::Socket,
    world::{World, crowd},
};
use crate::support::Scratch;

const PUBLISHED: &str = "subscription { snapshotPublished { version userCount } }";
const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

struct Keys {
    _directory: Scratch,
    path: PathBuf,
}

impl Keys {
    fn new() -> Self {
        let directory = Scratch::new();
        Self { path: directory.path().join("keys.jsonl"), _directory: directory }
    }

    /// Adds a key, and tells what a client sends for it.
    fn add(&self, name: &str, expires: Option<Timestamp>) -> String {
        let key = ApiKey::generate().unwrap();
        let entry = KeyEntry::new(name.to_owned(), Role::Reader, &key, Clock::system().now(), expires);
        KeyFile::new(&self.path).add(&entry).unwrap();
        format!("Bearer {}", key.reveal())
    }

    async fn world(&self) -> World {
        let world =
            World::guarded(Settings { keys_file: Some(self.path.clone()), ..Settings::default() }).await;
        world.publish(crowd(1));
        world
    }
}

/// One that shows its credential as a page does, with its first message.
async fn shown(address: SocketAddr, credential: &str) -> Socket {
    let mut socket = Socket::silent(address).await;
    socket.say(json!({ "type": "connection_init", "payload": { "Authorization": credential } })).await;
    socket
}

#[tokio::test]
async fn a_credential_is_shown_with_the_handshake_or_with_the_first_message() {
    let keys = Keys::new();
    let key = keys.add("page", None);
    let world = keys.world().await;
    let mut by_message = shown(world.address, &key).await;
    let mut by_header = Socket::open(world.address, &[PROTOCOL, ("authorization", &key)]).await.ok().unwrap();
    by_header.say(json!({ "type": "connection_init" })).await;
    for socket in [&mut by_message, &mut by_header] {
        assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
        socket.subscribe("1", PUBLISHED).await;
        assert_eq!(socket.event("1").await["snapshotPublished"]["userCount"], 1);
    }
}

#[tokio::test]
async fn whoever_shows_none_or_a_wrong_one_is_let_go() {
    let keys = Keys::new();
    let key = keys.add("page", None);
    let world = keys.world().await;
    let wrong = "Bearer orgraph_wrong";
    assert_eq!(Socket::open(world.address, &[PROTOCOL, ("authorization", wrong)]).await.err(), Some(401));
    let mut nothing = Socket::silent(world.address).await;
    nothing.say(json!({ "type": "connection_init" })).await;
    assert_eq!(nothing.closed().await, (4403, "Forbidden".to_owned()));
    let mut empty = Socket::silent(world.address).await;
    empty.say(json!({ "type": "connection_init", "payload": { "Authorization": null } })).await;
    assert_eq!(empty.closed().await.0, 4403);
    assert_eq!(shown(world.address, wrong).await.closed().await.0, 4403);
    // Whoever was let in by a header is not when a wrong credential follows.
    let mut both = Socket::open(world.address, &[PROTOCOL, ("authorization", &key)]).await.ok().unwrap();
    both.say(json!({ "type": "connection_init", "payload": { "authorization": wrong } })).await;
    assert_eq!(both.closed().await.0, 4403);
    let events = world.client.request(Method::GET, "/graphql").query(&[("query", PUBLISHED)]);
    let answer = events.header("accept", "text/event-stream").send().await.unwrap();
    assert_eq!(answer.status(), 401);
    assert!(answer.headers().contains_key("www-authenticate"));
}

#[tokio::test]
async fn a_subscription_ends_with_its_credential() {
    let keys = Keys::new();
    let key = keys.add("short", Some(Clock::system().now() + Duration::from_secs(3)));
    let world = keys.world().await;
    let mut socket = shown(world.address, &key).await;
    assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
    socket.subscribe("1", PUBLISHED).await;
    assert_eq!(socket.closed().await, (4403, "Forbidden".to_owned()));
    // Whose credential is over when they come is told so at once.
    assert_eq!(shown(world.address, &key).await.closed().await.0, 4403);
}

#[tokio::test]
async fn a_subscription_ends_when_its_key_is_removed() {
    let keys = Keys::new();
    let (goes, stays) = (keys.add("goes", None), keys.add("stays", None));
    let world = keys.world().await;
    let mut going = shown(world.address, &goes).await;
    let mut staying = shown(world.address, &stays).await;
    for socket in [&mut going, &mut staying] {
        assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
    }
    let events = world.client.request(Method::GET, "/graphql").query(&[("query", PUBLISHED)]);
    let events = events.header("accept", "text/event-stream").header("authorization", &goes);
    let events = events.send().await.unwrap();
    assert_eq!(events.status(), 200);
    KeyFile::new(&keys.path).remove("goes").unwrap();
    assert_eq!(going.closed().await.0, 4403);
    let told = events.text().await.unwrap();
    assert!(
        told.contains("the credential holds no more") && told.ends_with("event: complete\ndata: \n\n"),
        "{told}"
    );
    staying.say(json!({ "type": "ping" })).await;
    assert_eq!(staying.hear().await["type"], "pong");
}
