//! `/graphql`: GraphQL over HTTP, to the letter of its specification.
//!
//! A thin layer over the executor: which media type the answer has, what the parameters are, and what an HTTP
//! status says of what became of them.

#[doc(hidden)]
pub mod fuzzing;
mod media;
mod parameters;
mod reply;

use axum::{
    body::Bytes,
    extract::{RawQuery, State, rejection::BytesRejection},
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{ACCEPT, ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, CONTENT_TYPE, VARY},
    },
    response::{IntoResponse, Response},
};
use futures_util::future::join_all;

use self::{media::BODY, parameters::Asked};
use super::{answer::refusal, asker::Asker, request_id::RequestId, settings::Settings};
use crate::graphql::{Circumstances, ErrorCode, Executor, Method, Outcome};

pub(super) use media::MediaType;
pub use parameters::{Misshapen, Parameters};

const ACCEPT_POST: HeaderName = HeaderName::from_static("accept-post");
/// The methods of `/graphql`.
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, OPTIONS");

/// What answers requests: the executor, and what the layer around it is told.
#[derive(Clone)]
pub(super) struct Face {
    pub(super) executor: Executor,
    pub(super) settings: Settings,
}

/// An operation in the query string; queries only.
pub(super) async fn get(
    State(face): State<Face>,
    asker: Asker,
    id: RequestId,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let circumstances = circumstances(Method::Get, asker, &id);
    let answered = async |media| {
        let parameters = Parameters::from_query(query.as_deref().unwrap_or_default())?;
        Ok(reply::one(&face.run(parameters, &circumstances).await?, media))
    };
    negotiated(&headers, &id, answered).await
}

/// An operation, or a batch of them, in a JSON body.
pub(super) async fn post(
    State(face): State<Face>,
    asker: Asker,
    id: RequestId,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let circumstances = circumstances(Method::Post, asker, &id);
    let answered = async |media| {
        media::check_body(&headers).map_err(|why| Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, why))?;
        match Asked::from_body(&body.map_err(unread)?)? {
            Asked::One(parameters) => Ok(reply::one(&face.run(parameters, &circumstances).await?, media)),
            Asked::Many(batch) => Ok(reply::many(&face.run_batch(batch, &circumstances).await?, media)),
        }
    };
    negotiated(&headers, &id, answered).await
}

/// What may be done here.
pub(super) async fn options() -> Response {
    (StatusCode::NO_CONTENT, [(ALLOW, METHODS), (ACCEPT_POST, BODY)]).into_response()
}

pub(super) async fn wrong_method(id: RequestId) -> Response {
    let mut response =
        refusal(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::BadUserInput, "use POST, or GET for queries", &id);
    response.headers_mut().insert(ALLOW, METHODS);
    response
}

impl Face {
    async fn run(&self, parameters: Parameters, circumstances: &Circumstances) -> Result<Outcome, Refused> {
        let Some(query) = parameters.query.filter(|query| !query.is_empty()) else {
            return Err(Misshapen("query: must be given".to_owned()).into());
        };
        let mut request = async_graphql::Request::new(query).variables(parameters.variables);
        request.operation_name = parameters.operation_name;
        Ok(self.executor.execute(request, circumstances).await)
    }

    async fn run_batch(
        &self,
        batch: Vec<Parameters>,
        circumstances: &Circumstances,
    ) -> Result<Vec<Outcome>, Refused> {
        let most = self.settings.max_batch;
        if most == 0 {
            return Err(
                Misshapen("the body is a batch of requests; send one JSON object each".to_owned()).into()
            );
        }
        if !(1..=most).contains(&batch.len()) {
            return Err(Misshapen(format!("a batch holds 1 to {most} requests, not {}", batch.len())).into());
        }
        let run = batch.into_iter().map(|parameters| self.run(parameters, circumstances));
        join_all(run).await.into_iter().collect()
    }
}

/// A request that is refused as such, before the schema hears of it.
struct Refused {
    status: StatusCode,
    code: ErrorCode,
    message: String,
}

impl Refused {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, code: ErrorCode::BadUserInput, message: message.into() }
    }
}

impl From<Misshapen> for Refused {
    fn from(misshapen: Misshapen) -> Self {
        Self::new(StatusCode::BAD_REQUEST, misshapen.to_string())
    }
}

fn unread(rejection: BytesRejection) -> Refused {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than 1 MiB")
        }
        status => Refused::new(status, "the body can't be read"),
    }
}

/// Finds out what the client can read, and answers in that.
async fn negotiated(
    headers: &HeaderMap,
    id: &RequestId,
    answered: impl AsyncFnOnce(MediaType) -> Result<Response, Refused>,
) -> Response {
    let Some(media) = MediaType::accepted(headers) else {
        let message = "accept: answers are application/json or application/graphql-response+json, in UTF-8";
        let mut response = refusal(StatusCode::NOT_ACCEPTABLE, ErrorCode::BadUserInput, message, id);
        response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
        return response;
    };
    match answered(media).await {
        Ok(response) => response,
        Err(Refused { status, code, message }) => {
            let mut response = refusal(status, code, &message, id);
            let said = response.headers_mut();
            said.insert(CONTENT_TYPE, media.header());
            said.insert(VARY, HeaderValue::from_static("accept"));
            if status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
                said.insert(ACCEPT, BODY);
                said.insert(ACCEPT_POST, BODY);
                if headers.contains_key(CONTENT_ENCODING) {
                    said.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
                }
            }
            response
        }
    }
}

fn circumstances(method: Method, Asker(viewer): Asker, id: &RequestId) -> Circumstances {
    Circumstances { method, request_id: id.as_str().into(), viewer }
}
