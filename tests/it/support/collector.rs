//! A collector of traces, as good or bad as a test wants it to be.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value},
    trace::v1::Span,
};
use prost::Message;
use tokio::{net::TcpListener, sync::watch, time::timeout};

use super::FOREVER;

/// What it does with what it gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Takes,
    Answers(u16),
    Hangs,
}

/// All that it has got.
#[derive(Clone, Default)]
pub struct Got {
    pub spans: Vec<Span>,
    /// What the spans are said to be of.
    pub resource: Vec<KeyValue>,
    /// The messages as they came.
    pub bytes: Vec<u8>,
    pub headers: Vec<HeaderMap>,
}

#[derive(Clone)]
pub struct Collector {
    pub address: SocketAddr,
    got: Arc<Mutex<Got>>,
    messages: watch::Sender<usize>,
    manner: Manner,
}

impl Collector {
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let collector = Self { address, got: Arc::default(), messages: watch::Sender::new(0), manner };
        let router = Router::new().route("/v1/traces", post(take)).with_state(collector.clone());
        tokio::spawn(async { axum::serve(listener, router).await });
        collector
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn got(&self) -> Got {
        self.got.lock().unwrap().clone()
    }

    /// Waits until what has come is as `wanted`.
    pub async fn wait_for(&self, wanted: impl Fn(&Got) -> bool) -> Got {
        let mut messages = self.messages.subscribe();
        timeout(FOREVER, messages.wait_for(|_| wanted(&self.got()))).await.expect("never came").unwrap();
        self.got()
    }
}

async fn take(State(collector): State<Collector>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let message = ExportTraceServiceRequest::decode(body.clone()).unwrap();
    {
        let mut got = collector.got.lock().unwrap();
        got.bytes.extend_from_slice(&body);
        got.headers.push(headers);
        for of_resource in message.resource_spans {
            got.resource = of_resource.resource.unwrap_or_default().attributes;
            got.spans.extend(of_resource.scope_spans.into_iter().flat_map(|of_scope| of_scope.spans));
        }
    }
    collector.messages.send_modify(|count| *count += 1);
    match collector.manner {
        Manner::Takes => StatusCode::OK,
        Manner::Answers(status) => StatusCode::from_u16(status).unwrap(),
        Manner::Hangs => std::future::pending().await,
    }
}

/// An attribute as text.
pub fn attribute(attributes: &[KeyValue], key: &str) -> Option<String> {
    let found = attributes.iter().find(|attribute| attribute.key == key)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        other => Some(format!("{other:?}")),
    }
}
