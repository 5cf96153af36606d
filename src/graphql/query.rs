//! The root of the schema.

use async_graphql::{
    Context, EmptyMutation, EmptySubscription, ID, Object, Result, SDLExportOptions, Schema, SchemaBuilder,
};

use super::{
    connection::{OrphanConnection, PageArguments, ReportConnection, Slice, UserConnection, cost},
    error::Fault,
    find::{self, World},
    input::{UserFilter, UserOrder, distinct},
    model::{ManagerChain, Node, OrphanReason, Snapshot, SyncStatus, User},
    scalar::EmailAddress,
};
use crate::org::{self, Order, Scope};

/// The schema, without a directory behind it.
pub(super) fn schema() -> SchemaBuilder<Query, EmptyMutation, EmptySubscription> {
    Schema::build(Query, EmptyMutation, EmptySubscription)
}

/// The schema as text, in GraphQL's schema definition language.
pub fn sdl() -> String {
    schema().finish().sdl_with_options(SDLExportOptions::new().include_specified_by())
}

pub(super) struct Query;

/// The organisation, read from one snapshot a request.
#[Object]
impl Query {
    /// One user, by id or by any e-mail address of the person (primary, alias or trusted; without case).
    /// Null for somebody unknown; an id that the snapshot doesn't know is looked up at Gong first.
    async fn user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Gong's id. Exactly one of `id` and `email` must be given.")] id: Option<ID>,
        #[graphql(desc = "An e-mail address. If more than one user has it, the error is `AMBIGUOUS_EMAIL`.")]
        email: Option<EmailAddress>,
        #[graphql(
            desc = "How old the record may be, in seconds; Gong is asked when the snapshot's is older. A \
                          promise: if Gong can't be asked, the answer is null and `UPSTREAM_UNAVAILABLE`."
        )]
        max_age: Option<i64>,
    ) -> Result<Option<User>> {
        let max_age = find::max_age(max_age)?;
        let user = match (id, email) {
            (Some(id), None) => World::of(ctx)?.by_id(&id, max_age).await?,
            (None, Some(email)) => World::of(ctx)?.by_email(find::address(&email.0)?, max_age).await?,
            (None, None) => return Err(Fault::argument("id", "or email must be given").into()),
            (Some(_), Some(_)) => {
                return Err(Fault::argument("email", "can't be used together with id").into());
            }
        };
        Ok(user.map(User))
    }

    /// Users by their ids, in the order of the ids; null where nobody has the id.
    #[graphql(complexity = "1 + ids.len().min(1_000) * child_complexity")]
    async fn users_by_ids(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Gong's ids, at most 1,000.")] ids: Vec<ID>,
        #[graphql(desc = "How old each record may be, in seconds; see `user`.")] max_age: Option<i64>,
    ) -> Result<Vec<Option<Result<User>>>> {
        let max_age = find::max_age(max_age)?;
        Ok(World::of(ctx)?.by_ids(&ids, max_age).await?)
    }

    /// All users, by name unless `orderBy` says otherwise. Avatars only if the filter asks for their kind.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only users for whom all of this holds.")] filter: Option<UserFilter>,
        #[graphql(desc = "Another order than by name.")] order_by: Option<UserOrder>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when neither `first` nor `last` is given.")]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after the place of this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, from 0 to 1,000; not together with `first`.")] last: Option<i64>,
        #[graphql(desc = "Only what comes before the place of this cursor.")] before: Option<String>,
    ) -> Result<UserConnection> {
        let page = PageArguments { first, after, last, before };
        let filter = filter.unwrap_or_default().into();
        let order = order_by.map_or(Order::NAME, Into::into);
        let world = World::of(ctx)?;
        Ok(UserConnection(Slice::new(ctx, world.snapshot, Scope::Everyone, filter, order, &page).await?))
    }

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

    /// The managers of a user from the nearest up to the top. Null for an unknown user.
    async fn manager_chain(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Gong's id of the user.")] user_id: ID,
    ) -> Result<Option<ManagerChain>> {
        let user = World::of(ctx)?.by_id(&user_id, None).await?;
        Ok(user.map(ManagerChain))
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
        let filter = filter.unwrap_or_default().into();
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

    /// The snapshot that this answer is from.
    async fn snapshot(&self, ctx: &Context<'_>) -> Result<Snapshot> {
        Ok(Snapshot(World::of(ctx)?.snapshot))
    }

    /// How the reading of Gong is doing; answered before the first snapshot too.
    async fn sync_status(&self, ctx: &Context<'_>) -> Result<SyncStatus> {
        Ok(find::directory(ctx)?.into())
    }

    /// Whatever has this id. A user's id is Gong's own; null for an id that nothing has.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of a node.")] id: ID,
    ) -> Result<Option<Node>> {
        let user = World::of(ctx)?.by_id(&id, None).await?;
        Ok(user.map(Into::into))
    }

    /// Whatever has these ids, in the order of the ids; null where nothing has the id.
    #[graphql(complexity = "1 + ids.len().min(1_000) * child_complexity")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ids of nodes, at most 1,000.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Result<Node>>>> {
        Ok(World::of(ctx)?.by_ids(&ids, None).await?)
    }
}
