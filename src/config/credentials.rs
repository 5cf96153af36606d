//! Who asks Gong: an access key or an integration, from the environment and from nowhere else.

use std::env;

use secrecy::SecretString;

use super::ConfigError;
use crate::gong::{Credentials, OAuthClient};

pub(super) const ACCESS_KEY: &str = "GONG_ACCESS_KEY";
pub(super) const ACCESS_KEY_SECRET: &str = "GONG_ACCESS_KEY_SECRET";
const CLIENT_ID: &str = "GONG_CLIENT_ID";
const CLIENT_SECRET: &str = "GONG_CLIENT_SECRET";
const REFRESH_TOKEN: &str = "GONG_REFRESH_TOKEN";

/// The credentials of this environment: one kind, and all of it.
pub(super) fn from_environment(token_url: &str) -> Result<Credentials, ConfigError> {
    let first_of = |names: &[&'static str]| names.iter().copied().find(|name| credential(name).is_some());
    let required = |name| credential(name).ok_or(ConfigError::MissingCredential(name));
    let key = first_of(&[ACCESS_KEY, ACCESS_KEY_SECRET]);
    let client = first_of(&[CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN]);
    match (key, client) {
        (Some(key), Some(client)) => Err(ConfigError::TwoCredentials(key, client)),
        (None, Some(_)) => Ok(Credentials::OAuth(OAuthClient {
            client_id: required(CLIENT_ID)?,
            client_secret: required(CLIENT_SECRET)?,
            refresh_token: required(REFRESH_TOKEN)?,
            token_url: token_url.to_owned(),
        })),
        (_, None) => Ok(Credentials::AccessKey {
            access_key: required(ACCESS_KEY)?,
            access_key_secret: required(ACCESS_KEY_SECRET)?,
        }),
    }
}

/// The value of a variable; one that is set to nothing says nothing.
pub(super) fn credential(name: &str) -> Option<SecretString> {
    env::var(name).ok().filter(|value| !value.trim().is_empty()).map(SecretString::from)
}
