//! OAuth 2.0: access tokens that live for a day, and refresh tokens that are good for one use.
//!
//! Gong answers a refresh with a new pair, and the old refresh token is dead (**rotation**). So the new pair
//! is stored before either half of it is used, by one refresh at a time, in a task of its own that no caller
//! can cancel by going away. What is left is the moment between Gong's answer and the end of the save: if
//! the process dies there, the consent is lost, and an administrator has to authorise the integration anew.
//! Nobody can close that window from this side. For the same reason two processes can't share a consent.
//!
//! - **Ahead of expiry** a refresh begins when a tenth of a token's life is left, ten minutes at most; calls go
//!   on with the old one meanwhile. Only an expired token is waited for.
//! - **Refused before its time** (401), a token that is older than a minute is refreshed once, and the call
//!   tried once more. If that is refused too, 401 is taken at its word for an hour.
//! - **A save that fails** is said loudly, and the new pair is used all the same: the old one is dead, and to
//!   drop the new one would lose the consent for certain. It is saved again when next a token is wanted.
//! - **A stored token that Gong refuses** is [`Unauthorized`](super::GongError::Unauthorized) until there is a
//!   new consent. The first one isn't tried again: what is stored stems from its use, and a refresh token that
//!   comes a second time may end the consent.
//! - **A new first token** in the settings means a new consent: what was stored under another one is set
//!   aside, and overwritten by the first refresh.
//! - **After a failure** nobody asks for a while, however many want a token: they are told the same error.
//!
//! The token call goes to another host than the API's calls and takes no turn of the limiter: a call that
//! waits for a token must not wait for itself.

mod tokens;
mod store;
mod exchange;
mod state;
mod renewal;
mod session;

use secrecy::SecretString;

pub use store::{MemoryTokenStore, TokenStore, TokenStoreError};
pub use tokens::Tokens;

pub(super) use exchange::{TokenAnswer, token_error};
pub(super) use session::Session;

/// An integration registered with Gong, and the company's consent to it.
#[derive(Clone, Debug)]
pub struct OAuthClient {
    /// The integration's client id.
    pub client_id: SecretString,
    /// The integration's client secret.
    pub client_secret: SecretString,
    /// The refresh token that the consent gave. Used once; from then on what Gong issued instead.
    pub refresh_token: SecretString,
    /// Where tokens are issued: `https://app.gong.io/oauth2/generate-customer-token`. Plain `http` is taken
    /// for this machine only.
    pub token_url: String,
}

#[cfg(test)]
mod tests;
