//! A user as Gong puts one on the wire, and the order in which users are listed.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// A row of the simulated user list: the 17 keys of Gong's user object, and whether the row is an
/// avatar.
///
/// Serialised, empty scalars are explicit `null`s, empty lists are `[]`, and the keys stand in
/// Gong's order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default = "SimUser::unnamed")]
pub struct SimUser {
    /// The user's id: decimal digits, up to 20 of them, often above 2^53.
    pub id: String,
    /// The main e-mail address.
    pub email_address: Option<String>,
    /// When the user was made: ISO-8601 with the company's offset. Filters on time pass over a row
    /// without it.
    pub created: Option<String>,
    /// Whether the user may log in.
    pub active: bool,
    /// Further e-mail addresses.
    pub email_aliases: Vec<String>,
    /// An address that Gong trusts for imports.
    pub trusted_email_address: Option<String>,
    /// The given name.
    pub first_name: Option<String>,
    /// The family name.
    pub last_name: Option<String>,
    /// The job title.
    pub title: Option<String>,
    /// The phone number.
    pub phone_number: Option<String>,
    /// The phone extension.
    pub extension: Option<String>,
    /// Addresses of personal meeting rooms.
    pub personal_meeting_urls: Vec<String>,
    /// What Gong does for this user.
    pub settings: UserSettings,
    /// The id of the manager, who need not exist.
    pub manager_id: Option<String>,
    /// Where participants consent to being recorded.
    pub meeting_consent_page_url: Option<String>,
    /// Undocumented by Gong; `null` in every recording.
    pub conferencing_providers: Option<serde_json::Value>,
    /// The languages that the user speaks.
    pub spoken_languages: Vec<SpokenLanguage>,
    /// Whether this is an avatar, a synthetic user that is listed only with `includeAvatars`. Not
    /// on the wire; in a file the key is `_avatar`. What distinguishes an avatar at Gong is not
    /// published.
    #[serde(skip_serializing, rename(deserialize = "_avatar"))]
    pub avatar: bool,
}

/// The seven switches of a user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UserSettings {
    /// Web conferences are recorded.
    pub web_conferences_recorded: bool,
    /// The user may not have web conferences recorded.
    pub prevent_web_conference_recording: bool,
    /// Phone calls are imported.
    pub telephony_calls_imported: bool,
    /// E-mails are imported.
    pub emails_imported: bool,
    /// The user may not have e-mails imported.
    pub prevent_email_import: bool,
    /// Meetings without a recording are imported.
    pub non_recorded_meetings_imported: bool,
    /// The dialler, Gong Connect, is on.
    pub gong_connect_enabled: bool,
}

/// A language that a user speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpokenLanguage {
    /// A BCP-47 tag, for example `pt-BR`.
    pub language: String,
    /// Whether it is the user's first language.
    #[serde(default)]
    pub primary: bool,
}

impl SimUser {
    /// An active user with this id and nothing else.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            email_address: None,
            created: None,
            active: true,
            email_aliases: Vec::new(),
            trusted_email_address: None,
            first_name: None,
            last_name: None,
            title: None,
            phone_number: None,
            extension: None,
            personal_meeting_urls: Vec::new(),
            settings: UserSettings::default(),
            manager_id: None,
            meeting_consent_page_url: None,
            conferencing_providers: None,
            spoken_languages: Vec::new(),
            avatar: false,
        }
    }

    /// Given and family name, as far as there are any.
    pub(super) fn full_name(&self) -> Option<String> {
        let names: Vec<_> =
            [&self.first_name, &self.last_name].into_iter().flatten().map(String::as_str).collect();
        (!names.is_empty()).then(|| names.join(" "))
    }

    /// What a key that is absent from a file stands for.
    fn unnamed() -> Self {
        Self::new("")
    }
}

/// Listing order: ascending by the number an id stands for, ids of one number by their text.
///
/// Gong documents no order; this is the one in its recorded answers. Ids outgrow `u64`, so their
/// text is compared.
pub(super) fn by_id(one: &str, other: &str) -> Ordering {
    let (one_number, other_number) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
    (one_number.len().cmp(&other_number.len()))
        .then_with(|| one_number.cmp(other_number))
        .then_with(|| one.cmp(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_ordered_as_numbers() {
        let mut ids = ["10", "9", "0009", "99999999999999999999", "18446744073709551616", "0", ""];
        ids.sort_by(|one, other| by_id(one, other));
        assert_eq!(ids, ["", "0", "0009", "9", "10", "18446744073709551616", "99999999999999999999"]);
    }

    #[test]
    fn an_empty_user_has_every_key_in_order() {
        insta::assert_snapshot!(
            serde_json::to_string(&SimUser::new("7")).unwrap(),
            @r#"{"id":"7","emailAddress":null,"created":null,"active":true,"emailAliases":[],"trustedEmailAddress":null,"firstName":null,"lastName":null,"title":null,"phoneNumber":null,"extension":null,"personalMeetingUrls":[],"settings":{"webConferencesRecorded":false,"preventWebConferenceRecording":false,"telephonyCallsImported":false,"emailsImported":false,"preventEmailImport":false,"nonRecordedMeetingsImported":false,"gongConnectEnabled":false},"managerId":null,"meetingConsentPageUrl":null,"conferencingProviders":null,"spokenLanguages":[]}"#
        );
    }
}
