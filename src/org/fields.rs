//! The parts of a user that can change, and which of them did.

use super::{User, UserParts};

/// A part of a user that two pictures can tell differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names are those of the record's fields")]
pub enum UserField {
    Kind,
    EmailAddress,
    EmailAliases,
    TrustedEmailAddress,
    FirstName,
    LastName,
    Title,
    PhoneNumber,
    Extension,
    Active,
    Created,
    Settings,
    SpokenLanguages,
    PersonalMeetingUrls,
    MeetingConsentPageUrl,
    ManagerId,
    /// Who the manager is: another one, one where there was none, or none any more.
    Manager,
}

impl UserField {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::Kind,
        Self::EmailAddress,
        Self::EmailAliases,
        Self::TrustedEmailAddress,
        Self::FirstName,
        Self::LastName,
        Self::Title,
        Self::PhoneNumber,
        Self::Extension,
        Self::Active,
        Self::Created,
        Self::Settings,
        Self::SpokenLanguages,
        Self::PersonalMeetingUrls,
        Self::MeetingConsentPageUrl,
        Self::ManagerId,
        Self::Manager,
    ];

    /// Whether it says how somebody is reached or by what they are let in. That it changed is then as little
    /// to be told as what it is.
    pub fn is_contact_data(self) -> bool {
        matches!(
            self,
            Self::TrustedEmailAddress
                | Self::PhoneNumber
                | Self::Extension
                | Self::PersonalMeetingUrls
                | Self::MeetingConsentPageUrl
        )
    }
}

/// Some of the fields of a user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct UserFields(u32);

impl UserFields {
    /// Those in which the records differ; when they were read doesn't count.
    pub fn between(before: &User, after: &User) -> Self {
        // As nearly all do.
        if before.says_the_same_as(after) {
            return Self::default();
        }
        // Taken apart, so that no field is forgotten.
        let UserParts {
            id: _,
            kind,
            email_address,
            email_aliases,
            trusted_email_address,
            first_name,
            last_name,
            title,
            phone_number,
            extension,
            active,
            created,
            settings,
            spoken_languages,
            personal_meeting_urls,
            meeting_consent_page_url,
            manager_id,
            fetched_at: _,
        } = before.parts();
        let after = after.parts();
        let differs = [
            (UserField::Kind, kind != after.kind),
            (UserField::EmailAddress, email_address != after.email_address),
            (UserField::EmailAliases, email_aliases != after.email_aliases),
            (UserField::TrustedEmailAddress, trusted_email_address != after.trusted_email_address),
            (UserField::FirstName, first_name != after.first_name),
            (UserField::LastName, last_name != after.last_name),
            (UserField::Title, title != after.title),
            (UserField::PhoneNumber, phone_number != after.phone_number),
            (UserField::Extension, extension != after.extension),
            (UserField::Active, active != after.active),
            (UserField::Created, created != after.created),
            (UserField::Settings, settings != after.settings),
            (UserField::SpokenLanguages, spoken_languages != after.spoken_languages),
            (UserField::PersonalMeetingUrls, personal_meeting_urls != after.personal_meeting_urls),
            (UserField::MeetingConsentPageUrl, meeting_consent_page_url != after.meeting_consent_page_url),
            (UserField::ManagerId, manager_id != after.manager_id),
        ];
        let mut fields = Self::default();
        differs.into_iter().filter(|(_, differs)| *differs).for_each(|(field, _)| fields.insert(field));
        fields
    }

    /// Adds a field.
    pub fn insert(&mut self, field: UserField) {
        self.0 |= 1 << field as u32;
    }

    /// Whether the field is among them.
    pub fn contains(self, field: UserField) -> bool {
        self.0 & (1 << field as u32) != 0
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them, in the order of [`UserField::ALL`].
    pub fn iter(self) -> impl Iterator<Item = UserField> {
        UserField::ALL.into_iter().filter(move |&field| self.contains(field))
    }

    /// Those that are no contact data.
    #[must_use]
    pub fn without_contact_data(self) -> Self {
        let mut rest = Self::default();
        self.iter().filter(|field| !field.is_contact_data()).for_each(|field| rest.insert(field));
        rest
    }
}
