//! A page of orphans.

use async_graphql::{Context, Object, Result, connection::PageInfo};

use super::Slice;
use crate::graphql::model::{OrphanReason, User};

pub(in crate::graphql) struct OrphanConnection(pub(in crate::graphql) Slice);

/// A page of orphans.
#[Object]
impl OrphanConnection {
    /// How many orphans there are in all, on whatever page.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<usize> {
        Ok(self.0.count(ctx).await?)
    }

    /// Where this page stands among the others.
    async fn page_info(&self) -> PageInfo {
        self.0.info()
    }

    /// The orphans of this page.
    async fn nodes(&self) -> Vec<User> {
        self.0.nodes().map(User).collect()
    }

    /// The orphans of this page with their reasons and cursors.
    async fn edges(&self) -> Vec<OrphanEdge> {
        let graph = &self.0.snapshot().graph;
        let edge = |(user, cursor)| {
            let reason = graph.orphan_reason(user)?.into();
            Some(OrphanEdge { cursor, reason, node: User(self.0.node(user)) })
        };
        self.0.edges().filter_map(edge).collect()
    }
}

struct OrphanEdge {
    cursor: String,
    reason: OrphanReason,
    node: User,
}

/// An orphan on a page.
#[Object]
impl OrphanEdge {
    /// Names this place in the listing, for `after` and `before`. Stays valid when the company changes.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// Why the user's line to a root is broken or missing.
    async fn reason(&self) -> OrphanReason {
        self.reason
    }

    /// The user.
    async fn node(&self) -> &User {
        &self.node
    }
}
