//! One person, many identities.

use async_graphql::{Context, Object, Result};

use crate::graphql::{
    connection::{IdentityConflictConnection, PageArguments, cost, many},
    error::Fault,
    find::World,
    gate::Gate,
    guarded::GuardedField,
    input::distinct,
    model::{IdentityKind, ResolvedIdentity},
    request::Allowance,
};

#[derive(Default)]
pub(super) struct Identities;

/// The most keys in one argument.
const MAX_KEYS: usize = 1_000;

#[Object]
impl Identities {
    /// Whom each key means, an id or any e-mail address (primary, alias, trusted), in the order of the keys.
    /// Ids are matched to the letter, addresses without case. A key that is one user's id and another's
    /// address is ambiguous; one that is both of the same user is found, as id. Answered from the snapshot
    /// alone: Gong isn't asked about anybody whom it doesn't know. For readers a trusted address is nobody's.
    #[graphql(complexity = "many(keys.len(), child_complexity)")]
    async fn resolve_identities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Ids and e-mail addresses in any mixture, at most 1,000.")] keys: Vec<String>,
    ) -> Result<Vec<ResolvedIdentity>> {
        if keys.len() > MAX_KEYS {
            let why = format_args!("must be at most {MAX_KEYS}, not {}", keys.len());
            return Err(Fault::argument("keys", why).into());
        }
        let snapshot = World::of(ctx)?.snapshot;
        let resolve = |key: String| {
            let resolution = snapshot.graph.resolve(&key);
            ResolvedIdentity { key, resolution, snapshot: snapshot.clone() }
        };
        let visits = keys.len();
        Ok(Allowance::of(ctx)?.list(|| (keys.into_iter().map(resolve).collect(), visits)).await?)
    }

    /// E-mail addresses and phone numbers that more than one user has, by value. Addresses are compared
    /// without case; phone numbers by their digits and `+`, together with the extension. For readers only what
    /// is shared among primary addresses and aliases.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    async fn identity_conflicts(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only those that somebody has as one of these; nobody shares an id, so `ID` finds none. \
                    `TRUSTED_EMAIL` and `PHONE_NUMBER` are for analysts, `FORBIDDEN` for readers."
        )]
        kinds: Option<Vec<IdentityKind>>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when neither `first` nor `last` is given.")]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after the place of this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, from 0 to 1,000; not together with `first`.")] last: Option<i64>,
        #[graphql(desc = "Only what comes before the place of this cursor.")] before: Option<String>,
    ) -> Result<IdentityConflictConnection> {
        for &kind in kinds.iter().flatten() {
            if let Some(field) = GuardedField::of_identity(kind.into()) {
                Gate::of(ctx)?.admit_argument("kinds", field)?;
            }
        }
        let page = PageArguments { first, after, last, before };
        let snapshot = World::of(ctx)?.snapshot;
        Ok(IdentityConflictConnection::new(ctx, snapshot, kinds.map(distinct), &page).await?)
    }
}
