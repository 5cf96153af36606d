//! A client that speaks `graphql-transport-ws` word by word.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    net::{TcpSocket, TcpStream},
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest,
        http::{HeaderName, HeaderValue},
        protocol::frame::coding::CloseCode,
    },
};

use crate::support::FOREVER;

pub(super) struct Socket {
    pub(super) stream: WebSocketStream<TcpStream>,
    /// Pings of the other end that were seen while waiting for something else.
    pub(super) pings: usize,
}

impl Socket {
    /// Opens one with these headers, or tells the status that it was refused with.
    pub(super) async fn open(address: SocketAddr, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let socket = TcpSocket::new_v4().unwrap();
        // Little is on its way unread.
        socket.set_recv_buffer_size(16 * 1024).unwrap();
        let stream = socket.connect(address).await.unwrap();
        let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            request.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
        }
        match client_async(request, stream).await {
            Ok((stream, _)) => Ok(Self { stream, pings: 0 }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Opens one that speaks the subprotocol, and says nothing yet.
    pub(super) async fn silent(address: SocketAddr) -> Self {
        Self::open(address, &[("sec-websocket-protocol", "graphql-transport-ws")]).await.unwrap()
    }

    /// Opens one and is let in.
    pub(super) async fn ready(address: SocketAddr) -> Self {
        let mut socket = Self::silent(address).await;
        socket.say(json!({ "type": "connection_init" })).await;
        assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
        socket
    }

    pub(super) async fn say(&mut self, message: Value) {
        self.send(Message::text(message.to_string())).await;
    }

    pub(super) async fn send(&mut self, message: Message) {
        self.stream.send(message).await.unwrap();
    }

    pub(super) async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
    }

    /// The next message.
    pub(super) async fn hear(&mut self) -> Value {
        match self.next().await {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    /// The data of the next event of this operation.
    pub(super) async fn event(&mut self, id: &str) -> Value {
        let mut message = self.hear().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!(id)), "{message}");
        assert_eq!(message["payload"].get("errors"), None, "{message}");
        message["payload"]["data"].take()
    }

    /// The code and the reason that the socket is closed with, whatever is said before.
    pub(super) async fn closed(&mut self) -> (u16, String) {
        loop {
            if let Message::Close(frame) = self.next().await {
                let frame = frame.expect("a code");
                return (CloseCode::into(frame.code), frame.reason.to_string());
            }
        }
    }

    async fn next(&mut self) -> Message {
        loop {
            let next = timeout(FOREVER, self.stream.next()).await.expect("nothing comes");
            match next.expect("the connection has ended").unwrap() {
                Message::Ping(_) => self.pings += 1,
                Message::Pong(_) => {}
                message => return message,
            }
        }
    }
}
