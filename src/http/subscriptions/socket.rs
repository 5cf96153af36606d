//! One socket: `graphql-transport-ws` from its opening to its end, in one task. Nothing is queued: while a message
//! waits to be read nothing further is worked out, and whoever doesn't read it in time is let go.

use std::{net::IpAddr, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    extract::ws::{Message, WebSocket},
};
use futures_util::FutureExt;
use jiff::Timestamp;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until, timeout},
};

use super::{
    Opener,
    connections::{Place, closed},
    credentials,
    message::{Closing, Heard, PROTOCOL, Said, read},
    operations::{Operations, Told, operation, refusal},
    parameters::{self, weight},
};
use crate::{
    auth::Viewer,
    graphql::{Circumstances, ErrorCode, Method},
    http::request_id::RequestId,
};

/// How long a client may take to read what was said last, and to answer a close.
const LINGER: Duration = Duration::from_secs(2);

/// One socket's end of the conversation.
pub(super) struct Session {
    pub(super) opener: Opener,
    pub(super) handshake: Handshake,
    pub(super) request_id: RequestId,
    pub(super) place: Place,
}

/// How a socket was opened.
pub(super) struct Handshake {
    /// By whom, if that was shown.
    pub(super) viewer: Option<Viewer>,
    /// From where.
    pub(super) address: IpAddr,
    /// Whom it counts for.
    pub(super) client: Arc<str>,
}

/// How a conversation ends.
enum End {
    /// The client has left, or can't be reached.
    Gone,
    /// It is closed from here.
    Close(Closing),
}

impl Session {
    /// Speaks with the client until one of the two ends it.
    pub(super) async fn run(self, mut socket: WebSocket) {
        let began = Instant::now();
        let caught = AssertUnwindSafe(self.converse(&mut socket)).catch_unwind().await;
        let code = match caught.unwrap_or(End::Close(Closing::Internal)) {
            End::Gone => None,
            End::Close(closing) => {
                let closed = async {
                    if socket.send(Message::Close(Some(closing.frame()))).await.is_ok() {
                        // Until the client has said the same.
                        while let Some(Ok(_)) = socket.recv().await {}
                    }
                };
                let _ = timeout(LINGER, closed).await;
                Some(closing.code())
            }
        };
        let Self { request_id, place, .. } = self;
        tracing::info!(
            code,
            lasted_s = began.elapsed().as_secs(),
            request_id = request_id.as_str(),
            "socket closed"
        );
        drop(place);
    }

    async fn converse(&self, socket: &mut WebSocket) -> End {
        if socket.protocol().is_none_or(|protocol| protocol != PROTOCOL) {
            return End::Close(Closing::Subprotocol);
        }
        let mut conversation = Conversation {
            session: self,
            socket,
            closing: self.opener.connections.closing(),
            changes: self.opener.authenticator.changes(),
            circumstances: None,
            operations: Operations::default(),
            must_end: (Instant::now() + self.opener.settings.init_timeout, Closing::InitTimeout),
            signs: (Instant::now() + self.opener.settings.keep_alive, false),
        };
        loop {
            if let Err(end) = conversation.step().await {
                return end;
            }
        }
    }
}

struct Conversation<'a> {
    session: &'a Session,
    socket: &'a mut WebSocket,
    closing: watch::Receiver<bool>,
    /// Of the keys.
    changes: watch::Receiver<u64>,
    /// Those of all operations, once the client was let in.
    circumstances: Option<Circumstances>,
    operations: Operations,
    /// When it ends whatever happens, and why.
    must_end: (Instant, Closing),
    /// When the client must have given a sign of life, and whether it has been asked for one.
    signs: (Instant, bool),
}

/// What a conversation waits for.
enum Happened {
    Closing,
    Withdrawn,
    Due,
    Heard(Option<Result<Message, axum::Error>>),
    Told(Arc<str>, Told),
}

impl Conversation<'_> {
    async fn step(&mut self) -> Result<(), End> {
        let (end, signs) = (self.must_end.0, self.signs.0);
        let Self { session, closing, changes, circumstances, socket, operations, .. } = self;
        let viewer = circumstances.as_ref().map(|circumstances| &circumstances.viewer);
        // Neither of the two keeps the other waiting.
        let conversation = async {
            tokio::select! {
                message = socket.recv() => Happened::Heard(message),
                (id, told) = operations.next() => Happened::Told(id, told),
            }
        };
        let happened = tokio::select! {
            // Nothing is told to whoever may not hear it any more, however much there is to tell.
            biased;
            () = credentials::withdrawn(&session.opener.authenticator, changes, viewer) => Happened::Withdrawn,
            () = sleep_until(end) => Happened::Due,
            () = closed(closing) => Happened::Closing,
            happened = conversation => happened,
            // Who has something to say gives a sign of life.
            () = sleep_until(signs) => Happened::Due,
        };
        match happened {
            Happened::Closing => Err(End::Close(Closing::GoingAway)),
            Happened::Withdrawn => Err(End::Close(Closing::Forbidden)),
            Happened::Due => self.due().await,
            Happened::Heard(Some(Ok(message))) => {
                self.signs = (Instant::now() + self.session.opener.settings.keep_alive, false);
                self.hear(message).await
            }
            Happened::Heard(Some(Err(error))) => Err(unreadable(&error)),
            Happened::Heard(None) => Err(End::Gone),
            Happened::Told(id, told) => {
                let said = match told {
                    Told::Next(response) => Said::Next(&id, response),
                    Told::Errors(response) => Said::Error(&id, response.errors),
                    Told::Complete => Said::Complete(&id),
                };
                self.say(said.written()).await
            }
        }
    }

    /// A moment has come that something was due at.
    async fn due(&mut self) -> Result<(), End> {
        let now = Instant::now();
        if now >= self.must_end.0 {
            return Err(End::Close(self.must_end.1.clone()));
        }
        match self.signs {
            (until, _) if now < until => Ok(()),
            (_, true) => Err(End::Gone),
            (_, false) => {
                self.signs = (now + self.session.opener.settings.keep_alive, true);
                self.say(Message::Ping(Bytes::new())).await
            }
        }
    }

    async fn hear(&mut self, message: Message) -> Result<(), End> {
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return Err(invalid("Invalid message: binary")),
            // Pings are answered below.
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Close(_) => return Err(End::Gone),
        };
        match read(&text).map_err(invalid)? {
            Heard::Init(payload) => {
                if self.circumstances.is_some() {
                    return Err(End::Close(Closing::TooManyInits));
                }
                let Session { opener, handshake, request_id, .. } = self.session;
                let said = payload.as_ref();
                let viewer = credentials::viewer(&opener.authenticator, handshake, said, request_id).await;
                let viewer = viewer.map_err(|credentials::Refused| End::Close(Closing::Forbidden))?;
                self.let_in(viewer);
                self.say(Said::Ack.written()).await
            }
            Heard::Ping(payload) => self.say(Said::Pong(payload).written()).await,
            Heard::Pong => Ok(()),
            Heard::Subscribe { id, payload } => {
                let Some(circumstances) = self.circumstances.clone() else {
                    return Err(End::Close(Closing::Unauthorized));
                };
                if self.operations.has(&id) {
                    return Err(End::Close(Closing::SubscriberExists(id)));
                }
                let Opener { settings, documents, connections, .. } = &self.session.opener;
                let found = parameters::of_message(payload, documents).map_err(invalid)?;
                let most = settings.max_operations;
                let underway = match self.operations.len() < most {
                    true => {
                        let begun = connections.begin(&circumstances.viewer.id, weight(&found), settings);
                        begun.map_err(|full| full.told().to_owned())
                    }
                    false => {
                        Err(format!("this socket has {most} operations under way; end one, or open another"))
                    }
                };
                let underway = match underway {
                    Ok(underway) => underway,
                    Err(message) => {
                        let refused = refusal(ErrorCode::Throttled, message, &circumstances);
                        return self.say(Said::Error(&id, refused.errors).written()).await;
                    }
                };
                let told = operation(&self.session.opener, found, circumstances);
                self.operations.begin(&id, underway, told);
                Ok(())
            }
            Heard::Complete { id } => {
                self.operations.end(&id);
                Ok(())
            }
        }
    }

    fn let_in(&mut self, viewer: Viewer) {
        let now = self.session.opener.clock.now();
        let end = viewer.expires_at.and_then(|at| Instant::now().checked_add(until(now, at)));
        self.must_end = (end.unwrap_or_else(far_away), Closing::Forbidden);
        let request_id = self.session.request_id.as_str().into();
        self.circumstances = Some(Circumstances { method: Method::Stream, request_id, viewer });
    }

    async fn say(&mut self, message: Message) -> Result<(), End> {
        match timeout(self.session.opener.settings.patience, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::Close(Closing::TooSlow)),
        }
    }
}

/// How long it is from one moment to the other; nothing if that is past.
pub(super) fn until(now: Timestamp, end: Timestamp) -> Duration {
    Duration::try_from(end.duration_since(now)).unwrap_or_default()
}

/// A moment that doesn't come.
pub(super) fn far_away() -> Instant {
    Instant::now() + Duration::from_secs(365 * 24 * 60 * 60)
}

fn invalid(why: &'static str) -> End {
    End::Close(Closing::Invalid(why))
}

/// What can't be read is too long, or no WebSocket any more. axum hands tungstenite's error on without its type, which
/// only a dependency on the same version of that could name; a test holds its text to this.
fn unreadable(error: &axum::Error) -> End {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.to_string().starts_with("Space limit exceeded") {
            return End::Close(Closing::TooLong);
        }
        cause = error.source();
    }
    End::Gone
}
