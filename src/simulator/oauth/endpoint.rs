//! `POST /oauth2/generate-customer-token`

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{
        Query, State,
        rejection::{BytesRejection, QueryRejection},
    },
    http::{
        HeaderMap,
        header::{CONTENT_TYPE, HOST},
    },
    response::Response,
};
use serde::{Deserialize, Serialize};

use super::tokens::{Pair, Tokens};
use crate::simulator::{
    access::basic,
    envelope::{Fault, answer},
    request::{query_of, text_of},
};

/// The parameters, by the query string as documented, or form-encoded as some clients send them.
#[derive(Default, Deserialize)]
pub(super) struct Parameters {
    grant_type: Option<String>,
    code: Option<String>,
    refresh_token: Option<String>,
}

#[derive(Serialize)]
struct Granted {
    access_token: String,
    refresh_token: String,
    expires_in: u64,
    scope: String,
    token_type: &'static str,
    api_base_url_for_customer: String,
}

/// The texts of errors, that they are 400 but for 401 to a wrong client, and `token_type` are
/// assumed. `client_id`, `redirect_uri` and the like are ignored.
pub(super) async fn generate_customer_token(
    State(tokens): State<Arc<Tokens>>,
    headers: HeaderMap,
    query: Result<Query<Parameters>, QueryRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Fault> {
    if !basic(&headers).is_some_and(|credentials| tokens.knows_client(&credentials)) {
        return Err(Fault::UnknownClient);
    }
    let asked = query_of(query)?.or(form(&headers, &text_of(body)?)?);
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    let Pair { access_token, refresh_token } = match asked.grant_type.as_deref() {
        Some("authorization_code") => {
            tokens.redeem_code(&asked.code.ok_or(Fault::BadGrant("code is missing"))?, host)?
        }
        Some("refresh_token") => {
            let token = asked.refresh_token.ok_or(Fault::BadGrant("refresh_token is missing"))?;
            tokens.redeem_refresh(&token, host)?
        }
        _ => return Err(Fault::BadGrant("grant_type must be authorization_code or refresh_token")),
    };
    Ok(answer(Granted {
        access_token,
        refresh_token,
        expires_in: tokens.life().as_secs(),
        scope: tokens.scope(),
        token_type: "Bearer",
        api_base_url_for_customer: tokens.api_base_url(host),
    }))
}

/// A form in the body; nothing if the body is none.
fn form(headers: &HeaderMap, body: &[u8]) -> Result<Parameters, Fault> {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !media_type.trim_start().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        return Ok(Parameters::default());
    }
    // A form is written as a query string is, so it is read as one.
    let form = str::from_utf8(body).ok().and_then(|body| format!("/?{body}").parse().ok());
    let form = form.ok_or_else(|| Fault::BadRequest("the form can't be read".to_owned()))?;
    query_of(Query::try_from_uri(&form))
}

impl Parameters {
    fn or(self, other: Self) -> Self {
        Self {
            grant_type: self.grant_type.or(other.grant_type),
            code: self.code.or(other.code),
            refresh_token: self.refresh_token.or(other.refresh_token),
        }
    }
}
