//! The issuer's keys: fetched, kept, and fetched anew when they rotate.
//!
//! They are fetched by `run`, every few minutes, and when a token names a key that isn't known: one fetch at a
//! time, which nobody can cancel and everybody who needs it waits for, and not again before a while has passed.
//! When a fetch fails the last keys hold until they are too old.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use jsonwebtoken::DecodingKey;

use super::{SigningAlgorithm, TokenSettings, door::Door, jwks::SigningKeys};
use crate::{
    auth::{SettingsError, Unauthenticated},
    clock::Clock,
};

/// The shortest time between two fetches when the last one failed.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// One issuer and its keys. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Issuer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    door: Door,
    clock: Clock,
    refresh: Duration,
    max_age: Duration,
    cooldown: Duration,
    held: Mutex<Held>,
    /// Held by whoever fetches.
    turn: tokio::sync::Mutex<()>,
}

/// What is known of the keys.
#[derive(Clone, Debug, Default)]
struct Held {
    keys: Option<(Arc<SigningKeys>, Timestamp)>,
    /// When a fetch was last begun.
    tried_at: Option<Timestamp>,
    failed: bool,
}

impl Issuer {
    /// Nothing is fetched yet.
    pub(super) fn new(settings: &TokenSettings, clock: Clock) -> Result<Self, SettingsError> {
        let &TokenSettings { refresh, max_age, cooldown, .. } = settings;
        let (held, turn) = Default::default();
        let door = Door::new(settings)?;
        Ok(Self(Arc::new(Inner { door, clock, refresh, max_age, cooldown, held, turn })))
    }

    /// The key of this name for this algorithm; asks the issuer if it isn't known.
    pub(super) async fn key(
        &self,
        id: Option<&str>,
        algorithm: SigningAlgorithm,
    ) -> Result<DecodingKey, Unauthenticated> {
        if let Some(key) = self.0.known(id, algorithm) {
            return Ok(key);
        }
        // In a task of its own: a caller who goes away takes no fetch along that others wait for.
        let inner = self.0.clone();
        let _ = tokio::spawn(async move { inner.fetch_if_due(inner.cooldown).await }).await;
        self.0.known(id, algorithm).ok_or_else(|| self.0.why_not())
    }

    /// Fetches the keys now and then, for ever.
    pub(super) async fn run(&self) {
        loop {
            self.0.fetch_if_due(Duration::ZERO).await;
            let pause =
                if self.0.held().failed { AFTER_FAILURE.max(self.0.cooldown) } else { self.0.refresh };
            tokio::time::sleep(pause).await;
        }
    }
}

impl Inner {
    fn held(&self) -> Held {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn known(&self, id: Option<&str>, algorithm: SigningAlgorithm) -> Option<DecodingKey> {
        let (keys, fetched_at) = self.held().keys?;
        let fresh = since(fetched_at, self.clock.now()) <= self.max_age;
        fresh.then(|| keys.find(id, algorithm).cloned()).flatten()
    }

    /// Whether the token is at fault or the issuer.
    fn why_not(&self) -> Unauthenticated {
        match self.held() {
            Held { failed: false, keys: Some(_), .. } => Unauthenticated::UnknownSigningKey,
            _ => Unauthenticated::KeysUnavailable { retry_after: AFTER_FAILURE },
        }
    }

    async fn fetch_if_due(&self, cooldown: Duration) {
        let asked_at = self.clock.now();
        let _turn = self.turn.lock().await;
        let held = self.held();
        if let Some(tried_at) = held.tried_at {
            let pause = if held.failed { cooldown.min(AFTER_FAILURE) } else { cooldown };
            // One that was begun while this caller waited for its turn is as good as one more.
            if tried_at > asked_at || since(tried_at, self.clock.now()) < pause {
                return;
            }
        }
        let began = self.clock.now();
        self.held.lock().unwrap_or_else(PoisonError::into_inner).tried_at = Some(began);
        let fetched = self.door.keys().await;
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        match fetched {
            Ok(keys) => {
                tracing::debug!(keys = keys.len(), "the keys of the issuer were fetched");
                *held = Held { keys: Some((Arc::new(keys), began)), tried_at: Some(began), failed: false };
            }
            Err(why) => {
                let age_s = held.keys.as_ref().map(|(_, at)| since(*at, began).as_secs());
                tracing::warn!(%why, age_s, "the keys of the issuer can't be fetched; those that are there hold until they are too old");
                held.failed = true;
            }
        }
    }
}

/// How long ago something was; for ever, if a clock was set back since.
fn since(then: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(then)).unwrap_or(Duration::MAX)
}
