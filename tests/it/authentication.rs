//! Who gets in, who doesn't, and what they are told.

mod carried;
mod commands;
mod guessing;
mod key_file;
mod rotation;
mod tokens;

use std::net::IpAddr;

use orgraph::auth::{
    ApiKey, Authenticator, KeyEntry, KeyFile, Role, Settings, TokenSettings, Unauthenticated, Viewer,
};
use serde_json::{Value, json};

use crate::support::{Issuer, Pair, Scratch, Time};

const NOW: i64 = 1_700_000_000;
const AUDIENCE: &str = "orgraph-test";

fn here() -> IpAddr {
    "192.0.2.1".parse().unwrap()
}

fn bearer(credential: &str) -> String {
    format!("Bearer {credential}")
}

/// An issuer that is believed, and a time that the test says.
struct Believed {
    issuer: Issuer,
    time: Time,
    authenticator: Authenticator,
}

impl Believed {
    async fn start(pairs: &[&Pair]) -> Self {
        Self::with(pairs, |_| {}).await
    }

    async fn with(pairs: &[&Pair], tell: impl FnOnce(&mut TokenSettings)) -> Self {
        let issuer = Issuer::start(pairs).await;
        let time = Time::at(NOW);
        let mut tokens = TokenSettings::new(&issuer.url, AUDIENCE);
        tell(&mut tokens);
        let settings = Settings { tokens: Some(tokens), ..Settings::default() };
        let authenticator = Authenticator::new(&settings, time.clock()).unwrap();
        Self { issuer, time, authenticator }
    }

    /// The claims of a good token, with these in them.
    fn claims(&self, change: Value) -> Value {
        let now = self.time.now();
        let mut claims = json!({
            "iss": self.issuer.url, "aud": AUDIENCE, "sub": "someone", "iat": now, "exp": now + 300,
            "orgraph_role": "analyst",
        });
        claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        claims
    }

    fn token(&self, pair: &Pair) -> String {
        pair.sign(&self.claims(json!({})))
    }

    async fn viewer(&self, token: &str) -> Result<Viewer, Unauthenticated> {
        self.authenticator.viewer(Some(&bearer(token)), here()).await
    }

    /// Why a token isn't taken.
    async fn refusal(&self, token: &str) -> &'static str {
        // From an address of its own each time: guesses are counted.
        let address = IpAddr::from(fastrand::u32(..).to_be_bytes());
        match self.authenticator.viewer(Some(&bearer(token)), address).await {
            Ok(viewer) => panic!("{viewer:?} is let in"),
            Err(why) => why.reason(),
        }
    }
}

/// A file of keys in a directory of its own.
struct Keys {
    _directory: Scratch,
    file: KeyFile,
    path: std::path::PathBuf,
}

impl Keys {
    fn new() -> Self {
        let directory = Scratch::new();
        let path = directory.path().join("keys.jsonl");
        Self { file: KeyFile::new(&path), path, _directory: directory }
    }

    /// Adds a key, and tells it.
    fn add(&self, name: &str, role: Role) -> String {
        let key = ApiKey::generate().unwrap();
        let now = jiff::Timestamp::from_second(NOW).unwrap();
        self.file.add(&KeyEntry::new(name.to_owned(), role, &key, now, None)).unwrap();
        key.reveal().to_owned()
    }

    fn settings(&self) -> Settings {
        Settings { keys_file: Some(self.path.clone()), ..Settings::default() }
    }
}
