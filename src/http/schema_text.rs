//! `/schema.graphql`: the schema in GraphQL's own language, for whoever makes code from it.

use std::sync::{Arc, LazyLock};

use axum::{
    extract::State,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, ETAG},
    },
    response::{IntoResponse, Response},
};

use super::{
    answer,
    graphql::{Face, Tag},
    request_id::RequestId,
};
use crate::graphql;

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("private, no-cache");

static SCHEMA: LazyLock<(String, Tag)> = LazyLock::new(|| {
    let text = graphql::sdl();
    let tag = Tag::of_text(&text);
    (text, tag)
});

pub(super) async fn get(State(face): State<Arc<Face>>, id: RequestId, headers: HeaderMap) -> Response {
    if !face.settings.tells_schema() {
        return answer::no_such_path(id, face.executor.settings().shown.page());
    }
    let (text, tag) = &*SCHEMA;
    let told = [(CONTENT_TYPE, TEXT), (CACHE_CONTROL, ASK_AGAIN), (ETAG, tag.header())];
    if tag.is_known(&headers) {
        return (StatusCode::NOT_MODIFIED, told).into_response();
    }
    (told, text.as_str()).into_response()
}
