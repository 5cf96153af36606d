//! Gong's own list of a manager's direct reports, held against ours.

use std::{collections::HashSet, sync::Arc};

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};

use super::int;
use crate::{
    directory::{Coached, Coaching, Fetched, TimeWindow},
    graphql::{
        connection::{PageArguments, Slice, UserConnection, cost},
        error::Fault,
        gate::Gate,
        guarded::GuardedField,
        model::User,
        scalar::DateTime,
        windows,
    },
    org::{Disagreement, Order, Scope, UserFilter, UserView},
};

/// What became of a comparison with Gong.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
enum Agreement {
    /// Both lists name the same people.
    Agrees,
    /// Somebody is on one list only.
    Differs,
}

/// A direct report by Gong's own list, and how many of their calls the manager did something with in the
/// window; null where Gong doesn't say.
#[derive(SimpleObject)]
struct CoachedReport {
    /// Gong's id of the report.
    id: ID,
    /// The report, if the snapshot knows somebody of this id.
    user: Option<User>,
    /// Calls that the manager listened to.
    calls_listened_to: Option<i32>,
    /// Calls that the manager took part in.
    calls_manager_attended: Option<i32>,
    /// Calls that the manager gave feedback on.
    calls_with_feedback: Option<i32>,
    /// Calls that the manager commented on.
    calls_manager_commented_on: Option<i32>,
    /// Calls that the manager filled a scorecard in for.
    calls_with_scorecard_filled: Option<i32>,
}

pub(in crate::graphql) struct CoachingReports {
    manager: UserView,
    workspace_id: String,
    window: TimeWindow,
    coaching: Fetched<Coaching>,
    disagreement: Disagreement,
}

impl CoachingReports {
    pub(in crate::graphql) fn new(
        manager: UserView,
        workspace_id: String,
        window: TimeWindow,
        coaching: Fetched<Coaching>,
    ) -> Self {
        let graph = &manager.snapshot().graph;
        let disagreement =
            graph.compare_reports(manager.index(), coaching.value.iter().map(|report| &report.id));
        Self { manager, workspace_id, window, coaching, disagreement }
    }

    fn report(&self, ctx: &Context<'_>, report: &Coached) -> Result<CoachedReport, Fault> {
        Gate::of(ctx)?.shown(ctx, GuardedField::CoachingReports, report.id.as_str());
        let snapshot = self.manager.snapshot();
        let user = snapshot.graph.find(report.id.as_str());
        let metrics = report.metrics;
        Ok(CoachedReport {
            id: ID::from(report.id.as_str()),
            user: user.map(|user| User(UserView::member(snapshot.clone(), user))),
            calls_listened_to: metrics.calls_listened_to.map(int),
            calls_manager_attended: metrics.calls_manager_attended.map(int),
            calls_with_feedback: metrics.calls_with_feedback.map(int),
            calls_manager_commented_on: metrics.calls_manager_commented_on.map(int),
            calls_with_scorecard_filled: metrics.calls_with_scorecard_filled.map(int),
        })
    }
}

/// The direct reports of a manager by Gong's own list for coaching, held against the snapshot. Whether Gong lists
/// people who have left, and avatars, is not published: those of them whom it leaves out make no difference.
#[Object]
impl CoachingReports {
    /// The manager.
    async fn manager(&self) -> User {
        User(self.manager.clone())
    }

    /// The workspace that Gong was asked about.
    async fn workspace_id(&self) -> ID {
        ID::from(&self.workspace_id)
    }

    /// The first moment of the window.
    async fn from(&self) -> DateTime {
        self.window.from.into()
    }

    /// The moment after its last.
    async fn to(&self) -> DateTime {
        self.window.to.into()
    }

    /// Whether Gong's list is the snapshot's. A snapshot that is older than `fetchedAt` may differ because
    /// somebody was moved since.
    async fn agreement(&self) -> Agreement {
        if self.disagreement.is_none() { Agreement::Agrees } else { Agreement::Differs }
    }

    /// How many direct reports Gong lists.
    async fn report_count(&self) -> usize {
        self.coaching.value.iter().map(|report| &report.id).collect::<HashSet<_>>().len()
    }

    /// The direct reports by Gong's list, in Gong's order.
    #[graphql(complexity = "cost(first, None, child_complexity)")]
    async fn reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when nothing is said.")] first: Option<i64>,
    ) -> Result<Vec<CoachedReport>> {
        let first = windows::first(first)?;
        let reports = self.coaching.value.iter().take(first).map(|report| self.report(ctx, report));
        Ok(reports.collect::<Result<_, Fault>>()?)
    }

    /// How many are on Gong's list only.
    async fn only_there_count(&self) -> usize {
        self.disagreement.only_there.len()
    }

    /// Who is on Gong's list and does not report to the manager here, in Gong's order.
    #[graphql(complexity = "cost(first, None, child_complexity)")]
    async fn only_there(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when nothing is said.")] first: Option<i64>,
    ) -> Result<Vec<CoachedReport>> {
        let first = windows::first(first)?;
        let wanted: HashSet<_> = self.disagreement.only_there.iter().take(first).collect();
        let mut told = HashSet::new();
        let only_there = |report: &&Coached| wanted.contains(&report.id) && told.insert(report.id.clone());
        let reports = self.coaching.value.iter().filter(only_there).map(|report| self.report(ctx, report));
        Ok(reports.collect::<Result<_, Fault>>()?)
    }

    /// The active persons who report to the manager here and are not on Gong's list, by name.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    async fn only_here(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when neither `first` nor `last` is given.")]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after the place of this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, from 0 to 1,000; not together with `first`.")] last: Option<i64>,
        #[graphql(desc = "Only what comes before the place of this cursor.")] before: Option<String>,
    ) -> Result<UserConnection> {
        let page = PageArguments { first, after, last, before };
        let scope = Scope::Among(Arc::new(self.disagreement.only_here.clone()));
        let snapshot = self.manager.snapshot().clone();
        let filter = UserFilter::of_any_kind();
        Ok(UserConnection(Slice::new(ctx, snapshot, scope, filter, Order::NAME, &page).await?))
    }

    /// When Gong was asked: its list was so then or later.
    async fn fetched_at(&self) -> DateTime {
        self.coaching.asked_at.into()
    }
}
