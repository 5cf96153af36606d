//! The file of keys, kept up with while the service runs.

use std::{path::Path, sync::Arc, time::Duration};

use secrecy::SecretString;
use sha2::{Digest, Sha256};
use tokio::{
    sync::watch,
    task::spawn_blocking,
    time::{MissedTickBehavior, interval},
};

use super::{KeyFile, KeyFileError, secret, set::KeySet};
use crate::{
    auth::{Unauthenticated, Viewer},
    clock::Clock,
};

/// How often the file is read. The whole of it: a file of keys is small, and neither its time nor its length tells
/// every change, least of all where the file is a link that is turned to another.
const EVERY: Duration = Duration::from_secs(1);

/// The keys of a file as they are now.
#[derive(Debug)]
pub(in crate::auth) struct WatchedKeys {
    file: KeyFile,
    keys: watch::Sender<Arc<KeySet>>,
    /// The SHA-256 of the text that was read first.
    first: [u8; 32],
    clock: Clock,
}

impl WatchedKeys {
    /// Reads the file; from then on [`run`](Self::run) keeps up with it.
    pub(in crate::auth) fn open(path: &Path, clock: Clock) -> Result<Self, KeyFileError> {
        let file = KeyFile::new(path);
        let text = file.text()?;
        let keys = KeySet::of(file.parse(&text)?, &KeySet::default());
        tell(&file, &keys);
        let (keys, _) = watch::channel(Arc::new(keys));
        Ok(Self { file, keys, first: digest(&text), clock })
    }

    /// Whose key this is.
    pub(in crate::auth) fn viewer(&self, shown: &SecretString) -> Result<Viewer, Unauthenticated> {
        let shape = "it is no whole API key: something is missing or mistyped";
        let digest = secret::read(shown).ok_or(Unauthenticated::Malformed(shape))?;
        let known = self.keys.borrow().viewer(&digest, || self.clock.now());
        // Whoever is known has shown one that was made here: its checksum says nothing more.
        if known == Err(Unauthenticated::UnknownKey) && !secret::is_whole(shown) {
            return Err(Unauthenticated::Malformed(shape));
        }
        known
    }

    /// Whether this viewer's key is still here.
    pub(in crate::auth) fn holds(&self, viewer: &Viewer) -> bool {
        self.keys.borrow().holds(viewer)
    }

    /// Keeps up with the file for ever; `changed` is called after each change. A version that can't be used, or
    /// none at all, is told in the log, and the last good one holds.
    pub(in crate::auth) async fn run(&self, changed: impl Fn()) {
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut known = self.first;
        let mut complained = None;
        loop {
            ticks.tick().await;
            let file = self.file.clone();
            let Ok(read) = spawn_blocking(move || file.text()).await else { continue };
            let keys = match read {
                Ok(text) if digest(&text) == known => {
                    complained = None;
                    continue;
                }
                Ok(text) => self.file.parse(&text).inspect(|_| known = digest(&text)),
                Err(error) => Err(error),
            };
            match keys {
                Ok(entries) => {
                    complained = None;
                    let keys = Arc::new(KeySet::of(entries, &self.keys.borrow()));
                    self.keys.send_replace(keys.clone());
                    changed();
                    // Once they hold: whoever reads it may rely on it.
                    tell(&self.file, &keys);
                }
                Err(error) => {
                    let words = error.to_string();
                    if complained.as_ref() != Some(&words) {
                        tracing::error!(%error, "the API keys can't be reread; those that were read last still hold");
                        complained = Some(words);
                    }
                }
            }
        }
    }
}

/// What tells one text from another and is no secret in a log.
fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

fn tell(file: &KeyFile, keys: &KeySet) {
    tracing::info!(keys = keys.len(), "API keys were read");
    if keys.len() == 0 {
        tracing::warn!(file = file.name(), "there is no API key; `orgraph keys add` makes one");
    }
    if file.is_open_to_others() {
        tracing::warn!(
            file = file.name(),
            "the API keys can be read by other users of this machine; `chmod 600` keeps them out"
        );
    }
}
