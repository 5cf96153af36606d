//! `/graphql`: GraphQL over HTTP.

use async_graphql::{Request, Variables};
use async_graphql_axum::GraphQLResponse;
use axum::{
    Json,
    body::Bytes,
    extract::{
        Query, State,
        rejection::{BytesRejection, QueryRejection},
    },
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCEPT, AGE, ALLOW, CONTENT_TYPE, VARY},
    },
    response::{IntoResponse, Response},
};

use serde::Deserialize;
use serde_json::json;

use super::{answer::refusal, asker::Asker, request_id::RequestId};
use crate::{
    auth::Viewer,
    graphql::{Circumstances, ErrorCode, Executor, Method, Outcome},
};

/// The media type of GraphQL over HTTP, for clients that ask for it.
const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";
const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// What a query string may hold. (async-graphql's own reader knows `operationName` by another name.)
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Parameters {
    #[serde(default)]
    query: String,
    operation_name: Option<String>,
    /// A JSON object.
    variables: Option<String>,
}

/// An operation in the query string; queries only.
pub(super) async fn get(
    State(executor): State<Executor>,
    Asker(viewer): Asker,
    id: RequestId,
    headers: HeaderMap,
    parameters: Result<Query<Parameters>, QueryRejection>,
) -> Response {
    let bad = |message: &str| refusal(StatusCode::BAD_REQUEST, ErrorCode::BadUserInput, message, &id);
    let Ok(Query(Parameters { query, operation_name, variables })) = parameters else {
        return bad("the query string can't be read");
    };
    let variables = match variables.as_deref().filter(|text| !text.is_empty()).map(serde_json::from_str) {
        None => Variables::default(),
        Some(Ok(variables)) => variables,
        Some(Err(_)) => return bad("variables: must be a JSON object"),
    };
    if query.is_empty() {
        return no_query(&id);
    }
    let mut request = Request::new(query).variables(variables);
    request.operation_name = operation_name;
    answer(&executor, request, (Method::Get, viewer), &headers, &id).await
}

/// An operation in a JSON body.
pub(super) async fn post(
    State(executor): State<Executor>,
    Asker(viewer): Asker,
    id: RequestId,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let bad = |status, message: &str| refusal(status, ErrorCode::BadUserInput, message, &id);
    if !is_json(&headers) {
        return bad(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be application/json");
    }
    let body = match body {
        Ok(body) => body,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return bad(StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than 1 MiB");
        }
        Err(rejection) => return bad(rejection.status(), "the body can't be read"),
    };
    match serde_json::from_slice::<Request>(&body) {
        Ok(request) if request.query.is_empty() => no_query(&id),
        Ok(request) => answer(&executor, request, (Method::Post, viewer), &headers, &id).await,
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            let message = format!(
                "the body must be one JSON object with `query`, and perhaps `operationName` and `variables`; \
                 it can't be read at line {line} column {column}"
            );
            bad(StatusCode::BAD_REQUEST, &message)
        }
    }
}

pub(super) async fn wrong_method(id: RequestId) -> Response {
    let mut response =
        refusal(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::BadUserInput, "use POST, or GET for queries", &id);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, POST"));
    response
}

async fn answer(
    executor: &Executor,
    request: Request,
    (method, viewer): (Method, Viewer),
    headers: &HeaderMap,
    id: &RequestId,
) -> Response {
    let circumstances = Circumstances { method, request_id: id.as_str().into(), viewer };
    let Outcome { response, age, ran, wants_post } = executor.execute(request, &circumstances).await;
    // What was not run has no data, not even null.
    let mut response = if ran {
        GraphQLResponse::from(response).into_response()
    } else {
        Json(json!({ "errors": response.errors, "extensions": response.extensions })).into_response()
    };
    let asked_for = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    if asked_for.is_some_and(|accept| accept.contains(GRAPHQL_RESPONSE)) {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(GRAPHQL_RESPONSE));
        if !ran {
            *response.status_mut() = StatusCode::BAD_REQUEST;
        }
    } else {
        response.headers_mut().insert(CONTENT_TYPE, JSON);
    }
    if wants_post {
        *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    }
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
    if let Some(age) = age {
        response.headers_mut().insert(AGE, age.as_secs().into());
    }
    response
}

fn no_query(id: &RequestId) -> Response {
    refusal(StatusCode::BAD_REQUEST, ErrorCode::BadUserInput, "query: must be given", id)
}

/// Whether the body is said to be JSON. Other types are refused, so that no form on another site can post.
fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}
