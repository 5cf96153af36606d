//! How tokens are given out.

use std::time::Duration;

use secrecy::SecretString;

use super::SCOPES;

/// The app that may ask for tokens, and what it gets.
#[derive(Clone, Debug)]
pub struct OauthSettings {
    /// The app's client id: the user name of HTTP Basic at the token endpoint. `simulator` by
    /// default.
    pub client_id: String,
    /// The client secret that goes with it. `simulator` by default.
    pub client_secret: SecretString,
    /// The refresh token that the app has from the start. `simulator` by default.
    pub refresh_token: SecretString,
    /// The code that `authorization_code` takes, once. `simulator` by default. Nobody has to
    /// consent here: there is no page to authorise on.
    pub authorization_code: SecretString,
    /// How long an access token is good for: 1 day by default, as at Gong. An old one stays good
    /// when a new one is given out, which is assumed.
    pub access_token_life: Duration,
    /// How long a refresh token can be used again after it was used, unless an access token that
    /// was given for it has been seen: then it is dead at once. Zero, the default, makes it dead as
    /// soon as it was used. Assumed: that refresh tokens rotate is known, a grace is not.
    pub refresh_grace: Duration,
    /// What the app was granted: [`SCOPES`] by default.
    pub scopes: Vec<String>,
    /// The `api_base_url_for_customer` of answers. `None`, the default, for where the token endpoint
    /// was reached. Calls with a token go there and to no other host.
    pub api_base_url: Option<String>,
}

impl Default for OauthSettings {
    fn default() -> Self {
        let word = || SecretString::from("simulator");
        Self {
            client_id: "simulator".to_owned(),
            client_secret: word(),
            refresh_token: word(),
            authorization_code: word(),
            access_token_life: Duration::from_secs(24 * 60 * 60),
            refresh_grace: Duration::ZERO,
            scopes: SCOPES.map(str::to_owned).to_vec(),
            api_base_url: None,
        }
    }
}
