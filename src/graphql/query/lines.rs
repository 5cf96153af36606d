//! Who reports to whom, and where that is broken.

use async_graphql::{Context, ID, Object, Result};

use crate::{
    graphql::{
        connection::{OrphanConnection, PageArguments, ReportConnection, Slice, UserConnection, cost},
        find::{self, World},
        input::{UserFilter, UserOrder, distinct},
        model::{ManagerChain, OrphanReason},
    },
    org::{self, Order, Scope},
};

#[derive(Default)]
pub(super) struct Lines;

#[Object]
impl Lines {
    /// The users who report to this manager: the direct ones, or with `transitive` everybody below. Null
    /// for an unknown manager. Without `orderBy` in the order of the tree: a manager directly before
    /// everybody below, siblings by name.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Gong's id of the manager.")] manager_id: ID,
        #[graphql(desc = "Everybody below, not only the direct reports.", default_with = "Some(false)")]
        transitive: Option<bool>,
        #[graphql(desc = "With `transitive`: only reports at most this many steps below; from 1 up.")]
        max_depth: Option<i64>,
        #[graphql(desc = "Only reports for whom all of this holds.")] filter: Option<UserFilter>,
        #[graphql(desc = "Another order than that of the tree.")] order_by: Option<UserOrder>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when neither `first` nor `last` is given.")]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after the place of this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, from 0 to 1,000; not together with `first`.")] last: Option<i64>,
        #[graphql(desc = "Only what comes before the place of this cursor.")] before: Option<String>,
    ) -> Result<Option<ReportConnection>> {
        let reach = find::reach(transitive, max_depth)?;
        let page = PageArguments { first, after, last, before };
        let Some(manager) = World::of(ctx)?.by_id(&manager_id, None).await? else { return Ok(None) };
        Ok(Some(find::reports(ctx, &manager, reach, filter, order_by, &page).await?))
    }

    /// The managers of a user from the nearest up to the top. With `filter` and `first: 1` the nearest of a
    /// kind: the first VP above somebody, the first active manager. Null for an unknown user.
    async fn manager_chain(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Gong's id of the user.")] user_id: ID,
        #[graphql(
            desc = "Only managers for whom all of this holds: avatars too only if it asks for their kind."
        )]
        filter: Option<UserFilter>,
        #[graphql(desc = "Only the nearest so many, from 0 up; all when it isn't given.")] first: Option<i64>,
    ) -> Result<Option<ManagerChain>> {
        let Some(user) = World::of(ctx)?.by_id(&user_id, None).await? else { return Ok(None) };
        Ok(Some(ManagerChain::new(user, filter, first)?))
    }

    /// Users whose line to a root is broken or missing, by name. People below them are not among them.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn orphans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only orphans with one of these reasons.")] reasons: Option<Vec<OrphanReason>>,
        #[graphql(desc = "Only orphans for whom all of this holds.")] filter: Option<UserFilter>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when neither `first` nor `last` is given.")]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after the place of this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, from 0 to 1,000; not together with `first`.")] last: Option<i64>,
        #[graphql(desc = "Only what comes before the place of this cursor.")] before: Option<String>,
    ) -> Result<OrphanConnection> {
        let page = PageArguments { first, after, last, before };
        let reasons = reasons.map(distinct);
        let filter = filter.unwrap_or_default().try_into()?;
        let world = World::of(ctx)?;
        Ok(OrphanConnection(
            Slice::new(ctx, world.snapshot, Scope::Orphans(reasons), filter, Order::NAME, &page).await?,
        ))
    }

    /// Users without a `managerId`, by name: where a walk down the company begins. An avatar who is one
    /// is among them, so that nobody below is missed.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    async fn roots(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when neither `first` nor `last` is given.")]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after the place of this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, from 0 to 1,000; not together with `first`.")] last: Option<i64>,
        #[graphql(desc = "Only what comes before the place of this cursor.")] before: Option<String>,
    ) -> Result<UserConnection> {
        let page = PageArguments { first, after, last, before };
        let filter = org::UserFilter::of_any_kind();
        let world = World::of(ctx)?;
        Ok(UserConnection(Slice::new(ctx, world.snapshot, Scope::Roots, filter, Order::NAME, &page).await?))
    }
}
