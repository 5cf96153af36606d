//! A page of people whose calls somebody may hear, or who may hear somebody's.

use async_graphql::{Context, Object, Result, SimpleObject, connection::PageInfo};

use super::Slice;
use crate::{
    graphql::model::{AccessFinding, CallAccess, User},
    org::{self, Scope, UserIndex},
};

pub(in crate::graphql) struct CallAccessConnection {
    pub(in crate::graphql) slice: Slice,
    pub(in crate::graphql) access: org::CallAccess,
    pub(in crate::graphql) findings: Vec<org::AccessFinding>,
}

/// A page of people whose calls somebody may hear, or who may hear somebody's, reckoned from who reports to
/// whom.
#[Object]
impl CallAccessConnection {
    /// Whether this is an estimate. It always is: Gong is not asked.
    async fn estimate(&self) -> bool {
        true
    }

    /// What the estimate leaves out, in words.
    async fn note(&self) -> &str {
        "Reckoned from the hierarchy alone. Gong decides by permission profiles, which are not read here, and \
         by who took part in a call; private calls, calls shared with somebody, library folders and \
         workspaces change the answer too."
    }

    /// The access that this is about.
    async fn access(&self) -> CallAccess {
        self.access.into()
    }

    /// What is odd about this answer: a ring, or a manager who is missing.
    async fn findings(&self) -> Vec<AccessFinding> {
        self.findings.iter().copied().map(Into::into).collect()
    }

    /// How many people there are in all, on whatever page.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<usize> {
        Ok(self.slice.count(ctx).await?)
    }

    /// Where this page stands among the others.
    async fn page_info(&self) -> PageInfo {
        self.slice.info()
    }

    /// The people of this page.
    async fn nodes(&self) -> Vec<User> {
        self.slice.nodes().map(User).collect()
    }

    /// The people of this page with the access that it takes and their cursors.
    async fn edges(&self) -> Vec<CallAccessEdge> {
        let edge = |(user, cursor)| CallAccessEdge {
            cursor,
            access: self.least(user).into(),
            node: User(self.slice.node(user)),
        };
        self.slice.edges().map(edge).collect()
    }
}

impl CallAccessConnection {
    fn least(&self, user: UserIndex) -> org::CallAccess {
        let graph = &self.slice.snapshot().graph;
        let least = match *self.slice.scope() {
            Scope::Heard { viewer, .. } => graph.least_access(viewer, user),
            Scope::Hearers { user: heard, .. } => graph.least_access(user, heard),
            _ => None,
        };
        least.unwrap_or(self.access)
    }
}

/// Somebody on a page.
#[derive(SimpleObject)]
struct CallAccessEdge {
    /// Names this place in the listing, for `after` and `before`. Stays valid when the company changes.
    cursor: String,
    /// The least access that it takes: `OWN` for the user asked about.
    access: CallAccess,
    /// The user.
    node: User,
}
