//! Users who manage each other in a ring.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};

use super::issues;
use crate::{
    graphql::connection::{PageArguments, Sequence, Slice, UserConnection, cost},
    org::{Bounds, IssueKind, OrgSnapshot, UserIndex},
};

pub(in crate::graphql) struct Cycle {
    pub(in crate::graphql) snapshot: Arc<OrgSnapshot>,
    /// Which of the company's rings.
    pub(in crate::graphql) at: usize,
}

impl Cycle {
    fn ring(&self) -> &[UserIndex] {
        self.snapshot.graph.rings().nth(self.at).unwrap_or_default()
    }
}

/// A ring: each member's manager is the next member, the last one's is the first.
#[Object]
impl Cycle {
    /// How many members it has: two or more.
    async fn length(&self) -> usize {
        self.ring().len()
    }

    /// Its members in the order of the links, each followed by the manager, beginning with the smallest id.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    async fn members(
        &self,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when neither `first` nor `last` is given.")]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after the place of this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, from 0 to 1,000; not together with `first`.")] last: Option<i64>,
        #[graphql(desc = "Only what comes before the place of this cursor.")] before: Option<String>,
    ) -> Result<UserConnection> {
        let page = PageArguments { first, after, last, before };
        let first = self.ring().first().map_or("", |&first| self.snapshot.graph.user(first).id());
        let sequence = Sequence::named(&format!("ring of {first}"));
        Ok(UserConnection(Slice::given(&self.snapshot, self.ring(), sequence, &page)?))
    }

    /// How many persons sit below the ring and aren't in it. Avatars are not counted.
    async fn below_count(&self, ctx: &Context<'_>) -> Result<u32> {
        // Every ring is an issue, named after its first member, and those are counted once a snapshot.
        let first = self.ring().first().map(|&first| self.snapshot.graph.user(first).id());
        let issues = issues(ctx, &self.snapshot, Bounds::USUAL).await?;
        let issue = first.and_then(|first| issues.find(IssueKind::Cycle, first));
        Ok(issue.map_or(0, |at| issues.all()[at as usize].below))
    }
}
