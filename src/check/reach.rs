//! The first call to Gong: what its answer, or the want of one, tells of host, credentials and clock.

use super::{
    finding::{Cause, Finding, Topic},
    report::GongFacts,
};
use crate::gong::{Credentials, GongError, Heard, Refusal};

/// How far clocks may be apart before somebody should look at it, in seconds. Answers and networks take time, and
/// `Date` has whole seconds.
const CLOSE: i64 = 5;

/// What the credentials are called.
pub(super) fn kind(credentials: &Credentials) -> &'static str {
    match credentials {
        Credentials::AccessKey { .. } => "access key",
        Credentials::OAuth(_) => "OAuth integration",
    }
}

/// That somebody answers, and how soon.
pub(super) fn answers(heard: &Heard, asked: &str) -> Finding {
    let how = if asked.starts_with("https") { " over TLS" } else { "" };
    let took = heard.took.as_millis();
    Finding::fine(Topic::Host, format!("{} answers{how}, the first time after {took} ms", heard.host))
}

/// Whether the clocks agree.
pub(super) fn clock(heard: &Heard) -> Finding {
    let Some(ahead) = heard.ahead().map(|ahead| ahead.as_secs()) else {
        return Finding::skipped(Topic::Clock, "the answer has no Date to compare this machine's clock with");
    };
    let apart = ahead.abs();
    if apart <= CLOSE {
        return Finding::fine(Topic::Clock, format!("this machine's clock and Gong's are within {CLOSE} s"));
    }
    let way = if ahead > 0 { "ahead of" } else { "behind" };
    Finding::warning(
        Topic::Clock,
        format!("this machine's clock is {apart} s {way} Gong's"),
        "set it by NTP: ages of snapshots, days of activity and the ends of keys and tokens go by it",
    )
}

/// The facts of an answer.
pub(super) fn facts(heard: &Heard) -> GongFacts {
    GongFacts {
        host: heard.host.clone(),
        latency_ms: u64::try_from(heard.took.as_millis()).unwrap_or(u64::MAX),
        clock_ahead_seconds: heard.ahead().map(|ahead| ahead.as_secs()),
    }
}

/// What it means that the first call came to nothing. `asked` is where Gong was looked for.
pub(super) fn failure(error: &GongError, credentials: &Credentials, asked: &str) -> Finding {
    let mut finding = meaning(error, credentials);
    if finding.topic == Topic::Host {
        let place = match (error, credentials) {
            (GongError::NoToken(_), Credentials::OAuth(client)) => &client.token_url,
            _ => asked,
        };
        finding.message += &format!(" (asked at {place})");
    }
    finding
}

fn meaning(error: &GongError, credentials: &Credentials) -> Finding {
    let told = match error.request_id() {
        Some(id) => format!("{error}; Gong's requestId is {id}"),
        None => error.to_string(),
    };
    let kind = kind(credentials);
    if let Some(scope) = error.missing_scope() {
        let advice = format!("add {scope} to the integration in Gong and have the company authorise it anew");
        return Finding::failed(Topic::Scopes, Cause::Credentials, told, advice);
    }
    match error {
        GongError::NoToken(cause) => {
            let cause = meaning(cause, credentials);
            let advice = match cause.topic {
                Topic::Credentials => "have the company authorise the integration anew and set the new \
                    GONG_REFRESH_TOKEN, and compare GONG_CLIENT_ID and GONG_CLIENT_SECRET with Gong's"
                    .to_owned(),
                _ => cause.advice.unwrap_or_default(),
            };
            Finding { message: told, advice: Some(advice), ..cause }
        }
        GongError::Unauthorized { status: 403, .. } => Finding::failed(
            Topic::Credentials,
            Cause::Credentials,
            told,
            format!(
                "see whether the {kind} is limited to other addresses than this machine's, and whether \
                 GONG_BASE_URL is where its company is"
            ),
        ),
        GongError::Unauthorized { .. } => Finding::failed(
            Topic::Credentials,
            Cause::Credentials,
            told,
            format!("compare the {kind} in the environment with the one in Gong's company settings (API)"),
        ),
        GongError::TokenStore(_) => {
            let advice = "see to the state directory: the tokens in it can't be read";
            Finding::failed(Topic::State, Cause::State, told, advice)
        }
        GongError::Throttled { .. } | GongError::NotAsked(Refusal::Closed { .. }) => Finding::failed(
            Topic::Quota,
            Cause::Quota,
            told,
            "wait, and see which other integrations spend the company's calls: Gong's limits hold for all together",
        ),
        GongError::NotAsked(_) => Finding::failed(
            Topic::Quota,
            Cause::Quota,
            told,
            "wait, or raise --gong-daily-budget if Gong allows the company more",
        ),
        GongError::Untrusted(_) => Finding::failed(
            Topic::Host,
            Cause::Network,
            told,
            "see whether something on the way opens TLS; if it is meant to, add its certificate to those that \
             this machine trusts",
        ),
        GongError::Unreachable(_) | GongError::TimedOut(_) => Finding::failed(
            Topic::Host,
            Cause::Network,
            told,
            "see whether GONG_BASE_URL is right and this machine may reach it, by HTTPS_PROXY where it has to",
        ),
        _ => Finding::failed(
            Topic::Host,
            Cause::Network,
            told,
            "see whether GONG_BASE_URL leads to Gong; if it does, Gong has a fault, and its support wants the requestId",
        ),
    }
}
