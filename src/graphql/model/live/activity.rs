//! How much a user did.

use async_graphql::SimpleObject;

use super::int;
use crate::{
    directory::{Activity, ActivityCounters, DateWindow, Fetched},
    graphql::scalar::{Date, DateTime},
};

/// What Gong counts of one user between two days. Counters that Gong didn't send are null.
#[derive(SimpleObject)]
pub(in crate::graphql) struct UserActivity {
    /// The first day.
    from: Date,
    /// The day after the last.
    to: Date,
    /// The name of the company's time zone, which the days are counted in.
    time_zone: Option<String>,
    /// Whether any counter is above zero, those too that have no field here; null if Gong sent no number.
    has_activity: Option<bool>,
    /// Calls that the user hosted.
    calls_as_host: Option<i32>,
    /// Calls that the user took part in.
    calls_attended: Option<i32>,
    /// Calls of others that the user gave feedback on.
    calls_gave_feedback: Option<i32>,
    /// Calls that the user asked for feedback on.
    calls_requested_feedback: Option<i32>,
    /// Calls of the user that got feedback.
    calls_received_feedback: Option<i32>,
    /// Calls of their own that the user listened to.
    own_calls_listened_to: Option<i32>,
    /// Calls of others that the user listened to.
    others_calls_listened_to: Option<i32>,
    /// Calls that the user shared inside the company.
    calls_shared_internally: Option<i32>,
    /// Calls that the user shared with people outside.
    calls_shared_externally: Option<i32>,
    /// Scorecards that the user filled in.
    calls_scorecards_filled: Option<i32>,
    /// Scorecards that were filled in for calls of the user.
    calls_scorecards_received: Option<i32>,
    /// Comments that the user made on calls.
    calls_comments_given: Option<i32>,
    /// Comments on calls of the user.
    calls_comments_received: Option<i32>,
    /// Comments of the user that are marked as feedback.
    calls_marked_as_feedback_given: Option<i32>,
    /// Comments on calls of the user that are marked as feedback.
    calls_marked_as_feedback_received: Option<i32>,
    /// When Gong was asked: it was true then or later.
    fetched_at: DateTime,
}

impl UserActivity {
    /// `None` where Gong has no statistics of the user.
    pub(in crate::graphql) fn of(days: DateWindow, answer: &Fetched<Option<Activity>>) -> Option<Self> {
        let Activity { counters, time_zone } = answer.value.as_ref().as_ref()?;
        let count = |counter: fn(&ActivityCounters) -> Option<u64>| counter(counters).map(int);
        Some(Self {
            from: days.from.into(),
            to: days.to.into(),
            time_zone: time_zone.as_deref().map(str::to_owned),
            has_activity: counters.any,
            calls_as_host: count(|of| of.calls_as_host),
            calls_attended: count(|of| of.calls_attended),
            calls_gave_feedback: count(|of| of.calls_gave_feedback),
            calls_requested_feedback: count(|of| of.calls_requested_feedback),
            calls_received_feedback: count(|of| of.calls_received_feedback),
            own_calls_listened_to: count(|of| of.own_calls_listened_to),
            others_calls_listened_to: count(|of| of.others_calls_listened_to),
            calls_shared_internally: count(|of| of.calls_shared_internally),
            calls_shared_externally: count(|of| of.calls_shared_externally),
            calls_scorecards_filled: count(|of| of.calls_scorecards_filled),
            calls_scorecards_received: count(|of| of.calls_scorecards_received),
            calls_comments_given: count(|of| of.calls_comments_given),
            calls_comments_received: count(|of| of.calls_comments_received),
            calls_marked_as_feedback_given: count(|of| of.calls_marked_as_feedback_given),
            calls_marked_as_feedback_received: count(|of| of.calls_marked_as_feedback_received),
            fetched_at: answer.asked_at.into(),
        })
    }
}
