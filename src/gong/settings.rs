//! What the client has to be told.

use std::{net::IpAddr, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::{Url, header::HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

use super::{Limits, RetryPolicy};

/// An access key of Gong's (company settings, API). High-privilege: it reads the whole company.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The key's name part.
    pub access_key: SecretString,
    /// The key's secret part.
    pub access_key_secret: SecretString,
}

/// Everything the client has to be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where Gong is: `https://api.gong.io` for access keys. Plain `http` is taken for this machine
    /// only, since the key goes with every call.
    pub base_url: String,
    /// Who asks.
    pub credentials: Credentials,
    /// How much may be asked.
    pub limits: Limits,
    /// When a call is tried again.
    pub retry: RetryPolicy,
    /// How long one call may take, from connecting to the body's last byte.
    pub timeout: Duration,
    /// The largest body that is read, in bytes after decompression.
    pub max_body: usize,
}

impl Settings {
    /// Settings with Gong's documented limits.
    pub fn new(base_url: impl Into<String>, credentials: Credentials) -> Self {
        Self {
            base_url: base_url.into(),
            credentials,
            limits: Limits::default(),
            retry: RetryPolicy::default(),
            timeout: Duration::from_secs(30),
            max_body: 16 << 20,
        }
    }
}

/// Why no client could be made.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// The base URL can't be read.
    #[error("the base URL of Gong is no URL: {0}")]
    BaseUrl(String),
    /// The base URL has another scheme, user info, a query or a fragment.
    #[error("the base URL of Gong must be http(s)://host[:port][/path] and nothing else")]
    BaseUrlShape,
    /// The key would cross a network in the clear.
    #[error("the base URL of Gong uses http to another machine: the access key would be readable on the way")]
    PlainHttp,
    /// A part of the key is empty or can't be sent.
    #[error("the {0} of Gong is empty or has characters that no header can carry")]
    Credential(&'static str),
    /// The HTTP client can't start.
    #[error("the HTTPS client can't start: {0}")]
    Client(String),
}

/// Texts that must not come back out: an error of Gong's, or of something that stands in for it, may
/// repeat what was sent.
#[derive(Debug)]
pub(super) struct Secrets(Vec<SecretString>);

impl Secrets {
    pub(super) fn of(credentials: &Credentials) -> Self {
        let (key, secret) =
            (credentials.access_key.expose_secret(), credentials.access_key_secret.expose_secret());
        let sent = BASE64_STANDARD.encode(format!("{key}:{secret}"));
        // As JSON writes it, for an error that is told as JSON.
        let quoted = serde_json::Value::from(secret).to_string();
        let mut secrets = vec![sent, secret.to_owned(), quoted.trim_matches('"').to_owned()];
        // A key's name is longer than any word that an error would use, unless it is a test's.
        secrets.extend((key.len() >= 8).then(|| key.to_owned()));
        Self(secrets.into_iter().map(SecretString::from).collect())
    }

    /// `text` without them.
    pub(super) fn redact(&self, text: String) -> String {
        self.0.iter().fold(text, |text, secret| text.replace(secret.expose_secret(), "[redacted]"))
    }
}

/// The checked base URL, without a slash at its end, and whether it is this machine.
pub(super) fn base_url(text: &str) -> Result<(Url, bool), SettingsError> {
    let url =
        Url::parse(text.trim_end_matches('/')).map_err(|error| SettingsError::BaseUrl(error.to_string()))?;
    let bare = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
        && !url.cannot_be_a_base();
    if !bare || !matches!(url.scheme(), "http" | "https") {
        return Err(SettingsError::BaseUrlShape);
    }
    let loopback = url.host_str().is_some_and(|host| {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    });
    if url.scheme() == "http" && !loopback {
        return Err(SettingsError::PlainHttp);
    }
    Ok((url, loopback))
}

/// The `Authorization` header, marked so that nothing prints it.
pub(super) fn authorization(credentials: &Credentials) -> Result<HeaderValue, SettingsError> {
    let key = credentials.access_key.expose_secret();
    let secret = credentials.access_key_secret.expose_secret();
    for (part, name) in [(key, "access key"), (secret, "access key secret")] {
        if part.trim().is_empty() || part.chars().any(char::is_control) {
            return Err(SettingsError::Credential(name));
        }
    }
    if key.contains(':') {
        return Err(SettingsError::Credential("access key"));
    }
    let text = format!("Basic {}", BASE64_STANDARD.encode(format!("{key}:{secret}")));
    let mut header = HeaderValue::from_str(&text).map_err(|_| SettingsError::Credential("access key"))?;
    header.set_sensitive(true);
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_spoken_to_in_the_clear() {
        assert!(base_url("https://api.gong.io").is_ok_and(|(_, loopback)| !loopback));
        for here in ["http://127.0.0.1:9", "http://localhost:9/", "http://[::1]:9/gong"] {
            assert!(base_url(here).is_ok_and(|(_, loopback)| loopback), "{here}");
        }
        assert!(matches!(base_url("http://api.gong.io"), Err(SettingsError::PlainHttp)));
        assert!(matches!(base_url("http://127.0.0.1.example.com"), Err(SettingsError::PlainHttp)));
    }

    #[test]
    fn a_base_url_is_a_place_and_nothing_else() {
        for odd in ["ftp://x", "https://user:pw@x", "https://x?y=1", "https://x#y", "mailto:x"] {
            assert!(matches!(base_url(odd), Err(SettingsError::BaseUrlShape)), "{odd}");
        }
        assert!(matches!(base_url("api.gong.io"), Err(SettingsError::BaseUrl(_))));
    }

    #[test]
    fn what_was_sent_is_not_repeated() {
        let secrets =
            Secrets::of(&Credentials { access_key: "AK123456".into(), access_key_secret: "hush".into() });
        let text = format!("bad key AK123456:hush ({})", BASE64_STANDARD.encode("AK123456:hush"));
        assert_eq!(secrets.redact(text), "bad key [redacted]:[redacted] ([redacted])");
    }

    #[test]
    fn an_empty_credential_is_named() {
        let with = |key: &str, secret: &str| {
            authorization(&Credentials { access_key: key.into(), access_key_secret: secret.into() })
        };
        assert!(with("key", "secret").is_ok_and(|header| header.is_sensitive()));
        assert!(matches!(with(" ", "secret"), Err(SettingsError::Credential("access key"))));
        assert!(matches!(with("key", ""), Err(SettingsError::Credential("access key secret"))));
        assert!(matches!(with("ke:y", "secret"), Err(SettingsError::Credential("access key"))));
    }
}
