//! `POST /v2/stats/activity/aggregate`: how much each user did between two days.

use std::{collections::BTreeMap, pin::pin};

use futures_util::TryStreamExt;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    DateWindow, Fetched, Gong, GongError, Listed, Page, Turn, Urgency,
    client::Call,
    decode::place_and_cause,
    loose::{count_of, id, text_if_any},
    paging::{Records, pages},
    record::RawRecord,
};

/// What an OAuth token must be allowed to.
pub const ACTIVITY_SCOPE: &str = "api:stats:user-actions";

/// What one user did in a window of days, as Gong counts it (the counters are recorded). `None` where Gong
/// sent no number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "BTreeMap<String, Value>")]
#[expect(missing_docs, reason = "the fields are Gong's own, under Gong's own names")]
pub struct ActivityCounters {
    pub calls_as_host: Option<u64>,
    pub calls_attended: Option<u64>,
    pub calls_gave_feedback: Option<u64>,
    pub calls_requested_feedback: Option<u64>,
    pub calls_received_feedback: Option<u64>,
    pub own_calls_listened_to: Option<u64>,
    pub others_calls_listened_to: Option<u64>,
    pub calls_shared_internally: Option<u64>,
    pub calls_shared_externally: Option<u64>,
    pub calls_scorecards_filled: Option<u64>,
    pub calls_scorecards_received: Option<u64>,
    pub calls_comments_given: Option<u64>,
    pub calls_comments_received: Option<u64>,
    pub calls_marked_as_feedback_given: Option<u64>,
    pub calls_marked_as_feedback_received: Option<u64>,
    /// Whether any counter is above zero, those too that Gong has added since this was written; `None` if
    /// there is no number at all.
    pub any: Option<bool>,
}

impl From<BTreeMap<String, Value>> for ActivityCounters {
    fn from(counters: BTreeMap<String, Value>) -> Self {
        let count = |name: &str| counters.get(name).and_then(count_of);
        Self {
            calls_as_host: count("callsAsHost"),
            calls_attended: count("callsAttended"),
            calls_gave_feedback: count("callsGaveFeedback"),
            calls_requested_feedback: count("callsRequestedFeedback"),
            calls_received_feedback: count("callsReceivedFeedback"),
            own_calls_listened_to: count("ownCallsListenedTo"),
            others_calls_listened_to: count("othersCallsListenedTo"),
            calls_shared_internally: count("callsSharedInternally"),
            calls_shared_externally: count("callsSharedExternally"),
            calls_scorecards_filled: count("callsScorecardsFilled"),
            calls_scorecards_received: count("callsScorecardsReceived"),
            calls_comments_given: count("callsCommentsGiven"),
            calls_comments_received: count("callsCommentsReceived"),
            calls_marked_as_feedback_given: count("callsMarkedAsFeedbackGiven"),
            calls_marked_as_feedback_received: count("callsMarkedAsFeedbackReceived"),
            any: counters
                .values()
                .filter_map(count_of)
                .map(|count| count > 0)
                .reduce(|one, other| one | other),
        }
    }
}

/// One user's row.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserActivity {
    /// Whose it is.
    #[serde(deserialize_with = "id")]
    pub user_id: String,
    /// What they did; nothing is known where Gong left it out.
    #[serde(rename = "userAggregateActivityStats", default)]
    pub counters: Option<ActivityCounters>,
}

/// What Gong said of some users. Who did nothing has a row of zeros (*assumed*).
#[derive(Debug, Default)]
pub struct ActivityAnswer {
    /// The rows.
    pub rows: Vec<UserActivity>,
    /// A row that can't be read, if there is one: it is somebody's of whom there is no other.
    pub unreadable: Option<GongError>,
    /// The name of the company's time zone, which the days are counted in.
    pub time_zone: Option<String>,
}

/// An answer. The list has to be there: without it nobody would have done anything.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    records: Option<Records>,
    users_aggregate_activity_stats: Vec<Option<RawRecord>>,
    #[serde(default, deserialize_with = "text_if_any")]
    time_zone: Option<String>,
}

impl Gong {
    /// What each of these users did between two days: one call for at most
    /// [`MAX_IDS_PER_CALL`](super::MAX_IDS_PER_CALL), unless Gong cuts the answer in pages. `turn` is
    /// permission for the first call, if the caller has it.
    ///
    /// # Errors
    /// If Gong gives no answer that can be used.
    pub async fn activity(
        &self,
        ids: &[String],
        days: DateWindow,
        mut turn: Option<Turn>,
    ) -> Result<ActivityAnswer, GongError> {
        if ids.is_empty() {
            return Ok(ActivityAnswer::default()); // no ids would be everybody
        }
        let mut answer = ActivityAnswer::default();
        let mut pages = pin!(pages(|cursor| self.activity_page(ids, days, cursor, turn.take())));
        while let Some(listed) = pages.try_next().await? {
            match listed {
                Listed::Page(page) => page.items.into_iter().for_each(|page| answer.add(page)),
                Listed::BeganAnew => answer = ActivityAnswer::default(),
            }
        }
        Ok(answer)
    }

    async fn activity_page(
        &self,
        ids: &[String],
        days: DateWindow,
        cursor: Option<String>,
        turn: Option<Turn>,
    ) -> Result<(Page<Answer>, Option<String>), GongError> {
        let mut body = json!({ "filter": {
            "fromDate": days.from.to_string(), "toDate": days.to.to_string(), "userIds": ids,
        } });
        if let Some(cursor) = cursor {
            body["cursor"] = cursor.into();
        }
        let call = Call {
            method: Method::POST,
            path: &["v2", "stats", "activity", "aggregate"],
            query: Vec::new(),
            body: Some(body),
        };
        let mut page = Page { items: Vec::new(), refused: Vec::new(), total: Some(0), has_records: true };
        match self.call::<Answer>(&call, Urgency::Lookup, turn).await {
            Ok(Fetched { value: mut answer, .. }) => {
                page.has_records = answer.records.is_some();
                let Records { total_records, cursor } = answer.records.take().unwrap_or_default();
                page.total = total_records;
                page.items.push(answer);
                Ok((page, cursor))
            }
            // Nobody of these is here, by Gong's own word (*assumed* to be as with users).
            Err(GongError::Rejected { status: 404, request_id: Some(_), .. }) => Ok((page, None)),
            Err(error) => Err(error),
        }
    }
}

impl ActivityAnswer {
    /// Takes in a page.
    pub(super) fn add(&mut self, page: Answer) {
        self.time_zone = self.time_zone.take().or(page.time_zone);
        let records = page.users_aggregate_activity_stats;
        for (at, record) in records.iter().enumerate().filter_map(|(at, record)| Some((at, record.as_ref()?)))
        {
            let mut json = serde_json::Deserializer::from_str(record.get());
            match serde_path_to_error::deserialize(&mut json) {
                Ok(row) => self.rows.push(row),
                Err(error) => {
                    let (path, cause) = place_and_cause(error);
                    let path = format!("usersAggregateActivityStats[{at}].{path}");
                    self.unreadable = Some(GongError::Decode { path, cause, request_id: None });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::decode::decode, *};

    fn read(body: &Value) -> Result<ActivityAnswer, GongError> {
        let mut answer = ActivityAnswer::default();
        answer.add(decode(body.to_string().as_bytes(), None)?);
        Ok(answer)
    }

    #[test]
    fn counters_come_as_numbers_as_texts_or_not_at_all() {
        let answer = read(&json!({ "timeZone": "Asia/Jerusalem", "new": {}, "usersAggregateActivityStats": [
            { "userId": 18446744073709551615_u64, "userAggregateActivityStats":
                { "callsAsHost": 3, "callsAttended": "4", "callsGaveFeedback": null, "ownCallsListenedTo": [] } },
            { "userId": "2", "userAggregateActivityStats": { "callsAsHost": 0, "callsDreamtOf": 1 } },
            { "userId": "3", "userAggregateActivityStats": { "callsAsHost": 0 } },
            { "userId": "4", "userAggregateActivityStats": {} },
            { "userId": "5", "userAggregateActivityStats": null },
            null,
            { "userId": "6" },
        ] }))
        .unwrap();
        assert!(answer.unreadable.is_none());
        assert_eq!(answer.time_zone.as_deref(), Some("Asia/Jerusalem"));
        let told: Vec<_> =
            answer.rows.iter().map(|row| (row.user_id.as_str(), row.counters.as_ref())).collect();
        assert_eq!(told[0].0, "18446744073709551615");
        let first = told[0].1.unwrap();
        assert_eq!((first.calls_as_host, first.calls_attended, first.any), (Some(3), Some(4), Some(true)));
        assert_eq!((first.calls_gave_feedback, first.own_calls_listened_to), (None, None));
        let any: Vec<_> = told[1..].iter().map(|(_, row)| row.and_then(|row| row.any)).collect();
        assert_eq!(any, [Some(true), Some(false), None, None, None]);
    }

    #[test]
    fn a_row_that_cannot_be_read_costs_no_other() {
        let answer = read(&json!({ "usersAggregateActivityStats": [
            "somebody", { "userId": {} }, { "userId": "3", "userAggregateActivityStats": 3 },
            { "userId": "4", "userAggregateActivityStats": { "callsAsHost": 1 } },
        ] }))
        .unwrap();
        assert_eq!(answer.rows.len(), 1);
        let fault = answer.unreadable.unwrap().to_string();
        assert!(fault.contains("usersAggregateActivityStats[2]") && !fault.contains("somebody"), "{fault}");
    }

    #[test]
    fn an_answer_without_the_list_says_nothing() {
        for body in
            [json!({}), json!([]), json!(null), json!({ "usersAggregateActivityStats": null }), json!("x")]
        {
            assert!(matches!(read(&body), Err(GongError::Decode { .. })), "{body}");
        }
    }
}
