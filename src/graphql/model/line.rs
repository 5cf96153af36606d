//! A line from a user up to a manager.

use std::sync::Arc;

use async_graphql::{ID, Object};

use super::User;
use crate::org::{Line, OrgSnapshot, UserIndex, UserView};

#[derive(Clone)]
pub(in crate::graphql) struct ReportingLine {
    pub(in crate::graphql) snapshot: Arc<OrgSnapshot>,
    pub(in crate::graphql) line: Line,
}

impl ReportingLine {
    fn id(&self, user: UserIndex) -> ID {
        ID::from(self.snapshot.graph.user(user).id())
    }

    fn user(&self, user: UserIndex) -> User {
        User(UserView::member(self.snapshot.clone(), user))
    }
}

/// Somebody and somebody further up, with the number of steps between: a row of the closure of who reports
/// to whom.
#[Object]
impl ReportingLine {
    /// The id of the manager, direct or further up.
    async fn ancestor_id(&self) -> ID {
        self.id(self.line.ancestor)
    }

    /// The id of the report, direct or further down.
    async fn descendant_id(&self) -> ID {
        self.id(self.line.descendant)
    }

    /// Steps from the descendant up to the ancestor; 0 where the two are one.
    async fn distance(&self) -> u32 {
        self.line.distance
    }

    /// The manager, direct or further up.
    async fn ancestor(&self) -> User {
        self.user(self.line.ancestor)
    }

    /// The report, direct or further down.
    async fn descendant(&self) -> User {
        self.user(self.line.descendant)
    }
}
