//! The one client: limits, retries, credentials and bounds for every call.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::{Timestamp, fmt::rfc2822};
use reqwest::{
    Method, Response,
    header::{AUTHORIZATION, CONTENT_TYPE, DATE},
};
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use tracing::Instrument;

use super::{
    GongError, Limiter, RetryPolicy, Settings, SettingsError, Turn, Urgency, Verdict,
    aside::Aside,
    auth::{Auth, Pass},
    decode::{decode, error_envelope},
    door::Door,
    heard::Heard,
    retry::Setback,
    told,
};
use crate::clock::Clock;

/// A client of one Gong workspace. All of its calls share the limits; make one a process.
#[derive(Debug)]
pub struct Gong {
    door: Arc<Door>,
    auth: Auth,
    limiter: Arc<Limiter>,
    retry: RetryPolicy,
    max_body: usize,
    clock: Clock,
    jitter: Mutex<fastrand::Rng>,
    heard: Mutex<Option<Heard>>,
    aside: Aside,
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
    /// A client with these settings. Nothing is sent yet, and no stored token read.
    ///
    /// # Errors
    /// If a setting can't be used.
    pub fn new(settings: &Settings, clock: Clock, mut rng: fastrand::Rng) -> Result<Self, SettingsError> {
        let limiter = Limiter::new(settings.limits, clock.clone());
        let door = Arc::new(Door::new(settings, &limiter, clock.clone())?);
        Ok(Self {
            auth: Auth::new(settings, &door, clock.clone(), rng.fork())?,
            door,
            limiter,
            retry: settings.retry,
            max_body: settings.max_body,
            clock,
            jitter: Mutex::new(rng),
            heard: Mutex::new(None),
            aside: Aside::default(),
        })
    }

    /// The limiter that all calls go through.
    pub fn limiter(&self) -> &Arc<Limiter> {
        &self.limiter
    }

    /// The head of the answer that came last, if any has come.
    pub fn heard(&self) -> Option<Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until no access token is being renewed. To be given a moment before the process ends: a new pair
    /// that Gong has sent and nobody has stored is a consent lost.
    pub async fn settled(&self) {
        self.auth.settled().await;
    }

    /// Makes a call, as often as the policy allows, and once more if the access token was refused and
    /// there is a newer one. `turn` is for the first try, if the caller has one.
    pub(super) async fn call<T: DeserializeOwned + Send + 'static>(
        &self,
        call: &Call<'_>,
        urgency: Urgency,
        turn: Option<Turn>,
    ) -> Result<Fetched<T>, GongError> {
        self.call_and_take(call, urgency, turn, |answer| answer).await
    }

    /// The same, for what `take` takes from the answer, on the thread that has read it.
    pub(super) async fn call_and_take<T: DeserializeOwned + 'static, R: Send + 'static>(
        &self,
        call: &Call<'_>,
        urgency: Urgency,
        mut turn: Option<Turn>,
        take: impl FnOnce(Fetched<T>) -> R + Clone + Send + 'static,
    ) -> Result<R, GongError> {
        let mut tries = 0;
        let mut replaced = false;
        loop {
            let (turn, pass) = self.admitted(urgency, turn.take()).await?;
            let span = told::span(&call.method, call.path, pass.base.host(), tries);
            let tried = self.try_once(call, &pass, turn, take.clone()).instrument(span.clone()).await;
            told::end(&span, &tried);
            let error = match tried {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            if error.may_be_the_token() {
                if replaced {
                    self.auth.replaced_in_vain();
                } else if self.auth.replaced(&pass, urgency).await? {
                    replaced = true;
                    continue;
                }
            }
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

    /// A turn and a pass, both at once: nobody holds a turn while waiting for a token.
    async fn admitted(
        &self,
        urgency: Urgency,
        mut turn: Option<Turn>,
    ) -> Result<(Turn, Arc<Pass>), GongError> {
        loop {
            let Some(pass) = self.auth.at_hand() else {
                drop(turn.take());
                self.auth.wait(urgency).await?;
                continue;
            };
            match turn {
                Some(turn) => return Ok((turn, pass)),
                None => turn = Some(self.limiter.turn(urgency).await?),
            }
        }
    }

    async fn try_once<T: DeserializeOwned + 'static, R: Send + 'static>(
        &self,
        call: &Call<'_>,
        pass: &Pass,
        mut turn: Turn,
        take: impl FnOnce(Fetched<T>) -> R + Send + 'static,
    ) -> Result<R, GongError> {
        let mut request = self
            .door
            .request(call.method.clone(), pass.base.below(call.path), pass.base.loopback)
            .query(&call.query)
            .header(AUTHORIZATION, pass.authorization.clone());
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        }
        turn.begin();
        let (asked_at, began) = (self.clock.now(), Instant::now());
        let response = match self.door.send(request).await {
            Ok(response) => response,
            Err(error) => {
                if matches!(error, GongError::TimedOut(_)) {
                    turn.keep_for(self.door.timeout());
                }
                return Err(error);
            }
        };
        turn.heard();
        self.hear(&response, asked_at, began.elapsed());
        let (status, headers) = (response.status(), response.headers().clone());
        let body = self.door.read(response, self.max_body).await;
        if body.is_ok() {
            turn.kept_open();
        }
        drop(turn);
        if status.is_success() {
            let (body, request_id) = (body?, self.door.trace_id(&headers));
            let bytes = body.len();
            let read =
                move || decode(&body, request_id.as_deref()).map(|value| take(Fetched { value, asked_at }));
            return self.aside.read(bytes, read).await;
        }
        // An error's body only explains it: if it can't be read, the status still counts.
        Err(self.door.refusal(status, &headers, error_envelope(&body.unwrap_or_default())))
    }

    fn hear(&self, response: &Response, asked_at: Timestamp, took: Duration) {
        let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| rfc2822::DateTimeParser::new().parse_timestamp(date).ok());
        let host = response.url().host_str().unwrap_or_default().to_owned();
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Heard { host, asked_at, took, date });
    }

    fn jitter(&self) -> f64 {
        self.jitter.lock().unwrap_or_else(PoisonError::into_inner).f64()
    }
}
