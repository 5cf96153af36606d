//! `POST /oauth2/generate-customer-token`: a refresh token for a new pair.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use reqwest::{
    Method,
    header::{AUTHORIZATION, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use tracing::Instrument;

use super::{OAuthClient, Tokens};
use crate::{
    clock::Clock,
    gong::{
        GongError, RetryPolicy, Settings, SettingsError, Verdict,
        auth::basic,
        decode::{count_if_any, decode, empty_as_none, error_envelope},
        door::Door,
        place::Place,
        told,
    },
};

/// The place where tokens are issued, and who asks there.
#[derive(Debug)]
pub(super) struct Exchange {
    door: Arc<Door>,
    place: Place,
    authorization: HeaderValue,
    retry: RetryPolicy,
    clock: Clock,
    jitter: Mutex<fastrand::Rng>,
}

/// No answer of this kind is larger.
const MAX_BODY: usize = 64 << 10;
/// The life of a token whose answer doesn't say: Gong's default, a day.
const USUAL_LIFE: u64 = 24 * 60 * 60;
/// The bounds within which `expires_in` is believed, in seconds.
const SHORTEST_LIFE: u64 = 60;
const LONGEST_LIFE: u64 = 365 * 24 * 60 * 60;

/// Gong's answer; unknown fields (`scope`, `token_type`) are ignored.
#[derive(Deserialize)]
pub(in crate::gong) struct TokenAnswer {
    access_token: String,
    /// Absent from a server that doesn't rotate: then the old one stays good (*assumed*).
    #[serde(default, deserialize_with = "empty_as_none")]
    refresh_token: Option<String>,
    #[serde(default, deserialize_with = "count_if_any")]
    expires_in: Option<u64>,
    #[serde(default, deserialize_with = "empty_as_none")]
    api_base_url_for_customer: Option<String>,
}

impl Exchange {
    pub(super) fn new(
        client: &OAuthClient,
        settings: &Settings,
        door: Arc<Door>,
        clock: Clock,
        rng: fastrand::Rng,
    ) -> Result<Self, SettingsError> {
        Ok(Self {
            door,
            place: Place::parse(&client.token_url, "the token URL of Gong")?,
            authorization: basic((&client.client_id, "client id"), (&client.client_secret, "client secret"))?,
            retry: settings.retry,
            clock,
            jitter: Mutex::new(rng),
        })
    }

    /// Where tokens are issued.
    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// A new pair for this refresh token, of the consent `origin`; tried as often as the policy allows.
    /// Gong's refusal is [`GongError::Unauthorized`], everything else [`GongError::NoToken`].
    pub(super) async fn pair(&self, token: &SecretString, origin: &str) -> Result<Tokens, GongError> {
        let mut tries = 0;
        loop {
            // Its path is a setting, which may be anything.
            let span = told::span(&Method::POST, &["token"], self.place.host(), tries);
            let tried = self.try_once(token, origin).instrument(span.clone()).await;
            told::end(&span, &tried);
            let error = match tried {
                Ok(tokens) => return Ok(tokens),
                Err(refused @ GongError::Unauthorized { .. }) => return Err(refused),
                Err(error) => error,
            };
            tries += 1;
            let jitter = self.jitter.lock().unwrap_or_else(PoisonError::into_inner).f64();
            match self.retry.decide(error.setback(), tries, jitter) {
                Verdict::GiveUp => return Err(GongError::NoToken(Box::new(error))),
                Verdict::Wait(wait) => {
                    tracing::warn!(%error, gong_request_id = error.request_id(), tries, wait_ms = wait.as_millis() as u64, "Gong's token call will be tried again");
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }

    /// The parameters go on the query string, as Gong documents it: the URL is a secret too.
    async fn try_once(&self, token: &SecretString, origin: &str) -> Result<Tokens, GongError> {
        let request = self
            .door
            .request(Method::POST, self.place.below(&[]), self.place.loopback)
            .query(&[("grant_type", "refresh_token"), ("refresh_token", token.expose_secret())])
            .header(AUTHORIZATION, self.authorization.clone())
            .body("");
        let asked_at = self.clock.now();
        let response = self.door.send(request).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = self.door.read(response, MAX_BODY).await;
        if status.is_success() {
            let answer: TokenAnswer = decode(&body?, self.door.trace_id(&headers).as_deref())?;
            return Ok(answer.into_tokens(token, asked_at, origin));
        }
        let body = body.unwrap_or_default();
        let envelope = token_error(&body);
        Err(match self.door.refusal(status, &headers, envelope) {
            // 400 is what the standard has for a refresh token that is used up (`invalid_grant`).
            GongError::Unauthorized { status, message, request_id }
            | GongError::Rejected { status: status @ 400, message, request_id } => {
                let message = format!(
                    "{message}; no new access token. If client id and secret are right, an administrator of \
                     Gong has to authorise the integration anew"
                );
                GongError::Unauthorized { status, message, request_id }
            }
            other => other,
        })
    }
}

impl TokenAnswer {
    /// The pair that it holds; `used` is the refresh token that bought it.
    pub(in crate::gong) fn into_tokens(
        self,
        used: &SecretString,
        asked_at: Timestamp,
        origin: &str,
    ) -> Tokens {
        let life = self.expires_in.unwrap_or(USUAL_LIFE).clamp(SHORTEST_LIFE, LONGEST_LIFE);
        let life = SignedDuration::from_secs(life as i64);
        Tokens {
            access_token: self.access_token.into(),
            refresh_token: self.refresh_token.map_or_else(|| used.clone(), SecretString::from),
            issued_at: asked_at,
            expires_at: asked_at.saturating_add(life).unwrap_or(Timestamp::MAX),
            api_base_url: self.api_base_url_for_customer,
            origin: origin.to_owned(),
        }
    }
}

/// The words and the id of a refusal: Gong's envelope, or the standard's.
pub(in crate::gong) fn token_error(body: &[u8]) -> Option<(String, Option<String>)> {
    error_envelope(body).or_else(|| oauth_error(body))
}

/// `{"error": …, "error_description": …}`
fn oauth_error(body: &[u8]) -> Option<(String, Option<String>)> {
    let Value::Object(answer) = serde_json::from_slice(body).ok()? else { return None };
    let text = |key| answer.get(key).and_then(Value::as_str);
    let words = match (text("error")?, text("error_description")) {
        (error, Some(description)) => format!("{error}: {description}"),
        (error, None) => error.to_owned(),
    };
    Some((words, text("requestId").map(str::to_owned)))
}
