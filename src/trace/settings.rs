//! What the exporter is told.

use std::time::Duration;

use reqwest::{
    Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use thiserror::Error;

/// Where spans go, and how many.
#[derive(Clone, Debug)]
pub struct Settings {
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) loopback: bool,
    /// What the spans are said to be of: `service.name` and the like.
    pub resource: Vec<(String, String)>,
    /// Which traces are told.
    pub sampling: Sampling,
    /// How long the collector may take to answer.
    pub timeout: Duration,
    /// Spans that wait at most; further ones are dropped.
    pub queue: usize,
    /// Spans in one message at most.
    pub batch: usize,
    /// How long a span waits for others.
    pub delay: Duration,
}

/// Which traces are told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    /// The share of them, from 0 to 1, by their ids.
    pub share: f64,
    /// Whether the caller's flag goes before it, if there is a caller with a trace.
    pub heeds_caller: bool,
}

/// What can't be used. None of it quotes a header or a URL: both may hold a secret.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// It is no URL of a collector.
    #[error("the endpoint is no URL such as http://localhost:4318")]
    Url,
    /// Somebody's password is in it.
    #[error("the endpoint holds a user or a password; credentials belong into the headers")]
    Credentials,
    /// Secrets would cross the network in the clear.
    #[error(
        "the endpoint uses http to another machine, and there are headers, which may be secret: use https, or none"
    )]
    PlainHttp,
    /// A header can't be sent.
    #[error("header {0} can't be read; expected NAME=VALUE, several with commas between them")]
    Header(usize),
}

impl Settings {
    /// The collector at `url`, which is the whole of it, `/v1/traces` included, with the SDKs' usual bounds.
    ///
    /// # Errors
    /// If it can't be used, or if headers would cross the network in the clear. Spans alone may: a collector in a
    /// private network is usual, and there is no secret in them.
    pub fn new(url: &str, headers: &[(String, String)]) -> Result<Self, SettingsError> {
        let url = Url::parse(url).map_err(|_| SettingsError::Url)?;
        if !["http", "https"].contains(&url.scheme()) || url.host_str().is_none() {
            return Err(SettingsError::Url);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(SettingsError::Credentials);
        }
        let loopback = url.host_str().is_some_and(|host| {
            let host = host.trim_start_matches('[').trim_end_matches(']');
            host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        });
        if url.scheme() == "http" && !loopback && !headers.is_empty() {
            return Err(SettingsError::PlainHttp);
        }
        let headers = headers.iter().enumerate().map(|(at, (name, value))| {
            let bad = || SettingsError::Header(at + 1);
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
            let mut value = HeaderValue::from_str(value).map_err(|_| bad())?;
            value.set_sensitive(true);
            Ok((name, value))
        });
        Ok(Self {
            url,
            headers: headers.collect::<Result<_, _>>()?,
            loopback,
            resource: Vec::new(),
            sampling: Sampling { share: 1.0, heeds_caller: true },
            timeout: Duration::from_secs(10),
            queue: 2_048,
            batch: 512,
            delay: Duration::from_secs(5),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str, headers: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let headers: Vec<_> = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Settings::new(url, &headers)
    }

    #[test]
    fn headers_do_not_cross_the_network_in_the_clear() {
        let token = [("authorization", "Bearer canary")];
        for url in ["http://127.0.0.1:4318/v1/traces", "http://[::1]:4318", "https://collector.example"] {
            let settings = settings(url, &token).unwrap();
            assert!(!format!("{settings:?}").contains("canary"));
        }
        assert!(settings("http://collector.internal:4318/v1/traces", &[]).is_ok());
        for url in ["http://collector.internal:4318", "http://127.0.0.1.example.com"] {
            assert!(matches!(settings(url, &token), Err(SettingsError::PlainHttp)), "{url}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        for url in ["", "collector", "ftp://collector", "grpc://collector:4317"] {
            assert!(matches!(settings(url, &[]), Err(SettingsError::Url)), "{url}");
        }
        for url in ["https://user@collector", "https://:canary@collector"] {
            assert!(matches!(settings(url, &[]), Err(SettingsError::Credentials)), "{url}");
        }
        for header in [("a b", "c"), ("", "c"), ("a", "\n")] {
            let refused = settings("https://c", &[("a", "b"), header]);
            assert!(matches!(refused, Err(SettingsError::Header(2))), "{header:?}");
        }
    }
}
