//! By what a user can be known.

use std::borrow::Cow;

use crate::org::{EmailAddress, User};

/// What kind of thing a user is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IdentityKind {
    /// Gong's id.
    Id,
    /// The primary e-mail address.
    PrimaryEmail,
    /// Another e-mail address of the same person.
    EmailAlias,
    /// The trusted e-mail address.
    TrustedEmail,
    /// The phone number, with the extension if there is one.
    PhoneNumber,
}

impl IdentityKind {
    /// All kinds, in the order in which the first that fits is told.
    pub const ALL: [Self; 5] =
        [Self::Id, Self::PrimaryEmail, Self::EmailAlias, Self::TrustedEmail, Self::PhoneNumber];
}

/// Some kinds, each at most once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IdentityKinds(u8);

impl IdentityKinds {
    /// The kinds in the order of [`IdentityKind::ALL`].
    pub fn iter(self) -> impl Iterator<Item = IdentityKind> {
        IdentityKind::ALL.into_iter().filter(move |&kind| self.holds(kind))
    }

    /// Whether `kind` is among them.
    pub fn holds(self, kind: IdentityKind) -> bool {
        self.0 & Self::bit(kind) != 0
    }

    pub(super) fn add(&mut self, kind: IdentityKind) {
        self.0 |= Self::bit(kind);
    }

    pub(super) fn add_all(&mut self, others: Self) {
        self.0 |= others.0;
    }

    fn bit(kind: IdentityKind) -> u8 {
        1 << kind as u8
    }
}

/// An e-mail address or a phone number of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity<'a> {
    /// An address.
    Email(IdentityKind, &'a EmailAddress),
    /// A number, and the extension behind it.
    Phone(&'a str, Option<&'a str>),
}

impl<'a> Identity<'a> {
    /// Which it is.
    pub fn kind(&self) -> IdentityKind {
        match *self {
            Self::Email(kind, _) => kind,
            Self::Phone(..) => IdentityKind::PhoneNumber,
        }
    }

    /// It as Gong spells it; of a phone number, without the extension.
    pub fn value(&self) -> &str {
        match self {
            Self::Email(_, address) => address.as_str(),
            Self::Phone(number, _) => number,
        }
    }

    /// The form in which it is compared: addresses in lower case; of phone numbers digits and `+` alone,
    /// with the extension behind a `#`, since whoever shares a switchboard doesn't share a phone. `None`
    /// for a phone number without a digit, which is nobody's.
    pub fn folded(&self) -> Option<Cow<'a, str>> {
        match *self {
            Self::Email(_, address) => Some(address.folded()),
            Self::Phone(number, extension) => {
                let mut folded = dialled(number);
                if !folded.bytes().any(|byte| byte.is_ascii_digit()) {
                    return None;
                }
                if let Some(extension) = extension.map(dialled).filter(|extension| !extension.is_empty()) {
                    folded.push('#');
                    folded.push_str(&extension);
                }
                Some(Cow::Owned(folded))
            }
        }
    }
}

impl User {
    /// Every e-mail address and the phone number of this user: primary, aliases, trusted, phone.
    pub fn identities(&self) -> impl Iterator<Item = Identity<'_>> {
        self.primary().into_iter().chain(self.aliases()).chain(self.others())
    }

    /// The one at this place of [`identities`](Self::identities). Constant time, however many there are.
    pub(super) fn identity(&self, nth: usize) -> Option<Identity<'_>> {
        let primary = self.primary();
        match nth.checked_sub(usize::from(primary.is_some())) {
            None => primary,
            Some(nth) => match nth.checked_sub(self.email_aliases.len()) {
                None => self.email_aliases.get(nth).map(alias),
                Some(nth) => self.others().nth(nth),
            },
        }
    }

    fn primary(&self) -> Option<Identity<'_>> {
        self.email_address.as_ref().map(|address| Identity::Email(IdentityKind::PrimaryEmail, address))
    }

    fn aliases(&self) -> impl Iterator<Item = Identity<'_>> {
        self.email_aliases.iter().map(alias)
    }

    fn others(&self) -> impl Iterator<Item = Identity<'_>> {
        let trusted = self.trusted_email_address.iter();
        let phone = self.phone_number.iter();
        trusted
            .map(|address| Identity::Email(IdentityKind::TrustedEmail, address))
            .chain(phone.map(|number| Identity::Phone(number, self.extension.as_deref())))
    }
}

fn alias(address: &EmailAddress) -> Identity<'_> {
    Identity::Email(IdentityKind::EmailAlias, address)
}

fn dialled(number: &str) -> String {
    number.chars().filter(|&char| char.is_ascii_digit() || char == '+').collect()
}
