//! The line upwards.

use async_graphql::{Context, Enum, Object, Result, SelectionField};

use super::User;
use crate::{
    graphql::{connection::many, error::Fault, input::UserFilter, request::Allowance},
    org::{self, UserIndex, UserView},
};

/// Where a line of managers ends.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "org::ChainEnd")]
pub(in crate::graphql) enum ChainEnd {
    /// At somebody without a manager.
    Root,
    /// At somebody whose `managerId` names nobody of this workspace.
    ManagerNotFound,
    /// At somebody who is their own manager.
    SelfManaged,
    /// In a ring: the line stops before anybody comes twice.
    Cycle,
}

pub(in crate::graphql) struct ManagerChain {
    pub(in crate::graphql) user: UserView,
    pub(in crate::graphql) nearest: Nearest,
}

/// Which managers of a line are wanted: the `first` whom `filter` admits.
pub(in crate::graphql) struct Nearest {
    filter: Option<org::UserFilter>,
    first: usize,
}

impl Nearest {
    pub(in crate::graphql) fn of(filter: Option<UserFilter>, first: Option<i64>) -> Result<Self, Fault> {
        let first = match first {
            None => usize::MAX,
            // More than there can be is all.
            Some(n @ 0..) => usize::try_from(n).unwrap_or(usize::MAX),
            Some(n) => return Err(Fault::argument("first", format_args!("must be 0 or more, not {n}"))),
        };
        Ok(Self { filter: filter.map(TryInto::try_into).transpose()?, first })
    }
}

impl ManagerChain {
    /// The managers whom `filter` admits; each who is looked at is a visit.
    async fn admitted(
        &self,
        filter: &org::UserFilter,
        allowance: &Allowance,
    ) -> Result<Vec<UserIndex>, Fault> {
        let graph = &self.user.snapshot().graph;
        let looked_at = || {
            let (most, weight, mut visits) = (allowance.left(), filter.weight(), 0);
            let within = |_: &_| {
                visits += weight;
                visits <= most
            };
            let sieve = filter.over(graph);
            let managers = self.user.managers().take_while(within);
            let admitted =
                managers.filter(|&manager| sieve.admits(manager)).take(self.nearest.first).collect();
            (admitted, visits)
        };
        allowance.list(looked_at).await
    }
}

/// Managers whom a usual line has; what a line is reckoned to cost.
pub(in crate::graphql) const USUAL_LENGTH: usize = 8;

/// The managers of one user. Never holds the user itself, nor anybody twice.
#[Object]
impl ManagerChain {
    /// The managers, nearest first: all of them, or the `first` of those whom the `filter` admits.
    #[graphql(complexity = "many(USUAL_LENGTH, child_complexity)")]
    async fn nodes(&self, ctx: &Context<'_>) -> Result<Vec<User>> {
        let allowance = Allowance::of(ctx)?;
        let take = |managers: usize| allowance.take_chain(managers.saturating_mul(fields_below(ctx.field())));
        let managers = match &self.nearest.filter {
            Some(filter) => {
                let managers = self.admitted(filter, allowance).await?;
                take(managers.len())?;
                managers
            }
            None => {
                take(self.user.chain_length().min(self.nearest.first))?;
                self.user.managers().take(self.nearest.first).collect()
            }
        };
        let snapshot = self.user.snapshot();
        Ok(managers.into_iter().map(|manager| User(UserView::member(snapshot.clone(), manager))).collect())
    }

    /// How many managers there are in the whole line, whatever `filter` and `first` say.
    async fn length(&self) -> usize {
        self.user.chain_length()
    }

    /// Why there is nobody above the last one of the whole line, or above the user if there is none;
    /// whatever `filter` and `first` say.
    async fn end(&self) -> ChainEnd {
        self.user.top().into()
    }
}

/// How many fields are asked for below `field`, at whatever depth. Documents are bounded beforehand.
pub(super) fn fields_below(field: SelectionField<'_>) -> usize {
    field.selection_set().map(|inner| 1 + fields_below(inner)).sum()
}
