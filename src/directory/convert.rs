//! From Gong's user object to ours.
//!
//! It stands here and not in `sync`, because a look-up needs it as well as a scan, and `sync` may import
//! this room but not the other way round.

use crate::{
    gong::{self, Fetched},
    org::{EmailAddress, Settings, SpokenLanguage, Texts, User, UserId, UserKind},
};

/// The person of a listing's record, who shares what many have with all others of `texts`.
pub fn person(record: Fetched<gong::User>, texts: &mut Texts) -> User {
    user(record, UserKind::Person, texts)
}

pub(super) fn user(
    Fetched { value: record, asked_at }: Fetched<gong::User>,
    kind: UserKind,
    texts: &mut Texts,
) -> User {
    let created = record.created.as_deref().and_then(|text| {
        let parsed = text.parse();
        if parsed.is_err() {
            tracing::warn!(user_id = record.id, "`created` is no ISO 8601 time and is left out");
        }
        parsed.ok()
    });
    User {
        id: UserId::new(record.id),
        kind,
        email_address: record.email_address.map(EmailAddress::new),
        email_aliases: record.email_aliases.into_iter().map(EmailAddress::new).collect(),
        trusted_email_address: record.trusted_email_address.map(EmailAddress::new),
        first_name: record.first_name.map(|name| texts.share(&name)),
        last_name: record.last_name.map(|name| texts.share(&name)),
        title: record.title.map(|title| texts.share(&title)),
        phone_number: record.phone_number.map(Into::into),
        extension: record.extension.map(Into::into),
        active: record.active.unwrap_or(true),
        created,
        settings: settings(record.settings),
        spoken_languages: record
            .spoken_languages
            .into_iter()
            .filter_map(|spoken| spoken_language(spoken, texts))
            .collect(),
        personal_meeting_urls: record.personal_meeting_urls.into_iter().map(Into::into).collect(),
        meeting_consent_page_url: record.meeting_consent_page_url.map(Into::into),
        manager_id: record.manager_id.map(|id| UserId::new(texts.share(&id))),
        fetched_at: asked_at,
    }
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

fn spoken_language(record: gong::SpokenLanguage, texts: &mut Texts) -> Option<SpokenLanguage> {
    let language = texts.share(&record.language?);
    Some(SpokenLanguage { language, primary: record.primary.unwrap_or(false) })
}
