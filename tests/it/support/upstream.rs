//! A Gong that says exactly what a test wants it to.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{Response, StatusCode},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// One scripted answer.
#[derive(Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Reply {
    /// A status with this body.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }
    }

    /// A page of users.
    pub fn page(users: Value, cursor: Option<&str>) -> Self {
        let mut records = json!({ "totalRecords": 1, "currentPageSize": 1, "currentPageNumber": 0 });
        if let Some(cursor) = cursor {
            records["cursor"] = cursor.into();
        }
        Self::new(200, json!({ "requestId": "r-page", "records": records, "users": users }).to_string())
    }

    /// Gong's error envelope.
    pub fn error(status: u16, text: &str) -> Self {
        Self::new(status, json!({ "requestId": "r-error", "errors": [text] }).to_string())
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// What was asked of it: method, path with query, body.
pub type Asked = (String, String, String);

/// An upstream that answers by its script, one reply a call; the last one is repeated.
#[derive(Clone)]
pub struct Upstream(Arc<Mutex<(Vec<Reply>, Vec<Asked>)>>);

impl Upstream {
    /// Starts it and tells where it is.
    pub async fn start(script: impl IntoIterator<Item = Reply>) -> (Self, String) {
        let mut script: Vec<_> = script.into_iter().collect();
        script.reverse();
        let upstream = Self(Arc::new(Mutex::new((script, Vec::new()))));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(reply).with_state(upstream.clone());
        tokio::spawn(async { axum::serve(listener, router).await });
        (upstream, url)
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.0.lock().unwrap().1.clone()
    }
}

async fn reply(State(upstream): State<Upstream>, request: Request) -> Response<Body> {
    let (method, path) = (request.method().to_string(), request.uri().to_string());
    let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
    let mut state = upstream.0.lock().unwrap();
    state.1.push((method, path, String::from_utf8(body.to_vec()).unwrap()));
    let reply = if state.0.len() > 1 { state.0.pop().unwrap() } else { state.0[0].clone() };
    let mut response = Response::builder().status(StatusCode::from_u16(reply.status).unwrap());
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(reply.body)).unwrap()
}
