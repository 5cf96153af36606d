//! Whose tokens are taken, and what must be in them.

use std::{net::IpAddr, time::Duration};

use reqwest::Url;

use super::SigningAlgorithm;
use crate::auth::{Role, SettingsError};

/// Whose tokens are taken. Times are by the clock that is handed in.
#[derive(Clone, Debug)]
pub struct TokenSettings {
    /// The issuer, to the letter as tokens name it in `iss`.
    pub issuer: String,
    /// What this service is called in `aud`: one of these has to be there.
    pub audiences: Vec<String>,
    /// Where the issuer's keys are; `None` to ask the issuer's `/.well-known/openid-configuration`.
    pub jwks_url: Option<String>,
    /// The algorithms that are taken; none of them works with a shared secret.
    pub algorithms: Vec<SigningAlgorithm>,
    /// How far the issuer's clock and ours may be apart.
    pub leeway: Duration,
    /// Which claim holds the role: a claim of this name, or a path with dots to one inside objects.
    pub role_claim: String,
    /// The role of those whose token gives none; `None` to refuse them.
    pub default_role: Option<Role>,
    /// How often the keys are fetched anew, so that one that was withdrawn is forgotten.
    pub refresh: Duration,
    /// How old the keys may get while the issuer can't be asked.
    pub max_age: Duration,
    /// The shortest time between two fetches that tokens with unknown keys cause.
    pub cooldown: Duration,
    /// How long a fetch may take.
    pub timeout: Duration,
}

impl TokenSettings {
    /// The usual settings, for tokens of this issuer to this audience.
    pub fn new(issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            audiences: vec![audience.into()],
            jwks_url: None,
            algorithms: SigningAlgorithm::USUAL.to_vec(),
            leeway: Duration::from_secs(60),
            role_claim: "orgraph_role".to_owned(),
            default_role: None,
            refresh: Duration::from_secs(10 * 60),
            max_age: Duration::from_secs(24 * 60 * 60),
            cooldown: Duration::from_secs(30),
            timeout: Duration::from_secs(10),
        }
    }

    /// Where the keys are, or where it is told where they are.
    pub(super) fn address(&self) -> Result<(Url, Told), SettingsError> {
        let bad = |what| move |why| SettingsError::Url { what, why };
        if self.audiences.is_empty() || self.audiences.iter().any(String::is_empty) {
            return Err(SettingsError::Tokens(
                "tokens need an audience: what this service is called in them",
            ));
        }
        if self.algorithms.is_empty() {
            return Err(SettingsError::Tokens("no algorithm is taken: no token could be let in"));
        }
        match &self.jwks_url {
            Some(url) => Ok((url_of(url).map_err(bad("the URL of the issuer's keys"))?, Told::Here)),
            None => {
                let well_known =
                    format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
                Ok((url_of(&well_known).map_err(bad("the issuer"))?, Told::There))
            }
        }
    }
}

/// Whether an address is that of the keys or of a document that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Here,
    There,
}

/// An URL that may be asked: whoever stands in between could let anybody in.
pub(super) fn url_of(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "is no URL")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("has a user or a password in it");
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_here(&url) => Ok(url),
        "http" => Err("uses http to another machine; https is needed"),
        _ => Err("must begin with https://"),
    }
}

/// Whether it leads to this machine.
pub(super) fn is_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_fetched_safely_or_from_this_machine() {
        for good in
            ["https://id.example/keys", "http://127.0.0.1:9/keys", "http://[::1]:9/", "http://LOCALHOST/keys"]
        {
            assert!(url_of(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("id.example", "is no URL"),
            ("http://id.example/keys", "uses http to another machine; https is needed"),
            ("http://localhost.example/keys", "uses http to another machine; https is needed"),
            ("http://127.0.0.1.example/", "uses http to another machine; https is needed"),
            ("file:///etc/keys", "must begin with https://"),
            ("https://user:word@id.example/", "has a user or a password in it"),
        ] {
            assert_eq!(url_of(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn the_issuer_tells_where_its_keys_are_unless_that_is_said() {
        let mut settings = TokenSettings::new("https://id.example/tenant/", "orgraph");
        let (url, told) = settings.address().unwrap();
        assert_eq!(url.as_str(), "https://id.example/tenant/.well-known/openid-configuration");
        assert_eq!(told, Told::There);
        settings.jwks_url = Some("https://keys.example/all".to_owned());
        assert_eq!(settings.address().unwrap().1, Told::Here);
        settings.audiences.clear();
        assert!(settings.address().is_err());
    }
}
