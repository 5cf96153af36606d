//! Answers without the resolvers: those that are kept, and those that plans write.

use std::sync::Arc;

use async_graphql::{Request, Response};
use tokio::task::yield_now;
use tracing::info_span;

use super::{
    answers::{Question, Written},
    caps::check_variables,
    executor::{Circumstances, Executor},
    outcome::{Cost, Outcome},
    plan::{Json, Kept, Known, Planned, Unplanned, World},
    rate::Meter,
    request::{Allowance, seen},
    variables::with_defaults,
};
use crate::org::OrgSnapshot;

/// What an answer takes to begin with, in bytes, and what a field of it does, about.
const ANSWER_BYTES: usize = 512;
const FIELD_BYTES: usize = 24;
/// The most that is set aside for an answer before it is written.
const MOST_BYTES: usize = 1 << 20;

impl Executor {
    /// The answer to a document that has been run before, if there is one to be had without more ado.
    pub(super) async fn quick(
        &self,
        request: &Request,
        circumstances: &Circumstances,
        meter: &Meter,
    ) -> Option<Outcome> {
        let kept = self.known.find(&request.query)?;
        let snapshot = self.directory.snapshot()?;
        let shares = kept.is_worth_keeping && self.answers.keeps;
        let mut own = None;
        let written = match (&kept.known, shares) {
            (None, false) => return None,
            (Some(known), false) => self.by_plan(known, request, &snapshot, circumstances, meter).await.ok(),
            (_, true) => {
                let work = self.work(&kept, request, &snapshot, circumstances, meter, &mut own);
                let question = Question::new(&snapshot, circumstances.viewer.role, kept.id, request);
                self.answers.find(question, work).await.ok()
            }
        };
        match own {
            Some(outcome) => Some(outcome),
            None => self.paid(written?, shares, &snapshot, meter),
        }
    }

    /// Works out an answer that others may have as well. One that is this request's alone becomes its `own`.
    async fn work(
        &self,
        kept: &Kept,
        request: &Request,
        snapshot: &Arc<OrgSnapshot>,
        circumstances: &Circumstances,
        meter: &Meter,
        own: &mut Option<Outcome>,
    ) -> Planned<Arc<Written>> {
        if let Some(known) = &kept.known {
            return self.by_plan(known, request, snapshot, circumstances, meter).await;
        }
        let mut again = Request::new(request.query.as_str()).variables(request.variables.clone());
        again.operation_name.clone_from(&request.operation_name);
        let prepared = self.prepared(again, circumstances.method);
        let mut outcome = Box::pin(self.answer(prepared, meter.clone(), circumstances)).await;
        let written = outcome.to_share(snapshot.version).map(Arc::new);
        outcome.written.clone_from(&written);
        *own = Some(outcome);
        written.ok_or(Unplanned)
    }

    /// Has a plan answer. The client pays before.
    async fn by_plan(
        &self,
        known: &Known,
        request: &Request,
        snapshot: &Arc<OrgSnapshot>,
        circumstances: &Circumstances,
        meter: &Meter,
    ) -> Planned<Arc<Written>> {
        let caps = &self.settings.caps;
        let operation = &known.operation;
        if !known.is_meant(request.operation_name.as_deref()) {
            return Err(Unplanned);
        }
        let bytes = check_variables(&request.variables, caps).map_err(|_| Unplanned)?;
        self.rules.check_variables(operation, &request.variables).map_err(|_| Unplanned)?;
        let variables = with_defaults(&request.variables, operation);
        let plan = known.plan(&variables)?;
        let arguments = plan.bind(&variables, known.bytes_with(bytes), caps.argument_bytes)?;
        let requested = plan.price(&arguments);
        let most = meter.capacity().unwrap_or(u64::MAX).min(caps.cost as u64);
        if requested > most || meter.request(requested).is_err() {
            return Err(Unplanned);
        }
        let seen = seen(Some(snapshot.clone()), circumstances.viewer.role).await?.ok_or(Unplanned)?;
        let allowance = Allowance::over(Some(&seen));
        let written = info_span!("execute", otel.kind = "internal").in_scope(|| -> Planned<_> {
            let world = World { snapshot: &seen, allowance: &allowance, arguments: &arguments };
            let room = ANSWER_BYTES + FIELD_BYTES.saturating_mul(requested as usize).min(MOST_BYTES);
            let mut out = Json::with_capacity(room);
            out.raw("{\"data\":");
            plan.run(&world, &mut out)?;
            let cost = Cost { requested, actual: out.fields(), limit: caps.cost as u64 };
            out.extensions(cost, &seen);
            out.raw("}");
            Ok(Written::new(out.finish(), cost, Some(known.told.clone())))
        })?;
        if allowance.was_long() {
            yield_now().await;
        }
        Ok(Arc::new(written))
    }

    /// The outcome that an answer is to whoever pays for it.
    fn paid(
        &self,
        written: Arc<Written>,
        is_shared: bool,
        snapshot: &OrgSnapshot,
        meter: &Meter,
    ) -> Option<Outcome> {
        let cost = written.cost;
        meter.request(cost.requested).ok()?;
        meter.settle(cost.actual);
        Some(Outcome {
            response: Response::default(),
            age: Some(self.age_of(snapshot)),
            ran: true,
            wants_post: false,
            follows_from: Some(snapshot.version.as_u64()),
            operation: written.operation.clone(),
            cost: Some(cost),
            throttled: None,
            written: Some(written),
            is_shared,
            snapshot: Some(snapshot.version),
            is_taken_down: false,
        })
    }
}
