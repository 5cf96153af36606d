//! With what a call goes out: where to, and under which `Authorization`.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::{
    Credentials, GongError, Settings, SettingsError, Urgency, door::Door, oauth::Session, place::Place,
};
use crate::clock::Clock;

/// What one call goes out with.
#[derive(Debug)]
pub(super) struct Pass {
    /// Where the API is.
    pub(super) base: Place,
    /// Marked as sensitive, so that nothing prints it.
    pub(super) authorization: HeaderValue,
}

/// Who gives out passes.
#[derive(Debug)]
pub(super) enum Auth {
    /// One pass for all time.
    AccessKey(Arc<Pass>),
    /// Passes that expire and are renewed.
    OAuth(Session),
}

impl Auth {
    pub(super) fn new(
        settings: &Settings,
        door: &Arc<Door>,
        clock: Clock,
        rng: fastrand::Rng,
    ) -> Result<Self, SettingsError> {
        let base = Place::parse(&settings.base_url, "the base URL of Gong")?;
        Ok(match &settings.credentials {
            Credentials::AccessKey { access_key, access_key_secret } => {
                let authorization =
                    basic((access_key, "access key"), (access_key_secret, "access key secret"))?;
                Self::AccessKey(Arc::new(Pass { base, authorization }))
            }
            Credentials::OAuth(client) => {
                Self::OAuth(Session::new(client, base, settings, door.clone(), clock, rng)?)
            }
        })
    }

    /// A pass, if there is one without waiting.
    pub(super) fn at_hand(&self) -> Option<Arc<Pass>> {
        match self {
            Self::AccessKey(pass) => Some(pass.clone()),
            Self::OAuth(session) => session.at_hand(),
        }
    }

    /// Waits, as long as `urgency` may, until there is a pass.
    pub(super) async fn wait(&self, urgency: Urgency) -> Result<(), GongError> {
        match self {
            Self::AccessKey(_) => Ok(()),
            Self::OAuth(session) => session.wait(urgency).await,
        }
    }

    /// Gong answered 401 to a call with `pass`. True if there is another one now: the call is worth one
    /// more try.
    pub(super) async fn replaced(&self, pass: &Arc<Pass>, urgency: Urgency) -> Result<bool, GongError> {
        match self {
            Self::AccessKey(_) => Ok(false),
            Self::OAuth(session) => session.replaced(pass, urgency).await,
        }
    }

    /// The call was tried once more with another pass, and Gong answered 401 again.
    pub(super) fn replaced_in_vain(&self) {
        if let Self::OAuth(session) = self {
            session.replaced_in_vain();
        }
    }

    /// Waits until no pass is being renewed.
    pub(super) async fn settled(&self) {
        if let Self::OAuth(session) = self {
            session.settled().await;
        }
    }
}

/// The header of HTTP Basic for a name and a secret, each with what it is called in errors.
pub(super) fn basic(
    (name, name_is): (&SecretString, &'static str),
    (secret, secret_is): (&SecretString, &'static str),
) -> Result<HeaderValue, SettingsError> {
    sendable(name, name_is)?;
    sendable(secret, secret_is)?;
    let (name, secret) = (name.expose_secret(), secret.expose_secret());
    if name.contains(':') {
        return Err(SettingsError::Credential(name_is));
    }
    sensitive(&format!("Basic {}", BASE64_STANDARD.encode(format!("{name}:{secret}"))))
        .ok_or(SettingsError::Credential(name_is))
}

/// The header of a token; `None` if no header can carry it.
pub(super) fn bearer(token: &SecretString) -> Option<HeaderValue> {
    let token = token.expose_secret();
    (!token.trim().is_empty()).then(|| sensitive(&format!("Bearer {token}")))?
}

/// Refuses a credential that is empty or has control characters.
pub(super) fn sendable(credential: &SecretString, name: &'static str) -> Result<(), SettingsError> {
    let text = credential.expose_secret();
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err(SettingsError::Credential(name));
    }
    Ok(())
}

fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(text).ok()?;
    header.set_sensitive(true);
    Some(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_credential_is_named() {
        let with = |key: &str, secret: &str| {
            basic((&key.into(), "access key"), (&secret.into(), "access key secret"))
        };
        assert!(with("key", "secret").is_ok_and(|header| header.is_sensitive()));
        assert!(matches!(with(" ", "secret"), Err(SettingsError::Credential("access key"))));
        assert!(matches!(with("key", ""), Err(SettingsError::Credential("access key secret"))));
        assert!(matches!(with("ke:y", "secret"), Err(SettingsError::Credential("access key"))));
    }

    #[test]
    fn a_token_that_no_header_can_carry_is_seen() {
        assert!(bearer(&"abc".into()).is_some_and(|header| header.is_sensitive()));
        for odd in ["", " ", "a\nb", "a\0"] {
            assert!(bearer(&odd.into()).is_none(), "{odd:?}");
        }
    }
}
