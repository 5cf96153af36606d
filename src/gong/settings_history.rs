//! `GET /v2/users/{id}/settings-history`: how a user's switches came to stand as they do.

use reqwest::Method;
use serde::Deserialize;

use super::{
    Fetched, Gong, GongError, Urgency,
    client::Call,
    loose::{flag_if_any, rows, text_if_any},
};

/// What an OAuth token must be allowed to.
pub const SETTINGS_HISTORY_SCOPE: &str = "api:users:read";

/// A switch was set. Gong's reference calls the fields `setting`, `value` and `time`; a third party's
/// description `settingName`, `newValue`, `changedAt` and more. Nobody published a recording: both are read.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "said above")]
pub struct SettingRecord {
    #[serde(default, alias = "settingName", deserialize_with = "text_if_any")]
    pub setting: Option<String>,
    #[serde(default, alias = "newValue", deserialize_with = "flag_if_any")]
    pub value: Option<bool>,
    #[serde(default, deserialize_with = "flag_if_any")]
    pub previous_value: Option<bool>,
    #[serde(default, alias = "changedAt", deserialize_with = "text_if_any")]
    pub time: Option<String>,
    /// The id of whoever set it.
    #[serde(default, deserialize_with = "text_if_any")]
    pub changed_by: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    #[serde(deserialize_with = "rows")]
    user_settings_history: Vec<SettingRecord>,
}

impl Gong {
    /// How a user's switches were set; `None` if Gong knows nobody of that id (404; its words are *assumed*).
    /// One call a user: not for whole companies.
    ///
    /// # Errors
    /// If Gong gives no answer that can be used.
    pub async fn settings_history(&self, id: &str) -> Result<Option<Fetched<Vec<SettingRecord>>>, GongError> {
        if id.is_empty() || id.chars().all(|c| c == '.') {
            return Ok(None); // would be another path
        }
        let path = ["v2", "users", id, "settings-history"];
        let call = Call { method: Method::GET, path: &path, query: Vec::new(), body: None };
        match self.call::<Answer>(&call, Urgency::Lookup, None).await {
            Ok(Fetched { value, asked_at }) => {
                Ok(Some(Fetched { value: value.user_settings_history, asked_at }))
            }
            Err(GongError::Rejected { status: 404, request_id: Some(_), .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::decode::decode, *};

    #[test]
    fn both_spellings_are_read() {
        let body = json!({ "userSettingsHistory": [
            { "setting": "emailsImported", "value": true, "time": "2024-02-29T10:00:00+02:00" },
            { "userId": "7", "settingName": "emailsImported", "previousValue": "true", "newValue": "false",
              "changedAt": "2024-03-01T10:00:00+02:00", "changedBy": 8 },
            { "setting": 5, "value": "maybe", "time": {} },
            null,
        ] });
        let Answer { user_settings_history: rows } = decode(body.to_string().as_bytes(), None).unwrap();
        assert_eq!(rows.len(), 3);
        assert_eq!((rows[0].setting.as_deref(), rows[0].value), (Some("emailsImported"), Some(true)));
        assert_eq!(rows[0].time.as_deref(), Some("2024-02-29T10:00:00+02:00"));
        assert_eq!((rows[1].setting.as_deref(), rows[1].value), (Some("emailsImported"), Some(false)));
        assert_eq!((rows[1].previous_value, rows[1].changed_by.as_deref()), (Some(true), Some("8")));
        assert_eq!((rows[2].setting.as_deref(), rows[2].value, &rows[2].time), (Some("5"), None, &None));
    }

    #[test]
    fn garbage_is_refused() {
        for body in ["{}", "[]", r#"{"userSettingsHistory":null}"#, r#"{"userSettingsHistory":["x"]}"#] {
            let refused = decode::<Answer>(body.as_bytes(), None);
            assert!(matches!(refused, Err(GongError::Decode { .. })), "{body}");
        }
    }
}
