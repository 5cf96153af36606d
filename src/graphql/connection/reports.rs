//! A page of somebody's reports.

use async_graphql::{Context, Object, Result, connection::PageInfo};

use super::Slice;
use crate::{graphql::model::User, org::Scope};

pub(in crate::graphql) struct ReportConnection(pub(in crate::graphql) Slice);

/// A page of somebody's reports.
#[Object]
impl ReportConnection {
    /// How many reports there are in all, on whatever page.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<usize> {
        Ok(self.0.count(ctx).await?)
    }

    /// Where this page stands among the others.
    async fn page_info(&self) -> PageInfo {
        self.0.info()
    }

    /// The reports of this page.
    async fn nodes(&self) -> Vec<User> {
        self.0.nodes().map(User).collect()
    }

    /// The reports of this page with their distance and cursors.
    async fn edges(&self) -> Vec<ReportEdge> {
        let graph = &self.0.snapshot().graph;
        let distance = |user| match self.0.scope() {
            Scope::Reports { manager, .. } => graph.distance(*manager, user).unwrap_or_default(),
            _ => 0,
        };
        let edge =
            |(user, cursor)| ReportEdge { cursor, distance: distance(user), node: User(self.0.node(user)) };
        self.0.edges().map(edge).collect()
    }
}

struct ReportEdge {
    cursor: String,
    distance: u32,
    node: User,
}

/// A report on a page.
#[Object]
impl ReportEdge {
    /// Names this place in the listing, for `after` and `before`. Stays valid when the company changes.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// Steps from the report up to the manager: 1 for a direct report.
    async fn distance(&self) -> u32 {
        self.distance
    }

    /// The report.
    async fn node(&self) -> &User {
        &self.node
    }
}
