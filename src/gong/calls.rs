//! `POST /v2/calls/extensive`: the calls that some users held.

use futures_util::Stream;
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{
    Fetched, Gong, GongError, Listed, Page, TimeWindow, Turn, Urgency, client,
    decode::count_if_any,
    loose::{flag_if_any, id, rows, text_if_any},
    paging::{Records, pages},
};

/// What an OAuth token must be allowed to.
pub const CALLS_SCOPE: &str = "api:calls:read:extensive";

/// Calls on a page: 100, and not ours to choose (recorded).
pub const CALLS_PER_PAGE: usize = 100;

/// `metaData` of a call. Absent, `null` and `""` are all `None`; unknown fields are ignored.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are Gong's own, under Gong's own names")]
pub struct CallRecord {
    #[serde(deserialize_with = "id")]
    pub id: String,
    #[serde(default, deserialize_with = "text_if_any")]
    pub url: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub title: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub scheduled: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub started: Option<String>,
    /// In seconds.
    #[serde(default, deserialize_with = "count_if_any")]
    pub duration: Option<u64>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub primary_user_id: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub direction: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub system: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub scope: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub media: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub language: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub workspace_id: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub purpose: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub meeting_url: Option<String>,
    #[serde(default, deserialize_with = "flag_if_any")]
    pub is_private: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    meta_data: CallRecord,
}

/// An answer. The list has to be there: that there are none is said with a 404.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    records: Option<Records>,
    #[serde(deserialize_with = "rows")]
    calls: Vec<Row>,
}

impl Gong {
    /// The calls of at most [`MAX_IDS_PER_CALL`](super::MAX_IDS_PER_CALL) users in a window of at most
    /// [`MAX_CALL_WINDOW_DAYS`](super::MAX_CALL_WINDOW_DAYS), page by page, in no promised order. `turn` is
    /// permission for the first call, if the caller has it.
    pub fn calls_of<'a>(
        &'a self,
        ids: &'a [String],
        window: TimeWindow,
        mut turn: Option<Turn>,
    ) -> impl Stream<Item = Result<Listed<Fetched<CallRecord>>, GongError>> + 'a {
        pages(move |cursor| self.calls_page(ids, window, cursor, turn.take()))
    }

    async fn calls_page(
        &self,
        ids: &[String],
        window: TimeWindow,
        cursor: Option<String>,
        turn: Option<Turn>,
    ) -> Result<(Page<Fetched<CallRecord>>, Option<String>), GongError> {
        let mut body = json!({ "filter": {
            "fromDateTime": window.from.to_string(),
            "toDateTime": window.to.to_string(),
            "primaryUserIds": ids,
        } });
        if let Some(cursor) = cursor {
            body["cursor"] = cursor.into();
        }
        let call = client::Call {
            method: Method::POST,
            path: &["v2", "calls", "extensive"],
            query: Vec::new(),
            body: Some(body),
        };
        let mut page = Page { items: Vec::new(), refused: Vec::new(), total: Some(0), has_records: true };
        match self.call::<Answer>(&call, Urgency::Lookup, turn).await {
            Ok(Fetched { value: Answer { records, calls }, asked_at }) => {
                page.has_records = records.is_some();
                let Records { total_records, cursor } = records.unwrap_or_default();
                page.total = total_records;
                page.items =
                    calls.into_iter().map(|row| Fetched { value: row.meta_data, asked_at }).collect();
                Ok((page, cursor))
            }
            // "No calls found corresponding to the provided filters" (recorded): there are none. Only if Gong
            // itself says so: a 404 from somewhere else means that this isn't Gong.
            Err(GongError::Rejected { status: 404, request_id: Some(_), .. }) => Ok((page, None)),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{super::decode::decode, *};

    fn read(body: &Value) -> Result<Answer, GongError> {
        decode(body.to_string().as_bytes(), None)
    }

    #[test]
    fn a_call_is_read_whatever_is_odd_about_what_is_nice_to_know() {
        let answer = read(&json!({ "calls": [
            { "metaData": { "id": 7782342274025937895_u64, "duration": "1800", "started": "",
                "primaryUserId": 234599484848423_u64, "isPrivate": "true", "title": ["x"], "new": 1 },
              "parties": [] },
            null,
        ] }))
        .unwrap();
        let [Row { meta_data: call }] = &answer.calls[..] else { panic!("{answer:?}") };
        assert_eq!(call.id, "7782342274025937895");
        assert_eq!(call.primary_user_id.as_deref(), Some("234599484848423"));
        assert_eq!((call.duration, call.is_private), (Some(1800), Some(true)));
        assert_eq!((&call.started, &call.title), (&None, &None));
    }

    #[test]
    fn garbage_is_told_with_its_place() {
        for body in [
            json!({}),
            json!({ "calls": null }),
            json!({ "calls": {} }),
            json!({ "calls": [7] }),
            json!({ "calls": [{}] }),
            json!({ "calls": [{ "metaData": { "id": "" } }] }),
            json!({ "calls": [{ "metaData": null }] }),
        ] {
            assert!(matches!(read(&body), Err(GongError::Decode { .. })), "{body}");
        }
    }
}
