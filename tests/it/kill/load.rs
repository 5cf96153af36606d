//! Clients at work while the service is killed under them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use orgraph::simulator::Simulator;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{sync::watch, task::JoinSet, time::timeout};

use crate::support::{Client, FOREVER};

/// What clients do, and the newest snapshot that any of them has seen.
pub struct Load {
    tasks: JoinSet<()>,
    seen: watch::Receiver<u64>,
    answers: Arc<AtomicU64>,
}

const QUERY: &str = "{ snapshot { version } roots { totalCount }
    users(first: 50, filter: { active: true }) { totalCount nodes { name managerChain { end } reportCount } } }";

impl Load {
    /// Two clients that query, and one that looks people up: those whom nobody knows, and once `restored`
    /// is not the newest snapshot any more, everybody.
    pub fn on(client: &Client, simulator: &Simulator, restored: u64) -> Self {
        let (seen, answers) = (Arc::new(watch::Sender::new(restored)), Arc::new(AtomicU64::new(0)));
        let mut tasks = JoinSet::new();
        for _ in 0..2 {
            let (client, seen, answers) = (client.clone(), seen.clone(), answers.clone());
            tasks.spawn(async move {
                while let Some(answer) = ask(&client, QUERY).await {
                    assert_eq!(answer.get("errors"), None);
                    let version = version(&answer["data"]["snapshot"]);
                    seen.send_if_modified(|seen| version > std::mem::replace(seen, version.max(*seen)));
                    answers.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let everybody: Vec<String> =
            simulator.edit(|people| people.iter().map(|user| user.id.clone()).collect());
        let (client, newest) = (client.clone(), seen.subscribe());
        tasks.spawn(async move {
            for known in everybody.iter().cycle() {
                // Before that, a look-up would bring news and have the snapshot repaired: half old, half new.
                let id = if *newest.borrow() > restored { known } else { &format!("nobody-{known}") };
                if ask(&client, &format!("{{ user(id: \"{id}\", maxAge: 0) {{ id }} }}")).await.is_none() {
                    return;
                }
            }
        });
        Self { tasks, seen: seen.subscribe(), answers }
    }

    /// Waits until a client has seen a newer snapshot than `version`.
    pub async fn sees_newer_than(&self, version: u64) {
        let newer = async { self.seen.clone().wait_for(|seen| *seen > version).await.unwrap().to_owned() };
        timeout(FOREVER, newer).await.expect("no newer snapshot");
    }

    /// The newest snapshot that was seen, and how many queries were answered. To be called when the service
    /// is dead.
    pub async fn end(mut self) -> (u64, u64) {
        while let Some(ended) = timeout(FOREVER, self.tasks.join_next()).await.expect("a client goes on") {
            ended.unwrap();
        }
        (*self.seen.borrow(), self.answers.load(Ordering::Relaxed))
    }
}

/// The number of a snapshot.
pub fn version(snapshot: &Value) -> u64 {
    snapshot["version"].as_str().unwrap().parse().unwrap()
}

/// An answer; none from a service that is dead.
async fn ask(client: &Client, query: &str) -> Option<Value> {
    let request = client.request(Method::POST, "/graphql").header("content-type", "application/json");
    let body = json!({ "query": query }).to_string();
    let answer = request.body(body).timeout(FOREVER + Duration::from_secs(1)).send().await.ok()?;
    serde_json::from_slice(&answer.bytes().await.ok()?).ok()
}
