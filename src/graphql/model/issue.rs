//! What is wrong, one thing at a time.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result, resolver_utils::EnumType};

use super::issue_words as words;
use crate::{
    graphql::{
        connection::{PageArguments, Sequence, Slice, UserConnection, cost},
        error::Fault,
        gate::Gate,
        guarded::GuardedField,
        request::{Allowance, derive},
        scalar::EmailAddress,
    },
    org::{self, Bounds, Derived, Issues, OrgSnapshot, folded_email},
};

/// What is wrong. Avatars have no issues of their own.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "org::IssueKind")]
pub(in crate::graphql) enum IssueKind {
    /// A person's `managerId` names nobody of this workspace. People: that person.
    DanglingManager,
    /// A person's `managerId` is their own id. People: that person.
    SelfManaged,
    /// Two or more users manage each other in a ring: one issue a ring. People: its members, each followed by
    /// the manager.
    Cycle,
    /// An inactive user manages active persons: one issue a manager. People: the manager, then those
    /// active direct reports.
    InactiveManager,
    /// A person has no `managerId` and nobody reports to them. People: that person.
    Isolated,
    /// More than one person without a `managerId` has people below: one issue in all. People: those persons.
    MultipleRoots,
    /// Two or more users have an e-mail address in common (primary, alias or, for analysts, trusted): one
    /// issue an address. People: those users.
    DuplicateEmail,
    /// An id came more than once in Gong's listing. People: the user.
    DuplicateId,
    /// A person has more direct reports than `maxSpan`. People: that person.
    ExtremeSpan,
    /// Somebody is deeper below a top than `maxDepth`: one issue a top. People: the top, then the deepest
    /// person.
    DeepChain,
    /// Persons report directly to an avatar: one issue an avatar. People: the avatar, then those persons.
    AvatarManager,
}

/// How bad an issue is. Where no active person is concerned (in `DUPLICATE_EMAIL` and `MULTIPLE_ROOTS`: fewer
/// than two), it is one step less than usual.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "org::Severity")]
pub(in crate::graphql) enum IssueSeverity {
    /// Answers about these people are wrong or missing because of it. Usual for `DANGLING_MANAGER`,
    /// `SELF_MANAGED`, `CYCLE` and `DUPLICATE_EMAIL`.
    Error,
    /// Somebody should look at it. Usual for `INACTIVE_MANAGER`, `ISOLATED`, `MULTIPLE_ROOTS`, `DUPLICATE_ID`
    /// and `AVATAR_MANAGER`.
    Warning,
    /// It may well be meant so. Usual for `EXTREME_SPAN` and `DEEP_CHAIN`.
    Info,
}

pub(in crate::graphql) struct Issue {
    snapshot: Arc<OrgSnapshot>,
    issues: Arc<Issues>,
    bounds: Bounds,
    at: u32,
}

/// What the ids of issues begin with.
const PREFIX: &str = "issue:";
/// Finding issues by other bounds than the usual costs about as much as looking so often at everybody.
const PASSES: usize = 4;

/// The issues of a snapshot by these bounds.
pub(in crate::graphql) async fn issues(
    ctx: &Context<'_>,
    snapshot: &Arc<OrgSnapshot>,
    bounds: Bounds,
) -> Result<Arc<Issues>, Fault> {
    if bounds == Bounds::USUAL {
        derive(snapshot, Derived::Issues).await?;
        return Ok(snapshot.graph.issues(bounds));
    }
    let visits = snapshot.graph.users().len().saturating_mul(PASSES);
    let pinned = snapshot.clone();
    Allowance::of(ctx)?.work_long(visits, move || pinned.graph.issues(bounds)).await
}

impl Issue {
    pub(in crate::graphql) fn new(
        snapshot: Arc<OrgSnapshot>,
        issues: Arc<Issues>,
        bounds: Bounds,
        at: u32,
    ) -> Self {
        Self { snapshot, issues, bounds, at }
    }

    /// The issue with this id, as `id` tells it.
    pub(in crate::graphql) async fn find(
        ctx: &Context<'_>,
        snapshot: &Arc<OrgSnapshot>,
        id: &str,
    ) -> Result<Option<Self>, Fault> {
        let Some((kind, bounds, key)) = parse(id) else { return Ok(None) };
        let issues = issues(ctx, snapshot, bounds).await?;
        let found = issues.find(kind, key);
        Ok(found.map(|at| Self::new(snapshot.clone(), issues, bounds, at)))
    }

    fn issue(&self) -> &org::Issue {
        &self.issues.all()[self.at as usize]
    }

    /// What [`find`](Self::find) finds it by.
    fn address(&self) -> String {
        let (issue, mut bounds, mut usual) = (self.issue(), self.bounds, Bounds::USUAL);
        let name = IssueKind::items().iter().find(|item| org::IssueKind::from(item.value) == issue.kind);
        let name = name.map_or("", |item| item.name);
        let bound = bound_of(issue.kind, &mut bounds).copied();
        let other = bound.filter(|_| bound != bound_of(issue.kind, &mut usual).copied());
        let bound = other.map(|bound| format!(">{bound}")).unwrap_or_default();
        format!("{PREFIX}{name}{bound}:{}", issue.key)
    }
}

/// Kind, bound where it isn't the usual one, key.
fn parse(id: &str) -> Option<(org::IssueKind, Bounds, &str)> {
    let (name, key) = id.strip_prefix(PREFIX)?.split_once(':')?;
    let (name, bound) = name.split_once('>').map_or((name, None), |(name, bound)| (name, Some(bound)));
    let kind = IssueKind::items().iter().find(|item| item.name == name)?.value.into();
    let mut bounds = Bounds::USUAL;
    if let Some(bound) = bound {
        *bound_of(kind, &mut bounds)? = bound.parse().ok().filter(|&bound| bound > 0)?;
    }
    Some((kind, bounds, key))
}

/// The bound that issues of this kind are beyond.
fn bound_of(kind: org::IssueKind, bounds: &mut Bounds) -> Option<&mut u32> {
    match kind {
        org::IssueKind::ExtremeSpan => Some(&mut bounds.span),
        org::IssueKind::DeepChain => Some(&mut bounds.depth),
        _ => None,
    }
}

/// Something that is wrong with the company.
#[Object]
impl Issue {
    /// The id to ask `node` for. The same in later snapshots: it is made of the kind and the id of the user
    /// concerned (the smallest one of a ring; for a shared address, of its hash).
    pub(super) async fn id(&self) -> ID {
        ID(self.address())
    }

    /// What it is.
    async fn kind(&self) -> IssueKind {
        self.issue().kind.into()
    }

    /// How bad it is.
    async fn severity(&self) -> IssueSeverity {
        self.issue().severity.into()
    }

    /// What is wrong, in a sentence.
    async fn summary(&self) -> String {
        words::summary(self.issue(), self.bounds)
    }

    /// What to do about it, in words.
    async fn advice(&self) -> &'static str {
        self.issue().kind.advice()
    }

    /// The people touched, in the order that the kind tells; where it tells none, by id.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    async fn people(
        &self,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when neither `first` nor `last` is given.")]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after the place of this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, from 0 to 1,000; not together with `first`.")] last: Option<i64>,
        #[graphql(desc = "Only what comes before the place of this cursor.")] before: Option<String>,
    ) -> Result<UserConnection> {
        let page = PageArguments { first, after, last, before };
        let sequence = Sequence::named(&self.address());
        Ok(UserConnection(Slice::given(&self.snapshot, &self.issue().people, sequence, &page)?))
    }

    /// How many other persons sit below the people touched, each counted once. Avatars are not counted.
    async fn below_count(&self) -> u32 {
        self.issue().below
    }

    /// The address in common, for `DUPLICATE_EMAIL`.
    async fn email_address(&self, ctx: &Context<'_>) -> Result<Option<EmailAddress>> {
        let Some(address) = &self.issue().address else { return Ok(None) };
        let (graph, gate, shared) = (&self.snapshot.graph, Gate::of(ctx)?, address.folded());
        for holder in self.issue().people.iter().map(|&user| graph.user(user)) {
            if holder.trusted_email_address().is_some_and(|trusted| folded_email(trusted) == shared) {
                gate.shown(ctx, GuardedField::TrustedEmailAddress, holder.id());
            }
        }
        Ok(Some(address.as_str().into()))
    }
}
