//! Who can hear whom.

use async_graphql::{Context, ID, Object, Result};

use crate::{
    graphql::{
        connection::{CallAccessConnection, PageArguments, cost},
        find::{self, World},
        input::{UserFilter, UserOrder},
        model::CallAccess,
    },
    org::{self, Scope},
};

#[derive(Default)]
pub(super) struct Access;

#[Object]
impl Access {
    /// Whose calls a user may hear with this access, the user among them: an estimate from the hierarchy.
    /// Null for somebody whom the snapshot doesn't know. Without `orderBy` in the order of the tree.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn call_visibility(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Gong's id of the user who wants to hear.")] user_id: ID,
        #[graphql(desc = "The access that the user has in Gong.")] access: CallAccess,
        #[graphql(desc = "Only people for whom all of this holds.")] filter: Option<UserFilter>,
        #[graphql(desc = "Another order than that of the tree.")] order_by: Option<UserOrder>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when neither `first` nor `last` is given.")]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after the place of this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, from 0 to 1,000; not together with `first`.")] last: Option<i64>,
        #[graphql(desc = "Only what comes before the place of this cursor.")] before: Option<String>,
    ) -> Result<Option<CallAccessConnection>> {
        let page = PageArguments { first, after, last, before };
        let snapshot = World::of(ctx)?.snapshot;
        let Some(viewer) = snapshot.graph.find(&user_id) else { return Ok(None) };
        let access = access.into();
        let findings = snapshot.graph.findings_on_heard(viewer, access);
        let scope = Scope::Heard { viewer, access };
        let slice = find::in_tree_order(ctx, snapshot, scope, filter, order_by, &page).await?;
        Ok(Some(CallAccessConnection { slice, access, findings }))
    }

    /// Who may hear a user's calls with this access, the user among them: an estimate from the hierarchy,
    /// and `callVisibility` the other way round. Null for somebody whom the snapshot doesn't know. Without
    /// `orderBy` in the order of the tree.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn who_can_see(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Gong's id of the user who is heard.")] user_id: ID,
        #[graphql(
            desc = "The access that others have in Gong; `MANAGERS_TEAMS`, the widest, when it isn't given. \
                    What each of them needs at least is on the edge."
        )]
        access: Option<CallAccess>,
        #[graphql(desc = "Only people for whom all of this holds.")] filter: Option<UserFilter>,
        #[graphql(desc = "Another order than that of the tree.")] order_by: Option<UserOrder>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when neither `first` nor `last` is given.")]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after the place of this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, from 0 to 1,000; not together with `first`.")] last: Option<i64>,
        #[graphql(desc = "Only what comes before the place of this cursor.")] before: Option<String>,
    ) -> Result<Option<CallAccessConnection>> {
        let page = PageArguments { first, after, last, before };
        let snapshot = World::of(ctx)?.snapshot;
        let Some(user) = snapshot.graph.find(&user_id) else { return Ok(None) };
        let access = access.map_or(org::CallAccess::ManagersTeams, Into::into);
        let findings = snapshot.graph.findings_on_hearers(user, access);
        let scope = Scope::Hearers { user, access };
        let slice = find::in_tree_order(ctx, snapshot, scope, filter, order_by, &page).await?;
        Ok(Some(CallAccessConnection { slice, access, findings }))
    }
}
