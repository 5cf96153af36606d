//! Who asks, told from what a request brings.

use std::{net::IpAddr, sync::Arc, time::Duration};

use moka::sync::Cache;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use super::{
    Settings, SettingsError, Unauthenticated, Viewer, attempts::Attempts, credential::Credential,
    keys::WatchedKeys, tokens::Tokens,
};
use crate::clock::Clock;

/// Tells who asks. Cheap to clone; all clones are one.
#[derive(Clone, Debug)]
pub struct Authenticator(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    keys: Option<WatchedKeys>,
    tokens: Option<Tokens>,
    attempts: Attempts,
    /// Hashes of tokens that have held, so that whoever guesses at an address locks nobody out who has been in.
    proven: Cache<[u8; 32], ()>,
    changes: watch::Sender<u64>,
    clock: Clock,
}

/// What is told at once of whoever asks.
pub(crate) enum AtOnce {
    Told(Result<Viewer, Unauthenticated>),
    /// Nothing: they show this.
    Token(ShownToken),
}

/// A token of an issuer that somebody shows.
pub(crate) struct ShownToken(SecretString);

/// Tokens that are remembered to have held, and for how long after their last use.
const PROVEN: u64 = 10_000;
const PROVEN_FOR: Duration = Duration::from_secs(60 * 60);

impl Authenticator {
    /// One that is told this. The keys are read here; the issuer's are fetched later, by [`run`](Self::run) or
    /// when they are needed.
    ///
    /// # Errors
    /// If a setting or the file of keys can't be used.
    pub fn new(settings: &Settings, clock: Clock) -> Result<Self, SettingsError> {
        let keys = settings.keys_file.as_deref().map(|file| WatchedKeys::open(file, clock.clone()));
        let tokens = settings.tokens.clone().map(|tokens| Tokens::new(tokens, clock.clone()));
        Ok(Self(Arc::new(Inner {
            keys: keys.transpose()?,
            tokens: tokens.transpose()?,
            attempts: Attempts::new(),
            proven: Cache::builder().max_capacity(PROVEN).time_to_idle(PROVEN_FOR).build(),
            changes: watch::channel(0).0,
            clock,
        })))
    }

    /// Whether anybody is asked for a credential.
    pub fn is_on(&self) -> bool {
        self.0.keys.is_some() || self.0.tokens.is_some()
    }

    /// Who asks with this `Authorization` header, from this address. Everybody, if nobody is asked for a
    /// credential.
    ///
    /// Costs a hash and a comparison with each key, or the check of a signature; a token with a signing key that
    /// isn't known may wait for the issuer. An address that has sent too many wrong credentials is refused
    /// without a look at its tokens, but for those that have held before; a right API key is let in all the same.
    ///
    /// # Errors
    /// If it isn't known who asks.
    pub async fn viewer(
        &self,
        authorization: Option<&str>,
        address: IpAddr,
    ) -> Result<Viewer, Unauthenticated> {
        match self.viewer_at_once(authorization, address) {
            AtOnce::Told(told) => told,
            AtOnce::Token(token) => self.viewer_of(token, address).await,
        }
    }

    /// The same, if nothing has to be waited for.
    pub(crate) fn viewer_at_once(&self, authorization: Option<&str>, address: IpAddr) -> AtOnce {
        if !self.is_on() {
            return AtOnce::Told(Ok(Viewer::unauthenticated(address)));
        }
        let told = match authorization.ok_or(Unauthenticated::Missing).and_then(Credential::read) {
            Ok(Credential::Token(token)) => return AtOnce::Token(ShownToken(token)),
            Ok(Credential::Key(key)) => self.of_key(&key),
            Err(why) => Err(why),
        };
        AtOnce::Told(told.map_err(|why| self.refused(why, address)))
    }

    /// Whose a token is that is shown from this address; as [`viewer`](Self::viewer).
    pub(crate) async fn viewer_of(
        &self,
        ShownToken(token): ShownToken,
        address: IpAddr,
    ) -> Result<Viewer, Unauthenticated> {
        match self.0.attempts.refused_for(address) {
            Some(retry_after) if !self.0.proven.contains_key(&hash(&token)) => {
                Err(Unauthenticated::TooManyAttempts { retry_after })
            }
            _ => self.of_token(&token).await.map_err(|why| self.refused(why, address)),
        }
    }

    /// Whether this viewer's credential still holds, for whoever serves somebody for longer than a request: the
    /// key is still in the file, with the role that it had, and hasn't ended; the token hasn't ended.
    pub fn still_valid(&self, viewer: &Viewer) -> bool {
        if !self.is_on() {
            return true;
        }
        let ended = viewer.expires_at.is_some_and(|end| end <= self.0.clock.now());
        let keys = |keys: &WatchedKeys| keys.holds(viewer);
        let known = match viewer.id.split_once(':') {
            Some(("key", _)) => self.0.keys.as_ref().is_some_and(keys),
            Some(("sub", _)) => self.0.tokens.is_some(),
            _ => false,
        };
        known && !ended
    }

    /// Tells of each change of the keys, after which [`still_valid`](Self::still_valid) may say otherwise.
    /// What ends by the clock isn't told of.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    /// Keeps up with the file of keys and the keys of the issuer. Has no end.
    pub async fn run(&self) {
        let keys = async {
            if let Some(keys) = &self.0.keys {
                keys.run(|| self.0.changes.send_modify(|change| *change += 1)).await;
            }
        };
        let tokens = async {
            if let Some(tokens) = &self.0.tokens {
                tokens.run().await;
            }
        };
        tokio::join!(keys, tokens);
        std::future::pending().await
    }

    /// Why somebody is refused, and that guesses are counted.
    fn refused(&self, why: Unauthenticated, address: IpAddr) -> Unauthenticated {
        if !why.is_a_guess() {
            return why;
        }
        match self.0.attempts.refused_for(address) {
            Some(retry_after) => Unauthenticated::TooManyAttempts { retry_after },
            None => {
                self.0.attempts.wrong(address);
                why
            }
        }
    }

    fn of_key(&self, key: &SecretString) -> Result<Viewer, Unauthenticated> {
        self.0.keys.as_ref().ok_or(Unauthenticated::UnknownKey)?.viewer(key)
    }

    async fn of_token(&self, token: &SecretString) -> Result<Viewer, Unauthenticated> {
        let tokens = self.0.tokens.as_ref().ok_or(Unauthenticated::WrongIssuer)?;
        let viewer = tokens.viewer(token).await?;
        self.0.proven.insert(hash(token), ());
        Ok(viewer)
    }
}

fn hash(token: &SecretString) -> [u8; 32] {
    Sha256::digest(token.expose_secret().as_bytes()).into()
}
