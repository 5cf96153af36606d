//! A page of shared addresses and numbers.

use std::sync::Arc;

use async_graphql::{Context, Object, Result, SimpleObject, connection::PageInfo};

use super::{Cursor, PageArguments, cursor::Sequence};
use crate::{
    graphql::{
        error::Fault,
        model::{IdentityConflict, shown},
        request::{Allowance, derive},
    },
    org::{self, ConflictPage, Derived, IdentityKind, OrgSnapshot},
};

pub(in crate::graphql) struct IdentityConflictConnection {
    snapshot: Arc<OrgSnapshot>,
    kinds: Option<Vec<IdentityKind>>,
    page: ConflictPage,
}

impl IdentityConflictConnection {
    pub(in crate::graphql) async fn new(
        ctx: &Context<'_>,
        snapshot: Arc<OrgSnapshot>,
        kinds: Option<Vec<IdentityKind>>,
        arguments: &PageArguments,
    ) -> Result<Self, Fault> {
        let window = arguments.window(sequence())?;
        derive(&snapshot, Derived::SharedIdentities).await?;
        let graph = &snapshot.graph;
        let page = || {
            let page = graph.identity_conflicts_in(kinds.as_deref(), &window);
            (page, graph.identity_conflicts().len())
        };
        let page = Allowance::of(ctx)?.list(page).await?;
        Ok(Self { snapshot, kinds, page })
    }

    fn conflict(&self, conflict: &Arc<org::IdentityConflict>) -> IdentityConflict {
        IdentityConflict { conflict: conflict.clone(), snapshot: self.snapshot.clone() }
    }

    fn cursor(&self, conflict: &org::IdentityConflict) -> String {
        let (version, position) = (self.snapshot.version, conflict.position());
        Cursor { version, sequence: sequence(), position }.encode()
    }
}

/// The order of conflicts.
fn sequence() -> Sequence {
    Sequence::named("conflicts")
}

/// A page of addresses and numbers that more than one user has.
#[Object]
impl IdentityConflictConnection {
    /// How many there are in all, on whatever page.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<usize> {
        let graph = &self.snapshot.graph;
        let count =
            || (graph.identity_conflict_count(self.kinds.as_deref()), graph.identity_conflicts().len());
        Ok(Allowance::of(ctx)?.list(count).await?)
    }

    /// Where this page stands among the others.
    async fn page_info(&self, ctx: &Context<'_>) -> Result<PageInfo> {
        // A cursor holds the value.
        let cursors =
            [("startCursor", self.page.conflicts.first()), ("endCursor", self.page.conflicts.last())];
        for (name, conflict) in cursors {
            if let Some(conflict) = conflict.filter(|_| ctx.look_ahead().field(name).exists()) {
                shown(ctx, &self.snapshot, conflict)?;
            }
        }
        Ok(PageInfo {
            has_previous_page: self.page.has_previous,
            has_next_page: self.page.has_next,
            start_cursor: self.page.conflicts.first().map(|first| self.cursor(first)),
            end_cursor: self.page.conflicts.last().map(|last| self.cursor(last)),
        })
    }

    /// The addresses and numbers of this page.
    async fn nodes(&self) -> Vec<IdentityConflict> {
        self.page.conflicts.iter().map(|conflict| self.conflict(conflict)).collect()
    }

    /// The addresses and numbers of this page with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Result<Vec<IdentityConflictEdge>> {
        if ctx.look_ahead().field("cursor").exists() {
            self.page.conflicts.iter().try_for_each(|conflict| shown(ctx, &self.snapshot, conflict))?;
        }
        let edge = |conflict: &Arc<org::IdentityConflict>| IdentityConflictEdge {
            cursor: self.cursor(conflict),
            node: self.conflict(conflict),
        };
        Ok(self.page.conflicts.iter().map(edge).collect())
    }
}

/// An address or number on a page.
#[derive(SimpleObject)]
struct IdentityConflictEdge {
    /// Names this place in the listing, for `after` and `before`. Stays valid when the company changes.
    cursor: String,
    /// The address or number.
    node: IdentityConflict,
}
