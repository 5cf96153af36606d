//! Scorecards and workspaces: what a company has few of.

use async_graphql::{ID, SimpleObject};

use crate::{
    directory::{self, Fetched},
    graphql::scalar::DateTime,
};

/// The forms that calls are judged by.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ScorecardList {
    /// How many there are in all.
    total_count: usize,
    /// The first of them, in Gong's order.
    nodes: Vec<Scorecard>,
    /// When Gong was asked: it was true then or later.
    fetched_at: DateTime,
}

/// A form that calls are judged by. What Gong leaves out is null.
#[derive(SimpleObject)]
struct Scorecard {
    /// Gong's id of the form: opaque text.
    id: ID,
    /// The name.
    name: Option<String>,
    /// The workspace that it belongs to.
    workspace_id: Option<ID>,
    /// Whether it is in use.
    enabled: Option<bool>,
    /// Gong's id of whoever changed it last.
    updater_user_id: Option<ID>,
    /// When it was made.
    created: Option<DateTime>,
    /// When it was changed last.
    updated: Option<DateTime>,
    /// What it asks.
    questions: Vec<ScorecardQuestion>,
}

/// A question of a form.
#[derive(SimpleObject)]
struct ScorecardQuestion {
    /// Gong's id of the question: opaque text.
    question_id: Option<ID>,
    /// The question.
    question_text: Option<String>,
    /// Whether it asks for the call as a whole.
    is_overall: Option<bool>,
    /// The lowest answer, as Gong writes it.
    min_range: Option<String>,
    /// The highest answer, as Gong writes it.
    max_range: Option<String>,
}

/// The parts that the company has cut its calls into.
#[derive(SimpleObject)]
pub(in crate::graphql) struct WorkspaceList {
    /// How many there are in all.
    total_count: usize,
    /// The first of them, in Gong's order.
    nodes: Vec<Workspace>,
    /// When Gong was asked: it was true then or later.
    fetched_at: DateTime,
}

/// A part that the company has cut its calls into.
#[derive(SimpleObject)]
struct Workspace {
    /// Gong's id of the workspace: opaque text.
    id: ID,
    /// The name.
    name: Option<String>,
    /// What it is for.
    description: Option<String>,
}

impl ScorecardList {
    /// The first so many.
    pub(in crate::graphql) fn of(answer: &Fetched<Vec<directory::Scorecard>>, first: usize) -> Self {
        Self {
            total_count: answer.value.len(),
            nodes: answer.value.iter().take(first).map(Into::into).collect(),
            fetched_at: answer.asked_at.into(),
        }
    }
}

impl WorkspaceList {
    /// The first so many.
    pub(in crate::graphql) fn of(answer: &Fetched<Vec<directory::Workspace>>, first: usize) -> Self {
        let workspace = |workspace: &directory::Workspace| Workspace {
            id: ID::from(&workspace.id),
            name: workspace.name.clone(),
            description: workspace.description.clone(),
        };
        Self {
            total_count: answer.value.len(),
            nodes: answer.value.iter().take(first).map(workspace).collect(),
            fetched_at: answer.asked_at.into(),
        }
    }
}

impl From<&directory::Scorecard> for Scorecard {
    fn from(card: &directory::Scorecard) -> Self {
        Self {
            id: ID::from(&card.id),
            name: card.name.clone(),
            workspace_id: card.workspace_id.as_ref().map(ID::from),
            enabled: card.enabled,
            updater_user_id: card.updater_user_id.as_ref().map(|id| ID::from(id.as_str())),
            created: card.created.map(Into::into),
            updated: card.updated.map(Into::into),
            questions: card.questions.iter().map(Into::into).collect(),
        }
    }
}

impl From<&directory::Question> for ScorecardQuestion {
    fn from(question: &directory::Question) -> Self {
        Self {
            question_id: question.id.as_ref().map(ID::from),
            question_text: question.text.clone(),
            is_overall: question.is_overall,
            min_range: question.min_range.clone(),
            max_range: question.max_range.clone(),
        }
    }
}
