//! A user as the files hold one: JSON, in which what is missing isn't written.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::org::{Settings, SpokenLanguage, User, UserKind, UserParts};

/// A text that is borrowed when it is written and owned when it is read.
type Text<'a> = Cow<'a, str>;

#[derive(Deserialize, Serialize)]
pub(super) struct UserRecord<'a> {
    id: Text<'a>,
    #[serde(default, skip_serializing_if = "is_false")]
    avatar: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email_address: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    email_aliases: Vec<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trusted_email_address: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first_name: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_name: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phone_number: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    extension: Option<Text<'a>>,
    active: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created: Option<Moment>,
    #[serde(default, skip_serializing_if = "SettingsRecord::is_empty")]
    settings: SettingsRecord,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    spoken_languages: Vec<LanguageRecord<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    personal_meeting_urls: Vec<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    meeting_consent_page_url: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    manager_id: Option<Text<'a>>,
    fetched_at: Moment,
}

/// The switches in the order of [`Settings`], without their names: those would be a third of a record. One
/// that is added comes last, and is nothing in records that end before it.
#[derive(Clone, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, into = "[Option<bool>; 7]")]
struct SettingsRecord {
    web_conferences_recorded: Option<bool>,
    prevent_web_conference_recording: Option<bool>,
    telephony_calls_imported: Option<bool>,
    emails_imported: Option<bool>,
    prevent_email_import: Option<bool>,
    non_recorded_meetings_imported: Option<bool>,
    gong_connect_enabled: Option<bool>,
}

impl From<SettingsRecord> for [Option<bool>; 7] {
    fn from(record: SettingsRecord) -> Self {
        [
            record.web_conferences_recorded,
            record.prevent_web_conference_recording,
            record.telephony_calls_imported,
            record.emails_imported,
            record.prevent_email_import,
            record.non_recorded_meetings_imported,
            record.gong_connect_enabled,
        ]
    }
}

impl SettingsRecord {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[derive(Deserialize, Serialize)]
struct LanguageRecord<'a> {
    language: Text<'a>,
    primary: bool,
}

/// A moment to the nanosecond, as RFC 3339 writes it.
#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(try_from = "Cow<'_, str>", into = "String")]
pub(super) struct Moment(pub(super) Timestamp);

impl TryFrom<Text<'_>> for Moment {
    type Error = jiff::Error;

    fn try_from(text: Text<'_>) -> Result<Self, jiff::Error> {
        text.parse().map(Self)
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.0.to_string()
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

impl<'a> From<&'a User> for UserRecord<'a> {
    fn from(user: &'a User) -> Self {
        // Every field by name: one that is added to `User` must be kept as well.
        let UserParts {
            id,
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
            fetched_at,
        } = user.parts();
        let text = |text: Option<&'a str>| text.map(Text::from);
        let texts = |texts: Vec<&'a str>| texts.into_iter().map(Text::from).collect();
        let language = |spoken: SpokenLanguage<&'a str>| LanguageRecord {
            language: spoken.language.into(),
            primary: spoken.primary,
        };
        Self {
            id: id.into(),
            avatar: kind == UserKind::Avatar,
            email_address: text(email_address),
            email_aliases: texts(email_aliases),
            trusted_email_address: text(trusted_email_address),
            first_name: text(first_name),
            last_name: text(last_name),
            title: text(title),
            phone_number: text(phone_number),
            extension: text(extension),
            active,
            created: created.map(Moment),
            settings: settings.into(),
            spoken_languages: spoken_languages.into_iter().map(language).collect(),
            personal_meeting_urls: texts(personal_meeting_urls),
            meeting_consent_page_url: text(meeting_consent_page_url),
            manager_id: text(manager_id),
            fetched_at: Moment(fetched_at),
        }
    }
}

impl<'a> From<UserRecord<'a>> for User {
    fn from(record: UserRecord<'a>) -> Self {
        let language = |LanguageRecord { language, primary }| SpokenLanguage { language, primary };
        Self::from(UserParts {
            id: record.id,
            kind: if record.avatar { UserKind::Avatar } else { UserKind::Person },
            email_address: record.email_address,
            email_aliases: record.email_aliases,
            trusted_email_address: record.trusted_email_address,
            first_name: record.first_name,
            last_name: record.last_name,
            title: record.title,
            phone_number: record.phone_number,
            extension: record.extension,
            active: record.active,
            created: record.created.map(|moment| moment.0),
            settings: record.settings.into(),
            spoken_languages: record.spoken_languages.into_iter().map(language).collect(),
            personal_meeting_urls: record.personal_meeting_urls,
            meeting_consent_page_url: record.meeting_consent_page_url,
            manager_id: record.manager_id,
            fetched_at: record.fetched_at.0,
        })
    }
}

impl From<Settings> for SettingsRecord {
    fn from(settings: Settings) -> Self {
        let Settings {
            web_conferences_recorded,
            prevent_web_conference_recording,
            telephony_calls_imported,
            emails_imported,
            prevent_email_import,
            non_recorded_meetings_imported,
            gong_connect_enabled,
        } = settings;
        Self {
            web_conferences_recorded,
            prevent_web_conference_recording,
            telephony_calls_imported,
            emails_imported,
            prevent_email_import,
            non_recorded_meetings_imported,
            gong_connect_enabled,
        }
    }
}

impl From<SettingsRecord> for Settings {
    fn from(record: SettingsRecord) -> Self {
        Self {
            web_conferences_recorded: record.web_conferences_recorded,
            prevent_web_conference_recording: record.prevent_web_conference_recording,
            telephony_calls_imported: record.telephony_calls_imported,
            emails_imported: record.emails_imported,
            prevent_email_import: record.prevent_email_import,
            non_recorded_meetings_imported: record.non_recorded_meetings_imported,
            gong_connect_enabled: record.gong_connect_enabled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_holds_less_is_read() {
        let json =
            r#"{"id":"1","active":true,"settings":[true,null,false],"fetched_at":"2026-03-01T10:11:12Z"}"#;
        let user = User::from(serde_json::from_str::<UserRecord<'_>>(json).unwrap());
        assert_eq!(user.settings().web_conferences_recorded, Some(true));
        assert_eq!(user.settings().telephony_calls_imported, Some(false));
        assert_eq!(user.settings().gong_connect_enabled, None);
        assert_eq!(
            serde_json::to_string(&UserRecord::from(&user)).unwrap(),
            json.replace("[true,null,false]", "[true,null,false,null,null,null,null]",)
        );
    }
}
