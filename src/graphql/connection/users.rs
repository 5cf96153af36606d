//! A page of users.

use async_graphql::{Context, Object, Result, connection::PageInfo};

use super::Slice;
use crate::graphql::model::User;

pub(in crate::graphql) struct UserConnection(pub(in crate::graphql) Slice);

/// A page of users.
#[Object]
impl UserConnection {
    /// How many users there are in all, on whatever page.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<usize> {
        Ok(self.0.count(ctx).await?)
    }

    /// Where this page stands among the others.
    async fn page_info(&self) -> PageInfo {
        self.0.info()
    }

    /// The users of this page.
    async fn nodes(&self) -> Vec<User> {
        self.0.nodes().map(User).collect()
    }

    /// The users of this page with their cursors.
    async fn edges(&self) -> Vec<UserEdge> {
        let edge = |(user, cursor)| UserEdge { cursor, node: User(self.0.node(user)) };
        self.0.edges().map(edge).collect()
    }
}

struct UserEdge {
    cursor: String,
    node: User,
}

/// A user on a page.
#[Object]
impl UserEdge {
    /// Names this place in the listing, for `after` and `before`. Stays valid when the company changes.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The user.
    async fn node(&self) -> &User {
        &self.node
    }
}
