//! A user taken apart: every field on its own.

use std::fmt;

use jiff::Timestamp;

use super::{Settings, SpokenLanguage, UserKind};

/// The fields of a [`User`](super::User), under Gong's own names. `T` is a text: owned where a user is made,
/// borrowed where one is looked at. An empty text is none.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are Gong's own, under Gong's own names")]
pub struct UserParts<T = String> {
    pub id: T,
    pub kind: UserKind,
    pub email_address: Option<T>,
    pub email_aliases: Vec<T>,
    pub trusted_email_address: Option<T>,
    pub first_name: Option<T>,
    pub last_name: Option<T>,
    pub title: Option<T>,
    pub phone_number: Option<T>,
    pub extension: Option<T>,
    pub active: bool,
    pub created: Option<Timestamp>,
    pub settings: Settings,
    pub spoken_languages: Vec<SpokenLanguage<T>>,
    pub personal_meeting_urls: Vec<T>,
    pub meeting_consent_page_url: Option<T>,
    /// What Gong names as manager, whether or not anybody has that id.
    pub manager_id: Option<T>,
    /// When the call that brought this record was sent to Gong: the record is at least as new.
    pub fetched_at: Timestamp,
}

/// Shows the id alone: the rest is personal.
impl<T: AsRef<str>> fmt::Debug for UserParts<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserParts").field("id", &format_args!("{}", self.id.as_ref())).finish_non_exhaustive()
    }
}
