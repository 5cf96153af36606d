//! Answers and errors as SCIM writes them.

use axum::{
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde::Serialize;

const SCIM_JSON: &str = "application/scim+json;charset=UTF-8";

/// A good answer.
pub(super) fn answer(content: impl Serialize) -> Response {
    respond(StatusCode::OK, content)
}

/// A call that went wrong.
#[derive(Debug)]
pub(super) struct ScimFault {
    status: StatusCode,
    kind: Option<&'static str>,
    detail: String,
}

impl ScimFault {
    pub(super) fn not_found(detail: &str) -> Self {
        Self { status: StatusCode::NOT_FOUND, kind: None, detail: detail.to_owned() }
    }

    pub(super) fn invalid_filter(detail: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, kind: Some("invalidFilter"), detail: detail.into() }
    }

    pub(super) fn invalid_value(detail: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, kind: Some("invalidValue"), detail: detail.into() }
    }

    pub(super) fn unauthorised() -> Self {
        let detail = "the bearer token is wrong or missing".to_owned();
        Self { status: StatusCode::UNAUTHORIZED, kind: None, detail }
    }

    pub(super) fn read_only() -> Self {
        let detail = "this simulator can only be read".to_owned();
        Self { status: StatusCode::METHOD_NOT_ALLOWED, kind: None, detail }
    }
}

impl IntoResponse for ScimFault {
    fn into_response(self) -> Response {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Error {
            schemas: [&'static str; 1],
            status: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            scim_type: Option<&'static str>,
            detail: String,
        }

        respond(
            self.status,
            Error {
                schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
                status: self.status.as_str().to_owned(),
                scim_type: self.kind,
                detail: self.detail,
            },
        )
    }
}

fn respond(status: StatusCode, content: impl Serialize) -> Response {
    match serde_json::to_vec(&content) {
        Ok(body) => (status, [(CONTENT_TYPE, SCIM_JSON)], body).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
