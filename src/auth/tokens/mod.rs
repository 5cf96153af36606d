//! Tokens of an OIDC or OAuth issuer: signed JWTs, checked against the keys that the issuer shows.
//!
//! A token passes through here in this order, and each step sees only what the one before has proved: which
//! algorithm it claims, held against those that are taken; the issuer's key of that name *for that algorithm*; the
//! signature; the claims. Nothing in a token says where a key comes from, and no key is a shared secret, so that a
//! public key can't be taken for one.

mod settings;
mod algorithm;
mod provider;
mod jwks;
mod door;
mod issuer;
mod claims;

pub use algorithm::SigningAlgorithm;
pub use settings::TokenSettings;

use jsonwebtoken::{Validation, decode, decode_header, errors::ErrorKind};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use self::issuer::Issuer;
use super::{SettingsError, Unauthenticated, Viewer};
use crate::clock::Clock;

/// The longest name of a signing key that is looked for.
const LONGEST_KEY_ID: usize = 256;

/// Checks the tokens of one issuer.
#[derive(Debug)]
pub(super) struct Tokens {
    settings: TokenSettings,
    issuer: Issuer,
    clock: Clock,
}

impl Tokens {
    /// Nothing is fetched yet.
    pub(super) fn new(settings: TokenSettings, clock: Clock) -> Result<Self, SettingsError> {
        provider::install();
        let issuer = Issuer::new(&settings, clock.clone())?;
        Ok(Self { settings, issuer, clock })
    }

    /// Whose token this is.
    pub(super) async fn viewer(&self, token: &SecretString) -> Result<Viewer, Unauthenticated> {
        let token = token.expose_secret();
        let header = decode_header(token).map_err(|_| Unauthenticated::Malformed(HEADER))?;
        let algorithm =
            SigningAlgorithm::of(header.alg).filter(|algorithm| self.settings.algorithms.contains(algorithm));
        let algorithm = algorithm.ok_or(Unauthenticated::WrongAlgorithm)?;
        if !header.typ.as_deref().is_none_or(is_of_a_token) {
            return Err(Unauthenticated::Malformed("its typ is that of another kind of token"));
        }
        let key_id = header.kid.as_deref();
        if key_id.is_some_and(|id| id.len() > LONGEST_KEY_ID) {
            return Err(Unauthenticated::Malformed(HEADER));
        }
        let key = self.issuer.key(key_id, algorithm).await?;
        let claims = decode::<Map<String, Value>>(token, &key, &signature_only(algorithm));
        let claims = claims.map_err(|error| match error.kind() {
            ErrorKind::InvalidSignature => Unauthenticated::BadSignature,
            _ => Unauthenticated::Malformed("its parts can't be read"),
        })?;
        claims::viewer(&claims.claims, &self.settings, self.clock.now())
    }

    /// Keeps the issuer's keys fresh, for ever.
    pub(super) async fn run(&self) {
        self.issuer.run().await;
    }
}

const HEADER: &str = "its header can't be read";

/// The signature is the crate's to check; the claims are checked by a clock that is handed in.
fn signature_only(algorithm: SigningAlgorithm) -> Validation {
    let mut validation = Validation::new(algorithm.into());
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

/// Whether the header's type is that of an access token, or says nothing in particular.
fn is_of_a_token(typ: &str) -> bool {
    let plain = typ.to_ascii_lowercase();
    matches!(plain.strip_prefix("application/").unwrap_or(&plain), "jwt" | "at+jwt")
}
