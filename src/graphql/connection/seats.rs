//! A page of people without activity.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use async_graphql::{Context, Enum, Object, Result, connection::PageInfo};
use jiff::Timestamp;

use super::{PageArguments, Slice};
use crate::{
    graphql::{error::Fault, gate::Gate, guarded::GuardedField, model::User, scalar::DateTime},
    org::{Order, OrgSnapshot, Scope, UserFilter, UserIndex, UserView},
};

/// Why somebody counts as without activity.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub(in crate::graphql) enum SeatFinding {
    /// Gong counts nothing of this person in the window: all counters are zero.
    NoActivity,
    /// Gong has no statistics of this person at all, which says less: look before a seat is taken away.
    NoStatistics,
}

/// A page of people, and what was found of everybody.
pub(in crate::graphql) struct SeatConnection {
    slice: Slice,
    findings: Arc<BTreeMap<UserIndex, SeatFinding>>,
    asked_at: Option<Timestamp>,
}

impl SeatConnection {
    /// A page of those with a finding.
    pub(in crate::graphql) async fn new(
        ctx: &Context<'_>,
        snapshot: Arc<OrgSnapshot>,
        findings: BTreeMap<UserIndex, SeatFinding>,
        asked_at: Option<Timestamp>,
        page: &PageArguments,
    ) -> Result<Self, Fault> {
        let among: BTreeSet<UserIndex> = findings.keys().copied().collect();
        let (scope, filter) = (Scope::Among(Arc::new(among)), UserFilter::of_any_kind());
        let slice = Slice::new(ctx, snapshot, scope, filter, Order::NAME, page).await?;
        Ok(Self { slice, findings: Arc::new(findings), asked_at })
    }

    /// Refuses arguments that no page could be given for.
    pub(in crate::graphql) async fn check(
        ctx: &Context<'_>,
        snapshot: &Arc<OrgSnapshot>,
        page: &PageArguments,
    ) -> Result<(), Fault> {
        let filter = UserFilter::default();
        Slice::new(ctx, snapshot.clone(), Scope::Nobody, filter, Order::NAME, page).await.map(drop)
    }
}

/// A page of active people without activity, by name.
#[Object]
impl SeatConnection {
    /// How many there are in all, on whatever page.
    async fn total_count(&self) -> usize {
        self.findings.len()
    }

    /// Where this page stands among the others.
    async fn page_info(&self, ctx: &Context<'_>) -> Result<PageInfo> {
        // A cursor tells who it is.
        let mut people = self.slice.nodes();
        let cursors = [("startCursor", people.next()), ("endCursor", self.slice.nodes().last())];
        for (name, user) in cursors {
            if let Some(user) = user.filter(|_| ctx.look_ahead().field(name).exists()) {
                Gate::of(ctx)?.shown(ctx, GuardedField::SeatAudit, user.id());
            }
        }
        Ok(self.slice.info())
    }

    /// The people of this page.
    async fn nodes(&self, ctx: &Context<'_>) -> Result<Vec<User>> {
        let gate = Gate::of(ctx)?;
        let node = |user: UserView| {
            gate.shown(ctx, GuardedField::SeatAudit, user.id());
            User(user)
        };
        Ok(self.slice.nodes().map(node).collect())
    }

    /// The people of this page with what was found and their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Result<Vec<SeatEdge>> {
        let gate = Gate::of(ctx)?;
        let edge = |(user, cursor)| {
            let finding = *self.findings.get(&user)?;
            let node = self.slice.node(user);
            gate.shown(ctx, GuardedField::SeatAudit, node.id());
            Some(SeatEdge { cursor, finding, node: User(node) })
        };
        Ok(self.slice.edges().filter_map(edge).collect())
    }

    /// When Gong was asked, the first of the times if there was more than one: it was true then or later. Null
    /// if there was nobody to ask about.
    async fn fetched_at(&self) -> Option<DateTime> {
        self.asked_at.map(Into::into)
    }
}

struct SeatEdge {
    cursor: String,
    finding: SeatFinding,
    node: User,
}

/// Somebody without activity, on a page.
#[Object]
impl SeatEdge {
    /// Names this place in the listing, for `after` and `before`. Stays valid when the company changes.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// What was found.
    async fn finding(&self) -> SeatFinding {
        self.finding
    }

    /// The person.
    async fn node(&self) -> &User {
        &self.node
    }
}
