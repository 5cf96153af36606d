//! What a user is known by, as values of their own.

use std::{
    borrow::{Borrow, Cow},
    fmt,
    sync::Arc,
};

/// Gong's id of a user: opaque text, in practice decimal digits above 2^53. Never parsed as a number
/// and never matched loosely (`5654` is not `00005654`).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(Arc<str>);

impl UserId {
    /// The id as Gong spells it.
    pub fn new(id: impl Into<Arc<str>>) -> Self {
        Self(id.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for UserId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An e-mail address in Gong's spelling. Whose address it is doesn't depend on case: compare the
/// [folded](Self::folded) form.
///
/// `Debug` doesn't show it: an address is a person's and has no place in a log.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress(Arc<str>);

impl EmailAddress {
    /// The address as Gong spells it.
    pub fn new(address: impl Into<Arc<str>>) -> Self {
        Self(address.into())
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which addresses are compared.
    pub fn folded(&self) -> Cow<'_, str> {
        folded_email(&self.0)
    }
}

/// The form of an e-mail address in which it is compared. Nearly all are spelt so, and aren't copied.
pub fn folded_email(address: &str) -> Cow<'_, str> {
    let is_folded = address.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_folded { Cow::Borrowed(address) } else { Cow::Owned(address.to_lowercase()) }
}

impl AsRef<str> for EmailAddress {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(..)")
    }
}
