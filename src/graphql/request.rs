//! What one request carries to its resolvers: the snapshot that all of them see, and what they may spend.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_graphql::Context;
use tokio::{
    sync::{Mutex, Semaphore},
    task::{spawn_blocking, yield_now},
};

use super::{
    error::{ErrorCode, Fault},
    price::{self, Asked},
};
use crate::{
    auth::Role,
    org::{Derived, OrgSnapshot, Sight},
};

/// The snapshot of one request; all of its resolvers see this one.
pub(super) struct Pinned(pub(super) Option<Arc<OrgSnapshot>>);

/// What one answer may still cost, where a document's own cost doesn't tell: it depends on the company.
pub(super) struct Allowance {
    chain_fields: AtomicUsize,
    visits: AtomicUsize,
    most_visits: usize,
    listing: Mutex<()>,
    lookups: AtomicUsize,
    histories: AtomicUsize,
    asked: Asked,
}

/// Fields of all members of lines of managers. The longest real line known has 12,859 members.
const MAX_CHAIN_FIELDS: usize = 1_000_000;
/// Users that listings look at, at least, and how often they may look at everybody.
const MIN_VISITS: usize = 2_000_000;
const MAX_PASSES: usize = 10;
/// Look-ups at Gong.
const MAX_LOOKUPS: usize = 1_000;
/// Histories of settings: each is a call of its own.
const MAX_HISTORIES: usize = 20;
/// What may be done at one go: users that listings look at, and fields of members of lines.
const BRIEF_VISITS: usize = 50_000;
const BRIEF_FIELDS: usize = 100_000;
/// Visits after which others get their turn.
const LONG: usize = 2_000;
/// Requests whose long work is done at the same time; the others wait.
static LONG_WORK: Semaphore = Semaphore::const_new(2);

/// Has `derived` worked out, unless it is there already, on a thread of its own. That is done once in the life
/// of a snapshot, so nobody pays for it.
pub(super) async fn derive(snapshot: &Arc<OrgSnapshot>, derived: Derived) -> Result<(), Fault> {
    if snapshot.graph.has(derived) {
        return Ok(());
    }
    let snapshot = snapshot.clone();
    aside(move || snapshot.graph.derive(derived)).await
}

/// Does work that takes long enough to be in everybody's way on a thread of its own.
pub(super) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    // It goes along with the work, which ends even when nobody waits for it any more.
    let place = LONG_WORK.acquire().await.map_err(|_| failed())?;
    let worked = spawn_blocking(move || {
        let _place = place;
        work()
    });
    worked.await.map_err(|_| failed())
}

/// How much of the snapshot a role sees.
fn sight(role: Role) -> Sight {
    if role.sees_contact_data() { Sight::Everything } else { Sight::WithoutContact }
}

/// The snapshot as a role sees it, if that has been made.
pub(super) fn seen_at_once(snapshot: &Arc<OrgSnapshot>, role: Role) -> Option<Arc<OrgSnapshot>> {
    let sight = sight(role);
    snapshot.sees(sight).then(|| snapshot.seen_with(sight))
}

/// The snapshot as a role sees it, as [`derive()`] has it made: from one without contact data no way of asking tells
/// any.
pub(super) async fn seen(
    snapshot: Option<Arc<OrgSnapshot>>,
    role: Role,
) -> Result<Option<Arc<OrgSnapshot>>, Fault> {
    let Some(snapshot) = snapshot else { return Ok(None) };
    if let Some(seen) = seen_at_once(&snapshot, role) {
        return Ok(Some(seen));
    }
    // Once a snapshot: in a box, so that no request has room for it.
    Box::pin(aside(move || snapshot.seen_with(sight(role)))).await.map(Some)
}

fn failed() -> Fault {
    Fault::new(ErrorCode::InternalServerError, "the answer could not be worked out")
}

impl Allowance {
    /// What a request to `snapshot` may cost.
    pub(super) fn over(snapshot: Option<&OrgSnapshot>) -> Self {
        let everybody = snapshot.map_or(0, |snapshot| snapshot.graph.users().len());
        let most_visits = MIN_VISITS.max(everybody.saturating_mul(MAX_PASSES));
        Self {
            chain_fields: MAX_CHAIN_FIELDS.into(),
            visits: most_visits.into(),
            most_visits,
            listing: Mutex::default(),
            lookups: MAX_LOOKUPS.into(),
            histories: MAX_HISTORIES.into(),
            asked: Asked::default(),
        }
    }

    /// What a plan may cost, which is done at one go: what takes longer is the resolvers', who let others have their turn.
    pub(super) fn brief() -> Self {
        let most_visits = BRIEF_VISITS;
        Self {
            chain_fields: BRIEF_FIELDS.into(),
            visits: most_visits.into(),
            most_visits,
            ..Self::over(None)
        }
    }

    /// What is asked of Gong, from now on too.
    pub(super) fn asked(&self) -> Asked {
        self.asked.clone()
    }

    /// The allowance of the request of `ctx`.
    pub(super) fn of<'a>(ctx: &Context<'a>) -> Result<&'a Self, Fault> {
        let missing = || Fault::new(ErrorCode::InternalServerError, "the request has no allowance");
        ctx.data_opt().ok_or_else(missing)
    }

    /// Takes a line of managers, all its members with their fields.
    pub(super) fn take_chain(&self, fields: usize) -> Result<(), Fault> {
        take(&self.chain_fields, fields, || {
            format!(
                "the lines of managers in this answer have more than {MAX_CHAIN_FIELDS} fields; ask for fewer users at once"
            )
        })
    }

    /// Does the work of a listing, which tells how many users it has looked at. The listings of a request
    /// are worked on one after the other, and after a long one other requests get their turn.
    pub(super) async fn list<T>(&self, work: impl FnOnce() -> (T, usize)) -> Result<T, Fault> {
        let _one_at_a_time = self.listing.lock().await;
        take(&self.visits, 1, || self.too_many_visits())?;
        let (listed, visits) = work();
        let taken = take(&self.visits, visits, || self.too_many_visits());
        if visits > LONG {
            yield_now().await;
        }
        taken.map(|()| listed)
    }

    /// Pays for a listing that has looked at so many users.
    pub(super) fn pay(&self, visits: usize) -> Result<(), Fault> {
        take(&self.visits, visits.saturating_add(1), || self.too_many_visits())
    }

    /// Does work that takes long enough to be in everybody's way, on a thread of its own, for the price of so
    /// many visits, which is taken before.
    pub(super) async fn work_long<T: Send + 'static>(
        &self,
        visits: usize,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let _one_at_a_time = self.listing.lock().await;
        take(&self.visits, visits, || self.too_many_visits())?;
        aside(work).await
    }

    /// Refuses, before it is begun, work that may look at so many users.
    pub(super) fn afford(&self, visits: usize) -> Result<(), Fault> {
        let affordable = visits <= self.left();
        affordable.then_some(()).ok_or_else(|| Fault::new(ErrorCode::QueryTooComplex, self.too_many_visits()))
    }

    /// How many users listings may still look at. One that would look at more needn't go on.
    pub(super) fn left(&self) -> usize {
        self.visits.load(Ordering::Relaxed)
    }

    fn too_many_visits(&self) -> String {
        format!(
            "the listings of this answer look at more than {} users; ask for fewer filtered, sorted or counted \
             ones at once",
            self.most_visits
        )
    }

    /// Takes one look-up at Gong.
    pub(super) fn take_lookup(&self) -> Result<(), Fault> {
        take(&self.lookups, 1, || format!("one answer may look up {MAX_LOOKUPS} users at Gong"))?;
        self.asked.add(1, price::LOOKUP);
        Ok(())
    }

    /// Takes as many look-ups as `calls` to Gong, each at `price`, for `what`.
    pub(super) fn take_calls(&self, calls: usize, price: usize, what: &str) -> Result<(), Fault> {
        take(&self.lookups, calls, || {
            format!(
                "{what} in this answer could take more than the {MAX_LOOKUPS} look-ups at Gong that one answer may \
                 take; ask for fewer users, shorter windows or less of each at once"
            )
        })?;
        self.asked.add(calls, price);
        Ok(())
    }

    /// Takes the history of one user's settings.
    pub(super) fn take_history(&self) -> Result<(), Fault> {
        take(&self.histories, 1, || {
            format!(
                "each settingsHistory is a call to Gong of its own, and one answer may have {MAX_HISTORIES}"
            )
        })?;
        self.asked.add(1, price::CALL);
        Ok(())
    }
}

/// Takes `amount` of what is left. Who asks for more than that gets nothing, nor does anybody later.
fn take(left: &AtomicUsize, amount: usize, message: impl FnOnce() -> String) -> Result<(), Fault> {
    let taken = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(amount));
    taken.map(drop).map_err(|_| {
        left.store(0, Ordering::Relaxed);
        Fault::new(ErrorCode::QueryTooComplex, message())
    })
}
