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
    body::{Body, Bytes},
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
    answer::refusal,
    asker::Asker,
    documents::{Registration, Unfit},
    next::Answer,
    origins::has_asked,
    path,
    request_id::RequestId,
    settings::Settings,
    vary, whole_body,
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
pub(super) fn answer(face: &Face, request: Box<Request>) -> Answer<'_> {
    let (head, body) = request.into_parts();
    let answered = match head.method {
        http::Method::OPTIONS => return Answer::Now(options()),
        http::Method::POST => Asking::new(face, Method::Post, head).map(|asking| asking.post(body)),
        // Of the answer to a HEAD the body isn't sent, which is hyper's to see to.
        http::Method::GET | http::Method::HEAD => Asking::new(face, Method::Get, head).map(Asking::get),
        _ => return Answer::Now(wrong_method(&RequestId::among(&head.extensions))),
    };
    answered.unwrap_or_else(|refused| Answer::Now(*refused))
}

/// A request, and what is known of it before its operation is.
struct Asking<'a> {
    face: &'a Face,
    head: Parts,
    circumstances: Circumstances,
    /// What the client can read.
    media: MediaType,
}

impl<'a> Asking<'a> {
    fn new(face: &'a Face, method: Method, head: Parts) -> Result<Self, Box<Response>> {
        let id = RequestId::among(&head.extensions);
        let Asker(viewer) = Asker::of(&head.extensions)?;
        let Some(media) = MediaType::accepted(&head.headers) else {
            let message =
                "accept: answers are application/json or application/graphql-response+json, in UTF-8";
            let mut response = refusal(StatusCode::NOT_ACCEPTABLE, ErrorCode::BadUserInput, message, &id);
            response.headers_mut().insert(VARY, vary::OF_GRAPHQL);
            return Err(Box::new(response));
        };
        let circumstances = Circumstances { method, request_id: id.shared(), viewer };
        Ok(Self { face, head, circumstances, media })
    }

    /// An operation in the query string; queries only.
    fn get(self) -> Answer<'a> {
        let (face, media, role) = (self.face, self.media, self.circumstances.viewer.role);
        let asked = match self.asked_by_get() {
            Ok(asked) => asked,
            Err(why) => return Answer::Now(self.refuse(why)),
        };
        // Before anything is run or even parsed: a name that is known was made by this process, of an answer that
        // follows from what it is made from.
        let now = face.executor.snapshot().map(|(version, age)| {
            (version, Tag::of_answer(&face.salt, version, role, media, &asked.request), age)
        });
        if let Some((_, tag, age)) = now.as_ref().filter(|(_, tag, _)| tag.is_known(&self.head.headers)) {
            return Answer::Now(reply::not_modified(tag, *age));
        }
        self.run(asked, move |asking, outcome| {
            let mut response = asking.reply(outcome);
            // A snapshot that has come since then names its answer next time.
            if let Some((_, tag, _)) = now.filter(|(version, ..)| outcome.follows_from == Some(*version)) {
                reply::may_be_kept(&mut response, &tag);
            }
            response
        })
    }

    fn asked_by_get(&self) -> Result<super::Asked, Refused> {
        self.face.takes_get(&self.head.headers)?;
        let parameters = Parameters::from_query(self.head.uri.query().unwrap_or_default())?;
        Ok(self.face.settings.documents.request(parameters)?)
    }

    /// An operation, or a batch of them, in a JSON body.
    fn post(self, mut body: Body) -> Answer<'a> {
        if let Err(why) = media::check_body(&self.head.headers) {
            return Answer::Now(self.refuse(Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, why)));
        }
        let most = self.face.executor.settings().caps.body_bytes;
        if let Some(body) = whole_body::at_once(&mut body, most) {
            return self.read(&body);
        }
        Answer::later(async move {
            match whole_body::bytes(body, most).await {
                Ok(body) => self.read(&body).wait().await,
                Err((status, why)) => self.refuse(Refused::new(status, why)),
            }
        })
    }

    fn read(self, body: &Bytes) -> Answer<'a> {
        let face = self.face;
        let again = face.executor.again(body, &self.circumstances);
        if let Again::Answer(outcome) = again {
            return Answer::Now(self.reply(&outcome));
        }
        let parameters = match Asked::from_body(body) {
            Ok(Asked::One(parameters)) => parameters,
            Ok(Asked::Many(batch)) => {
                return Answer::later(async move {
                    match face.run_batch(batch, &self.circumstances).await {
                        Ok(outcomes) => reply::many(&outcomes, self.media),
                        Err(why) => self.refuse(why),
                    }
                });
            }
            Err(misshapen) => return Answer::Now(self.refuse(misshapen.into())),
        };
        let to_keep = face.to_keep(again, &parameters);
        match face.settings.documents.request(parameters) {
            Err(unfit) => Answer::Now(self.refuse(unfit.into())),
            Ok(asked) => self.run(asked, move |asking, outcome| {
                if let Some((text, document)) = to_keep {
                    face.executor.keep(text, document, outcome);
                }
                asking.reply(outcome)
            }),
        }
    }

    /// Runs an operation, and answers with what `reply` makes of the outcome.
    fn run(
        self,
        asked: super::Asked,
        reply: impl FnOnce(&Self, &Outcome) -> Response + Send + 'a,
    ) -> Answer<'a> {
        let face = self.face;
        let registration = asked.registration();
        let answer = move |asking: &Self, outcome: &Outcome| {
            face.register(registration, outcome);
            reply(asking, outcome)
        };
        match face.executor.at_once(asked.request, &self.circumstances) {
            Ok(outcome) => Answer::Now(answer(&self, &outcome)),
            Err(unanswered) => Answer::later(async move {
                let outcome = face.executor.go_on(unanswered, &self.circumstances).await;
                answer(&self, &outcome)
            }),
        }
    }

    fn reply(&self, outcome: &Outcome) -> Response {
        reply::one(outcome, self.media, &self.head.headers)
    }

    /// The answer to a request that is refused as such.
    fn refuse(&self, Refused { mut status, code, message }: Refused) -> Response {
        if status == StatusCode::OK && self.media == MediaType::GraphqlResponse {
            status = StatusCode::BAD_REQUEST;
        }
        let mut response = refusal(status, code, &message, &RequestId::among(&self.head.extensions));
        let said = response.headers_mut();
        said.insert(CONTENT_TYPE, self.media.header());
        said.insert(VARY, vary::OF_GRAPHQL);
        if status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            said.insert(ACCEPT, BODY);
            said.insert(ACCEPT_POST, BODY);
            if self.head.headers.contains_key(CONTENT_ENCODING) {
                said.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
            }
        }
        response
    }
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

    /// Keeps a document that shall be known by its hash, if it has been run.
    fn register(&self, registration: Option<Registration>, outcome: &Outcome) {
        if let Some(registration) = registration.filter(|_| outcome.ran) {
            self.settings.documents.keep(registration);
        }
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
        let run = async |asked: super::Asked| {
            let registration = asked.registration();
            let outcome = self.executor.execute(asked.request, circumstances).await;
            self.register(registration, &outcome);
            outcome
        };
        Ok(join_all(batch.into_iter().map(run)).await)
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
