//! The tokens that were given out, and which of them are good.

use std::{
    collections::VecDeque,
    iter::repeat_with,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use secrecy::ExposeSecret;
use tokio::time::Instant;

use super::settings::OauthSettings;
use crate::simulator::{
    envelope::Fault,
    signing::{SigningKey, Tag},
};

/// The most grants that are remembered; the tokens of older ones are unknown.
const KEPT_GRANTS: usize = 1_000;

/// Gives tokens out and takes them. Only their tags are kept.
pub(in crate::simulator) struct Tokens {
    key: SigningKey,
    client: Tag,
    life: Duration,
    grace: Duration,
    scopes: Vec<String>,
    api_base_url: Option<String>,
    grants: Mutex<Grants>,
}

/// A pair of tokens, as the app gets it.
pub(super) struct Pair {
    pub(super) access_token: String,
    pub(super) refresh_token: String,
}

struct Grants {
    /// The authorisation code, until it is used.
    code: Option<Tag>,
    grants: VecDeque<Grant>,
    next: u64,
}

/// One pair of tokens. The refresh token of the settings came with no access token.
struct Grant {
    number: u64,
    /// The grant whose refresh token this one was given for.
    from: Option<u64>,
    access: Option<Access>,
    refresh: Tag,
    refreshed: Refreshed,
}

struct Access {
    token: Tag,
    host: String,
    issued: Instant,
}

/// What became of a refresh token.
enum Refreshed {
    NotYet,
    /// It may be used once more while the grace lasts.
    At(Instant),
    Dead,
}

impl Tokens {
    pub(in crate::simulator) fn new(key: SigningKey, settings: &OauthSettings) -> Self {
        let secret = settings.client_secret.expose_secret();
        let client = key.tag(b"client", format!("{}:{secret}", settings.client_id).as_bytes());
        let code = key.tag(b"code", settings.authorization_code.expose_secret().as_bytes());
        let first = Grant {
            number: 0,
            from: None,
            access: None,
            refresh: key.tag(b"refresh", settings.refresh_token.expose_secret().as_bytes()),
            refreshed: Refreshed::NotYet,
        };
        Self {
            client,
            life: settings.access_token_life,
            grace: settings.refresh_grace,
            scopes: settings.scopes.clone(),
            api_base_url: settings.api_base_url.as_deref().map(|url| url.trim_end_matches('/').to_owned()),
            grants: Mutex::new(Grants { code: Some(code), grants: VecDeque::from([first]), next: 1 }),
            key,
        }
    }

    /// Whether these are the app's id and secret, with a colon between them.
    pub(super) fn knows_client(&self, credentials: &[u8]) -> bool {
        self.key.tag(b"client", credentials) == self.client
    }

    pub(super) fn life(&self) -> Duration {
        self.life
    }

    pub(super) fn scope(&self) -> String {
        self.scopes.join(" ")
    }

    /// Where the API is reached, for a token endpoint reached at `host`.
    pub(super) fn api_base_url(&self, host: &str) -> String {
        self.api_base_url.clone().unwrap_or_else(|| format!("http://{host}"))
    }

    /// A pair for the code, which is good once.
    pub(super) fn redeem_code(&self, code: &str, host: &str) -> Result<Pair, Fault> {
        let mut grants = self.grants();
        if grants.code.as_ref() != Some(&self.key.tag(b"code", code.as_bytes())) {
            return Err(Fault::BadGrant("the authorization code is unknown or was used before"));
        }
        grants.code = None;
        Ok(self.grant(&mut grants, None, host))
    }

    /// A pair for a refresh token, which is dead from then on, or once the grace is over.
    pub(super) fn redeem_refresh(&self, token: &str, host: &str) -> Result<Pair, Fault> {
        let (mut grants, tag) = (self.grants(), self.key.tag(b"refresh", token.as_bytes()));
        let grant = grants
            .grants
            .iter_mut()
            .find(|grant| grant.refresh == tag)
            .ok_or(Fault::BadGrant("the refresh token is unknown"))?;
        match grant.refreshed {
            Refreshed::NotYet => grant.refreshed = Refreshed::At(Instant::now()),
            Refreshed::At(at) if at.elapsed() < self.grace => {}
            Refreshed::At(_) | Refreshed::Dead => {
                return Err(Fault::BadGrant("the refresh token was used before"));
            }
        }
        let number = grant.number;
        Ok(self.grant(&mut grants, Some(number), host))
    }

    /// Whether an access token is good at this host for a scope. Its first use ends the refresh
    /// token that it was given for.
    pub(in crate::simulator) fn admit(
        &self,
        token: &[u8],
        host: &str,
        scope: Option<&'static str>,
    ) -> Result<(), Fault> {
        let (mut grants, tag) = (self.grants(), self.key.tag(b"access", token));
        let is_it = |grant: &&Grant| grant.access.as_ref().is_some_and(|access| access.token == tag);
        let (from, access) = grants
            .grants
            .iter()
            .find(is_it)
            .and_then(|grant| Some((grant.from, grant.access.as_ref()?)))
            .ok_or(Fault::UnknownToken)?;
        if access.issued.elapsed() >= self.life {
            return Err(Fault::TokenExpired);
        }
        if !access.host.eq_ignore_ascii_case(host) {
            return Err(Fault::WrongHost);
        }
        if let Some(scope) = scope.filter(|scope| !self.scopes.iter().any(|granted| granted == scope)) {
            return Err(Fault::MissingScope(scope));
        }
        if let Some(parent) = grants.grants.iter_mut().find(|grant| Some(grant.number) == from) {
            parent.refreshed = Refreshed::Dead;
        }
        Ok(())
    }

    fn grant(&self, grants: &mut Grants, from: Option<u64>, host: &str) -> Pair {
        let pair = Pair { access_token: random_token(), refresh_token: random_token() };
        let url = self.api_base_url(host);
        let access = Access {
            token: self.key.tag(b"access", pair.access_token.as_bytes()),
            host: host_of(&url).to_owned(),
            issued: Instant::now(),
        };
        let refresh = self.key.tag(b"refresh", pair.refresh_token.as_bytes());
        if grants.grants.len() >= KEPT_GRANTS {
            grants.grants.pop_front();
        }
        let number = grants.next;
        grants.next += 1;
        let refreshed = Refreshed::NotYet;
        grants.grants.push_back(Grant { number, from, access: Some(access), refresh, refreshed });
        pair
    }

    fn grants(&self) -> MutexGuard<'_, Grants> {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The host of a URL, with its port, as a `Host` header has it.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

/// Not from a cryptographic source: what it opens is made up.
fn random_token() -> String {
    repeat_with(fastrand::alphanumeric).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "127.0.0.1:8081";

    fn tokens(settings: OauthSettings) -> Tokens {
        Tokens::new(SigningKey::random(), &settings)
    }

    #[tokio::test(start_paused = true)]
    async fn a_refresh_token_is_dead_once_it_was_used() {
        let tokens = tokens(OauthSettings::default());
        let pair = tokens.redeem_refresh("simulator", HOST).unwrap();
        assert!(matches!(tokens.redeem_refresh("simulator", HOST), Err(Fault::BadGrant(_))));
        assert!(matches!(tokens.redeem_refresh("guess", HOST), Err(Fault::BadGrant(_))));
        assert!(tokens.redeem_refresh(&pair.refresh_token, HOST).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_grace_lasts_its_time_or_until_the_new_token_is_seen() {
        let refresh_grace = Duration::from_secs(60);
        let settings = OauthSettings { refresh_grace, ..OauthSettings::default() };
        let tokens = tokens(settings);
        let lost = tokens.redeem_refresh("simulator", HOST).unwrap();
        tokio::time::advance(Duration::from_secs(59)).await;
        let pair = tokens.redeem_refresh("simulator", HOST).unwrap();
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(tokens.redeem_refresh("simulator", HOST).is_err());

        let next = tokens.redeem_refresh(&pair.refresh_token, HOST).unwrap();
        assert!(tokens.admit(next.access_token.as_bytes(), HOST, None).is_ok());
        assert!(tokens.redeem_refresh(&pair.refresh_token, HOST).is_err());
        assert!(tokens.redeem_refresh(&lost.refresh_token, HOST).is_ok(), "never used before");
    }

    #[tokio::test(start_paused = true)]
    async fn an_access_token_is_good_for_its_life_at_its_host_and_scopes() {
        let scopes = vec!["api:users:read".to_owned()];
        let tokens = tokens(OauthSettings { scopes, ..OauthSettings::default() });
        let token = tokens.redeem_code("simulator", HOST).unwrap().access_token;
        let admit = |host, scope| tokens.admit(token.as_bytes(), host, scope);
        tokio::time::advance(Duration::from_secs(24 * 60 * 60 - 1)).await;
        assert!(admit(HOST, Some("api:users:read")).is_ok());
        assert!(matches!(admit("localhost:8081", None), Err(Fault::WrongHost)));
        assert!(matches!(
            admit(HOST, Some("api:coaching:read")),
            Err(Fault::MissingScope("api:coaching:read"))
        ));
        assert!(matches!(tokens.admit(b"guess", HOST, None), Err(Fault::UnknownToken)));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(matches!(admit(HOST, None), Err(Fault::TokenExpired)));
    }

    #[test]
    fn the_host_of_a_url_is_found() {
        for (url, host) in [
            ("https://us-12345.api.gong.io", "us-12345.api.gong.io"),
            ("http://127.0.0.1:8081/v2", "127.0.0.1:8081"),
            ("127.0.0.1", "127.0.0.1"),
        ] {
            assert_eq!(host_of(url), host);
        }
    }
}
