//! A key: `orgraph_`, 160 random bits, and a checksum.
//!
//! What is stored is the SHA-256 of the whole text. A slow hash with salt is for passwords, which people choose
//! and reuse, so that a list of likely ones finds them. There is no list of 2^160 random numbers: whoever has the
//! hash has nothing, and a fast hash costs a caller nothing.

use ring::rand::{SecureRandom, SystemRandom};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// What every key begins with, so that people and scanners of secrets know one when they see it.
pub(in crate::auth) const PREFIX: &str = "orgraph_";
/// Random bytes. In hexadecimal, with prefix and checksum, 56 characters: shorter than any password box.
const RANDOM: usize = 20;
/// Bytes of the checksum: enough to tell a key that was cut or mistyped from one that isn't known.
const CHECKSUM: usize = 4;

/// The SHA-256 of a key.
pub(super) type Digest = [u8; 32];

/// A new key. It is shown once and kept by whoever is to use it; only its hash is stored.
#[derive(Debug)]
pub struct ApiKey(SecretString);

/// The operating system gives no randomness.
#[derive(Debug, Error)]
#[error("the operating system gives no randomness to make a key of")]
pub struct NoRandomness;

impl ApiKey {
    /// A key of the operating system's randomness.
    ///
    /// # Errors
    /// If there is none.
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut random = [0; RANDOM];
        SystemRandom::new().fill(&mut random).map_err(|_| NoRandomness)?;
        Ok(Self::of(random))
    }

    /// The key of these bytes, which have to be random.
    pub fn of(random: [u8; RANDOM]) -> Self {
        let random = hex(&random);
        let checksum = checksum(&random);
        Self(format!("{PREFIX}{random}{checksum}").into())
    }

    /// The text of the key, to be shown once.
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    pub(super) fn digest(&self) -> Digest {
        digest(self.reveal())
    }
}

/// The hash of what was shown as a key, if it is as long as one.
pub(super) fn read(shown: &SecretString) -> Option<Digest> {
    let text = shown.expose_secret();
    (text.len() == PREFIX.len() + 2 * (RANDOM + CHECKSUM)).then(|| digest(text))
}

/// Whether what was shown has the shape of a key, to its checksum: nothing is missing, and nothing mistyped.
pub(super) fn is_whole(shown: &SecretString) -> bool {
    let Some(rest) = shown.expose_secret().strip_prefix(PREFIX) else { return false };
    let is_hex = rest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !is_hex || rest.len() != 2 * (RANDOM + CHECKSUM) {
        return false;
    }
    let (random, sum) = rest.split_at(2 * RANDOM);
    checksum(random) == sum
}

fn checksum(random: &str) -> String {
    hex(&digest(&format!("{PREFIX}{random}"))[..CHECKSUM])
}

fn digest(text: &str) -> Digest {
    Sha256::digest(text.as_bytes()).into()
}

/// Hexadecimal in small letters.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of hexadecimal text of just this length.
pub(super) fn unhex(text: &str) -> Option<Digest> {
    let mut digest = Digest::default();
    if text.len() != 2 * digest.len() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (at, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_its_shape_and_is_read_again() {
        let key = ApiKey::of([7; RANDOM]);
        assert_eq!(key.reveal(), "orgraph_0707070707070707070707070707070707070707ffef164d");
        assert_eq!(read(&key.reveal().into()), Some(key.digest()));
        assert!(is_whole(&key.reveal().into()));
        assert_eq!(unhex(&hex(&key.digest())), Some(key.digest()));
        assert!(!format!("{key:?}").contains("0707"));
    }

    #[test]
    fn no_two_keys_are_alike() {
        let keys = [(); 100].map(|()| ApiKey::generate().unwrap().reveal().to_owned());
        let different: std::collections::BTreeSet<_> = keys.iter().collect();
        assert_eq!(different.len(), keys.len());
    }

    #[test]
    fn a_key_that_is_cut_mistyped_or_grown_is_none() {
        let key = ApiKey::of([7; RANDOM]);
        let text = key.reveal();
        for at in PREFIX.len()..text.len() {
            let mut other = text.to_owned().into_bytes();
            other[at] = if other[at] == b'0' { b'1' } else { b'0' };
            assert!(!is_whole(&String::from_utf8(other).unwrap().into()), "{at}");
            assert!(!is_whole(&text[..at].into()), "{at}");
        }
        for other in [format!("{text}0"), format!("{text} "), text.to_uppercase(), format!("{PREFIX}é")] {
            assert!(!is_whole(&other.into()));
        }
    }
}
