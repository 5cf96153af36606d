//! `/graphql`: GraphQL over HTTP, to the letter of its specification.
//!
//! A thin layer over the executor: which media type the answer has, what the parameters are, what an HTTP status says
//! of what became of them, and what may be kept.

#[doc(hidden)]
pub mod fuzzing;
mod media;
mod parameters;
mod reply;
mod tag;

use axum::{
    body::Body,
    extract::Request,
    http::{
        self, HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{
            ACCEPT, ACCEPT_ENCODING, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, CONTENT_ENCODING, CONTENT_TYPE,
            VARY,
        },
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use futures_util::future::join_all;

use self::{media::BODY, parameters::Asked};
use super::{
    answer::refusal, asker::Asker, documents::Unfit, origins::has_asked, path, request_id::RequestId,
    settings::Settings, vary, whole_body,
};
use crate::graphql::{Again, Circumstances, ErrorCode, Executor, Method, Outcome, Text};

pub(super) use media::MediaType;
pub use parameters::{Misshapen, Parameters};
pub(super) use tag::Tag;

const ACCEPT_POST: HeaderName = HeaderName::from_static("accept-post");
/// The methods of `/graphql`.
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, OPTIONS");

/// What answers requests: the executor, and what the layer around it is told.
pub(super) struct Face {
    pub(super) executor: Executor,
    pub(super) settings: Settings,
    pub(super) salt: tag::Salt,
}

/// Answers a request that ends with its answer.
pub(super) async fn answer(face: &Face, request: Box<Request>) -> Response {
    let method = request.method().clone();
    if method == http::Method::OPTIONS {
        return options();
    }
    let (head, body) = request.into_parts();
    let id = head.extensions.get::<RequestId>().cloned().unwrap_or_default();
    let circumstances = |method| -> Result<_, Box<Response>> {
        let Asker(viewer) = Asker::of(&head.extensions)?;
        Ok(Circumstances { method, request_id: id.shared(), viewer })
    };
    let answered: Result<Response, Box<Response>> = async {
        Ok(match method {
            http::Method::POST => post(face, &circumstances(Method::Post)?, &id, &head.headers, body).await,
            // Of the answer to a HEAD the body isn't sent, which is hyper's to see to.
            http::Method::GET | http::Method::HEAD => {
                get(face, &circumstances(Method::Get)?, &id, &head).await
            }
            _ => wrong_method(&id),
        })
    }
    .await;
    answered.unwrap_or_else(|refused| *refused)
}

/// An operation in the query string; queries only.
async fn get(face: &Face, circumstances: &Circumstances, id: &RequestId, head: &Parts) -> Response {
    let headers = &head.headers;
    let answered = async |media| {
        face.takes_get(headers)?;
        let parameters = Parameters::from_query(head.uri.query().unwrap_or_default())?;
        let asked = face.settings.documents.request(parameters)?;
        // Before anything is run or even parsed: a name that is known was made by this process, of an answer that
        // follows from what it is made from.
        let tag = |version, request: &_| {
            Tag::of_answer(&face.salt, version, circumstances.viewer.role, media, request)
        };
        let snapshot = face.executor.snapshot();
        let now = snapshot.map(|(version, age)| (tag(version, &asked.request), age));
        if let Some((tag, age)) = now.as_ref().filter(|(tag, _)| tag.is_known(headers)) {
            return Ok(reply::not_modified(tag, *age));
        }
        let at = snapshot.map(|(version, _)| version);
        let outcome = face.run(asked, circumstances).await;
        let mut response = reply::one(&outcome, media, headers);
        // A snapshot that has come since then names its answer next time.
        if let Some((tag, _)) = now.filter(|_| outcome.follows_from.is_some() && outcome.follows_from == at) {
            reply::may_be_kept(&mut response, &tag);
        }
        Ok(response)
    };
    negotiated(headers, id, answered).await
}

/// An operation, or a batch of them, in a JSON body.
async fn post(
    face: &Face,
    circumstances: &Circumstances,
    id: &RequestId,
    headers: &HeaderMap,
    body: Body,
) -> Response {
    let answered = async |media| {
        media::check_body(headers).map_err(|why| Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, why))?;
        let body = whole_body::bytes(body, face.executor.settings().caps.body_bytes).await;
        let body = body.map_err(|(status, why)| Refused::new(status, why))?;
        let again = face.executor.again(&body, circumstances);
        if let Again::Answer(outcome) = again {
            return Ok(reply::one(&outcome, media, headers));
        }
        match Asked::from_body(&body)? {
            Asked::One(parameters) => {
                let to_keep = face.to_keep(again, &parameters);
                let asked = face.settings.documents.request(parameters)?;
                let outcome = face.run(asked, circumstances).await;
                if let Some((text, document)) = to_keep {
                    face.executor.keep(text, document, &outcome);
                }
                Ok(reply::one(&outcome, media, headers))
            }
            Asked::Many(batch) => Ok(reply::many(&face.run_batch(batch, circumstances).await?, media)),
        }
    };
    negotiated(headers, id, answered).await
}

/// Whether this is an OPTIONS by which no browser asks for leave.
pub(super) fn is_plain_options(request: &Request) -> bool {
    request.method() == http::Method::OPTIONS
        && path::of(request) == path::GRAPHQL
        && !request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// What may be done here.
pub(super) fn options() -> Response {
    (StatusCode::NO_CONTENT, [(ALLOW, METHODS), (ACCEPT_POST, BODY)]).into_response()
}

fn wrong_method(id: &RequestId) -> Response {
    let mut response =
        refusal(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::BadUserInput, "use POST, or GET for queries", id);
    response.headers_mut().insert(ALLOW, METHODS);
    response
}

impl Face {
    /// Whether a GET is taken: not what a page of another site has a browser send without asking.
    fn takes_get(&self, headers: &HeaderMap) -> Result<(), Refused> {
        let Settings { origins, require_preflight, .. } = &self.settings;
        if !(*require_preflight || origins.is_foreign(headers)) || has_asked(headers) {
            return Ok(());
        }
        let message = "a browser may send this GET for a page of another site without asking; send the header \
                       x-orgraph-preflight, with any value, or use POST";
        Err(Refused {
            status: StatusCode::FORBIDDEN,
            code: ErrorCode::Forbidden,
            message: message.to_owned(),
        })
    }

    /// What is kept of a request that has come again: nothing where its text doesn't hold the whole document, or where
    /// it is others who say which may be run.
    fn to_keep(&self, again: Again, parameters: &Parameters) -> Option<(Text, String)> {
        let Parameters { query: Some(query), document_id: None, extensions, .. } = parameters else {
            return None;
        };
        match again {
            Again::Keep(text) if extensions.is_empty() && !self.settings.documents.trusted_only() => {
                Some((text, query.clone()))
            }
            _ => None,
        }
    }

    async fn run(&self, asked: super::Asked, circumstances: &Circumstances) -> Outcome {
        let registration = asked.registration();
        let outcome = self.executor.execute(asked.request, circumstances).await;
        if let Some(registration) = registration.filter(|_| outcome.ran) {
            self.settings.documents.keep(registration);
        }
        outcome
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
        let batch = batch.into_iter().map(|parameters| self.settings.documents.request(parameters));
        let batch = batch.collect::<Result<Vec<_>, _>>()?;
        Ok(join_all(batch.into_iter().map(|asked| self.run(asked, circumstances))).await)
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

impl From<Unfit> for Refused {
    fn from(unfit: Unfit) -> Self {
        let (code, message) = (unfit.code(), unfit.to_string());
        // Well-formed, so that the media type says what the status is.
        let status = match unfit {
            Unfit::TrustedOnly => StatusCode::FORBIDDEN,
            _ if unfit.is_well_formed() => StatusCode::OK,
            _ => StatusCode::BAD_REQUEST,
        };
        Self { status, code, message }
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
        response.headers_mut().insert(VARY, vary::OF_GRAPHQL);
        return response;
    };
    match answered(media).await {
        Ok(response) => response,
        Err(Refused { mut status, code, message }) => {
            if status == StatusCode::OK && media == MediaType::GraphqlResponse {
                status = StatusCode::BAD_REQUEST;
            }
            let mut response = refusal(status, code, &message, id);
            let said = response.headers_mut();
            said.insert(CONTENT_TYPE, media.header());
            said.insert(VARY, vary::OF_GRAPHQL);
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
