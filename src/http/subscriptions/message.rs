//! The messages of `graphql-transport-ws`, and the codes that a socket is closed with.

use async_graphql::{Response, ServerError};
use axum::extract::ws::{CloseFrame, Message};
use serde_json::{Map, Value, json};

/// The subprotocol.
pub(super) const PROTOCOL: &str = "graphql-transport-ws";
/// The longest id of an operation, in bytes. Clients use a number or a UUID.
const LONGEST_ID: usize = 128;

/// What a client says.
#[derive(Debug, PartialEq)]
pub(super) enum Heard {
    Init(Option<Map<String, Value>>),
    Ping(Option<Map<String, Value>>),
    Pong,
    Subscribe { id: String, payload: Map<String, Value> },
    Complete { id: String },
}

/// Reads a message, or says what is wrong with it.
pub(super) fn read(text: &str) -> Result<Heard, &'static str> {
    let Ok(Value::Object(mut message)) = serde_json::from_str(text) else {
        return Err("Invalid message: not a JSON object");
    };
    let Some(Value::String(kind)) = message.remove("type") else {
        return Err("Invalid message: type must be a text");
    };
    let payload = message.remove("payload").filter(|payload| !payload.is_null());
    let optional = |payload: Option<Value>| match payload {
        None => Ok(None),
        Some(Value::Object(payload)) => Ok(Some(payload)),
        Some(_) => Err("Invalid message: payload must be an object"),
    };
    let mut id = || match message.remove("id") {
        Some(Value::String(id)) if !id.is_empty() && id.len() <= LONGEST_ID => Ok(id),
        Some(Value::String(_)) => Err("Invalid message: id must have 1 to 128 bytes"),
        _ => Err("Invalid message: id must be a text"),
    };
    match kind.as_str() {
        "connection_init" => Ok(Heard::Init(optional(payload)?)),
        "ping" => Ok(Heard::Ping(optional(payload)?)),
        "pong" => optional(payload).map(|_| Heard::Pong),
        "subscribe" => match payload {
            Some(Value::Object(payload)) => Ok(Heard::Subscribe { id: id()?, payload }),
            _ => Err("Invalid message: payload must be an object"),
        },
        "complete" => Ok(Heard::Complete { id: id()? }),
        _ => Err("Invalid message: unknown type"),
    }
}

/// What a client is told.
pub(super) enum Said<'a> {
    Ack,
    Pong(Option<Map<String, Value>>),
    Next(&'a str, Response),
    Error(&'a str, Vec<ServerError>),
    Complete(&'a str),
}

impl Said<'_> {
    pub(super) fn written(self) -> Message {
        let message = match self {
            Self::Ack => json!({ "type": "connection_ack" }),
            Self::Pong(None) => json!({ "type": "pong" }),
            Self::Pong(Some(payload)) => json!({ "type": "pong", "payload": payload }),
            Self::Next(id, response) => json!({ "id": id, "type": "next", "payload": response }),
            Self::Error(id, errors) => json!({ "id": id, "type": "error", "payload": errors }),
            Self::Complete(id) => json!({ "id": id, "type": "complete" }),
        };
        Message::text(message.to_string())
    }
}

/// Why a socket is closed from this end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Closing {
    /// The service ends.
    GoingAway,
    /// The client reads too slowly.
    TooSlow,
    /// The client sent a message that is too long.
    TooLong,
    /// The client sent what is no message.
    Invalid(&'static str),
    /// The client asked for something before it was let in.
    Unauthorized,
    /// The credentials aren't good, or not any more.
    Forbidden,
    /// The client doesn't speak the subprotocol.
    Subprotocol,
    /// The client didn't say `connection_init` in time.
    InitTimeout,
    /// The client has an operation of this id.
    SubscriberExists(String),
    /// The client said `connection_init` twice.
    TooManyInits,
    /// A fault of ours.
    Internal,
}

impl Closing {
    pub(super) fn code(&self) -> u16 {
        match self {
            Self::GoingAway => 1001,
            Self::TooLong => 1009,
            Self::TooSlow => 1013,
            Self::Invalid(_) => 4400,
            Self::Unauthorized => 4401,
            Self::Forbidden => 4403,
            Self::Subprotocol => 4406,
            Self::InitTimeout => 4408,
            Self::SubscriberExists(_) => 4409,
            Self::TooManyInits => 4429,
            Self::Internal => 4500,
        }
    }

    /// The close frame. A reason may have 123 bytes.
    pub(super) fn frame(&self) -> CloseFrame {
        let reason = match self {
            Self::GoingAway => "Going away",
            Self::TooLong => "The message is too long",
            Self::TooSlow => "Messages are read too slowly; open another socket and read anew",
            Self::Invalid(why) => why,
            Self::Unauthorized => "Unauthorized",
            Self::Forbidden => "Forbidden",
            Self::Subprotocol => "Subprotocol not acceptable",
            Self::InitTimeout => "Connection initialisation timeout",
            Self::SubscriberExists(id) => {
                let shown = &id[..id.floor_char_boundary(80)];
                let reason = format!("Subscriber for {shown} already exists");
                return CloseFrame { code: self.code(), reason: reason.into() };
            }
            Self::TooManyInits => "Too many initialisation requests",
            Self::Internal => "Internal server error",
        };
        CloseFrame { code: self.code(), reason: reason.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_to_the_letter() {
        assert_eq!(read(r#"{"type":"connection_init"}"#), Ok(Heard::Init(None)));
        assert_eq!(read(r#"{"type":"connection_init","payload":null}"#), Ok(Heard::Init(None)));
        assert_eq!(read(r#"{"type":"ping","payload":{}}"#), Ok(Heard::Ping(Some(Map::new()))));
        assert_eq!(read(r#"{"type":"pong"}"#), Ok(Heard::Pong));
        assert_eq!(read(r#"{"id":"1","type":"complete"}"#), Ok(Heard::Complete { id: "1".to_owned() }));
        let subscribe = read(r#"{"id":"1","type":"subscribe","payload":{"query":"{a}"}}"#);
        assert!(matches!(subscribe, Ok(Heard::Subscribe { .. })));
        for text in [
            "",
            "null",
            "[]",
            "1",
            "\"ping\"",
            "{",
            "{}",
            r#"{"type":1}"#,
            r#"{"type":"Ping"}"#,
            r#"{"type":"start"}"#,
            r#"{"type":"connection_init","payload":[]}"#,
            r#"{"type":"ping","payload":"x"}"#,
            r#"{"type":"pong","payload":1}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"complete","id":1}"#,
            r#"{"type":"complete","id":""}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1","payload":[]}"#,
            &format!(r#"{{"type":"complete","id":"{}"}}"#, "x".repeat(129)),
            &format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)),
        ] {
            assert!(read(text).is_err(), "{text:.80}");
        }
    }

    #[test]
    fn reasons_fit_into_a_frame() {
        let long = Closing::SubscriberExists("ü".repeat(64));
        for closing in [Closing::TooSlow, Closing::Invalid(read("").unwrap_err()), long] {
            assert!(closing.frame().reason.len() <= 123, "{closing:?}");
        }
    }
}
