//! Calls of a user.

use async_graphql::{ID, SimpleObject};

use super::int;
use crate::{
    directory::{self, Calls, Fetched},
    graphql::scalar::DateTime,
};

/// The first calls of a user in a window of time, in the order in which Gong lists them; long windows are read
/// 90 days at a time, the earliest first.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CallList {
    /// The calls.
    nodes: Vec<Call>,
    /// Whether there are more in the window than were asked for.
    has_more: bool,
    /// When Gong was asked: it was true then or later.
    fetched_at: DateTime,
}

/// A call, as Gong tells of it. What Gong leaves out is null.
#[derive(SimpleObject)]
struct Call {
    /// Gong's id of the call: opaque text.
    id: ID,
    /// The call's page at Gong.
    url: Option<String>,
    /// The title.
    title: Option<String>,
    /// When it was to begin.
    scheduled: Option<DateTime>,
    /// When it began.
    started: Option<DateTime>,
    /// How long it took, in seconds.
    duration: Option<i32>,
    /// Which way it went, in Gong's words, for example `Outbound` or `Conference`.
    direction: Option<String>,
    /// The system that it was held with, for example `Zoom`.
    system: Option<String>,
    /// Whether others than the company's people took part, in Gong's words: `Internal`, `External`, `Unknown`.
    scope: Option<String>,
    /// `Video` or `Audio`.
    media: Option<String>,
    /// The language, as ISO 639-2 writes it.
    language: Option<String>,
    /// The workspace that it belongs to.
    workspace_id: Option<ID>,
    /// What it was for.
    purpose: Option<String>,
    /// The address of the meeting.
    meeting_url: Option<String>,
    /// Whether it is private.
    is_private: Option<bool>,
}

impl From<Fetched<Calls>> for CallList {
    fn from(answer: Fetched<Calls>) -> Self {
        Self {
            nodes: answer.value.calls.iter().map(Into::into).collect(),
            has_more: answer.value.more,
            fetched_at: answer.asked_at.into(),
        }
    }
}

impl From<&directory::Call> for Call {
    fn from(call: &directory::Call) -> Self {
        let call = call.clone();
        Self {
            id: ID::from(call.id),
            url: call.url,
            title: call.title,
            scheduled: call.scheduled.map(Into::into),
            started: call.started.map(Into::into),
            duration: call.duration.map(int),
            direction: call.direction,
            system: call.system,
            scope: call.scope,
            media: call.media,
            language: call.language,
            workspace_id: call.workspace_id.map(ID::from),
            purpose: call.purpose,
            meeting_url: call.meeting_url,
            is_private: call.is_private,
        }
    }
}
