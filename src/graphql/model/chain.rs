//! The line upwards.

use async_graphql::{Context, Enum, Object, Result, SelectionField};

use super::User;
use crate::{
    graphql::request::Allowance,
    org::{self, UserView},
};

/// Where a line of managers ends.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "org::ChainEnd")]
pub(super) enum ChainEnd {
    /// At somebody without a manager.
    Root,
    /// At somebody whose `managerId` names nobody of this workspace.
    ManagerNotFound,
    /// At somebody who is their own manager.
    SelfManaged,
    /// In a ring: the line stops before anybody comes twice.
    Cycle,
}

pub(in crate::graphql) struct ManagerChain(pub(in crate::graphql) UserView);

/// Managers whom a usual line has; what a line is reckoned to cost.
pub(super) const USUAL_LENGTH: usize = 8;

/// The managers of one user. Never holds the user itself, nor anybody twice.
#[Object]
impl ManagerChain {
    /// The managers, nearest first.
    #[graphql(complexity = "USUAL_LENGTH * child_complexity")]
    async fn nodes(&self, ctx: &Context<'_>) -> Result<Vec<User>> {
        Allowance::of(ctx)?.take_chain(self.0.chain_length().saturating_mul(fields_below(ctx.field())))?;
        let snapshot = self.0.snapshot();
        let member = |&manager: &_| User(UserView::member(snapshot.clone(), manager));
        Ok(self.0.chain().managers.iter().map(member).collect())
    }

    /// How many managers there are.
    async fn length(&self) -> usize {
        self.0.chain_length()
    }

    /// Why there is nobody above the last one, or above the user if there is none.
    async fn end(&self) -> ChainEnd {
        self.0.top().into()
    }
}

/// How many fields are asked for below `field`, at whatever depth. Documents are bounded beforehand.
pub(super) fn fields_below(field: SelectionField<'_>) -> usize {
    field.selection_set().map(|inner| 1 + fields_below(inner)).sum()
}
