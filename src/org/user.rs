//! A person (or an avatar) of a Gong workspace, as a value.

use std::{
    borrow::{Borrow, Cow},
    fmt,
    sync::Arc,
};

use jiff::Timestamp;

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

    /// The form in which addresses are compared. Nearly all are spelt so, and aren't copied.
    pub fn folded(&self) -> Cow<'_, str> {
        let is_folded = self.0.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
        if is_folded { Cow::Borrowed(&self.0) } else { Cow::Owned(self.0.to_lowercase()) }
    }
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

/// What a user is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserKind {
    /// Somebody of the company.
    Person,
    /// A synthetic user of Gong's staff: left out of the listing, named as a manager at times.
    Avatar,
}

/// Gong's switches of one user; `None` where Gong sent nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Web conferences are recorded.
    pub web_conferences_recorded: Option<bool>,
    /// Recording of web conferences is forbidden.
    pub prevent_web_conference_recording: Option<bool>,
    /// Telephony calls are imported.
    pub telephony_calls_imported: Option<bool>,
    /// E-mails are imported.
    pub emails_imported: Option<bool>,
    /// Import of e-mails is forbidden.
    pub prevent_email_import: Option<bool>,
    /// Meetings that weren't recorded are imported.
    pub non_recorded_meetings_imported: Option<bool>,
    /// Gong Connect (the dialer) is on.
    pub gong_connect_enabled: Option<bool>,
}

/// A language that a user speaks on calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpokenLanguage {
    /// BCP 47 tag, for example `en-US`.
    pub language: Arc<str>,
    /// Whether it is the user's main one.
    pub primary: bool,
}

/// One user, as Gong described them at [`User::fetched_at`]. Empty and missing texts are `None`.
///
/// There may be a million of them. Texts that many have are shared, as [`Texts`](super::Texts) does it; all are
/// as small as texts that don't grow can be.
#[derive(Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are Gong's own, under Gong's own names")]
pub struct User {
    pub id: UserId,
    pub kind: UserKind,
    pub email_address: Option<EmailAddress>,
    pub email_aliases: Box<[EmailAddress]>,
    pub trusted_email_address: Option<EmailAddress>,
    pub first_name: Option<Arc<str>>,
    pub last_name: Option<Arc<str>>,
    pub title: Option<Arc<str>>,
    pub phone_number: Option<Box<str>>,
    pub extension: Option<Box<str>>,
    pub active: bool,
    pub created: Option<Timestamp>,
    pub settings: Settings,
    pub spoken_languages: Box<[SpokenLanguage]>,
    pub personal_meeting_urls: Box<[Box<str>]>,
    pub meeting_consent_page_url: Option<Box<str>>,
    /// What Gong names as manager, whether or not anybody has that id.
    pub manager_id: Option<UserId>,
    /// When the call that brought this record was sent to Gong: the record is at least as new.
    pub fetched_at: Timestamp,
}

impl User {
    /// First and last name with a space between; `None` when Gong has neither.
    pub fn name(&self) -> Option<String> {
        match (&self.first_name, &self.last_name) {
            (Some(first), Some(last)) => Some(format!("{first} {last}")),
            (one, other) => one.as_deref().or(other.as_deref()).map(str::to_owned),
        }
    }

    /// Every address of this user: primary, aliases, trusted.
    pub fn emails(&self) -> impl Iterator<Item = &EmailAddress> {
        self.email_address.iter().chain(&self.email_aliases).chain(&self.trusted_email_address)
    }

    /// Whether `other` is the same record, read at whatever time.
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        *self == Self { fetched_at: self.fetched_at, ..other.clone() }
    }

    /// Whether one of this user's addresses is `address`, without case.
    pub fn has_email(&self, address: &EmailAddress) -> bool {
        let wanted = address.folded();
        self.emails().any(|own| own.folded() == wanted)
    }
}

/// Shows the id alone: the rest is personal.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("id", &self.id).finish_non_exhaustive()
    }
}
