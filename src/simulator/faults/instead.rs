//! Answers that are given instead of an endpoint's.

use std::time::Duration;

use axum::{
    body::Body,
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION, RETRY_AFTER},
    },
    response::{Html, IntoResponse, Response},
};
use serde_json::json;

use super::{
    super::envelope::{self, JSON},
    board::Strikes,
    bomb,
    kind::FaultKind,
    script::Fault,
    target::Call,
    wire,
};

const TEN_YEARS: &str = "315360000";
const SCOPE: &str = "You don't have permission to use 'api:users:read' in your app.";

/// The answer of the first fault that gives one; those before it that only hold up the call do so.
pub(super) async fn answer(strikes: &Strikes, call: &Call) -> Option<Response> {
    for fault in strikes.faults() {
        match fault.kind {
            FaultKind::SlowAnswer if fault.strikes() => {
                let pause = tokio::time::sleep(Duration::from_millis(fault.amount()));
                tokio::select! { () = pause => {} () = strikes.lifted() => {} }
            }
            FaultKind::TimeOut if fault.strikes() => {
                strikes.lifted().await;
                return Some(wire::cut());
            }
            FaultKind::GzipBomb if fault.strikes() => return Some(gzip_bomb(fault.amount()).await),
            FaultKind::CursorExpired if call.cursor.is_none() => {}
            _ => {
                if let Some(response) = at_once(&fault, call)
                    && fault.strikes()
                {
                    return Some(response);
                }
            }
        }
    }
    None
}

fn at_once(fault: &Fault, call: &Call) -> Option<Response> {
    Some(match fault.kind {
        FaultKind::ThrottledWithRetryAfter => throttled(Some(&fault.amount().to_string())),
        FaultKind::ThrottledBare => throttled(None),
        FaultKind::ThrottledZero => throttled(Some("0")),
        FaultKind::ThrottledTenYears => throttled(Some(TEN_YEARS)),
        FaultKind::ThrottledHttpDate => throttled(Some("Wed, 21 Oct 2015 07:28:00 GMT")),
        FaultKind::ThrottledText => throttled(Some("soon")),
        FaultKind::ServerError500 => refused(StatusCode::INTERNAL_SERVER_ERROR, "an unexpected error"),
        FaultKind::BadGateway502Html => page(502, "Bad gateway"),
        FaultKind::Unavailable503Html => page(503, "Service unavailable"),
        FaultKind::GatewayTimeout504Html => page(504, "Gateway time-out"),
        FaultKind::Empty520 => code(520).into_response(),
        FaultKind::Unreachable522Html => page(522, "Connection timed out"),
        FaultKind::Unauthorized => envelope::Fault::Unauthorised.into_response(),
        FaultKind::MissingScope => refused(StatusCode::UNAUTHORIZED, SCOPE),
        FaultKind::Forbidden403 => refused(StatusCode::FORBIDDEN, "calls from this address are not allowed"),
        FaultKind::NotFound404 => page(404, "Not found"),
        FaultKind::ErrorsAsObjects => {
            let errors = json!({ "errors": [{ "code": "INVALID", "message": "the filter is not valid" }] });
            envelope::enveloped(StatusCode::BAD_REQUEST, errors)
        }
        FaultKind::RedirectToAnotherHost => {
            let path = call.uri.path_and_query().map_or("/", |path| path.as_str());
            redirect(StatusCode::FOUND, &format!("http://{}{path}", fault.host()))
        }
        FaultKind::RedirectToItself => redirect(StatusCode::TEMPORARY_REDIRECT, &call.uri.to_string()),
        FaultKind::ResetAtOnce => wire::cut(),
        FaultKind::HtmlWith200 => page(200, "Log in"),
        FaultKind::Empty200 => ([(CONTENT_TYPE, JSON)], Body::empty()).into_response(),
        FaultKind::CursorExpired => envelope::Fault::CursorExpired.into_response(),
        _ => return None,
    })
}

fn throttled(retry_after: Option<&str>) -> Response {
    let mut response = refused(StatusCode::TOO_MANY_REQUESTS, "too many calls");
    if let Some(value) = retry_after.and_then(|text| HeaderValue::from_str(text).ok()) {
        response.headers_mut().insert(RETRY_AFTER, value);
    }
    response
}

fn refused(status: StatusCode, text: &str) -> Response {
    envelope::enveloped(status, json!({ "errors": [text] }))
}

fn page(status: u16, title: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    );
    (code(status), Html(html)).into_response()
}

fn redirect(status: StatusCode, to: &str) -> Response {
    (status, [(LOCATION, to)]).into_response()
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

async fn gzip_bomb(mebibytes: u64) -> Response {
    match tokio::task::spawn_blocking(move || bomb::gzip(mebibytes)).await {
        Ok(body) => ([(CONTENT_TYPE, JSON), (CONTENT_ENCODING, "gzip")], body).into_response(),
        Err(_) => wire::cut(),
    }
}
