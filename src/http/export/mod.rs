//! `/export/v1`: tables for BI tools, each by a plain GET, and the catalogue of them.
//!
//! A table is streamed from one snapshot while it is written. Parquet is complete before it is sent, because those who
//! read it want to know its length and read it in parts; see [`kept`].

mod catalogue;
mod deadline;
mod joint;
mod kept;
mod range;
mod settings;
mod stream;

use std::{borrow::Cow, ops::Range, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::Request,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version,
        header::{
            ACCEPT_RANGES, AGE, ALLOW, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
            CONTENT_TYPE, IF_MATCH, IF_RANGE, RANGE, RETRY_AFTER,
        },
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use tokio::task::spawn_blocking;

use self::{
    deadline::Deadline,
    kept::{Kept, NotKept, Shelf},
    range::Wanted,
};
use super::{
    answer::refusal,
    asker::{Asker, CountedAs},
    concurrency::{self, Full, Places},
    graphql::{Face, Tag},
    observed::Observed,
    origins::has_asked,
    path,
    request_id::RequestId,
    server::{ConcurrencyBounds, Unhurried},
};
use crate::{
    auth::{Role, Viewer},
    export::{Export, Format, Question, Readings, Shown, Unfit},
    graphql::ErrorCode,
};

pub use settings::ExportSettings;

/// Which snapshot a table is from.
const SNAPSHOT: HeaderName = HeaderName::from_static("x-snapshot-version");
/// Kept by the client alone, which asks each time whether it still holds: there may be a new snapshot.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("private, no-cache");
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD");

/// What answers with tables. Cheap to clone.
#[derive(Clone)]
pub(super) struct Tables {
    face: Arc<Face>,
    observed: Observed,
    places: Places,
    shelf: Shelf,
}

/// A request for a table, and what it is answered from.
struct Asked<'r> {
    id: &'r RequestId,
    headers: &'r HeaderMap,
    viewer: Viewer,
    counted: CountedAs,
    export: Export,
    /// Without its body.
    head_alone: bool,
    /// By HTTP/1.1, which tells the end of what has no length from a break.
    in_chunks: bool,
    told: TableHead,
}

/// What the head of every answer with a table says.
struct TableHead {
    tag: Tag,
    version: u64,
    /// Of the snapshot.
    age: Duration,
    format: Format,
    file: String,
}

type Refusal = Box<Response>;

impl Tables {
    pub(super) fn new(face: Arc<Face>, observed: Observed) -> Self {
        let settings = &face.settings.export;
        let bounds = ConcurrencyBounds {
            in_all: settings.in_all,
            per_client: settings.per_client,
            ..ConcurrencyBounds::default()
        };
        Self { places: Places::new(bounds), shelf: Shelf::new(settings), observed, face }
    }
}

/// Answers a request below `/export/v1`.
pub(super) async fn answer(tables: &Tables, request: Request) -> Response {
    let served = path::of(&request);
    let (head, _) = request.into_parts();
    let id = RequestId::among(&head.extensions);
    if !matches!(head.method, Method::GET | Method::HEAD) {
        let message = "use GET, or HEAD";
        let mut response = refusal(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::BadUserInput, message, &id);
        response.headers_mut().insert(ALLOW, METHODS);
        return response;
    }
    match served {
        path::CATALOGUE_STYLE => catalogue::style(),
        path::CATALOGUE => catalogue::get(&head, &id, tables.face.executor.settings().shown.page()),
        _ => table(tables, &id, &head).await.unwrap_or_else(|refused| *refused),
    }
}

async fn table(tables: &Tables, id: &RequestId, head: &Parts) -> Result<Response, Refusal> {
    let asked = asked(tables, id, head)?;
    match asked.told.format {
        Format::Parquet => parquet(tables, asked).await,
        _ => streamed(tables, asked).await,
    }
}

/// Reads a request and pins a snapshot for it.
fn asked<'r>(tables: &Tables, id: &'r RequestId, head: &'r Parts) -> Result<Asked<'r>, Refusal> {
    let Asker(viewer) = Asker::of(&head.extensions)?;
    let refuse = |status, code, message: &str| Box::new(refusal(status, code, message, id));
    let bad = |message: &str| refuse(StatusCode::BAD_REQUEST, ErrorCode::BadUserInput, message);
    let settings = &tables.face.settings;
    let foreign = settings.require_preflight || settings.origins.is_foreign(&head.headers);
    if foreign && !has_asked(&head.headers) {
        let message = "a browser may send this GET for a page of another site without asking; send the header \
                       x-orgraph-preflight, with any value";
        return Err(refuse(StatusCode::FORBIDDEN, ErrorCode::Forbidden, message));
    }
    let name = head.uri.path().strip_prefix(path::TABLES).unwrap_or_default();
    let question = Question::named(name)
        .map_err(|unknown| refuse(StatusCode::NOT_FOUND, ErrorCode::BadUserInput, &unknown.to_string()))?;
    let query = head.uri.query().unwrap_or_default();
    let parameters: Vec<(Cow<'_, str>, Cow<'_, str>)> =
        serde_urlencoded::from_str(query).map_err(|_| bad("the query string can't be read"))?;
    let question = question.with(parameters).map_err(|unfit| bad(&unfit.to_string()))?;
    let (snapshot, age) = tables.face.executor.pinned().ok_or_else(|| {
        let message = "nothing has been read from Gong yet; syncStatus tells how far it is";
        let mut response = refuse(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::NotReady, message);
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
        response
    })?;
    let version = snapshot.version.as_u64();
    let tag = Tag::of_table(&tables.face.salt, version, viewer.role, &question.canonical());
    let (format, file) = (question.format, question.file_name());
    let tag = if format == Format::Parquet { tag.strong() } else { tag };
    let export = Export::new(snapshot, question, viewer.role).map_err(|unfit| match unfit {
        Unfit::Guarded { contact, .. } => Box::new(guarded(&unfit, contact.coordinate(), id)),
        Unfit::Nobody(_) => refuse(StatusCode::NOT_FOUND, ErrorCode::BadUserInput, &unfit.to_string()),
        unfit => bad(&unfit.to_string()),
    })?;
    Ok(Asked {
        id,
        headers: &head.headers,
        counted: CountedAs::of(&head.extensions),
        viewer,
        export,
        head_alone: head.method == Method::HEAD,
        in_chunks: head.version >= Version::HTTP_11,
        told: TableHead { tag, version, age, format, file },
    })
}

/// A table that is written while it is sent.
async fn streamed(tables: &Tables, asked: Asked<'_>) -> Result<Response, Refusal> {
    let Asked { id, headers, viewer, counted, export, head_alone, in_chunks, told } = asked;
    if range::wants_another(headers, &told.tag) {
        return Ok(another(id));
    }
    if told.tag.is_known(headers) {
        return Ok(told.answer(StatusCode::NOT_MODIFIED, Body::empty()));
    }
    if !in_chunks {
        return Ok(without_end(id));
    }
    if head_alone {
        // As a GET would be answered, which doesn't know its length either.
        return Ok(told.answer(
            StatusCode::OK,
            Body::from_stream(futures_util::stream::empty::<std::io::Result<Vec<u8>>>()),
        ));
    }
    let export = tables.paid(id, &viewer, export).await?;
    let (executor, request_id) = (tables.face.executor.clone(), id.clone());
    let take_down = move |shown: &Shown| {
        let mut readings = Readings::default();
        readings.add(shown);
        for page in readings.pages() {
            executor.take_down_read(&viewer, request_id.as_str(), &page);
        }
    };
    let deadline = tables.deadline(id, &told);
    let body = stream::begin(&tables.places, counted, export, take_down, deadline).await;
    let body = body.map_err(|full: Full| Box::new(concurrency::refused(&full, id)))?;
    Ok(told.answer(StatusCode::OK, body))
}

/// A table that is complete before it is sent, whole or in parts.
async fn parquet(tables: &Tables, asked: Asked<'_>) -> Result<Response, Refusal> {
    let Asked { id, headers, viewer, counted, export, head_alone, mut told, .. } = asked;
    // Of whichever snapshot; a name of the question is short.
    let question = Tag::of_table(&tables.face.salt, 0, viewer.role, &export.question().canonical());
    let question = question.text().to_owned();
    // Whoever asks by HEAD wants to know what there is to be read in parts.
    let in_parts = head_alone || headers.contains_key(RANGE);
    let begun = match in_parts {
        true => tables.shelf.begun(&viewer.id, &question).await,
        false => None,
    };
    // Whoever has begun to read goes on with what it began, unless it names something else.
    let named = |header| headers.contains_key(&header).then(|| range::names(headers, header, &told.tag));
    let names_present = [IF_MATCH, IF_RANGE].map(named).contains(&Some(true));
    let (kept, present) = match begun.filter(|(tag, _)| !names_present && *tag != told.tag) {
        Some((tag, kept)) => {
            (told.tag, told.version, told.age) = (tag, kept.version, kept.age());
            (kept, false)
        }
        None => {
            if !headers.contains_key(RANGE) && told.tag.is_known(headers) {
                return Ok(told.answer(StatusCode::NOT_MODIFIED, Body::empty()));
            }
            let kept = match tables.shelf.get(&told.tag).await {
                Some(kept) => kept,
                None => {
                    let export = tables.paid(id, &viewer, export).await?;
                    let (export, places) = ((export, told.age), tables.places.clone());
                    let written = tables.shelf.get_or_write(&told.tag, export, places, counted).await;
                    written.map_err(|why| Box::new(not_kept(&why, id)))?
                }
            };
            (kept, true)
        }
    };
    tables.shelf.reads(&viewer.id, question, &told.tag, in_parts, present).await;
    let (length, deadline) = (kept.length(), tables.deadline(id, &told));
    let response = match range::of(headers, &told.tag, || length) {
        Wanted::Whole => {
            let body = tables.part(&viewer, &kept, 0..length, head_alone, deadline);
            let mut response = told.answer(StatusCode::OK, body);
            response.headers_mut().insert(CONTENT_LENGTH, length.into());
            response
        }
        Wanted::Part(part) => {
            let (range, bytes) =
                (format!("bytes {}-{}/{length}", part.start, part.end - 1), part.end - part.start);
            let body = tables.part(&viewer, &kept, part, head_alone, deadline);
            let mut response = told.answer(StatusCode::PARTIAL_CONTENT, body);
            response.headers_mut().insert(CONTENT_LENGTH, bytes.into());
            put(&mut response, CONTENT_RANGE, &range);
            response
        }
        Wanted::Nothing => told.answer(StatusCode::NOT_MODIFIED, Body::empty()),
        Wanted::Beyond => {
            let message = format!("range: the table has {length} bytes");
            let mut response =
                refusal(StatusCode::RANGE_NOT_SATISFIABLE, ErrorCode::BadUserInput, &message, id);
            put(&mut response, CONTENT_RANGE, &format!("bytes */{length}"));
            response
        }
        Wanted::Another => another(id),
    };
    Ok(response)
}

impl Tables {
    /// The export, when its client has paid for it.
    async fn paid(&self, id: &RequestId, viewer: &Viewer, export: Export) -> Result<Export, Refusal> {
        // It looks at everybody.
        let priced = spawn_blocking(move || (export.price(), export)).await;
        let (price, export) = priced.map_err(|_| {
            let message = "the table could not be worked out";
            Box::new(refusal(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::InternalServerError, message, id))
        })?;
        match self.face.executor.pay(viewer, price) {
            Ok(()) => Ok(export),
            Err(wait) => {
                // Whole seconds, and not a moment too early.
                let seconds = wait.as_secs() + 1;
                let message =
                    format!("this client has spent what it may for now; it may ask again in {seconds} s");
                let mut response = refusal(StatusCode::TOO_MANY_REQUESTS, ErrorCode::Throttled, &message, id);
                response.headers_mut().insert(RETRY_AFTER, seconds.into());
                Err(Box::new(response))
            }
        }
    }

    /// These bytes of what is kept, taken down if they hold contact data.
    fn part(
        &self,
        viewer: &Viewer,
        kept: &Arc<Kept>,
        part: Range<u64>,
        head_alone: bool,
        deadline: Deadline,
    ) -> Body {
        if head_alone {
            return Body::empty();
        }
        for page in kept.untold(&viewer.id).into_iter().flat_map(Readings::pages) {
            self.face.executor.take_down_read(viewer, deadline.id.as_str(), &page);
        }
        kept.body(part, deadline)
    }

    /// When a table that is sent from now on has to have been taken.
    fn deadline(&self, id: &RequestId, told: &TableHead) -> Deadline {
        let longest = self.face.settings.export.time;
        Deadline::after(longest, told.file.clone(), id.clone(), self.observed.clone())
    }
}

impl TableHead {
    fn answer(self, status: StatusCode, body: Body) -> Response {
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        self.tag.put(headers);
        headers.insert(CACHE_CONTROL, ASK_AGAIN);
        headers.insert(AGE, self.age.as_secs().into());
        headers.insert(SNAPSHOT, self.version.into());
        if status != StatusCode::NOT_MODIFIED {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.format.media_type()));
            put(&mut response, CONTENT_DISPOSITION, &format!("attachment; filename=\"{}\"", self.file));
            response.extensions_mut().insert(Unhurried);
        }
        if self.format == Format::Parquet {
            response.headers_mut().insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        }
        response
    }
}

/// Refuses what is wanted of another answer than there is.
fn another(id: &RequestId) -> Response {
    let message = "if-match: the table has changed since then; read it anew";
    refusal(StatusCode::PRECONDITION_FAILED, ErrorCode::BadUserInput, message, id)
}

/// Refuses what would end with the connection alone: one that was broken off would be taken for the whole.
fn without_end(id: &RequestId) -> Response {
    let message = "a table of which the length isn't known beforehand is sent by HTTP/1.1 alone: by HTTP/1.0 a part of it \
                   can't be told from the whole; a proxy in between has to ask by HTTP/1.1 too (nginx: proxy_http_version \
                   1.1), and parquet has a length";
    refusal(StatusCode::HTTP_VERSION_NOT_SUPPORTED, ErrorCode::BadUserInput, message, id)
}

fn not_kept(why: &NotKept, id: &RequestId) -> Response {
    match why {
        NotKept::TooLarge(_) => {
            refusal(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::QueryTooComplex, &why.to_string(), id)
        }
        NotKept::Full(full) => concurrency::refused(full, id),
        NotKept::Fault(_) | NotKept::BrokenOff => {
            tracing::error!(%why, request_id = id.as_str(), "a table could not be written");
            let message = "the table could not be written; the log has it under this requestId";
            refusal(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::InternalServerError, message, id)
        }
    }
}

/// Refuses a column that isn't for readers, as the schema refuses its field.
fn guarded(unfit: &Unfit, field: &str, id: &RequestId) -> Response {
    let needed = Role::Analyst.as_str().to_ascii_uppercase();
    let extensions = [("reason", "ROLE"), ("requiredRole", needed.as_str()), ("field", field)];
    super::answer::refusal_with(
        StatusCode::FORBIDDEN,
        ErrorCode::Forbidden,
        &unfit.to_string(),
        id,
        &extensions,
    )
}

/// Puts in a header of ours, which is always one.
fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
