//! Answers whose bytes are not as they should be.

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
    },
    response::Response,
};
use futures_util::stream;
use serde_json::{Value, json};

use super::{
    board::{Armed, Strikes},
    json,
    kind::FaultKind,
    script::Fault,
};

const LONGEST: usize = 256 * 1024 * 1024;
const MEBIBYTE: usize = 1024 * 1024;
const CHUNK: usize = 64 * 1024;
/// Stands where something is put that a JSON writer would not write.
const PLACE: &str = "the simulator puts something here";

/// Rewrites a good answer; others are left as they are.
pub(super) async fn rewrite(strikes: &Strikes, mut response: Response) -> Response {
    if response.status() != StatusCode::OK {
        return response;
    }
    for fault in strikes.faults() {
        match fault.kind {
            FaultKind::ConnectionClosed if fault.strikes() => {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            FaultKind::WrongContentType if fault.strikes() => {
                response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
            }
            FaultKind::GzipThatIsNone if fault.strikes() => {
                response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
            FaultKind::HugeHeaders if fault.strikes() => huge_headers(&mut response, &fault),
            FaultKind::TruncatedJson if fault.strikes() => {
                response = with_body(response, |body| Body::from(body.slice(..body.len() / 2))).await;
            }
            FaultKind::Bom if fault.strikes() => {
                let bom = |body: Bytes| Body::from([b"\xEF\xBB\xBF", body.as_ref()].concat());
                response = with_body(response, bom).await;
            }
            FaultKind::Latin1Bytes => response = spliced(fault, response, "firstName").await,
            FaultKind::LoneSurrogates => response = spliced(fault, response, "firstName").await,
            FaultKind::HugeField => response = spliced(fault, response, "title").await,
            FaultKind::DeepNesting => {
                response = spliced(fault, response, "conferencingProviders").await;
            }
            _ => {}
        }
    }
    response
}

fn huge_headers(response: &mut Response, fault: &Fault) {
    const KIBIBYTES_EACH: u64 = 16;
    let padding = HeaderValue::try_from("x".repeat(KIBIBYTES_EACH as usize * 1024));
    let Ok(padding) = padding else { return };
    for _ in 0..fault.amount().div_ceil(KIBIBYTES_EACH) {
        response.headers_mut().append(HeaderName::from_static("x-padding"), padding.clone());
    }
}

async fn with_body(response: Response, change: impl FnOnce(Bytes) -> Body) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = change(to_bytes(body, LONGEST).await.unwrap_or_default());
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, body)
}

/// Puts what the fault is about into a field of the first record, if there is one.
async fn spliced(fault: Armed<'_>, response: Response, field: &str) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, LONGEST).await.unwrap_or_default();
    let Some((before, after)) = around(&body, field).filter(|_| fault.strikes()) else {
        return Response::from_parts(parts, Body::from(body));
    };
    let middle = |bytes: Vec<u8>| Body::from([before.as_bytes(), &bytes, after.as_bytes()].concat());
    parts.headers.remove(CONTENT_LENGTH);
    let body = match fault.kind {
        FaultKind::Latin1Bytes => middle(b"\"Andr\xE9\"".to_vec()),
        FaultKind::LoneSurrogates => middle(br#""half a smile \ud83d""#.to_vec()),
        FaultKind::DeepNesting => {
            let levels = fault.amount() as usize;
            middle(["[".repeat(levels), "]".repeat(levels)].concat().into_bytes())
        }
        _ => {
            let length = fault.amount() as usize * MEBIBYTE;
            let whole = before.len() + 1 + length + 1 + after.len();
            parts.headers.insert(CONTENT_LENGTH, whole.into());
            huge(before, length, after)
        }
    };
    Response::from_parts(parts, body)
}

/// The JSON before and after the value of a field of the first record.
fn around(body: &[u8], field: &str) -> Option<(String, String)> {
    let mut answer: Value = serde_json::from_slice(body).ok()?;
    let object = answer.as_object_mut()?;
    json::records(object).into_iter().next()?.insert(field.to_owned(), json!(PLACE));
    let text = answer.to_string();
    let (before, after) = text.split_once(&format!("\"{PLACE}\""))?;
    Some((before.to_owned(), after.to_owned()))
}

/// A long text between two parts, written as it is sent.
fn huge(before: String, length: usize, after: String) -> Body {
    let chunk = Bytes::from(vec![b'x'; CHUNK]);
    let filling = (0..length.div_ceil(CHUNK)).map(move |n| chunk.slice(..CHUNK.min(length - n * CHUNK)));
    let parts = [Bytes::from(before), Bytes::from_static(b"\"")].into_iter();
    let parts = parts.chain(filling).chain([Bytes::from_static(b"\""), Bytes::from(after)]);
    Body::from_stream(stream::iter(parts.map(Ok::<_, std::convert::Infallible>)))
}
