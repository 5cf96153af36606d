//! By what users are known.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, Result, SimpleObject};

use super::User;
use crate::{
    graphql::{
        connection::{cost, many, size},
        error::Fault,
        gate::Gate,
        guarded::GuardedField,
    },
    org::{self, IdentityKinds, OrgGraph, OrgSnapshot, Resolution, UserIndex, UserView},
};

/// What kind of thing a user is known by.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "org::IdentityKind")]
pub(in crate::graphql) enum IdentityKind {
    /// Gong's id.
    Id,
    /// The primary e-mail address.
    PrimaryEmail,
    /// Another e-mail address of the same person.
    EmailAlias,
    /// The trusted e-mail address.
    TrustedEmail,
    /// The phone number.
    PhoneNumber,
}

/// An e-mail address or a phone number of a user.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Identity {
    /// Which it is.
    kind: IdentityKind,
    /// It as Gong spells it; of a phone number, without the extension.
    value: String,
    /// Whether another user has it too. Addresses are compared without case; phone numbers by their digits
    /// and `+`, together with the extension, so that a switchboard doesn't make one of many.
    shared: bool,
}

impl Identity {
    pub(in crate::graphql) fn of(identity: &org::Identity<'_>, graph: &OrgGraph, owner: &str) -> Self {
        Self {
            kind: identity.kind().into(),
            value: identity.value().to_owned(),
            shared: graph.is_shared(identity, owner),
        }
    }
}

/// What became of a key.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
enum ResolutionOutcome {
    /// Exactly one user is meant.
    Found,
    /// Nobody of the snapshot is.
    NotFound,
    /// More than one user is: the key doesn't say which.
    Ambiguous,
}

pub(in crate::graphql) struct ResolvedIdentity {
    pub(in crate::graphql) key: String,
    pub(in crate::graphql) resolution: Resolution,
    pub(in crate::graphql) snapshot: Arc<OrgSnapshot>,
}

/// Whom a key means.
#[Object]
impl ResolvedIdentity {
    /// The key as it was asked for.
    async fn key(&self) -> &str {
        &self.key
    }

    /// What became of it.
    async fn outcome(&self) -> ResolutionOutcome {
        match self.resolution {
            Resolution::Found(_) => ResolutionOutcome::Found,
            Resolution::NotFound => ResolutionOutcome::NotFound,
            Resolution::Ambiguous { .. } => ResolutionOutcome::Ambiguous,
        }
    }

    /// By what the user was found: the first that fits of id, primary address, alias, trusted address. Null
    /// where nobody was found, or more than one.
    async fn by(&self) -> Option<IdentityKind> {
        self.found().map(|found| found.by.into())
    }

    /// The user who was found. Null where nobody was, or more than one.
    async fn user(&self) -> Option<User> {
        self.found().map(|found| self.member(found.user))
    }

    /// Who could be meant, where it is more than one: whoever has the key as id first, and ten at most.
    #[graphql(complexity = "many(org::MAX_CANDIDATES, child_complexity)")]
    async fn candidates(&self) -> Vec<IdentityCandidate> {
        let Resolution::Ambiguous { candidates, .. } = &self.resolution else { return Vec::new() };
        let candidate = |candidate: &org::Candidate| IdentityCandidate {
            by: candidate.by.into(),
            user: self.member(candidate.user),
        };
        candidates.iter().map(candidate).collect()
    }

    /// How many users could be meant: 1 where the user was found, 0 where nobody was.
    async fn candidate_count(&self) -> usize {
        match self.resolution {
            Resolution::NotFound => 0,
            Resolution::Found(_) => 1,
            Resolution::Ambiguous { count, .. } => count,
        }
    }
}

impl ResolvedIdentity {
    fn found(&self) -> Option<org::Candidate> {
        if let Resolution::Found(found) = self.resolution { Some(found) } else { None }
    }

    fn member(&self, user: UserIndex) -> User {
        User(UserView::member(self.snapshot.clone(), user))
    }
}

/// Somebody who could be meant.
#[derive(SimpleObject)]
struct IdentityCandidate {
    /// By what.
    by: IdentityKind,
    /// The user.
    user: User,
}

pub(in crate::graphql) struct IdentityConflict {
    pub(in crate::graphql) conflict: Arc<org::IdentityConflict>,
    pub(in crate::graphql) snapshot: Arc<OrgSnapshot>,
}

/// An e-mail address or a phone number that more than one user has.
#[Object]
impl IdentityConflict {
    /// It, in the form in which it is compared: an address in lower case; of a phone number the digits and
    /// `+`, with the extension behind a `#`.
    async fn value(&self, ctx: &Context<'_>) -> Result<&str> {
        shown(ctx, &self.snapshot, &self.conflict)?;
        Ok(&self.conflict.value)
    }

    /// As what its holders have it, each kind once.
    async fn kinds(&self) -> Vec<IdentityKind> {
        kinds(self.conflict.kinds)
    }

    /// How many users have it.
    async fn holder_count(&self) -> usize {
        self.conflict.holders.len()
    }

    /// The users who have it, avatars among them; the first ten unless `first` says otherwise.
    #[graphql(complexity = "cost(first.or(Some(10)), None, child_complexity)")]
    async fn holders(
        &self,
        #[graphql(desc = "The first so many, from 0 to 1,000; 10 when it isn't given.")] first: Option<i64>,
    ) -> Result<Vec<IdentityHolder>> {
        let holder = |holder: &org::IdentityHolder| IdentityHolder {
            kinds: kinds(holder.kinds),
            user: User(UserView::member(self.snapshot.clone(), holder.user)),
        };
        Ok(self.conflict.holders.iter().take(size("first", first.unwrap_or(10))?).map(holder).collect())
    }
}

/// Takes down that the value of `conflict` is shown, for those who have it as something that isn't for everybody.
pub(in crate::graphql) fn shown(
    ctx: &Context<'_>,
    snapshot: &OrgSnapshot,
    conflict: &org::IdentityConflict,
) -> Result<(), Fault> {
    let gate = Gate::of(ctx)?;
    for holder in &conflict.holders {
        for field in holder.kinds.iter().filter_map(GuardedField::of_identity) {
            gate.shown(ctx, field, snapshot.graph.user(holder.user).id());
        }
    }
    Ok(())
}

/// A user who has an address or number that others have too.
#[derive(SimpleObject)]
struct IdentityHolder {
    /// As what the user has it.
    kinds: Vec<IdentityKind>,
    /// The user.
    user: User,
}

fn kinds(kinds: IdentityKinds) -> Vec<IdentityKind> {
    kinds.iter().map(Into::into).collect()
}
