//! The one client: limits, retries, credentials and bounds for every call.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use reqwest::{
    Method, StatusCode, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER},
    redirect,
};
use serde::de::DeserializeOwned;

use super::{
    GongError, Limiter, RetryPolicy, Settings, SettingsError, Turn, Urgency, Verdict,
    decode::{decode, error_envelope, printable},
    retry::{self, Setback},
    settings::{self, Secrets},
};
use crate::clock::Clock;

/// A client of one Gong workspace. All of its calls share the limits; make one a process.
#[derive(Debug)]
pub struct Gong {
    http: reqwest::Client,
    base_url: Url,
    authorization: HeaderValue,
    secrets: Secrets,
    limiter: Arc<Limiter>,
    retry: RetryPolicy,
    timeout: Duration,
    max_body: usize,
    clock: Clock,
    jitter: Mutex<fastrand::Rng>,
}

/// An answer and when it was asked for: what it says was true then or later.
#[derive(Clone, Debug)]
pub struct Fetched<T> {
    /// The answer.
    pub value: T,
    /// When the call was sent that brought it.
    pub asked_at: Timestamp,
}

/// One call, before it is made.
pub(super) struct Call<'a> {
    pub(super) method: Method,
    pub(super) path: &'a [&'a str],
    pub(super) query: Vec<(&'static str, &'a str)>,
    pub(super) body: Option<serde_json::Value>,
}

impl Gong {
    /// A client with these settings. Nothing is sent yet.
    ///
    /// # Errors
    /// If a setting can't be used.
    pub fn new(settings: &Settings, clock: Clock, rng: fastrand::Rng) -> Result<Self, SettingsError> {
        let (base_url, loopback) = settings::base_url(&settings.base_url)?;
        let authorization = settings::authorization(&settings.credentials)?;
        // Fails only if one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        #[expect(clippy::disallowed_methods, reason = "this is the one door")]
        let mut http = reqwest::Client::builder()
            .user_agent(concat!("orgraph/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .connect_timeout(settings.timeout.min(Duration::from_secs(10)))
            .timeout(settings.timeout);
        if loopback {
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| SettingsError::Client(causes(&error)))?;
        Ok(Self {
            http,
            base_url,
            authorization,
            secrets: Secrets::of(&settings.credentials),
            limiter: Limiter::new(settings.limits, clock.clone()),
            retry: settings.retry,
            timeout: settings.timeout,
            max_body: settings.max_body,
            clock,
            jitter: Mutex::new(rng),
        })
    }

    /// The limiter that all calls go through.
    pub fn limiter(&self) -> &Arc<Limiter> {
        &self.limiter
    }

    /// Makes a call, as often as the policy allows. `turn` is for the first try, if the caller has one.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        call: &Call<'_>,
        urgency: Urgency,
        mut turn: Option<Turn>,
    ) -> Result<Fetched<T>, GongError> {
        let mut tries = 0;
        loop {
            let turn = match turn.take() {
                Some(turn) => turn,
                None => self.limiter.turn(urgency).await?,
            };
            let error = match self.try_once(call, turn).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            tries += 1;
            let setback = error.setback();
            let verdict = self.retry.decide(setback, tries, self.jitter());
            if let Setback::Throttled(asked) = setback {
                // Gong means the company, not this call: everybody waits.
                self.limiter.close_for(match verdict {
                    Verdict::Wait(wait) => wait,
                    Verdict::GiveUp => asked.unwrap_or(self.retry.longest_wait),
                });
            }
            match verdict {
                Verdict::GiveUp => return Err(error),
                Verdict::Wait(wait) if wait > urgency.patience() => return Err(error),
                Verdict::Wait(wait) => {
                    tracing::warn!(%error, gong_request_id = error.request_id(), tries, wait_ms = wait.as_millis() as u64, "Gong call will be tried again");
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }

    async fn try_once<T: DeserializeOwned>(
        &self,
        call: &Call<'_>,
        mut turn: Turn,
    ) -> Result<Fetched<T>, GongError> {
        let mut url = self.base_url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(call.path);
        }
        let mut request = self
            .http
            .request(call.method.clone(), url)
            .query(&call.query)
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, self.authorization.clone());
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        }
        turn.begin();
        let asked_at = self.clock.now();
        let response = request.send().await.map_err(|error| self.transport(error))?;
        turn.heard();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = self.read(response).await;
        if body.is_ok() {
            turn.kept_open();
        }
        drop(turn);
        let trace_id = headers.get("x-traceid").and_then(|id| id.to_str().ok()).map(|id| self.tell(id));
        if status.is_success() {
            let value = decode(&body?, trace_id.as_deref())?;
            return Ok(Fetched { value, asked_at });
        }
        // An error's body only explains it: if it can't be read, the status still counts.
        Err(self.refusal(status, &headers, &body.unwrap_or_default(), trace_id))
    }

    async fn read(&self, mut response: reqwest::Response) -> Result<Vec<u8>, GongError> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.transport(error))? {
            if body.len() + chunk.len() > self.max_body {
                return Err(GongError::BodyTooLarge { limit: self.max_body });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn transport(&self, error: reqwest::Error) -> GongError {
        if error.is_timeout() {
            GongError::TimedOut(self.timeout)
        } else if error.is_decode() {
            GongError::BrokenBody { cause: causes(&error), request_id: None }
        } else {
            GongError::Unreachable(causes(&error))
        }
    }

    fn refusal(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        trace_id: Option<String>,
    ) -> GongError {
        let envelope = error_envelope(body);
        let spoke = envelope.is_some();
        let (message, id) = envelope.unwrap_or_else(|| ("no reason given".to_owned(), None));
        let message = self.tell(&message);
        let request_id = id.map(|id| self.tell(&id)).or(trace_id);
        let code = status.as_u16();
        match code {
            401 | 403 => GongError::Unauthorized { status: code, message, request_id },
            429 => {
                let header = headers.get(RETRY_AFTER).and_then(|header| header.to_str().ok());
                let retry_after = header.and_then(|header| retry::retry_after(header, self.clock.now()));
                GongError::Throttled { retry_after, request_id }
            }
            400..=499 => {
                GongError::Rejected { status: code, message, request_id: request_id.filter(|_| spoke) }
            }
            _ => GongError::ServerFault { status: code, request_id },
        }
    }

    /// A text from outside, fit to be told.
    fn tell(&self, text: &str) -> String {
        printable(&self.secrets.redact(text.to_owned()))
    }

    fn jitter(&self) -> f64 {
        self.jitter.lock().unwrap_or_else(PoisonError::into_inner).f64()
    }
}

/// An error with its causes, without the URL: a cursor may be in it.
fn causes(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    printable(&cause.to_string())
}
