//! How anything is sent: one HTTP client, its bounds, and what its failures are called.

use std::{sync::Arc, time::Duration};

use reqwest::{
    Method, RequestBuilder, Response, StatusCode, Url,
    header::{ACCEPT, HeaderMap, RETRY_AFTER},
    redirect,
};

use super::{
    GongError, Limiter, Settings, SettingsError, connecting::Watched, decode::printable, retry,
    secrets::Secrets, told,
};
use crate::clock::Clock;

/// Sends requests and bounds their answers. Redirects are never followed: a credential goes to the host
/// that it is meant for, and to no other.
#[derive(Debug)]
pub(super) struct Door {
    outside: reqwest::Client,
    /// For this machine, which no proxy stands before.
    here: reqwest::Client,
    timeout: Duration,
    secrets: Arc<Secrets>,
    clock: Clock,
}

impl Door {
    /// The door of those whom `limiter` lets through.
    pub(super) fn new(
        settings: &Settings,
        limiter: &Arc<Limiter>,
        clock: Clock,
    ) -> Result<Self, SettingsError> {
        // Fails only if one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let build =
            |http: reqwest::ClientBuilder| http.build().map_err(|error| SettingsError::Client(causes(error)));
        #[expect(clippy::disallowed_methods, reason = "this is the one door")]
        let builder = || {
            reqwest::Client::builder()
                .user_agent(concat!("orgraph/", env!("CARGO_PKG_VERSION")))
                .redirect(redirect::Policy::none())
                .connect_timeout(settings.timeout.min(Duration::from_secs(10)))
                .timeout(settings.timeout)
                .connector_layer(Watched(limiter.clone()))
        };
        Ok(Self {
            outside: build(builder())?,
            here: build(builder().no_proxy())?,
            timeout: settings.timeout,
            secrets: Arc::new(Secrets::of(&settings.credentials)),
            clock,
        })
    }

    /// How long one call may take.
    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// What must not be told.
    pub(super) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// A request to be filled in; `loopback` if it goes to this machine.
    pub(super) fn request(&self, method: Method, url: Url, loopback: bool) -> RequestBuilder {
        let http = if loopback { &self.here } else { &self.outside };
        http.request(method, url).header(ACCEPT, "application/json")
    }

    /// Sends it; there is an answer when its head is there.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Response, GongError> {
        let response = request.send().await.map_err(|error| self.transport(error))?;
        told::status(response.status().as_u16());
        Ok(response)
    }

    /// The body, if it isn't larger than `limit` bytes.
    pub(super) async fn read(&self, mut response: Response, limit: usize) -> Result<Vec<u8>, GongError> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.transport(error))? {
            if body.len() + chunk.len() > limit {
                return Err(GongError::BodyTooLarge { limit });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    /// The id in the headers of an answer.
    pub(super) fn trace_id(&self, headers: &HeaderMap) -> Option<String> {
        headers.get("x-traceid").and_then(|id| id.to_str().ok()).map(|id| self.tell(id))
    }

    /// What an answer without success means; `envelope` has its words and its id, if it was Gong who spoke.
    pub(super) fn refusal(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        envelope: Option<(String, Option<String>)>,
    ) -> GongError {
        let spoke = envelope.is_some();
        let (message, id) = envelope.unwrap_or_else(|| ("no reason given".to_owned(), None));
        let message = self.tell(&message);
        let request_id = id.map(|id| self.tell(&id)).or_else(|| self.trace_id(headers));
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

    fn transport(&self, error: reqwest::Error) -> GongError {
        if error.is_timeout() {
            GongError::TimedOut(self.timeout)
        } else if error.is_decode() && !broke_off(&error) {
            GongError::BrokenBody { cause: causes(error), request_id: None }
        } else if let Some(why) = of_tls(&error) {
            match why {
                // Whoever answers by other means than TLS is somebody else.
                rustls::Error::InvalidMessage(_) => {
                    GongError::Unreachable("what answers there doesn't speak TLS".to_owned())
                }
                _ => GongError::Untrusted(causes(error)),
            }
        } else {
            GongError::Unreachable(causes(error))
        }
    }
}

/// Whether a body ended before its end: the connection broke, whatever was to be unpacked.
fn broke_off(error: &reqwest::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        let io = deeper.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.kind() == std::io::ErrorKind::UnexpectedEof) {
            return true;
        }
        cause = deeper.source();
    }
    false
}

/// Why TLS came to nothing, if it was that.
fn of_tls(error: &reqwest::Error) -> Option<&rustls::Error> {
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        if let Some(why) = made_of(deeper) {
            return Some(why);
        }
        cause = deeper.source();
    }
    None
}

/// An error of a stream doesn't tell by `source` what it was made of, and is made of another one at times.
fn made_of<'e>(error: &'e (dyn std::error::Error + 'static)) -> Option<&'e rustls::Error> {
    let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.downcast_ref().or_else(|| inner.and_then(|inner| made_of(inner)))
}

/// What an error comes from, without the URL: a cursor or a token may be in it.
fn causes(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    printable(&cause.to_string())
}
