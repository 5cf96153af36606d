//! By what a user can be known.

use std::{borrow::Cow, fmt};

use crate::org::{User, folded_email};

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
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Identity<'a> {
    /// An address.
    Email(IdentityKind, &'a str),
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
            Self::Email(_, address) => address,
            Self::Phone(number, _) => number,
        }
    }

    /// The form in which it is compared: addresses in lower case; of phone numbers digits and `+` alone,
    /// with the extension behind a `#`, since whoever shares a switchboard doesn't share a phone. `None`
    /// for a phone number without a digit, which is nobody's.
    pub fn folded(&self) -> Option<Cow<'a, str>> {
        match *self {
            Self::Email(_, address) => Some(folded_email(address)),
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

/// Shows the kind alone: the rest is personal.
impl fmt::Debug for Identity<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Identity").field(&self.kind()).finish_non_exhaustive()
    }
}

/// The places of those of which a user has one; behind them are the aliases, as far as [`User::email_alias`] says.
const PRIMARY: usize = 0;
const TRUSTED: usize = 1;
const PHONE: usize = 2;
const ALIASES: usize = 3;

impl User {
    /// Every e-mail address and the phone number of this user: primary, aliases, trusted, phone.
    pub fn identities(&self) -> impl Iterator<Item = Identity<'_>> {
        self.identities_at().map(|(_, identity)| identity)
    }

    /// The [`identities`](Self::identities), each with a place at which [`identity`](Self::identity) finds it.
    pub(super) fn identities_at(&self) -> impl Iterator<Item = (usize, Identity<'_>)> {
        let at = |place: usize| self.identity(place).map(|identity| (place, identity));
        let aliases = self.email_aliases_at();
        let aliases =
            aliases.map(|(at, alias)| (ALIASES + at, Identity::Email(IdentityKind::EmailAlias, alias)));
        at(PRIMARY).into_iter().chain(aliases).chain(at(TRUSTED)).chain(at(PHONE))
    }

    /// The identity at this place. Constant time, however many there are.
    pub(super) fn identity(&self, place: usize) -> Option<Identity<'_>> {
        let email = |kind| move |address| Identity::Email(kind, address);
        match place {
            PRIMARY => self.email_address().map(email(IdentityKind::PrimaryEmail)),
            TRUSTED => self.trusted_email_address().map(email(IdentityKind::TrustedEmail)),
            PHONE => self.phone_number().map(|number| Identity::Phone(number, self.extension())),
            alias => self.email_alias(alias - ALIASES).map(email(IdentityKind::EmailAlias)),
        }
    }
}

fn dialled(number: &str) -> String {
    number.chars().filter(|&char| char.is_ascii_digit() || char == '+').collect()
}
