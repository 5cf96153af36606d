//! API keys: what they look like, the file of their hashes, and finding who shows one.

mod secret;
mod entry;
mod file;
mod set;
mod watched;

pub use entry::KeyEntry;
pub use file::{KeyFile, KeyFileError};
pub use secret::{ApiKey, NoRandomness};

pub(super) use secret::PREFIX;
pub(super) use watched::WatchedKeys;
