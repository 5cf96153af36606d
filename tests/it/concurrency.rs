//! Requests that are worked on at once, and for how long.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    routing::{get, post},
};
use orgraph::{
    app,
    http::{ConcurrencyBounds, ServerSettings, Times},
};
use serde_json::json;
use tokio::{
    net::TcpListener,
    sync::{Notify, Semaphore},
    time::timeout,
};

use crate::support::{FOREVER, Raw, Service, UNHURRIED, post as asking, post_with, settings};

/// Has to be asked of Gong.
pub const SLOW: &str = "{ user(id: \"2\") { id } }";
pub const QUICK: &str = "{ users { totalCount } }";

/// A Gong that answers no look-up until it is let.
pub struct Held {
    pub service: Service,
    asked: Arc<Notify>,
    let_go: Arc<Semaphore>,
}

impl Held {
    pub async fn new(server: ServerSettings) -> Self {
        let (asked, let_go) = (Arc::new(Notify::new()), Arc::new(Semaphore::new(0)));
        let page = |users: serde_json::Value| {
            let count = users.as_array().unwrap().len();
            let records = json!({ "totalRecords": count, "currentPageSize": count, "currentPageNumber": 0 });
            Json(json!({ "requestId": "r", "records": records, "users": users }))
        };
        let look_up = {
            let (asked, let_go) = (asked.clone(), let_go.clone());
            async move || {
                asked.notify_one();
                drop(let_go.acquire().await);
                page(json!([]))
            }
        };
        let router = Router::new()
            .route("/v2/users", get(async move || page(json!([{ "id": "1", "active": true }]))))
            .route("/v2/users/extensive", post(look_up));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, router).await });
        let told = app::Settings { server, ..app::Settings::default() };
        let service = Service::with(&settings(url, UNHURRIED), told, None).await;
        service.ready().await;
        Self { service, asked, let_go }
    }

    /// A request that is worked on until Gong is let.
    pub async fn busy(&self) -> Raw {
        let mut connection = Raw::connect(self.service.address).await;
        connection.send(asking(SLOW)).await;
        self.asked().await;
        connection
    }

    /// Waits until Gong is asked.
    pub async fn asked(&self) {
        timeout(FOREVER, self.asked.notified()).await.expect("Gong isn't asked");
    }

    pub async fn finish(&self, mut busy: Raw) {
        self.let_go.add_permits(1_000);
        let answer = busy.answer().await.unwrap();
        assert_eq!(answer.json()["data"], json!({ "user": null }), "{answer:?}");
    }
}

pub fn bounded(in_all: usize, per_client: usize) -> ServerSettings {
    let concurrency = ConcurrencyBounds { in_all, per_client, wait: Duration::from_millis(20) };
    ServerSettings { concurrency, ..ServerSettings::default() }
}

#[tokio::test]
async fn a_client_has_so_many_requests_at_once() {
    let proxied = "127.0.0.1".parse().unwrap();
    let held = Held::new(ServerSettings { trusted_proxies: proxied, ..bounded(9, 1) }).await;
    let busy = held.busy().await;
    let mut connection = Raw::connect(held.service.address).await;
    let refused = connection.ask(asking(QUICK)).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("1")));
    assert_eq!(refused.code(), "THROTTLED");
    // Another client is answered meanwhile, and so is whoever looks after the service.
    let other = connection.ask(post_with(QUICK, "forwarded: for=192.0.2.7\r\n")).await;
    assert_eq!(other.json()["data"]["users"]["totalCount"], 1);
    assert_eq!(held.service.client.status("/readyz").await, 200);
    held.finish(busy).await;
    assert_eq!(connection.ask(asking(QUICK)).await.status, 200);
}

#[tokio::test]
async fn all_together_have_so_many_requests_at_once() {
    let held = Held::new(bounded(1, 9)).await;
    let busy = held.busy().await;
    let mut connection = Raw::connect(held.service.address).await;
    let refused = connection.ask(asking(QUICK)).await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")));
    assert_eq!(refused.code(), "THROTTLED");
    held.finish(busy).await;
    assert_eq!(connection.ask(asking(QUICK)).await.status, 200);
}

#[tokio::test]
async fn who_waits_a_moment_is_answered() {
    let concurrency = ConcurrencyBounds { in_all: 9, per_client: 1, wait: FOREVER };
    let held = Held::new(ServerSettings { concurrency, ..ServerSettings::default() }).await;
    let busy = held.busy().await;
    let mut connection = Raw::connect(held.service.address).await;
    connection.send(asking(QUICK)).await;
    held.finish(busy).await;
    assert_eq!(connection.answer().await.unwrap().status, 200);
}

#[tokio::test]
async fn a_request_has_its_time() {
    let times = Times { request: Duration::from_millis(200), ..Times::default() };
    let held = Held::new(ServerSettings { times, ..ServerSettings::default() }).await;
    let mut busy = held.busy().await;
    let answer = busy.answer().await.unwrap();
    assert_eq!((answer.status, answer.code().as_str()), (503, "QUERY_TOO_COMPLEX"));
    assert_eq!(answer.json()["errors"][0]["extensions"]["requestId"], answer.header("x-request-id").unwrap());
    assert_eq!(busy.ask(asking(QUICK)).await.status, 200, "the connection is good for more");
}
