//! What a request comes to as a plan's: its arguments, what it could cost, and the answer.

use std::{cell::Cell, sync::Arc};

use async_graphql::Variables;
use tracing::info_span;

use super::{
    answers::Written,
    caps::{Caps, check_variables},
    outcome::Cost,
    plan::{Bound, Json, Known, Plan, Planned, Unplanned, World},
    request::{Allowance, derive},
};
use crate::org::{Derived, OrgSnapshot};

/// What an answer takes to begin with, in bytes, and what a field of it does, about.
const ANSWER_BYTES: usize = 512;
const FIELD_BYTES: usize = 32;
/// The most that is set aside for an answer before it is written.
const MOST_BYTES: usize = 1 << 20;
/// How often a plan is begun anew because an order had to be worked out first.
const MOST_ORDERS: usize = 4;

/// A request that a plan is there for.
pub(super) struct PlanRequest<'a> {
    known: &'a Known,
    plan: &'a Plan,
    arguments: Vec<Bound<'a>>,
    /// What the answer could cost.
    pub(super) requested: u64,
    /// What one answer may.
    limit: u64,
}

impl<'a> PlanRequest<'a> {
    /// One with these variables, which fit and in which defaults are filled in.
    pub(super) fn new(known: &'a Known, variables: &Variables, caps: &Caps) -> Planned<Self> {
        let bytes = check_variables(variables, caps).map_err(|_| Unplanned)?;
        let plan = known.plan(variables)?;
        let arguments = plan.bind(variables, bytes, caps.argument_bytes)?;
        let requested = plan.price(&arguments);
        Ok(Self { known, plan, arguments, requested, limit: caps.cost as u64 })
    }

    /// The answer from a snapshot as whoever asks sees it. What the snapshot lacks for it is worked out first.
    pub(super) async fn answer(&self, seen: &Arc<OrgSnapshot>) -> Planned<Written> {
        for _ in 0..MOST_ORDERS {
            match self.answer_at_once(seen) {
                Ok(written) => return Ok(written),
                Err(NoAnswer::Lacks(derived)) => Box::pin(derive(seen, derived)).await?,
                Err(NoAnswer::Unplanned) => return Err(Unplanned),
            }
        }
        Err(Unplanned)
    }

    /// The same, if the snapshot lacks nothing.
    pub(super) fn answer_at_once(&self, seen: &OrgSnapshot) -> Result<Written, NoAnswer> {
        let Self { known, plan, ref arguments, requested, limit } = *self;
        let missing = Cell::new(None);
        let written = info_span!("execute", otel.kind = "internal").in_scope(|| -> Planned<_> {
            let allowance = Allowance::brief();
            let world = World { snapshot: seen, allowance: &allowance, arguments, missing: &missing };
            let room = ANSWER_BYTES + FIELD_BYTES.saturating_mul(requested as usize).min(MOST_BYTES);
            let mut out = Json::with_capacity(room);
            out.raw("{\"data\":");
            plan.run(&world, &mut out)?;
            let cost = Cost { requested, actual: out.fields(), limit };
            out.extensions(cost, seen);
            out.raw("}");
            Ok(Written::new(out.finish(), cost, Some(known.told.clone())))
        });
        written.map_err(|Unplanned| missing.take().map_or(NoAnswer::Unplanned, NoAnswer::Lacks))
    }
}

/// Why a plan has not answered.
pub(super) enum NoAnswer {
    /// The snapshot has not worked this out yet.
    Lacks(Derived),
    Unplanned,
}
