//! The pages for people: the explorer, GraphiQL, and what they load, from this binary and from nowhere else. They hold
//! no data; they ask for it as any client does.

mod embedded;
mod encoding;

use axum::{
    extract::Request,
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG},
    },
    response::{IntoResponse, Response},
};

use self::embedded::Embedded;
use super::{answer, path, request_id::RequestId};
use crate::graphql::ErrorCode;

/// What a page may load, run and ask: files of this service, and the service.
macro_rules! policy {
    ($styles_and_pictures:literal) => {
        HeaderValue::from_static(concat!(
            "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; font-src 'self'; ",
            $styles_and_pictures,
            "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ))
    };
}

const STRICT: HeaderValue = policy!("style-src 'self'; img-src 'self'");

/// GraphiQL's editor measures and colours text by styles that it writes into the page, and brings small pictures along
/// in them. A style can load nothing and send nothing anywhere under this policy.
const OF_GRAPHIQL: HeaderValue = policy!("style-src 'self' 'unsafe-inline'; img-src 'self' data:");

const GZIP: HeaderValue = HeaderValue::from_static("gzip");

/// Answers with the file of a request's path, compressed for those who take it so. Costs nothing but the bytes that are
/// sent, except that the first to want a file as it was before has it unpacked.
pub(super) async fn get(id: RequestId, request: Request) -> Response {
    let asked = match path::of(&request) {
        path::ASSETS => request.uri().path(),
        page => page,
    };
    let Some(file) = embedded::find(asked) else {
        return answer::no_such_path(id, true);
    };
    let mut response = match file.tag().is_known(request.headers()) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => match contents(file, &request) {
            Ok(response) => response,
            Err(error) => {
                tracing::error!(path = file.path, %error, request_id = id.as_str(), "a page can't be unpacked");
                let message = "this page is broken; the log has it under this requestId";
                let code = ErrorCode::InternalServerError;
                return answer::refusal(StatusCode::INTERNAL_SERVER_ERROR, code, message, &id);
            }
        },
    };
    let headers = response.headers_mut();
    headers.insert(ETAG, file.tag().header());
    headers.insert(CACHE_CONTROL, keeping(file));
    if let Some(policy) = policy_of(file.path) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn contents(file: &'static Embedded, request: &Request) -> std::io::Result<Response> {
    let media: (HeaderName, HeaderValue) = (CONTENT_TYPE, file.media());
    Ok(match file.packed().filter(|_| encoding::takes_gzip(request.headers())) {
        Some(packed) => ([media, (CONTENT_ENCODING, GZIP)], packed).into_response(),
        None => ([media], file.plain()?).into_response(),
    })
}

/// For how long a browser may keep a file without asking.
fn keeping(file: &Embedded) -> HeaderValue {
    HeaderValue::from_static(match file.hashed {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    })
}

/// The policy of a page; what a page loads is no page.
fn policy_of(path: &str) -> Option<HeaderValue> {
    match path {
        path::ROOT => Some(STRICT),
        path::GRAPHIQL => Some(OF_GRAPHIQL),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
