//! What Gong tells beside the snapshot.

use async_graphql::{Context, ID, Object, Result};

use crate::{
    directory::{Live as Gong, LiveError},
    graphql::{
        connection::cost,
        error::Fault,
        find::{self, World},
        gate::{self, Gate},
        guarded::GuardedField,
        input::UserFilter,
        model::{CoachingReports, ScorecardList, SeatAudit, WorkspaceList},
        price,
        request::Allowance,
        scalar::DateTime,
        windows,
    },
    org::{self, UserId},
};

/// Days that are looked back upon when nobody says how many.
const COACHING_DAYS: i64 = 30;
const INACTIVE_DAYS: i64 = 90;

#[derive(Default)]
pub(super) struct Live;

#[Object]
impl Live {
    /// Who is active and has no activity at Gong over some time: seats that nobody may need. What it costs is
    /// told before Gong is asked. For analysts: null and `FORBIDDEN` for readers.
    #[graphql(complexity = "price::CALL.saturating_add(child_complexity)")]
    async fn seat_audit(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "How many days back, from 1 to 366, up to the last that is over everywhere on earth.",
            default_with = "Some(INACTIVE_DAYS)"
        )]
        inactive_for_days: Option<i64>,
        #[graphql(desc = "Only people for whom all of this holds; active persons in any case.")]
        filter: Option<UserFilter>,
    ) -> Result<Option<SeatAudit>> {
        if !Gate::of(ctx)?.admits(ctx, GuardedField::SeatAudit) {
            return Ok(None);
        }
        let days = inactive_for_days.unwrap_or(INACTIVE_DAYS);
        let days = windows::days_until_now(windows::now(ctx)?, "inactiveForDays", days)?;
        let filter: org::UserFilter = filter.unwrap_or_default().try_into()?;
        let world = World::of(ctx)?;
        Ok(Some(SeatAudit::new(ctx, world.snapshot, &filter, days).await?))
    }

    /// The forms that calls are judged by, asked of Gong; those too that are no longer used.
    #[graphql(complexity = "price::CALL + cost(first, None, child_complexity)")]
    async fn scorecards(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when nothing is said.")] first: Option<i64>,
    ) -> Result<Option<ScorecardList>> {
        let first = windows::first(first)?;
        let scorecards = gong(ctx, 1, "scorecards")?.scorecards().await.map_err(Fault::from)?;
        Ok(Some(ScorecardList::of(&scorecards, first)))
    }

    /// The parts that the company has cut its calls into, asked of Gong.
    #[graphql(complexity = "price::CALL + cost(first, None, child_complexity)")]
    async fn workspaces(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when nothing is said.")] first: Option<i64>,
    ) -> Result<Option<WorkspaceList>> {
        let first = windows::first(first)?;
        let workspaces = gong(ctx, 1, "workspaces")?.workspaces().await.map_err(Fault::from)?;
        Ok(Some(WorkspaceList::of(&workspaces, first)))
    }

    /// The direct reports of a manager by Gong's own list, held against the snapshot's. Null for an unknown
    /// manager. For analysts: null and `FORBIDDEN` for readers.
    #[graphql(complexity = "price::CALL.saturating_add(child_complexity)")]
    async fn coaching_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Gong's id of the manager.")] manager_id: ID,
        #[graphql(desc = "The workspace whose calls count. May be left out where there is only one.")]
        workspace_id: Option<ID>,
        #[graphql(desc = "The first moment of the window; at most 366 days before `to`. 30 days ago when \
                          neither is given.")]
        from: Option<DateTime>,
        #[graphql(desc = "The moment after the last. This hour when neither is given.")] to: Option<DateTime>,
    ) -> Result<Option<CoachingReports>> {
        if !Gate::of(ctx)?.admits(ctx, GuardedField::CoachingReports) {
            return Ok(None);
        }
        let now = windows::now(ctx)?;
        let window = match (from, to) {
            (None, None) => windows::latest(now, COACHING_DAYS),
            (Some(from), Some(to)) => windows::moments(now, &from, &to)?,
            (None, Some(_)) => return Err(Fault::argument("from", "must be given together with to").into()),
            (Some(_), None) => return Err(Fault::argument("to", "must be given together with from").into()),
        };
        if let Some(id) = &workspace_id
            && !find::may_be_an_id(id)
        {
            let why = "is no id: 1 to 64 letters and digits, with `-`, `_` and `.` among them";
            return Err(Fault::argument("workspaceId", why).into());
        }
        let Some(manager) = World::of(ctx)?.by_id(&manager_id, None).await? else { return Ok(None) };
        let workspace = match workspace_id {
            Some(id) => id.0,
            None => only_workspace(gong(ctx, 1, "workspaces")?).await?,
        };
        let gong = gong(ctx, 1, "coachingReports")?;
        let id = UserId::new(manager.id());
        let coaching = gong.coaching(&id, &workspace, window).await.map_err(Fault::from)?;
        let reports = CoachingReports::new(manager, workspace, window, coaching);
        Ok(gate::shown(ctx, GuardedField::CoachingReports, id.as_str(), Some(reports))?)
    }
}

/// Gong, to be asked so often for `what`.
fn gong<'a>(ctx: &Context<'a>, calls: usize, what: &str) -> Result<&'a Gong, Fault> {
    Allowance::of(ctx)?.take_calls(calls, price::CALL, what)?;
    Ok(find::directory(ctx)?.live())
}

/// The id of the company's workspace, if there is one and no other.
async fn only_workspace(gong: &Gong) -> Result<String, Fault> {
    let workspaces = gong.workspaces().await.map_err(|error: LiveError| Fault::from(error))?;
    match &workspaces.value[..] {
        [only] => Ok(only.id.clone()),
        several => Err(Fault::argument(
            "workspaceId",
            format_args!("must be given: the company has {} workspaces", several.len()),
        )),
    }
}
