//! `GET /v2/users/{id}/settings-history`: how a user's seven switches came to stand as they do.

use std::sync::Arc;

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::simulator::{
    chance::Chance,
    envelope::{Fault, answer},
    faults::Strikes,
    listing,
    request::id_of,
    tenant::Tenant,
    user::{SimUser, UserSettings},
};

/// How a row of a settings history looks. Gong's reference and a third party's description differ,
/// and nobody published a recording; both are assumed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HistoryRows {
    /// `{setting, value, time}`, by Gong's reference.
    #[default]
    Reference,
    /// `{userId, settingName, previousValue, newValue, changedAt, changedBy}`, by a third party.
    ThirdParty,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct History<'a> {
    user_settings_history: Vec<Row<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Row<'a> {
    Reference {
        setting: &'static str,
        value: bool,
        time: String,
    },
    #[serde(rename_all = "camelCase")]
    ThirdParty {
        user_id: &'a str,
        setting_name: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        previous_value: Option<bool>,
        new_value: bool,
        changed_at: String,
        changed_by: &'a str,
    },
}

/// A switch was set.
struct Change {
    time: Timestamp,
    setting: &'static str,
    before: Option<bool>,
    value: bool,
}

pub(super) async fn of_user(
    State(tenant): State<Arc<Tenant>>,
    strikes: Strikes,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Fault> {
    let id = id_of(id)?;
    let people = tenant.people();
    let people = strikes.company(&people);
    let user = listing::latest(&people, &id).ok_or(Fault::NoSuchUser)?;
    let row = |change: Change| {
        let time = tenant.calendar.print(change.time);
        match tenant.history_rows {
            HistoryRows::Reference => Row::Reference { setting: change.setting, value: change.value, time },
            HistoryRows::ThirdParty => Row::ThirdParty {
                user_id: &user.id,
                setting_name: change.setting,
                previous_value: change.before,
                new_value: change.value,
                changed_at: time,
                changed_by: &user.id,
            },
        }
    };
    let changes = changes(user, tenant.seed.of("history").of(&user.id), tenant.calendar.now());
    Ok(answer(History { user_settings_history: changes.into_iter().map(row).collect() }))
}

/// Every switch was set when the user was created and up to twice since; the last time to what it is
/// now. Oldest first.
fn changes(user: &SimUser, chance: Chance, now: Option<Timestamp>) -> Vec<Change> {
    let created = user.created.as_deref().and_then(|text| text.parse().ok()).unwrap_or(Timestamp::UNIX_EPOCH);
    let year = created.checked_add(SignedDuration::from_hours(365 * 24)).unwrap_or(Timestamp::MAX);
    let seconds = now.unwrap_or(year).min(year).duration_since(created).as_secs().max(0).cast_unsigned();
    let mut changes = Vec::new();
    for (setting, value) in switches(user.settings) {
        let chance = chance.of(setting);
        let times = chance.below(3);
        // Distinct thirds of the time since, so that they stay in order.
        let moments = (1..=times).map(|nth| nth * (seconds / 3) + chance.at(nth).below(seconds / 3 + 1));
        let mut before = None;
        for (nth, after) in std::iter::once(0).chain(moments).enumerate() {
            let value = value ^ ((times as usize - nth) % 2 == 1);
            let time = created.checked_add(SignedDuration::from_secs(after.cast_signed())).unwrap_or(created);
            changes.push(Change { time, setting, before, value });
            before = Some(value);
        }
    }
    changes.sort_by_key(|change| change.time);
    changes
}

fn switches(settings: UserSettings) -> [(&'static str, bool); 7] {
    [
        ("webConferencesRecorded", settings.web_conferences_recorded),
        ("preventWebConferenceRecording", settings.prevent_web_conference_recording),
        ("telephonyCallsImported", settings.telephony_calls_imported),
        ("emailsImported", settings.emails_imported),
        ("preventEmailImport", settings.prevent_email_import),
        ("nonRecordedMeetingsImported", settings.non_recorded_meetings_imported),
        ("gongConnectEnabled", settings.gong_connect_enabled),
    ]
}
