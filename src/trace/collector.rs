//! `POST /v1/traces`: a batch of spans for the collector.

use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use prost::Message;
use reqwest::{
    Client, Response, StatusCode, Url,
    header::{CONTENT_TYPE, RETRY_AFTER},
    redirect,
};
use thiserror::Error;

use super::Settings;

/// A collector.
#[derive(Debug)]
pub(super) struct Collector {
    http: Client,
    url: Url,
}

/// Why a batch was not taken. It has no URL and no header.
#[derive(Debug, Error)]
pub(super) enum Failure {
    #[error("the collector answers {status}")]
    Status { status: u16, retry_after: Option<Duration> },
    #[error("the collector can't be reached: {0}")]
    Unreachable(String),
    #[error("the collector has not answered in time")]
    TimedOut,
}

/// No answer of this kind is larger; what is isn't read.
const MAX_ANSWER: usize = 64 << 10;
/// Tries in all.
const TRIES: u32 = 5;
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

impl Failure {
    /// How long to wait before the next try, after so many; `None` if there is no point in one. As the protocol has
    /// it: what is busy or away may come back, what refuses a batch refuses it again.
    pub(super) fn wait(&self, tries: u32) -> Option<Duration> {
        let asked = match self {
            Self::Status { status: 429 | 502 | 503 | 504, retry_after } => *retry_after,
            Self::Status { .. } => return None,
            Self::Unreachable(_) | Self::TimedOut => None,
        };
        let doubled = FIRST_WAIT.saturating_mul(1 << tries.saturating_sub(1).min(16));
        (tries < TRIES).then(|| asked.unwrap_or(doubled).clamp(FIRST_WAIT, LONGEST_WAIT))
    }
}

impl Collector {
    /// The collector of these settings. Redirects are not followed: headers go to the host that they are meant for.
    ///
    /// # Errors
    /// If there is no TLS to be had on this machine.
    pub(super) fn new(settings: &Settings) -> Result<Self, reqwest::Error> {
        // Fails only if one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        #[expect(clippy::disallowed_methods, reason = "this one speaks to the collector, not to Gong")]
        let builder = Client::builder()
            .user_agent(concat!("orgraph/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .default_headers(settings.headers.clone())
            .timeout(settings.timeout);
        // No proxy stands before this machine.
        let builder = if settings.loopback { builder.no_proxy() } else { builder };
        Ok(Self { http: builder.build()?, url: settings.url.clone() })
    }

    /// Hands over a message; tells how many of its spans were refused.
    pub(super) async fn take(&self, message: Vec<u8>) -> Result<u64, Failure> {
        let request = self.http.post(self.url.clone()).header(CONTENT_TYPE, "application/x-protobuf");
        let response = request.body(message).send().await.map_err(failure)?;
        let status = response.status();
        if !status.is_success() {
            return Err(Failure::Status { status: status.as_u16(), retry_after: retry_after(&response) });
        }
        let answer = if status == StatusCode::OK { body(response).await? } else { Vec::new() };
        // A collector that answers in another way has taken all.
        let told = ExportTraceServiceResponse::decode(answer.as_slice()).unwrap_or_default();
        let rejected = told.partial_success.map_or(0, |partly| partly.rejected_spans);
        Ok(u64::try_from(rejected).unwrap_or_default())
    }
}

async fn body(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failure)? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Ok(Vec::new());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

fn failure(error: reqwest::Error) -> Failure {
    if error.is_timeout() {
        return Failure::TimedOut;
    }
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    Failure::Unreachable(cause.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_pass_is_tried_again_and_not_for_ever() {
        let waits = |failure: Failure| {
            (1..=6).map(|tries| failure.wait(tries).map(|wait| wait.as_secs())).collect::<Vec<_>>()
        };
        let doubling = [Some(1), Some(2), Some(4), Some(8), None, None];
        assert_eq!(waits(Failure::TimedOut), doubling);
        assert_eq!(waits(Failure::Unreachable(String::new())), doubling);
        let status = |status, asked: Option<u64>| Failure::Status {
            status,
            retry_after: asked.map(Duration::from_secs),
        };
        for busy in [429, 502, 503, 504] {
            assert_eq!(waits(status(busy, None)), doubling, "{busy}");
            assert_eq!(waits(status(busy, Some(7)))[..2], [Some(7), Some(7)], "{busy}");
            assert_eq!(waits(status(busy, Some(3_600)))[0], Some(30), "{busy}");
        }
        for refusal in [301, 400, 401, 404, 413, 500] {
            assert_eq!(waits(status(refusal, Some(1)))[0], None, "{refusal}");
        }
    }
}
