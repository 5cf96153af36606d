//! A person (or an avatar) of a Gong workspace, as a value.

mod ids;
mod list;
mod moments;
mod parts;
mod standing;
mod texts;

use std::fmt;

use jiff::Timestamp;

pub use self::{
    ids::{EmailAddress, UserId, folded_email},
    parts::UserParts,
};
use self::{
    moments::Moments,
    standing::Standing,
    texts::{PRIMARY, Text, Texts},
};

/// What a user is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum UserKind {
    /// Somebody of the company.
    #[default]
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
pub struct SpokenLanguage<T> {
    /// BCP 47 tag, for example `en-US`.
    pub language: T,
    /// Whether it is the user's main one.
    pub primary: bool,
}

/// One user, as Gong described them at [`fetched_at`](Self::fetched_at). Made of [`UserParts`], which say what
/// the fields are; empty and missing texts are `None`.
///
/// There may be a million of them: all texts of one stand beside each other, which takes less memory than each
/// on its own, and to read several is to read on. A copy shares them.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    texts: Texts,
    moments: Moments,
    settings: Settings,
    standing: Standing,
}

/// What a user takes beside the texts.
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<User>() == 80);

impl<T: AsRef<str>> From<UserParts<T>> for User {
    fn from(parts: UserParts<T>) -> Self {
        let texts = Texts::of(&parts);
        let UserParts { created, fetched_at, settings, kind, active, .. } = parts;
        Self {
            texts,
            moments: Moments::of(created, fetched_at),
            settings,
            standing: Standing::of(kind, active),
        }
    }
}

#[expect(missing_docs, reason = "the fields are Gong's own, under Gong's own names")]
impl User {
    pub fn id(&self) -> &str {
        self.texts.get(Text::Id)
    }

    pub fn kind(&self) -> UserKind {
        self.standing.kind()
    }

    pub fn email_address(&self) -> Option<&str> {
        self.text(Text::EmailAddress)
    }

    pub fn email_aliases(&self) -> impl Iterator<Item = &str> {
        self.email_aliases_at().map(|(_, alias)| alias)
    }

    pub fn trusted_email_address(&self) -> Option<&str> {
        self.text(Text::TrustedEmailAddress)
    }

    pub fn first_name(&self) -> Option<&str> {
        self.text(Text::FirstName)
    }

    pub fn last_name(&self) -> Option<&str> {
        self.text(Text::LastName)
    }

    pub fn title(&self) -> Option<&str> {
        self.text(Text::Title)
    }

    pub fn phone_number(&self) -> Option<&str> {
        self.text(Text::PhoneNumber)
    }

    pub fn extension(&self) -> Option<&str> {
        self.text(Text::Extension)
    }

    pub fn active(&self) -> bool {
        self.standing.active()
    }

    pub fn created(&self) -> Option<Timestamp> {
        self.moments.created()
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    pub fn spoken_languages(&self) -> impl Iterator<Item = SpokenLanguage<&str>> {
        list::items(self.texts.get(Text::SpokenLanguages)).filter_map(|(_, spoken)| {
            let primary = spoken.starts_with(PRIMARY);
            Some(SpokenLanguage { language: spoken.get(PRIMARY.len()..)?, primary })
        })
    }

    pub fn personal_meeting_urls(&self) -> impl Iterator<Item = &str> {
        list::items(self.texts.get(Text::PersonalMeetingUrls)).map(|(_, url)| url)
    }

    pub fn meeting_consent_page_url(&self) -> Option<&str> {
        self.text(Text::MeetingConsentPageUrl)
    }

    /// What Gong names as manager, whether or not anybody has that id.
    pub fn manager_id(&self) -> Option<&str> {
        self.text(Text::ManagerId)
    }

    /// When the call that brought this record was sent to Gong: the record is at least as new.
    pub fn fetched_at(&self) -> Timestamp {
        self.moments.fetched_at()
    }
}

impl User {
    /// Every field on its own.
    pub fn parts(&self) -> UserParts<&str> {
        UserParts {
            id: self.id(),
            kind: self.kind(),
            email_address: self.email_address(),
            email_aliases: self.email_aliases().collect(),
            trusted_email_address: self.trusted_email_address(),
            first_name: self.first_name(),
            last_name: self.last_name(),
            title: self.title(),
            phone_number: self.phone_number(),
            extension: self.extension(),
            active: self.active(),
            created: self.created(),
            settings: self.settings,
            spoken_languages: self.spoken_languages().collect(),
            personal_meeting_urls: self.personal_meeting_urls().collect(),
            meeting_consent_page_url: self.meeting_consent_page_url(),
            manager_id: self.manager_id(),
            fetched_at: self.fetched_at(),
        }
    }

    /// First and last name with a space between; `None` when Gong has neither.
    pub fn name(&self) -> Option<&str> {
        Some(self.texts.between(Text::FirstName, Text::LastName)).filter(|name| !name.is_empty())
    }

    /// Whether JSON has id, names, primary address, title and manager's id as they are: none has quotation marks,
    /// backslashes or control characters. Constant time; never of a user with some 64 KiB of text.
    pub fn is_plain(&self) -> bool {
        self.texts.are_plain()
    }

    /// Every address of this user: primary, aliases, trusted.
    pub fn emails(&self) -> impl Iterator<Item = &str> {
        self.email_address().into_iter().chain(self.email_aliases()).chain(self.trusted_email_address())
    }

    /// Whether one of this user's addresses is `address`, without case.
    pub fn has_email(&self, address: &EmailAddress) -> bool {
        let wanted = address.folded();
        self.emails().any(|own| folded_email(own) == wanted)
    }

    /// The aliases, each with a place at which [`email_alias`](Self::email_alias) finds it.
    pub(super) fn email_aliases_at(&self) -> impl Iterator<Item = (usize, &str)> {
        list::items(self.texts.get(Text::EmailAliases))
    }

    /// The alias at this place. Constant time, however many there are.
    pub(super) fn email_alias(&self, at: usize) -> Option<&str> {
        list::item(self.texts.get(Text::EmailAliases), at).map(|(alias, _)| alias)
    }

    /// Whether `other` is the same record, read at whatever time.
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        let Self { texts, moments, settings, standing } = self;
        *texts == other.texts
            && moments.created() == other.moments.created()
            && (settings, standing) == (&other.settings, &other.standing)
    }

    /// The same user without what [`Sight::WithoutContact`](super::Sight::WithoutContact) leaves out.
    #[must_use]
    pub fn without_contact(&self) -> Self {
        Self { texts: self.texts.without_contact(), ..*self }
    }

    /// Reads something of what there is of the user, contact data left aside.
    pub(super) fn touch(&self) -> u8 {
        self.texts.touch()
    }

    fn text(&self, text: Text) -> Option<&str> {
        Some(self.texts.get(text)).filter(|text| !text.is_empty())
    }
}

/// Shows the id alone: the rest is personal.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("id", &format_args!("{}", self.id())).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
