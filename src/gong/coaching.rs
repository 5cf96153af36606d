//! `GET /v2/coaching`: Gong's own list of a manager's direct reports, and what the manager did with the calls
//! of each.

use reqwest::Method;
use serde::Deserialize;

use super::{
    Fetched, Gong, GongError, TimeWindow, Urgency,
    client::Call,
    decode::{null_as_default, objects},
    loose::{id, length_if_any, rows, text_if_any},
};

/// What an OAuth token must be allowed to.
pub const COACHING_SCOPE: &str = "api:coaching:read";

/// A direct report, as far as it is told here.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are Gong's own, under Gong's own names")]
pub struct ReportRecord {
    #[serde(deserialize_with = "id")]
    pub id: String,
    #[serde(default, deserialize_with = "text_if_any")]
    pub email_address: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub first_name: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub last_name: Option<String>,
}

/// How many of a report's calls the manager did something with; Gong lists their ids. The names are those that
/// clients of this endpoint read (*coded for*).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the fields are Gong's own, under Gong's own names")]
pub struct CoachingMetrics {
    #[serde(deserialize_with = "length_if_any")]
    pub calls_listened_to: Option<usize>,
    #[serde(deserialize_with = "length_if_any")]
    pub calls_manager_attended: Option<usize>,
    #[serde(deserialize_with = "length_if_any")]
    pub calls_with_feedback: Option<usize>,
    #[serde(deserialize_with = "length_if_any")]
    pub calls_manager_commented_on: Option<usize>,
    #[serde(deserialize_with = "length_if_any")]
    pub calls_with_scorecard_filled: Option<usize>,
}

/// A direct report and what was done with their calls.
#[derive(Clone, Debug, Deserialize)]
pub struct CoachedReport {
    /// Who it is.
    pub report: ReportRecord,
    /// What was done.
    #[serde(default, deserialize_with = "null_as_default")]
    pub metrics: CoachingMetrics,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfManager {
    #[serde(default, deserialize_with = "objects")]
    direct_reports_metrics: Vec<CoachedReport>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    #[serde(deserialize_with = "rows")]
    coaching_data: Vec<OfManager>,
}

impl Gong {
    /// The direct reports of a manager, as Gong sees them, with what was done between two moments; in one
    /// call.
    ///
    /// # Errors
    /// If Gong gives no answer that can be used; also where it knows no such manager (404).
    pub async fn coaching(
        &self,
        manager: &str,
        workspace: &str,
        window: TimeWindow,
    ) -> Result<Fetched<Vec<CoachedReport>>, GongError> {
        let (from, to) = (window.from.to_string(), window.to.to_string());
        let call = Call {
            method: Method::GET,
            path: &["v2", "coaching"],
            query: vec![
                ("workspace-id", workspace),
                ("manager-id", manager),
                ("from", from.as_str()),
                ("to", to.as_str()),
            ],
            body: None,
        };
        let Fetched { value: Answer { coaching_data }, asked_at } =
            self.call(&call, Urgency::Lookup, None).await?;
        let reports = coaching_data.into_iter().flat_map(|manager| manager.direct_reports_metrics).collect();
        Ok(Fetched { value: reports, asked_at })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::decode::decode, *};

    #[test]
    fn reports_are_read_whatever_their_metrics_are() {
        let body = json!({ "coachingData": [
            { "manager": { "id": "1" }, "directReportsMetrics": [
                { "report": { "id": 2, "firstName": "" }, "metrics":
                    { "callsListenedTo": ["1", "2"], "callsWithFeedback": [], "callsManagerAttended": "x" } },
                { "report": { "id": "3" }, "metrics": null },
                { "report": { "id": "4" } },
                null,
            ] },
            { "directReportsMetrics": null },
        ] });
        let Answer { coaching_data } = decode(body.to_string().as_bytes(), None).unwrap();
        let reports = &coaching_data[0].direct_reports_metrics;
        let ids: Vec<_> = reports.iter().map(|report| report.report.id.as_str()).collect();
        assert_eq!(ids, ["2", "3", "4"]);
        let metrics = reports[0].metrics;
        assert_eq!((metrics.calls_listened_to, metrics.calls_with_feedback), (Some(2), Some(0)));
        assert_eq!((metrics.calls_manager_attended, reports[1].metrics), (None, CoachingMetrics::default()));
        for body in [
            json!({}),
            json!({ "coachingData": [{ "directReportsMetrics": [{}] }] }),
            json!({ "coachingData": [{ "directReportsMetrics": [{ "report": {} }] }] }),
        ] {
            assert!(
                matches!(decode::<Answer>(body.to_string().as_bytes(), None), Err(GongError::Decode { .. })),
                "{body}"
            );
        }
    }
}
