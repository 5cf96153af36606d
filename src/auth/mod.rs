//! Who asks, and what they may see: values that the schema reads and HTTP fills in, and the [`Authenticator`]
//! that tells them from what a request brings, an API key or a token of an issuer.

pub mod audit;
mod role;
mod viewer;
mod unauthenticated;
mod credential;
mod attempts;
mod keys;
mod tokens;
mod settings;
mod authenticator;

pub(crate) use authenticator::AtOnce;
pub use authenticator::Authenticator;
pub use keys::{ApiKey, KeyEntry, KeyFile, KeyFileError, NoRandomness};
pub use role::Role;
pub use settings::{Settings, SettingsError};
pub use tokens::{SigningAlgorithm, TokenSettings};
pub use unauthenticated::Unauthenticated;
pub use viewer::{Viewer, network};
