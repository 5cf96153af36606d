//! `GET /v2/settings/scorecards`: the forms that calls are judged by.

use reqwest::Method;
use serde::Deserialize;

use super::{
    Fetched, Gong, GongError, Urgency,
    client::Call,
    decode::objects,
    loose::{flag_if_any, id, rows, text_if_any},
};

/// What an OAuth token must be allowed to.
pub const SCORECARDS_SCOPE: &str = "api:settings:scorecards:read";

/// A form (recorded). Ids and even the bounds of a question come as texts or as numbers.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are Gong's own, under Gong's own names")]
pub struct ScorecardRecord {
    #[serde(deserialize_with = "id")]
    pub scorecard_id: String,
    #[serde(default, deserialize_with = "text_if_any")]
    pub scorecard_name: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub workspace_id: Option<String>,
    #[serde(default, deserialize_with = "flag_if_any")]
    pub enabled: Option<bool>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub updater_user_id: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub created: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub updated: Option<String>,
    #[serde(default, deserialize_with = "objects")]
    pub questions: Vec<QuestionRecord>,
}

/// A question of a form.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are Gong's own, under Gong's own names")]
pub struct QuestionRecord {
    #[serde(default, deserialize_with = "text_if_any")]
    pub question_id: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub question_text: Option<String>,
    #[serde(default, deserialize_with = "flag_if_any")]
    pub is_overall: Option<bool>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub min_range: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub max_range: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    #[serde(deserialize_with = "rows")]
    scorecards: Vec<ScorecardRecord>,
}

impl Gong {
    /// All forms, those too that are no longer used, in one call: there is no paging (recorded).
    ///
    /// # Errors
    /// If Gong gives no answer that can be used.
    pub async fn scorecards(&self) -> Result<Fetched<Vec<ScorecardRecord>>, GongError> {
        let path = ["v2", "settings", "scorecards"];
        let call = Call { method: Method::GET, path: &path, query: Vec::new(), body: None };
        let Fetched { value: Answer { scorecards }, asked_at } =
            self.call(&call, Urgency::Lookup, None).await?;
        Ok(Fetched { value: scorecards, asked_at })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::decode::decode, *};

    #[test]
    fn bounds_come_as_texts_or_numbers() {
        let body = json!({ "scorecards": [{ "scorecardId": 6843152929075440037_u64, "enabled": "false",
            "questions": [null, { "questionId": 1, "minRange": "1", "maxRange": 5, "isOverall": true }, {}] },
            { "scorecardId": "2", "questions": null }] });
        let Answer { scorecards } = decode(body.to_string().as_bytes(), None).unwrap();
        assert_eq!(scorecards[0].scorecard_id, "6843152929075440037");
        assert_eq!((scorecards[0].enabled, scorecards[0].questions.len()), (Some(false), 2));
        let question = &scorecards[0].questions[0];
        assert_eq!((question.min_range.as_deref(), question.max_range.as_deref()), (Some("1"), Some("5")));
        assert_eq!(scorecards[1].questions.len(), 0);
        for body in [json!({}), json!({ "scorecards": [{}] }), json!({ "scorecards": "none" })] {
            assert!(decode::<Answer>(body.to_string().as_bytes(), None).is_err(), "{body}");
        }
    }
}
