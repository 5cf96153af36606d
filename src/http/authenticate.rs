//! Asks for a credential before anything is answered that is about the company or the service.

use std::net::{IpAddr, Ipv4Addr};

use axum::{
    extract::Request,
    http::{
        HeaderName, HeaderValue, Method, StatusCode,
        header::{AUTHORIZATION, RETRY_AFTER, UPGRADE, WWW_AUTHENTICATE},
    },
    response::Response,
};
use futures_util::FutureExt;

use super::{
    answer::refusal,
    next::{Answer, Next},
    path,
    peer::Client,
    request_id::RequestId,
    vary,
};
use crate::{
    auth::{AtOnce, Authenticator, Unauthenticated, Viewer},
    graphql::ErrorCode,
};

/// What anybody may have: health, for those who start and stop the process, and the pages with what they
/// load, which hold no data. Whatever isn't named here, and whatever comes to be served later, needs a credential.
/// What isn't served at all holds none either.
const OPEN: [&str; 6] = [path::ROOT, path::GRAPHIQL, path::ASSETS, path::LIVE, path::READY, path::NONE];

/// Parameters in which other services take credentials. An URL is logged by everybody on its way.
const CREDENTIAL_PARAMETERS: [&str; 7] =
    ["access_token", "api-key", "api_key", "apikey", "authorization", "id_token", "orgraph_key"];

const BASIC: HeaderValue = HeaderValue::from_static(r#"Basic realm="orgraph", charset="UTF-8""#);
const BEARER: HeaderValue = HeaderValue::from_static(r#"Bearer realm="orgraph""#);
const BEARER_REFUSED: HeaderValue =
    HeaderValue::from_static(r#"Bearer realm="orgraph", error="invalid_token""#);

/// Puts a [`Viewer`] into the request, or refuses it. The header goes no further.
///
/// A WebSocket that is opened without a credential goes on without a viewer: a page can't give it headers. Whoever reads
/// its first message asks for one.
pub(super) fn authenticate<'a>(
    authenticator: &'a Authenticator,
    mut request: Box<Request>,
    next: impl Next<'a>,
) -> Answer<'a> {
    let address = match request.extensions().get() {
        Some(Client { address, .. }) => *address,
        None => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    };
    if !authenticator.is_on() {
        request.headers_mut().remove(AUTHORIZATION);
        return let_in(Ok(Viewer::unauthenticated(address)), address, request, next);
    }
    if is_open(&request) {
        request.headers_mut().remove(AUTHORIZATION);
        return next.run(request);
    }
    if let Some(message) = misplaced(&request) {
        let id = RequestId::of(&request);
        return Answer::Now(refusal(StatusCode::BAD_REQUEST, ErrorCode::BadUserInput, message, &id));
    }
    let next = |request: Box<Request>| {
        next.run(request).then(|response| vary::depends_on(response.headers_mut(), "authorization"))
    };
    let given = request.headers_mut().remove(AUTHORIZATION);
    if given.is_none() && is_websocket(&request) {
        return next(request);
    }
    let told = match given.as_ref().map(HeaderValue::to_str).transpose() {
        Ok(given) => authenticator.viewer_at_once(given, address),
        Err(_) => AtOnce::Told(Err(Unauthenticated::Malformed("the header is not ASCII"))),
    };
    match told {
        AtOnce::Told(told) => let_in(told, address, request, next),
        AtOnce::Token(token) => {
            let mut told = Box::pin(authenticator.viewer_of(token, address));
            // Only one with a signing key that isn't known has to be waited for.
            match (&mut told).now_or_never() {
                Some(told) => let_in(told, address, request, next),
                None => Answer::later(async move { let_in(told.await, address, request, next).wait().await }),
            }
        }
    }
}

/// Passes on the request of somebody who may have what it is for.
fn let_in<'a>(
    told: Result<Viewer, Unauthenticated>,
    address: IpAddr,
    mut request: Box<Request>,
    next: impl Next<'a>,
) -> Answer<'a> {
    match admit(told, address, &mut request) {
        Ok(()) => next.run(request),
        Err(refused) => Answer::Now(*refused),
    }
}

/// Whether anybody may have what a request is for. What a browser asks before it asks can't have a credential with it.
fn is_open(request: &Request) -> bool {
    request.method() == Method::OPTIONS || OPEN.contains(&path::of(request))
}

/// Puts whoever asks into the request, if they may have what it is for.
fn admit(
    told: Result<Viewer, Unauthenticated>,
    address: IpAddr,
    request: &mut Request,
) -> Result<(), Box<Response>> {
    let viewer = told.map_err(|why| {
        let id = RequestId::of(request);
        tracing::info!(reason = why.reason(), %address, request_id = id.as_str(), "not let in");
        Box::new(refused(&why, &id))
    })?;
    if path::of(request) == path::METRICS && !viewer.role.sees_operations() {
        let message = "the operations of the service are for the role admin";
        let id = RequestId::of(request);
        return Err(Box::new(refusal(StatusCode::FORBIDDEN, ErrorCode::Forbidden, message, &id)));
    }
    request.extensions_mut().insert(viewer);
    Ok(())
}

/// The answer to somebody who isn't let in.
fn refused(why: &Unauthenticated, id: &RequestId) -> Response {
    let (status, code) = match why {
        Unauthenticated::NoRole => (StatusCode::FORBIDDEN, ErrorCode::Forbidden),
        Unauthenticated::KeysUnavailable { .. } => {
            (StatusCode::SERVICE_UNAVAILABLE, ErrorCode::UpstreamUnavailable)
        }
        Unauthenticated::TooManyAttempts { .. } => (StatusCode::TOO_MANY_REQUESTS, ErrorCode::Throttled),
        _ => (StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated),
    };
    let mut response = refusal(status, code, &why.to_string(), id);
    let headers = response.headers_mut();
    if status == StatusCode::UNAUTHORIZED {
        headers
            .append(WWW_AUTHENTICATE, if *why == Unauthenticated::Missing { BEARER } else { BEARER_REFUSED });
        headers.append(WWW_AUTHENTICATE, BASIC);
    }
    if let Unauthenticated::KeysUnavailable { retry_after }
    | Unauthenticated::TooManyAttempts { retry_after } = why
    {
        // Whole seconds, and not a moment too early.
        headers.insert(RETRY_AFTER, HeaderValue::from(retry_after.as_secs().saturating_add(1)));
    }
    vary::depends_on(headers, "authorization");
    response
}

/// What is wrong with where a credential is.
fn misplaced(request: &Request) -> Option<&'static str> {
    if request.headers().get_all(AUTHORIZATION).iter().nth(1).is_some() {
        return Some("there is more than one Authorization header");
    }
    let query = request.uri().query()?;
    let named = |name: &str| CREDENTIAL_PARAMETERS.iter().any(|known| name.eq_ignore_ascii_case(known));
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    let in_url = pairs.iter().any(|(name, _)| named(name));
    in_url.then_some("a credential goes into the Authorization header, never into an URL; consider it known to others and replace it")
}

fn is_websocket(request: &Request) -> bool {
    let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    path::of(request) == path::GRAPHQL
        && request.method() == Method::GET
        && header(UPGRADE).is_some_and(|protocol| protocol.trim().eq_ignore_ascii_case("websocket"))
}
