//! How a pair becomes the next: read, exchanged, stored and put to use, in this order.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use secrecy::SecretString;

use super::{
    OAuthClient, TokenStore, TokenStoreError, Tokens,
    exchange::Exchange,
    state::{Current, State},
    tokens::{Freshness, origin},
};
use crate::{
    clock::Clock,
    gong::{
        GongError, Settings, SettingsError,
        auth::{Pass, bearer, sendable},
        door::Door,
        place::Place,
    },
};

/// What a renewal needs, and the state that it changes. One at a time: [`State::under_way`] sees to it.
pub(super) struct Renewal {
    exchange: Exchange,
    door: Arc<Door>,
    /// The refresh token of the consent, and its fingerprint.
    first: SecretString,
    origin: String,
    /// Where the API is if a token's answer doesn't say.
    base: Place,
    store: Arc<dyn TokenStore>,
    clock: Clock,
    state: Mutex<State>,
}

/// Whether a token that is still good will do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Good,
    Another,
}

/// How long nobody asks for a token after Gong has refused one, after another failure, and after a failed
/// save.
const AFTER_REFUSAL: Duration = Duration::from_secs(60);
const AFTER_FAILURE: Duration = Duration::from_secs(10);
impl Renewal {
    pub(super) fn new(
        client: &OAuthClient,
        base: Place,
        settings: &Settings,
        door: Arc<Door>,
        clock: Clock,
        rng: fastrand::Rng,
    ) -> Result<Self, SettingsError> {
        sendable(&client.refresh_token, "refresh token")?;
        Ok(Self {
            exchange: Exchange::new(client, settings, door.clone(), clock.clone(), rng)?,
            door,
            first: client.refresh_token.clone(),
            origin: origin(&client.refresh_token),
            base,
            store: settings.tokens.clone(),
            clock,
            state: Mutex::default(),
        })
    }

    /// Sees to it that there is a pass such as is wanted, or tells why there is none.
    pub(super) async fn work(&self, wanted: Wanted) -> Result<(), GongError> {
        let done = self.renew(wanted).await;
        let mut state = self.state();
        match &done {
            Ok(()) if state.unsaved => state.rest_for(AFTER_FAILURE, None),
            Ok(()) => state.rest = None,
            Err(error) => {
                tracing::error!(%error, gong_request_id = error.request_id(), "there is no new access token");
                state.rest_for(after(error), Some(error.clone()));
            }
        }
        done
    }

    async fn renew(&self, wanted: Wanted) -> Result<(), GongError> {
        self.load().await?;
        if wanted == Wanted::Good {
            self.save().await;
            let state = self.state();
            let now = self.clock.now();
            if state.current.as_ref().is_some_and(|it| it.tokens.freshness(now) == Freshness::Fresh) {
                return Ok(());
            }
        }
        let tokens = self.issued().await?;
        self.door.secrets().add(&tokens.access_token);
        self.door.secrets().add(&tokens.refresh_token);
        {
            let mut state = self.state();
            state.tokens = Some(tokens.clone());
            state.unsaved = true;
        }
        self.save().await;
        self.put_to_use(tokens)
    }

    /// Reads the store, once.
    async fn load(&self) -> Result<(), GongError> {
        if self.state().loaded {
            return Ok(());
        }
        let store = self.store.clone();
        let stored = blocking(move || store.load()).await?;
        self.state().loaded = true;
        match stored {
            Some(tokens) if tokens.origin == self.origin => {
                self.door.secrets().add(&tokens.access_token);
                self.door.secrets().add(&tokens.refresh_token);
                self.state().tokens = Some(tokens.clone());
                if let Err(error) = self.put_to_use(tokens) {
                    tracing::warn!(%error, "the stored access token can't be used; it is refreshed");
                }
            }
            Some(_) => tracing::info!("the stored tokens are of another consent; they are set aside"),
            None => {}
        }
        Ok(())
    }

    /// Saves the latest pair, if it isn't.
    async fn save(&self) {
        let tokens = {
            let state = self.state();
            state.tokens.clone().filter(|_| state.unsaved)
        };
        let Some(tokens) = tokens else { return };
        let store = self.store.clone();
        match blocking(move || store.save(&tokens)).await {
            Ok(()) => self.state().unsaved = false,
            Err(error) => tracing::error!(
                %error,
                "the new tokens of Gong could not be saved. They are used all the same and saved again later; \
                 if the process ends before that, an administrator of Gong has to authorise the integration anew"
            ),
        }
    }

    /// A new pair for the latest refresh token: the first one only if none came after it, since what did
    /// has used it up.
    async fn issued(&self) -> Result<Tokens, GongError> {
        let latest = self.state().tokens.as_ref().map(|tokens| tokens.refresh_token.clone());
        self.exchange.pair(latest.as_ref().unwrap_or(&self.first), &self.origin).await
    }

    /// Makes calls go out with these tokens.
    fn put_to_use(&self, tokens: Tokens) -> Result<(), GongError> {
        let unusable = |path: &str, cause: String| {
            let fault = GongError::Decode { path: path.to_owned(), cause, request_id: None };
            GongError::NoToken(Box::new(fault))
        };
        let authorization = bearer(&tokens.access_token)
            .ok_or_else(|| unusable("access_token", "no header can carry it".to_owned()))?;
        let base = match &tokens.api_base_url {
            None => self.base.clone(),
            Some(url) => Place::named_by(self.exchange.place(), url)
                .map_err(|cause| unusable("api_base_url_for_customer", cause))?,
        };
        self.state().current = Some(Current { pass: Arc::new(Pass { base, authorization }), tokens });
        Ok(())
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        // Each change is one assignment, so a panic elsewhere doesn't spoil it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long nobody asks again after this error.
fn after(error: &GongError) -> Duration {
    match error {
        GongError::Unauthorized { .. } => AFTER_REFUSAL,
        GongError::NoToken(cause) => match **cause {
            GongError::Throttled { retry_after: Some(asked), .. } => asked.max(AFTER_FAILURE),
            _ => AFTER_FAILURE,
        },
        _ => AFTER_FAILURE,
    }
}

async fn blocking<T: Send + 'static>(
    access: impl FnOnce() -> Result<T, TokenStoreError> + Send + 'static,
) -> Result<T, TokenStoreError> {
    tokio::task::spawn_blocking(access)
        .await
        .unwrap_or_else(|_| Err(TokenStoreError("it ended by a fault of its own".to_owned())))
}
