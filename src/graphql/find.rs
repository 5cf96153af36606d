//! From ids, addresses and arguments to users: in the snapshot, or at Gong when the snapshot doesn't know
//! or isn't fresh enough.

use std::{sync::Arc, time::Duration};

use async_graphql::{Context, ID};
use futures_util::future::join_all;
use jiff::Timestamp;

use super::{
    connection::{PageArguments, ReportConnection, Slice, count},
    error::{ErrorCode, Fault},
    input::{UserFilter, UserOrder},
    notes::{Notes, looks_beside_the_snapshot},
    request::{Allowance, Pinned},
};
use crate::{
    clock::Clock,
    directory::{Directory, Freshness, SyncStatus},
    org::{self, EmailAddress, EmailMatch, Order, OrgSnapshot, Scope, UserId, UserIndex, UserView},
};

/// The most ids in one argument.
pub(super) const MAX_IDS: usize = 1_000;

/// What a request sees: one snapshot, and the directory for what isn't in it.
pub(super) struct World<'a> {
    pub(super) snapshot: Arc<OrgSnapshot>,
    directory: &'a Directory,
    allowance: &'a Allowance,
    notes: Option<&'a Notes>,
    now: Timestamp,
}

/// The directory behind the schema, to be asked for more than the pinned snapshot.
pub(super) fn directory<'a>(ctx: &Context<'a>) -> Result<&'a Directory, Fault> {
    looks_beside_the_snapshot(ctx);
    behind(ctx)
}

fn behind<'a>(ctx: &Context<'a>) -> Result<&'a Directory, Fault> {
    ctx.data_opt().ok_or_else(|| Fault::new(ErrorCode::InternalServerError, "the schema has no directory"))
}

impl<'a> World<'a> {
    pub(super) fn of(ctx: &Context<'a>) -> Result<Self, Fault> {
        let directory = behind(ctx)?;
        let pinned = ctx.data_opt::<Pinned>().and_then(|pinned| pinned.0.clone());
        let snapshot = pinned.ok_or_else(|| not_ready(&directory.status()))?;
        let now = ctx.data_opt::<Clock>().map_or(snapshot.taken_at, Clock::now);
        Ok(Self { snapshot, directory, allowance: Allowance::of(ctx)?, notes: ctx.data_opt(), now })
    }

    /// The user with this id. Without `max_age` the snapshot's record will do; with it, a record at most
    /// so old.
    pub(super) async fn by_id(&self, id: &str, max_age: Option<Duration>) -> Result<Option<UserView>, Fault> {
        let known = self.snapshot.graph.find(id);
        let freshness = match (known, max_age) {
            (Some(user), None) => return Ok(Some(self.member(user))),
            (Some(user), Some(max_age))
                if self.is_fresh(self.snapshot.graph.user(user).fetched_at(), max_age) =>
            {
                return Ok(Some(self.member(user)));
            }
            (None, None) => Freshness::Usual,
            (_, Some(max_age)) => Freshness::MaxAge(max_age),
        };
        if known.is_none() && !may_be_an_id(id) {
            return Ok(None);
        }
        self.looks_beside();
        self.allowance.take_lookup()?;
        let answer = self.directory.people().look_up(&UserId::new(id), freshness).await?;
        Ok(answer.user.map(|record| UserView::fresh(self.snapshot.clone(), record)))
    }

    /// The users with these ids, in that order, as [`all`] finds them.
    pub(super) async fn by_ids<T: From<UserView>>(
        &self,
        ids: &[ID],
        max_age: Option<Duration>,
    ) -> Result<Vec<Option<async_graphql::Result<T>>>, Fault> {
        if ids.len() > MAX_IDS {
            return Err(Fault::argument("ids", format_args!("must be at most {MAX_IDS}, not {}", ids.len())));
        }
        all(ids.iter().map(|id| self.by_id(id, max_age))).await
    }

    /// The user with this address. Gong can't be asked for an address: the snapshot tells whose it is.
    pub(super) async fn by_email(
        &self,
        address: &EmailAddress,
        max_age: Option<Duration>,
    ) -> Result<Option<UserView>, Fault> {
        let too_old = || {
            Fault::new(
                ErrorCode::UpstreamUnavailable,
                "Gong can't be asked for an e-mail address, and the snapshot is older than maxAge",
            )
        };
        match self.snapshot.graph.find_by_email(address) {
            EmailMatch::One(user) => {
                let id = self.snapshot.graph.user(user).id();
                match self.by_id(id, max_age).await? {
                    Some(user) if user.user().has_email(address) => Ok(Some(user)),
                    // It was this user's, and isn't any more: whose it is now, nobody knows.
                    _ => Err(too_old()),
                }
            }
            EmailMatch::Many(users) => Err(Fault::new(
                ErrorCode::AmbiguousEmail,
                format!(
                    "{} users have this e-mail address; ask by id, or for `users` by emailContains",
                    users.len()
                ),
            )),
            EmailMatch::Nobody if max_age.is_none_or(|age| self.is_fresh(self.snapshot.taken_at, age)) => {
                Ok(None)
            }
            EmailMatch::Nobody => Err(too_old()),
        }
    }

    fn member(&self, user: UserIndex) -> UserView {
        UserView::member(self.snapshot.clone(), user)
    }

    fn looks_beside(&self) {
        if let Some(notes) = self.notes {
            notes.look_beside();
        }
    }

    /// Depends on the time of day.
    fn is_fresh(&self, read_at: Timestamp, max_age: Duration) -> bool {
        self.looks_beside();
        self.now.saturating_sub(max_age).is_ok_and(|oldest| read_at >= oldest)
    }
}

/// Whom these look-ups find, in their order; made at once, so that Gong is asked for all in one call. Where
/// one fails the others stand, unless the answer's look-ups are used up.
pub(super) async fn all<T: From<UserView>>(
    lookups: impl Iterator<Item = impl Future<Output = Result<Option<UserView>, Fault>>>,
) -> Result<Vec<Option<async_graphql::Result<T>>>, Fault> {
    let mut users = Vec::with_capacity(lookups.size_hint().0);
    for user in join_all(lookups).await {
        users.push(match user {
            Ok(user) => user.map(|user| Ok(user.into())),
            Err(fault) if fault.is(ErrorCode::QueryTooComplex) => return Err(fault),
            Err(fault) => Some(Err(fault.into())),
        });
    }
    Ok(users)
}

/// Why there is nothing to answer from yet.
fn not_ready(status: &SyncStatus) -> Fault {
    let progress = match (&status.last_failure, status.pages_expected) {
        (Some(failure), _) => failure.message.clone(),
        (None, Some(expected)) => format!("page {} of {expected} is read", status.pages_read),
        (None, None) => "Gong has not answered yet".to_owned(),
    };
    Fault::new(ErrorCode::NotReady, format!("the organisation has not been read from Gong yet: {progress}"))
}

/// Whether Gong could know such an id: it makes decimal ones of up to 20 digits. Looser than that, since
/// ids are opaque, but nothing that only a mistake or malice sends.
pub(super) fn may_be_an_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// `email` as an address.
pub(super) fn address(email: &EmailAddress) -> Result<&EmailAddress, Fault> {
    let is_one = email.as_str().contains('@');
    is_one.then_some(email).ok_or_else(|| Fault::argument("email", "is no e-mail address: it has no @"))
}

/// `maxAge` as a duration.
pub(super) fn max_age(seconds: Option<i64>) -> Result<Option<Duration>, Fault> {
    let Some(seconds) = seconds else { return Ok(None) };
    match u64::try_from(seconds) {
        Ok(seconds) => Ok(Some(Duration::from_secs(seconds))),
        Err(_) => Err(Fault::argument("maxAge", format_args!("must be 0 or more seconds, not {seconds}"))),
    }
}

/// How far below `transitive` and `maxDepth` reach together; `None` for everybody.
pub(super) fn reach(transitive: Option<bool>, max_depth: Option<i64>) -> Result<Option<u32>, Fault> {
    let max_depth = steps("maxDepth", max_depth)?;
    Ok(if transitive.unwrap_or_default() { max_depth } else { Some(1) })
}

/// `argument` as a number of steps, of which there must be one.
pub(super) fn steps(argument: &'static str, steps: Option<i64>) -> Result<Option<u32>, Fault> {
    match steps {
        None => Ok(None),
        // More than any line has is as far as it goes.
        Some(steps @ 1..) => Ok(Some(u32::try_from(steps).unwrap_or(u32::MAX))),
        Some(steps) => Err(Fault::argument(argument, format_args!("must be 1 or more, not {steps}"))),
    }
}

/// The reports of `manager`. Whom the snapshot doesn't know has none in it.
pub(super) async fn reports(
    ctx: &Context<'_>,
    manager: &UserView,
    reach: Option<u32>,
    filter: Option<UserFilter>,
    order: Option<UserOrder>,
    page: &PageArguments,
) -> Result<ReportConnection, Fault> {
    let scope = manager.index().map_or(Scope::Nobody, |manager| Scope::Reports { manager, reach });
    let slice = in_tree_order(ctx, manager.snapshot().clone(), scope, filter, order, page).await?;
    Ok(ReportConnection(slice))
}

/// Those of `scope` whom `filter` admits, in the order of the tree where no other is asked for.
pub(super) async fn in_tree_order(
    ctx: &Context<'_>,
    snapshot: Arc<OrgSnapshot>,
    scope: Scope,
    filter: Option<UserFilter>,
    order: Option<UserOrder>,
    page: &PageArguments,
) -> Result<Slice, Fault> {
    let filter = filter.unwrap_or_default().try_into()?;
    let order = order.map_or(Order::Tree, Into::into);
    Slice::new(ctx, snapshot, scope, filter, order, page).await
}

/// How many report to `manager`: those whom `filter` admits, or every person.
pub(super) async fn report_count(
    ctx: &Context<'_>,
    manager: &UserView,
    transitive: bool,
    filter: Option<UserFilter>,
) -> Result<u32, Fault> {
    let filter = filter.unwrap_or_default().try_into()?;
    match manager.index() {
        Some(index) if !org::UserFilter::is_every_person(&filter) => {
            let scope = Scope::Reports { manager: index, reach: (!transitive).then_some(1) };
            // No company has more people than a graph has places.
            Ok(u32::try_from(count(ctx, &manager.snapshot().graph, &scope, &filter).await?)
                .unwrap_or(u32::MAX))
        }
        _ => Ok(manager.report_count(transitive)),
    }
}
