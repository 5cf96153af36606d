//! The one door to the issuer: bounded in time and size, without redirects.

use reqwest::{Client, ClientBuilder, Url, redirect::Policy};
use serde::Deserialize;

use super::{
    jwks::SigningKeys,
    settings::{TokenSettings, Told, is_here, url_of},
};
use crate::auth::SettingsError;

/// The largest answer of an issuer that is read, in bytes.
const MAX_BODY: usize = 512 * 1024;

/// Fetches the keys of one issuer.
#[derive(Debug)]
pub(super) struct Door {
    outside: Client,
    /// For this machine, past any proxy.
    here: Client,
    url: Url,
    told: Told,
    issuer: String,
}

/// What `/.well-known/openid-configuration` tells, as far as it concerns us.
#[derive(Deserialize)]
struct Discovered {
    issuer: String,
    jwks_uri: String,
}

impl Door {
    /// Nothing is sent yet.
    #[expect(
        clippy::disallowed_methods,
        reason = "this one asks the issuer of tokens for its keys, not Gong"
    )]
    pub(super) fn new(settings: &TokenSettings) -> Result<Self, SettingsError> {
        let (url, told) = settings.address()?;
        // Fails only if one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            Client::builder()
                .redirect(Policy::none())
                .timeout(settings.timeout)
                .connect_timeout(settings.timeout / 2)
                .no_gzip()
                .user_agent(concat!("orgraph/", env!("CARGO_PKG_VERSION")))
        };
        let build = |builder: ClientBuilder| {
            let why = SettingsError::Tokens("no HTTP client can be made to ask the issuer");
            builder.build().map_err(|_| why)
        };
        let (outside, here) = (build(builder())?, build(builder().no_proxy())?);
        Ok(Self { outside, here, url, told, issuer: settings.issuer.clone() })
    }

    /// The keys as they are now. Why not is told in words of our own: an answer could repeat anything.
    pub(super) async fn keys(&self) -> Result<SigningKeys, String> {
        let keys = match self.told {
            Told::Here => self.url.clone(),
            Told::There => self.discover().await.map_err(|why| format!("its configuration: {why}"))?,
        };
        let body = self.get(keys).await.map_err(|why| format!("its keys: {why}"))?;
        SigningKeys::read(&body).map_err(|why| format!("its keys: {why}"))
    }

    async fn discover(&self) -> Result<Url, String> {
        let body = self.get(self.url.clone()).await?;
        let found: Discovered =
            serde_json::from_slice(&body).map_err(|_| "it names no issuer and no jwks_uri".to_owned())?;
        if found.issuer != self.issuer {
            return Err("it is that of another issuer".to_owned());
        }
        url_of(&found.jwks_uri).map_err(|why| format!("its jwks_uri {why}"))
    }

    async fn get(&self, url: Url) -> Result<Vec<u8>, String> {
        let failed = |error: reqwest::Error| match error.is_timeout() {
            true => "no answer in time".to_owned(),
            // Without the URL, which is in the settings.
            false => match std::error::Error::source(&error) {
                Some(cause) => cause.to_string(),
                None => "no answer".to_owned(),
            },
        };
        let http = if is_here(&url) { &self.here } else { &self.outside };
        let mut response = http.get(url).header("accept", "application/json").send().await.map_err(failed)?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(format!("answered with {}", response.status().as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err("the answer is larger than 512 KiB".to_owned());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}
