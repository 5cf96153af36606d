//! A service that asks Gong as an integration: tokens that rotate, and what is seen when they don't.

use std::{sync::Arc, time::Duration};

use orgraph::{
    directory::{FailureKind, SyncState},
    gong::{Credentials, MemoryTokenStore, OAuthClient, Settings, TokenStore},
};
use serde_json::json;

use crate::support::{Reply, Service, UNHURRIED, Upstream, code};

/// Settings of an integration whose consent gave `canary-first`, over a store.
fn integration(url: &str, store: Arc<dyn TokenStore>) -> Settings {
    let client = OAuthClient {
        client_id: "client".into(),
        client_secret: "canary-secret".into(),
        refresh_token: "canary-first".into(),
        token_url: format!("{url}/token"),
    };
    let mut settings = Settings::new(url, Credentials::OAuth(client));
    settings.tokens = store;
    settings.limits = UNHURRIED;
    settings.retry.first_wait = Duration::from_millis(1);
    settings
}

/// The answer to a token call: pair number `n`.
fn pair(n: u32, seconds: u32) -> Reply {
    let pair = json!({ "access_token": format!("canary-a{n}"), "refresh_token": format!("canary-r{n}"), "expires_in": seconds });
    Reply::new(200, pair.to_string())
}

fn everybody() -> Reply {
    Reply::page(json!([{ "id": "1", "active": true }]), None)
}

fn asked(upstream: &Upstream) -> Vec<String> {
    upstream.asked().into_iter().map(|(method, path, _)| format!("{method} {path}")).collect()
}

/// A store with a pair that Gong issued an hour ago, good for a day.
async fn an_hour_later() -> Arc<MemoryTokenStore> {
    let store = Arc::new(MemoryTokenStore::default());
    let (_, url) = Upstream::start([pair(1, 86_400), everybody()]).await;
    Service::start(&integration(&url, store.clone()), "1d").await.ready().await;
    let mut tokens = store.load().unwrap().unwrap();
    tokens.issued_at -= Duration::from_secs(3_600);
    store.save(&tokens).unwrap();
    store
}

const FIRST: &str = "POST /token?grant_type=refresh_token&refresh_token=canary-first";

#[tokio::test]
async fn a_restarted_service_goes_on_with_the_stored_token() {
    let store: Arc<dyn TokenStore> = Arc::new(MemoryTokenStore::default());
    let (upstream, url) = Upstream::start([pair(1, 86_400), everybody()]).await;
    Service::start(&integration(&url, store.clone()), "1d").await.ready().await;
    assert_eq!(asked(&upstream), [FIRST, "GET /v2/users"]);

    let service = Service::start(&integration(&url, store), "1d").await;
    service.ready().await;
    assert_eq!(asked(&upstream)[2..], ["GET /v2/users"]);
    assert_eq!(service.client.data("{ users { totalCount } }").await["users"]["totalCount"], 1);
}

#[tokio::test]
async fn a_revoked_token_is_not_seen_by_anybody() {
    let script = [Reply::error(401, "token canary-a1 was revoked"), pair(2, 86_400), everybody()];
    let (upstream, url) = Upstream::start(script).await;
    let service = Service::start(&integration(&url, an_hour_later().await), "1d").await;
    service.ready().await;
    let refresh = "POST /token?grant_type=refresh_token&refresh_token=canary-r1";
    assert_eq!(asked(&upstream), ["GET /v2/users", refresh, "GET /v2/users"]);
}

#[tokio::test]
async fn a_consent_that_is_gone_is_told_without_a_secret_and_asked_for_once() {
    let words = "refresh token canary-first of client:canary-secret is used up";
    let (upstream, url) = Upstream::start([Reply::error(400, words)]).await;
    let service = Service::start(&integration(&url, Arc::new(MemoryTokenStore::default())), "1d").await;
    let status = service.status(|status| status.last_failure.is_some()).await;
    assert_eq!(status.state, SyncState::Unauthorized);
    let failure = status.last_failure.unwrap();
    assert_eq!(failure.kind, FailureKind::Unauthorized);
    assert_eq!(failure.gong_request_id.as_deref(), Some("r-error"));
    assert_eq!(
        failure.message,
        "Gong refused the credentials (HTTP 400): refresh token [redacted] of client:[redacted] is used up; no new \
         access token. If client id and secret are right, an administrator of Gong has to authorise the \
         integration anew"
    );
    assert_eq!(asked(&upstream), [FIRST]);
}

#[tokio::test]
async fn without_a_token_the_last_snapshot_is_served_and_look_ups_are_told() {
    let (upstream, url) =
        Upstream::start([everybody(), Reply::error(401, "revoked"), Reply::new(503, "")]).await;
    let service = Service::start(&integration(&url, an_hour_later().await), "1d").await;
    service.ready().await;
    let answer = service.client.ask(r#"{ user(id: "2") { id } snapshot { userCount } }"#).await;
    assert_eq!(
        (code(&answer), &answer["errors"][0]["message"]),
        ("UPSTREAM_UNAVAILABLE", &json!("no access token: Gong has a fault (HTTP 503)"))
    );
    assert_eq!(answer["data"]["snapshot"]["userCount"], 1);
    assert_eq!(upstream.asked().len(), 2 + 5, "one scan, one look-up, five tries for a token");
}
