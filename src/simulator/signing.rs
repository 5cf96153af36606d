//! Tags that only this simulator can make, for cursors and for comparing secrets in constant time.

use hmac::{Hmac, KeyInit, Mac, digest::CtOutput};
use sha2::Sha256;

/// A random key. It dies with its simulator, and so do the cursors signed with it.
#[derive(Clone)]
pub(super) struct SigningKey(Hmac<Sha256>);

/// An HMAC-SHA256. Two of them compare in constant time.
pub(super) type Tag = CtOutput<Hmac<Sha256>>;

/// The bytes of a tag.
pub(super) const TAG_BYTES: usize = 32;

impl SigningKey {
    /// A new key. Not from a cryptographic source: what it protects is made up.
    pub(super) fn random() -> Self {
        let mut key = [0; 64];
        fastrand::fill(&mut key);
        Self(Hmac::new(&key.into()))
    }

    /// The tag of a text that is read together with a context, which must be the same when it is
    /// verified.
    pub(super) fn tag(&self, context: &[u8], text: &[u8]) -> Tag {
        self.keyed(context, text).finalize()
    }

    /// Whether `tag` was made by this key of this context and text.
    pub(super) fn verify(&self, context: &[u8], text: &[u8], tag: &[u8]) -> bool {
        self.keyed(context, text).verify_slice(tag).is_ok()
    }

    /// The length stands between the two, lest a part of one be taken for the other.
    fn keyed(&self, context: &[u8], text: &[u8]) -> Hmac<Sha256> {
        self.0.clone().chain_update(context.len().to_be_bytes()).chain_update(context).chain_update(text)
    }
}
