//! People by id, by address, by what they are.

use async_graphql::{Context, ID, Object, Result};

use crate::{
    graphql::{
        connection::{PageArguments, Slice, UserConnection, cost, many},
        error::Fault,
        find::{self, World},
        input::{UserFilter, UserOrder},
        model::{Issue, Node, User},
        price,
        scalar::EmailAddress,
    },
    org::{Order, Scope},
};

#[derive(Default)]
pub(super) struct People;

#[Object]
impl People {
    /// One user, by id or by any e-mail address of the person (primary, alias or, for analysts, trusted;
    /// without case). Null for somebody unknown; an id that the snapshot doesn't know is looked up at Gong first.
    #[graphql(complexity = "price::lookups(1, max_age).saturating_add(child_complexity).saturating_add(1)")]
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
            (None, None) => return Err(Fault::argument("id", "or `email` must be given").into()),
            (Some(_), Some(_)) => {
                return Err(Fault::argument("email", "can't be used together with `id`").into());
            }
        };
        Ok(user.map(User))
    }

    /// Users by their ids, in the order of the ids; null where nobody has the id.
    #[graphql(complexity = "many(ids.len(), price::lookups(1, max_age).saturating_add(child_complexity))")]
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
        let filter = filter.unwrap_or_default().try_into()?;
        let order = order_by.map_or(Order::NAME, Into::into);
        let world = World::of(ctx)?;
        Ok(UserConnection(Slice::new(ctx, world.snapshot, Scope::Everyone, filter, order, &page).await?))
    }

    /// Whatever has this id: a user, whose id is Gong's own, or an issue. Null for an id that nothing has.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of a node.")] id: ID,
    ) -> Result<Option<Node>> {
        let world = World::of(ctx)?;
        if let Some(user) = world.by_id(&id, None).await? {
            return Ok(Some(user.into()));
        }
        Ok(Issue::find(ctx, &world.snapshot, &id).await?.map(Node::Issue))
    }

    /// Whatever has these ids, in the order of the ids; null where nothing has the id.
    #[graphql(complexity = "many(ids.len(), child_complexity)")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ids of nodes, at most 1,000.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Result<Node>>>> {
        let world = World::of(ctx)?;
        let mut nodes = world.by_ids(&ids, None).await?;
        for (node, id) in nodes.iter_mut().zip(&ids) {
            if node.is_none() {
                *node = Issue::find(ctx, &world.snapshot, id).await?.map(|issue| Ok(Node::Issue(issue)));
            }
        }
        Ok(nodes)
    }
}
