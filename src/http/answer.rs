//! Answers that no schema gives: faults of the request as such, in the shape of a GraphQL error.

use std::panic::{AssertUnwindSafe, catch_unwind};

use async_graphql::Response as GraphqlResponse;
use axum::{
    extract::Request,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;

use super::{
    graphql::MediaType,
    next::{Answer, Next},
    request_id::RequestId,
};
use crate::graphql::{ErrorCode, fault};

/// An answer that says what is wrong with a request.
pub(super) fn refusal(status: StatusCode, code: ErrorCode, message: &str, id: &RequestId) -> Response {
    refusal_with(status, code, message, id, &[])
}

/// The same, with more in the error's `extensions`.
pub(super) fn refusal_with(
    status: StatusCode,
    code: ErrorCode,
    message: &str,
    id: &RequestId,
    more: &[(&str, &str)],
) -> Response {
    let mut error = fault(code, message);
    let extensions = error.extensions.get_or_insert_default();
    for (name, value) in more {
        extensions.set(*name, *value);
    }
    extensions.set("requestId", id.as_str());
    let body = GraphqlResponse::from_errors(vec![error]);
    let body = serde_json::json!({ "errors": body.errors }).to_string();
    (status, [(CONTENT_TYPE, MediaType::Json.header())], body).into_response()
}

/// Tells where there is something: the service, and the page to try it if there is one.
pub(super) fn no_such_path(id: RequestId, has_page: bool) -> Response {
    let message = match has_page {
        true => {
            "there is nothing here; the service is at /graphql, tables are at /export/v1, and a page to try it is at \
             /graphiql"
        }
        false => "there is nothing here; the service is at /graphql, tables are at /export/v1",
    };
    refusal(StatusCode::NOT_FOUND, ErrorCode::BadUserInput, message, &id)
}

/// A panic is a fault of ours and must not take the connection with it. Its text is in the log, which a
/// panic hook writes; the caller gets no part of it.
pub(super) fn catch_panics<'a>(request: Box<Request>, next: impl Next<'a>) -> Answer<'a> {
    let id = RequestId::of(&request);
    match catch_unwind(AssertUnwindSafe(|| next.run(request))) {
        Ok(Answer::Now(response)) => Answer::Now(response),
        Ok(Answer::Later(work)) => {
            let caught = AssertUnwindSafe(work).catch_unwind();
            Answer::later(async move { caught.await.unwrap_or_else(|_| panicked(&id)) })
        }
        Err(_) => Answer::Now(panicked(&id)),
    }
}

fn panicked(id: &RequestId) -> Response {
    let message = "something went wrong in here; the log has it under this requestId";
    refusal(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::InternalServerError, message, id)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_answer_whenever_it_comes() {
        let request = || Box::new(Request::new(Body::empty()));
        let at_once = catch_panics(request(), |_| panic!("here"));
        let later = catch_panics(request(), |_| Answer::later(async { panic!("here") }));
        for answer in [at_once, later] {
            assert_eq!(answer.wait().await.status(), StatusCode::INTERNAL_SERVER_ERROR);
        }
    }
}
