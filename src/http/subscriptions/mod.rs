//! Connections that stay open: WebSockets and streams of events, both at the address of everything else.

mod settings;
mod connections;
mod credentials;
mod parameters;
mod message;
mod answering;
mod operations;
mod socket;
mod events;

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use axum::{
    extract::{
        FromRequestParts, Request,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::{
        HeaderValue, Method as HttpMethod, StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER, UPGRADE},
    },
    response::Response,
};

use self::{
    connections::{Full, Place},
    message::PROTOCOL,
    parameters::{Found, weight},
    socket::{Handshake, Session},
};
use super::{
    answer::refusal,
    asker::{Asker, CountedAs},
    documents::Documents,
    graphql::Misshapen,
    origins::{Origins, has_asked},
    peer::Client,
    request_id::RequestId,
    settings::Settings,
    whole_body,
};
use crate::{
    auth::{Authenticator, Viewer},
    clock::Clock,
    graphql::{Circumstances, ErrorCode, Executor, Method},
};

pub(super) use answering::Answering;
pub use connections::Connections;
pub use settings::SubscriptionSettings;

/// How connections that stay open are opened, counted and ended.
#[derive(Clone)]
pub struct Subscriptions {
    settings: SubscriptionSettings,
    connections: Connections,
    clock: Clock,
}

impl Subscriptions {
    /// By these settings, counted and ended by `connections`.
    pub fn new(settings: SubscriptionSettings, connections: Connections, clock: Clock) -> Self {
        Self { settings, connections, clock }
    }

    /// What opens connections to what `executor` tells, as the settings of all requests have it.
    pub(super) fn opener(
        self,
        executor: Executor,
        answering: Answering,
        authenticator: Authenticator,
        http: &Settings,
    ) -> Opener {
        let Self { settings, connections, clock } = self;
        let Settings { documents, origins, require_preflight, .. } = http.clone();
        let settings = Arc::new(settings);
        Opener {
            executor,
            answering,
            authenticator,
            documents,
            origins,
            require_preflight,
            settings,
            connections,
            clock,
        }
    }
}

/// Opens connections that stay open. Cheap to clone.
#[derive(Clone)]
pub(super) struct Opener {
    executor: Executor,
    answering: Answering,
    authenticator: Authenticator,
    documents: Documents,
    origins: Origins,
    /// A GET needs a header that a browser asks leave for.
    require_preflight: bool,
    settings: Arc<SubscriptionSettings>,
    connections: Connections,
    clock: Clock,
}

impl Opener {
    fn enter(&self, client: &Arc<str>, id: &RequestId) -> Result<Place, Box<Response>> {
        self.connections.enter(client, &self.settings).map_err(|full| full_up(full, id))
    }
}

/// There is no place for what a request opens.
fn full_up(full: Full, id: &RequestId) -> Box<Response> {
    let status = match full {
        Full::Everywhere => StatusCode::SERVICE_UNAVAILABLE,
        Full::Client | Full::Operations | Full::Bytes => StatusCode::TOO_MANY_REQUESTS,
    };
    let mut response = refusal(status, ErrorCode::Throttled, full.told(), id);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("10"));
    Box::new(response)
}

/// What is to stay open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Socket,
    Events,
}

/// What a request to `/graphql` would have stay open; none for most.
pub(super) fn kind(request: &Request) -> Option<Kind> {
    let (headers, by) = (request.headers(), request.method());
    let upgrade = headers.get(UPGRADE).map(HeaderValue::as_bytes);
    if upgrade.is_some_and(|upgrade| upgrade.eq_ignore_ascii_case(b"websocket")) {
        return Some(Kind::Socket);
    }
    let to_events = (by == HttpMethod::GET || by == HttpMethod::POST) && events::wanted(headers);
    to_events.then_some(Kind::Events)
}

/// Opens what is to stay open.
pub(super) async fn open(opener: &Opener, kind: Kind, request: Request) -> Response {
    let id = RequestId::of(&request);
    let (headers, by) = (request.headers(), request.method());
    let to_socket = kind == Kind::Socket;
    let unasked = opener.require_preflight && by == HttpMethod::GET && !to_socket && !has_asked(headers);
    if opener.origins.is_foreign(headers) || unasked {
        let message = "pages of other sites may not subscribe here";
        return refusal(StatusCode::FORBIDDEN, ErrorCode::Forbidden, message, &id);
    }
    let asker = Asker::of(request.extensions());
    let opened = match (kind, asker) {
        (Kind::Socket, asker) => {
            let address = request.extensions().get().map(|client: &Client| client.address);
            let address = address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
            let CountedAs(client) = CountedAs::of(request.extensions());
            // One that shows a credential with its first message has no viewer yet.
            let viewer = asker.ok().map(|Asker(viewer)| viewer);
            let upgrade = WebSocketUpgrade::from_request_parts(&mut request.into_parts().0, &()).await;
            open_socket(opener.clone(), Handshake { viewer, address, client }, &id, upgrade)
        }
        (Kind::Events, Ok(Asker(viewer))) => open_events(opener.clone(), viewer, &id, request).await,
        (Kind::Events, Err(refused)) => Err(refused),
    };
    opened.unwrap_or_else(|refused| *refused)
}

fn open_socket(
    opener: Opener,
    handshake: Handshake,
    id: &RequestId,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Box<Response>> {
    let mut upgrade = upgrade.map_err(|rejection| {
        let message = format!("no WebSocket can be opened: {}", rejection.body_text());
        Box::new(refusal(rejection.status(), ErrorCode::BadUserInput, &message, id))
    })?;
    let place = opener.enter(&handshake.client, id)?;
    // One that isn't ours is taken too, so that the client can be told by a code of the protocol.
    let ours = HeaderValue::from_static(PROTOCOL);
    let speaks_ours = upgrade.requested_protocols().any(|one| *one == ours);
    let other = upgrade.requested_protocols().next().cloned();
    if let Some(chosen) = if speaks_ours { Some(ours) } else { other } {
        upgrade.set_selected_protocol(chosen);
    }
    let most = opener.settings.max_message;
    let session = Session { opener, handshake, request_id: id.clone(), place };
    Ok(upgrade
        .max_message_size(most)
        .max_frame_size(most)
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .on_upgrade(|socket| session.run(socket)))
}

/// What is read at once, in bytes: most messages are shorter, and every socket has one.
const READ_BUFFER: usize = 2 * 1024;

async fn open_events(
    opener: Opener,
    viewer: Viewer,
    id: &RequestId,
    request: Request,
) -> Result<Response, Box<Response>> {
    let found = read(request, &opener.documents, opener.executor.settings().caps.body_bytes, id).await?;
    let place = opener.enter(&viewer.id, id)?;
    let underway = opener.connections.begin(&viewer.id, weight(&found), &opener.settings);
    let underway = underway.map_err(|full| full_up(full, id))?;
    let circumstances = Circumstances { method: Method::Stream, request_id: id.shared(), viewer };
    Ok(events::answer(opener, found, circumstances, (place, underway)))
}

/// What a request asks for.
async fn read(
    request: Request,
    documents: &Documents,
    most: usize,
    id: &RequestId,
) -> Result<Found, Box<Response>> {
    let bad = |status, message: &str| Box::new(refusal(status, ErrorCode::BadUserInput, message, id));
    let misshapen = |why: Misshapen| bad(StatusCode::BAD_REQUEST, &why.to_string());
    if request.method() == HttpMethod::GET {
        return parameters::of_query(request.uri().query().unwrap_or_default(), documents).map_err(misshapen);
    }
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = media_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(bad(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be application/json"));
    }
    let body =
        whole_body::bytes(request.into_body(), most).await.map_err(|(status, why)| bad(status, &why))?;
    let object = serde_json::from_slice(&body)
        .map_err(|_| bad(StatusCode::BAD_REQUEST, "the body must be one JSON object with `query`"))?;
    parameters::of_object(object, documents).map_err(misshapen)
}
