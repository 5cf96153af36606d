//! What Gong tells beside the snapshot, as plain values.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    gong::{
        self, ActivityCounters, CallRecord, CoachedReport, CoachingMetrics, QuestionRecord, ScorecardRecord,
        SettingRecord, WorkspaceRecord,
    },
    org::{EmailAddress, UserId},
};

/// A value and when Gong was asked for it: it was true then or later. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Fetched<T> {
    /// The value.
    pub value: Arc<T>,
    /// When the call was sent that brought it; the first of them if there were more.
    pub asked_at: Timestamp,
}

impl<T> Fetched<T> {
    /// What a call brought, as `convert` sees it.
    pub(super) fn of<U>(answer: gong::Fetched<U>, convert: impl FnOnce(U) -> T) -> Self {
        Self { value: Arc::new(convert(answer.value)), asked_at: answer.asked_at }
    }
}

/// What one user did between two days.
#[derive(Clone, Debug)]
pub struct Activity {
    /// What Gong counted.
    pub counters: ActivityCounters,
    /// The name of the company's time zone, which the days are counted in.
    pub time_zone: Option<Arc<str>>,
}

/// A switch of a user was set. What Gong doesn't tell, or in no known way, is `None`.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are Gong's own, under Gong's own names")]
pub struct SettingChange {
    pub setting: Option<String>,
    pub value: Option<bool>,
    pub previous_value: Option<bool>,
    pub time: Option<Timestamp>,
    pub changed_by: Option<UserId>,
}

/// Calls that a user held.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    /// As many as were asked for, or all.
    pub calls: Vec<Call>,
    /// Whether there are more in the window.
    pub more: bool,
}

/// A call.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are Gong's own, under Gong's own names")]
pub struct Call {
    pub id: String,
    pub url: Option<String>,
    pub title: Option<String>,
    pub scheduled: Option<Timestamp>,
    pub started: Option<Timestamp>,
    /// In seconds.
    pub duration: Option<u64>,
    pub direction: Option<String>,
    pub system: Option<String>,
    pub scope: Option<String>,
    pub media: Option<String>,
    pub language: Option<String>,
    pub workspace_id: Option<String>,
    pub purpose: Option<String>,
    pub meeting_url: Option<String>,
    pub is_private: Option<bool>,
}

/// A form that calls are judged by.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are Gong's own, under Gong's own names")]
pub struct Scorecard {
    pub id: String,
    pub name: Option<String>,
    pub workspace_id: Option<String>,
    pub enabled: Option<bool>,
    pub updater_user_id: Option<UserId>,
    pub created: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    pub questions: Vec<Question>,
}

/// A question of a form.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are Gong's own, under Gong's own names")]
pub struct Question {
    pub id: Option<String>,
    pub text: Option<String>,
    pub is_overall: Option<bool>,
    pub min_range: Option<String>,
    pub max_range: Option<String>,
}

/// A part that the company has cut its calls into.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are Gong's own, under Gong's own names")]
pub struct Workspace {
    pub id: String,
    pub name: Option<String>,
    pub description: Option<String>,
}

/// Gong's own list of a manager's direct reports.
pub type Coaching = Vec<Coached>;

/// A direct report by Gong's list, and what the manager did with their calls.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are Gong's own, under Gong's own names")]
pub struct Coached {
    pub id: UserId,
    pub email_address: Option<EmailAddress>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub metrics: CoachingMetrics,
}

/// A moment as Gong writes it; one that can't be read is none.
fn moment(text: Option<String>) -> Option<Timestamp> {
    text?.parse().ok()
}

impl From<SettingRecord> for SettingChange {
    fn from(record: SettingRecord) -> Self {
        Self {
            setting: record.setting,
            value: record.value,
            previous_value: record.previous_value,
            time: moment(record.time),
            changed_by: record.changed_by.map(UserId::new),
        }
    }
}

impl From<CallRecord> for Call {
    fn from(record: CallRecord) -> Self {
        Self {
            id: record.id,
            url: record.url,
            title: record.title,
            scheduled: moment(record.scheduled),
            started: moment(record.started),
            duration: record.duration,
            direction: record.direction,
            system: record.system,
            scope: record.scope,
            media: record.media,
            language: record.language,
            workspace_id: record.workspace_id,
            purpose: record.purpose,
            meeting_url: record.meeting_url,
            is_private: record.is_private,
        }
    }
}

impl From<ScorecardRecord> for Scorecard {
    fn from(record: ScorecardRecord) -> Self {
        Self {
            id: record.scorecard_id,
            name: record.scorecard_name,
            workspace_id: record.workspace_id,
            enabled: record.enabled,
            updater_user_id: record.updater_user_id.map(UserId::new),
            created: moment(record.created),
            updated: moment(record.updated),
            questions: record.questions.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<QuestionRecord> for Question {
    fn from(record: QuestionRecord) -> Self {
        Self {
            id: record.question_id,
            text: record.question_text,
            is_overall: record.is_overall,
            min_range: record.min_range,
            max_range: record.max_range,
        }
    }
}

impl From<WorkspaceRecord> for Workspace {
    fn from(record: WorkspaceRecord) -> Self {
        Self { id: record.id, name: record.name, description: record.description }
    }
}

impl From<CoachedReport> for Coached {
    fn from(CoachedReport { report, metrics }: CoachedReport) -> Self {
        Self {
            id: UserId::new(report.id),
            email_address: report.email_address.map(EmailAddress::new),
            first_name: report.first_name,
            last_name: report.last_name,
            metrics,
        }
    }
}
