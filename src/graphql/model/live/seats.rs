//! Who has a seat and doesn't use it.

use std::{collections::BTreeMap, sync::Arc};

use async_graphql::{Context, Object, Result};

use super::int;
use crate::{
    directory::{Activity, ActivityAudit, DateWindow, Fetched},
    graphql::{
        connection::{PageArguments, SeatConnection, SeatFinding, cost},
        error::{ErrorCode, Fault},
        find, price,
        request::Allowance,
        scalar::Date,
    },
    org::{Listing, Order, OrgSnapshot, Scope, UserFilter, UserId, UserIndex, UserKind},
};

pub(in crate::graphql) struct SeatAudit {
    snapshot: Arc<OrgSnapshot>,
    days: DateWindow,
    people: Vec<UserIndex>,
    audit: ActivityAudit,
}

/// Somebody whose activity is looked for among what is kept costs about as much as so many who are looked at.
const VISITS_TO_RECALL: usize = 4;

impl SeatAudit {
    /// An audit of the active persons whom `filter` admits. Asks nobody yet.
    pub(in crate::graphql) async fn new(
        ctx: &Context<'_>,
        snapshot: Arc<OrgSnapshot>,
        filter: &UserFilter,
        days: DateWindow,
    ) -> Result<Self, Fault> {
        let (graph, allowance) = (&snapshot.graph, Allowance::of(ctx)?);
        let has_a_seat = |user: &UserIndex| {
            let user = graph.user(*user);
            user.active() && user.kind() == UserKind::Person
        };
        allowance.afford(graph.users().len().saturating_mul(filter.weight()))?;
        let people = || {
            let listing: Listing<'_> = graph.list(&Scope::Everyone, filter, Order::Tree);
            let people: Vec<UserIndex> = listing.iter().filter(has_a_seat).collect();
            (people, listing.visits())
        };
        let people = allowance.list(people).await?;

        let visits = people.len().saturating_mul(VISITS_TO_RECALL);
        allowance.afford(visits)?;
        let live = find::directory(ctx)?.live();
        let ids = people.iter().map(|&user| UserId::new(graph.user(user).id()));
        let audit = allowance.list(|| (live.audit(ids, days), visits)).await?;
        Ok(Self { snapshot, days, people, audit })
    }

    /// What Gong says of everybody, if it may be asked that often.
    async fn answers(&self, ctx: &Context<'_>) -> Result<Vec<Fetched<Option<Activity>>>, Fault> {
        let live = find::directory(ctx)?.live();
        let (calls, left) = (self.audit.calls(), live.lookups_left());
        if calls > left as usize {
            return Err(Fault::new(
                ErrorCode::QueryTooComplex,
                format!(
                    "the activity of {} people takes {calls} calls to Gong, a hundred people each, and of this \
                     day's calls {left} are left for look-ups; narrow the filter, or ask later",
                    self.people.len()
                ),
            ));
        }
        Allowance::of(ctx)?.take_calls(calls, price::CALL, "seat audits")?;
        Ok(live.activities(&self.audit).await?)
    }
}

/// Active people without any activity at Gong: seats that nobody may need. Gong is only asked for `people`.
#[Object]
impl SeatAudit {
    /// The first day of the window.
    async fn from(&self) -> Date {
        self.days.from.into()
    }

    /// The day after its last: today, where it begins latest on earth.
    async fn to(&self) -> Date {
        self.days.to.into()
    }

    /// How many active people are audited.
    async fn people_count(&self) -> usize {
        self.people.len()
    }

    /// How many calls to Gong `people` takes: one for a hundred people, of whom nobody has asked lately.
    /// Telling costs nothing.
    async fn estimated_calls(&self) -> usize {
        self.audit.calls()
    }

    /// How many of the day's calls to Gong are left for look-ups; `people` is refused when it takes more.
    async fn calls_left(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(int(find::directory(ctx)?.live().lookups_left()))
    }

    /// The people without activity, by name. Takes `estimatedCalls` calls to Gong, at most so many a second as
    /// Gong allows. `QUERY_TOO_COMPLEX` when that is more than `callsLeft`, or than one answer may take;
    /// nothing is asked then.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    async fn people(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when neither `first` nor `last` is given.")]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after the place of this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, from 0 to 1,000; not together with `first`.")] last: Option<i64>,
        #[graphql(desc = "Only what comes before the place of this cursor.")] before: Option<String>,
    ) -> Result<Option<SeatConnection>> {
        let page = PageArguments { first, after, last, before };
        SeatConnection::check(ctx, &self.snapshot, &page).await?;
        let answers = self.answers(ctx).await?;
        let asked_at = answers.iter().map(|answer| answer.asked_at).min();
        let findings: BTreeMap<_, _> = self
            .people
            .iter()
            .zip(&answers)
            .filter_map(|(&user, answer)| Some((user, finding(answer)?)))
            .collect();
        Ok(Some(SeatConnection::new(ctx, self.snapshot.clone(), findings, asked_at, &page).await?))
    }
}

/// What is found of somebody of whom Gong says this; nothing if there is activity.
fn finding(answer: &Fetched<Option<Activity>>) -> Option<SeatFinding> {
    match answer.value.as_ref().as_ref().and_then(|activity| activity.counters.any) {
        Some(true) => None,
        Some(false) => Some(SeatFinding::NoActivity),
        None => Some(SeatFinding::NoStatistics),
    }
}
