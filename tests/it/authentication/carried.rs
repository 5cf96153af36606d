//! Credentials over HTTP: which paths need one, how it may be sent, and what an answer says to one that isn't good.

use base64::{Engine, prelude::BASE64_STANDARD};
use orgraph::{
    app,
    auth::{ApiKey, Role, Settings, TokenSettings},
    clock::Clock,
};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use super::{AUDIENCE, Keys};
use crate::support::{Issuer, Pair, Service, UNHURRIED, code, serve, settings, shipped_company, simulate};

/// A service that lets in as it is told.
async fn guarded(auth: Settings) -> Service {
    let gong = settings(serve(&simulate(shipped_company())).await, UNHURRIED);
    let told = app::Settings { auth, ..app::Settings::default() };
    let service = Service::at(Clock::system(), &gong, told, None).await;
    service.ready().await;
    service
}

fn query(service: &Service) -> RequestBuilder {
    let body = json!({ "query": "{ roots { totalCount } }" }).to_string();
    service.client.request(Method::POST, "/graphql").header("content-type", "application/json").body(body)
}

/// Status, code of the first error, and whether there is data.
async fn told(request: RequestBuilder) -> (u16, String) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let answer: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    assert_eq!(answer["data"]["roots"].is_object(), status == 200, "{answer}");
    (status, code(&answer).to_owned())
}

fn challenges(response: &Response) -> Vec<&str> {
    response.headers().get_all("www-authenticate").iter().map(|value| value.to_str().unwrap()).collect()
}

fn basic(password: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("anything:{password}")))
}

#[tokio::test]
async fn a_key_opens_by_bearer_and_by_basic() {
    let keys = Keys::new();
    let key = keys.add("bi", Role::Reader);
    let service = guarded(keys.settings()).await;
    for header in [format!("Bearer {key}"), format!("bearer {key}"), basic(&key)] {
        let request = query(&service).header("authorization", header);
        assert_eq!(told(request).await, (200, "no error".to_owned()));
    }
    let get = service.client.request(Method::GET, "/graphql?query=%7Broots%7BtotalCount%7D%7D");
    let response = get.bearer_auth(&key).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let vary: Vec<_> = response
        .headers()
        .get_all("vary")
        .iter()
        .map(|value| value.to_str().unwrap().to_lowercase())
        .collect();
    assert!(vary.iter().any(|value| value.contains("authorization")), "{vary:?}");
}

#[tokio::test]
async fn whoever_has_no_good_credential_is_told_how_to_show_one() {
    let keys = Keys::new();
    keys.add("bi", Role::Reader);
    let service = guarded(keys.settings()).await;
    let unknown = ApiKey::generate().unwrap();
    let unauthenticated = (401, "UNAUTHENTICATED".to_owned());
    assert_eq!(told(query(&service)).await, unauthenticated);
    for header in [
        format!("Bearer {}", unknown.reveal()),
        basic(unknown.reveal()),
        basic("päßwörd"),
        "Basic !".to_owned(),
        "Bearer".to_owned(),
        "Negotiate x".to_owned(),
        String::new(),
    ] {
        assert_eq!(told(query(&service).header("authorization", header)).await, unauthenticated);
    }
    let not_ascii = reqwest::header::HeaderValue::from_bytes("Bearer schlüssel".as_bytes()).unwrap();
    assert_eq!(told(query(&service).header("authorization", not_ascii)).await, unauthenticated);

    let basic = r#"Basic realm="orgraph", charset="UTF-8""#;
    let missing = query(&service).send().await.unwrap();
    assert_eq!(challenges(&missing), [r#"Bearer realm="orgraph""#, basic]);
    let wrong = query(&service).bearer_auth(unknown.reveal()).send().await.unwrap();
    assert_eq!(challenges(&wrong), [r#"Bearer realm="orgraph", error="invalid_token""#, basic]);
    let id = wrong.headers()["x-request-id"].to_str().unwrap().to_owned();
    let text = wrong.text().await.unwrap();
    assert!(text.contains(&id) && !text.contains(unknown.reveal()), "{text}");
}

#[tokio::test]
async fn a_credential_has_one_place() {
    let keys = Keys::new();
    let key = keys.add("bi", Role::Admin);
    let service = guarded(keys.settings()).await;
    let bad = (400, "BAD_USER_INPUT".to_owned());
    let twice = query(&service).bearer_auth(&key).header("authorization", basic(&key));
    assert_eq!(told(twice).await, bad);
    for path in [
        format!("/graphql?access_token={key}"),
        format!("/graphql?query=x&API_KEY={key}"),
        format!("/graphql?%61ccess_token={key}"),
    ] {
        let request = service.client.request(Method::GET, &path);
        assert_eq!(told(request).await, bad);
        let request = service.client.request(Method::GET, &path).bearer_auth(&key);
        assert_eq!(told(request).await, bad);
    }
}

#[tokio::test]
async fn what_holds_no_data_is_open_and_operations_are_for_admins() {
    let keys = Keys::new();
    let [reader, analyst, admin] = Role::ALL.map(|role| keys.add(role.as_str(), role));
    let service = guarded(keys.settings()).await;
    for path in ["/livez", "/readyz", "/", "/graphiql", "/graphiql/"] {
        assert_eq!(service.client.status(path).await, 200, "{path}");
        let request = service.client.request(Method::GET, path).bearer_auth("nonsense");
        assert_eq!(request.send().await.unwrap().status(), 200, "{path}");
    }
    for path in ["/nowhere", "/assets/nothing.js"] {
        assert_eq!(service.client.status(path).await, 404, "{path}");
    }
    let metrics = |key: &str| service.client.request(Method::GET, "/metrics").bearer_auth(key).send();
    assert_eq!(service.client.status("/metrics").await, 401);
    for key in [reader, analyst] {
        let response = metrics(&key).await.unwrap();
        assert_eq!(response.status(), 403);
        assert!(challenges(&response).is_empty(), "another credential of the same person is no help");
        assert_eq!(code(&serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()), "FORBIDDEN");
    }
    assert_eq!(metrics(&admin).await.unwrap().status(), 200);
    // A browser asks beforehand without a credential.
    for path in ["/graphql", "/metrics"] {
        let response = service.client.request(Method::OPTIONS, path).send().await.unwrap();
        assert_ne!(response.status(), 401, "{path}");
    }
    // Neither another method nor a WebSocket is a way around.
    for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
        let response = service.client.request(method.clone(), "/graphql").send().await.unwrap();
        assert_eq!(response.status(), 401, "{method}");
    }
    let asked = "/graphql?query=%7Broots%7BtotalCount%7D%7D";
    // A socket tells who it is with its first message; what is no handshake is none.
    for (path, refused) in [(asked, (400, "BAD_USER_INPUT")), ("/metrics", (401, "UNAUTHENTICATED"))] {
        let request = service.client.request(Method::GET, path);
        let socket = request.header("upgrade", "websocket").header("connection", "upgrade");
        assert_eq!(told(socket).await, (refused.0, refused.1.to_owned()), "{path}");
    }
}

#[tokio::test]
async fn guesses_are_slowed_and_the_good_key_beside_them_is_not() {
    let keys = Keys::new();
    let key = keys.add("bi", Role::Reader);
    let service = guarded(keys.settings()).await;
    let unknown = ApiKey::generate().unwrap();
    for _ in 0..30 {
        assert_eq!(told(query(&service).bearer_auth(unknown.reveal())).await.0, 401);
    }
    let response = query(&service).bearer_auth(unknown.reveal()).send().await.unwrap();
    assert_eq!(response.status(), 429);
    let wait: u32 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(code(&serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()), "THROTTLED");
    assert_eq!(told(query(&service).bearer_auth(&key)).await.0, 200);
}

#[tokio::test]
async fn tokens_open_and_an_issuer_that_is_away_is_told_apart() {
    let ec = Pair::ec("e");
    let issuer = Issuer::start(&[&ec]).await;
    issuer.answer(500, None);
    let mut tokens = TokenSettings::new(&issuer.url, AUDIENCE);
    // As soon as it answers again, it is asked again.
    tokens.cooldown = std::time::Duration::ZERO;
    let service = guarded(Settings { tokens: Some(tokens), ..Settings::default() }).await;
    let now = Clock::system().now().as_second();
    let token = |role: &str| {
        ec.sign(&json!({ "iss": issuer.url, "aud": AUDIENCE, "sub": "s", "exp": now + 600, "orgraph_role": role }))
    };
    let response = query(&service).bearer_auth(token("reader")).send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
    assert_eq!(
        code(&serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()),
        "UPSTREAM_UNAVAILABLE"
    );
    issuer.answer(200, None);
    assert_eq!(told(query(&service).bearer_auth(token("reader"))).await.0, 200);
    assert_eq!(told(query(&service).bearer_auth(token("owner"))).await, (403, "FORBIDDEN".to_owned()));
}
