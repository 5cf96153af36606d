//! From Gong's user object to ours.
//!
//! It stands here and not in `sync`, because a look-up needs it as well as a scan, and `sync` may import
//! this room but not the other way round.

use crate::{
    gong::{self, Fetched},
    org::{Settings, SpokenLanguage, User, UserKind, UserParts},
};

/// The person of a listing's record.
pub fn person(record: Fetched<gong::User>) -> User {
    user(record, UserKind::Person)
}

pub(super) fn user(Fetched { value: record, asked_at }: Fetched<gong::User>, kind: UserKind) -> User {
    let created = record.created.as_deref().and_then(|text| {
        let parsed = text.parse();
        if parsed.is_err() {
            tracing::warn!(user_id = record.id, "`created` is no ISO 8601 time and is left out");
        }
        parsed.ok()
    });
    User::from(UserParts {
        id: record.id,
        kind,
        email_address: record.email_address,
        email_aliases: record.email_aliases,
        trusted_email_address: record.trusted_email_address,
        first_name: record.first_name,
        last_name: record.last_name,
        title: record.title,
        phone_number: record.phone_number,
        extension: record.extension,
        active: record.active.unwrap_or(true),
        created,
        settings: settings(record.settings),
        spoken_languages: record.spoken_languages.into_iter().filter_map(spoken_language).collect(),
        personal_meeting_urls: record.personal_meeting_urls,
        meeting_consent_page_url: record.meeting_consent_page_url,
        manager_id: record.manager_id,
        fetched_at: asked_at,
    })
}

fn settings(record: gong::SettingsRecord) -> Settings {
    Settings {
        web_conferences_recorded: record.web_conferences_recorded,
        prevent_web_conference_recording: record.prevent_web_conference_recording,
        telephony_calls_imported: record.telephony_calls_imported,
        emails_imported: record.emails_imported,
        prevent_email_import: record.prevent_email_import,
        non_recorded_meetings_imported: record.non_recorded_meetings_imported,
        gong_connect_enabled: record.gong_connect_enabled,
    }
}

fn spoken_language(record: gong::SpokenLanguage) -> Option<SpokenLanguage<String>> {
    Some(SpokenLanguage { language: record.language?, primary: record.primary.unwrap_or(false) })
}
