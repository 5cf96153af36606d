//! Answers without the resolvers: those that are kept, and those that plans write.

use std::{borrow::Cow, sync::Arc};

use async_graphql::{Request, Response, Variables};
use futures_util::{FutureExt, future::BoxFuture};

use super::{
    answers::{Question, Written},
    caps::check_variables,
    executor::{Circumstances, Executor, Spending},
    outcome::Outcome,
    plan::{Kept, Known, Planned, Unplanned},
    plan_request::{NoAnswer, PlanRequest},
    rate::{Meter, throttled},
    request::{seen, seen_at_once},
    variables::with_defaults,
};
use crate::org::OrgSnapshot;

/// What an answer of a plan could hold, from which on it is kept when it is asked for again: fewer fields are written
/// as soon as found. To keep what never comes again takes a third of the time that it takes to write it.
const WORTH_KEEPING: u64 = 300;

/// Why there is no answer at once.
pub(super) enum NotAtOnce {
    /// It may have to be waited for: it is to be kept, and others may be at it, or the snapshot lacks something.
    InAWhile,
    /// The resolvers answer.
    Resolvers,
}

impl From<Unplanned> for NotAtOnce {
    fn from(_: Unplanned) -> Self {
        Self::Resolvers
    }
}

impl From<NoAnswer> for NotAtOnce {
    fn from(why: NoAnswer) -> Self {
        match why {
            NoAnswer::Lacks(_) => Self::InAWhile,
            NoAnswer::Unplanned => Self::Resolvers,
        }
    }
}

impl Executor {
    /// The answer to a document that has been run before, if there is one to be had without waiting.
    pub(super) fn quick(
        &self,
        request: &Request,
        circumstances: &Circumstances,
        meter: &Meter,
    ) -> Result<Outcome, NotAtOnce> {
        let role = circumstances.viewer.role;
        let kept = self.known.find(&request.query).ok_or(Unplanned)?;
        let snapshot = self.directory.snapshot().ok_or(Unplanned)?;
        let known = kept.known.as_ref().ok_or(NotAtOnce::InAWhile)?;
        let (asked, variables) = self.asked(known, request, meter)?;
        // Whatever is refused is refused here: by the time that the resolvers came to it there might be enough.
        if let Err(wait) = meter.request(asked.requested) {
            let response = Response::from_errors(vec![throttled(wait)]);
            let spending = Spending { meter: meter.clone(), begun: false, at_gong: 0 };
            let outcome = self.outcome(response, Some(snapshot), &spending, circumstances);
            return Ok(Outcome { operation: Some(known.told.clone()), ..outcome });
        }
        let by_plan = || {
            let seen = seen_at_once(&snapshot, role).ok_or(NotAtOnce::InAWhile)?;
            Ok::<_, NotAtOnce>(Arc::new(asked.answer_at_once(&seen)?))
        };
        if !self.is_worth_keeping(&asked) {
            return Ok(self.settled(by_plan()?, &snapshot, meter));
        }
        let question = Question::new(&snapshot, role, kept.id, None, known.declared(&variables));
        match self.answers.get(&question).now_or_never() {
            Some(Some(written)) => Ok(self.paid(written, &snapshot, meter).ok_or(Unplanned)?),
            Some(None) if !self.answers.has_come(&question) => {
                let written = by_plan()?;
                self.answers.passes(question.bytes(), &written);
                Ok(self.settled(written, &snapshot, meter))
            }
            _ => Err(NotAtOnce::InAWhile),
        }
    }

    /// The answer to a document that has been run before, which may have to be waited for. If it is worth it, it is kept, the
    /// first time as well where the snapshot had to work something out for it.
    pub(super) async fn in_a_while(
        &self,
        request: &Request,
        circumstances: &Circumstances,
        meter: &Meter,
    ) -> Option<Outcome> {
        let role = circumstances.viewer.role;
        let kept = self.known.find(&request.query)?;
        let snapshot = self.directory.snapshot()?;
        let Some(known) = &kept.known else {
            return self.shared(&kept, request, &snapshot, circumstances, meter).await;
        };
        let (asked, variables) = self.asked(known, request, meter).ok()?;
        // It is paid for already.
        meter.request(asked.requested).ok()?;
        let by_plan = async {
            let seen = seen(Some(snapshot.clone()), role).await?.ok_or(Unplanned)?;
            asked.answer(&seen).await
        };
        if !self.is_worth_keeping(&asked) {
            return Some(self.settled(Arc::new(by_plan.await.ok()?), &snapshot, meter));
        }
        let question = Question::new(&snapshot, role, kept.id, None, known.declared(&variables));
        let bytes = question.bytes();
        let work = async { Ok(Arc::new(by_plan.await?.into_kept())) };
        let written = self.answers.find::<Unplanned>(question, work).await.ok()?;
        self.answers.passes(bytes, &written);
        Some(self.settled(written, &snapshot, meter))
    }

    /// What a request comes to for the plan of its document, and its variables with defaults, if a plan may answer it.
    fn asked<'k, 'r>(
        &self,
        known: &'k Known,
        request: &'r Request,
        meter: &Meter,
    ) -> Planned<(PlanRequest<'k>, Cow<'r, Variables>)> {
        let variables = self.fitting(known, request)?;
        let asked = PlanRequest::new(known, &variables, &self.settings.caps)?;
        let most = meter.capacity().unwrap_or(u64::MAX).min(self.settings.caps.cost as u64);
        if asked.requested > most { Err(Unplanned) } else { Ok((asked, variables)) }
    }

    fn is_worth_keeping(&self, asked: &PlanRequest<'_>) -> bool {
        self.answers.keeps && asked.requested >= WORTH_KEEPING
    }

    /// The answer to a document that is nothing for plans, if others may have it as well.
    async fn shared(
        &self,
        kept: &Kept,
        request: &Request,
        snapshot: &Arc<OrgSnapshot>,
        circumstances: &Circumstances,
        meter: &Meter,
    ) -> Option<Outcome> {
        if !kept.is_shareable() || !self.answers.keeps {
            return None;
        }
        check_variables(&request.variables, &self.settings.caps).ok()?;
        let operation = request.operation_name.as_deref();
        let question =
            Question::new(snapshot, circumstances.viewer.role, kept.id, operation, request.variables.iter());
        let mut own = None;
        let work = async {
            let mut again = Request::new(request.query.as_str()).variables(request.variables.clone());
            again.operation_name.clone_from(&request.operation_name);
            let prepared = self.prepared(again, circumstances.method);
            let answered: BoxFuture<'_, Outcome> =
                Box::pin(self.answer(prepared, meter.clone(), circumstances));
            let outcome = answered.await;
            let written = outcome.to_share(snapshot.version);
            if written.is_none() && outcome.ran {
                kept.is_not_shareable();
            }
            own = Some(outcome);
            written.map(|written| Arc::new(written.into_kept())).ok_or(Unplanned)
        };
        let found = self.answers.find(question, work).await;
        match own {
            // Whoever has worked it out for all.
            Some(outcome) => Some(Outcome { written: found.ok(), ..outcome }),
            None => self.paid(found.ok()?, snapshot, meter),
        }
    }

    /// The variables of a request, if they fit a known document.
    fn fitting<'a>(&self, known: &Known, request: &'a Request) -> Planned<Cow<'a, Variables>> {
        if !known.is_meant(request.operation_name.as_deref()) {
            return Err(Unplanned);
        }
        self.rules.check_variables(&known.operation, &request.variables).map_err(|_| Unplanned)?;
        Ok(with_defaults(&request.variables, &known.operation))
    }

    /// The outcome that an answer which is kept is to whoever pays for it.
    pub(super) fn paid(
        &self,
        written: Arc<Written>,
        snapshot: &OrgSnapshot,
        meter: &Meter,
    ) -> Option<Outcome> {
        meter.request(written.cost.requested).ok()?;
        Some(Outcome { is_kept: true, ..self.settled(written, snapshot, meter) })
    }

    /// The outcome that an answer is to whoever has paid for what it could have cost.
    pub(super) fn settled(&self, written: Arc<Written>, snapshot: &OrgSnapshot, meter: &Meter) -> Outcome {
        let cost = written.cost;
        meter.settle(cost.actual);
        Outcome {
            response: Response::default(),
            age: Some(self.age_of(snapshot)),
            ran: true,
            wants_post: false,
            follows_from: Some(snapshot.version.as_u64()),
            operation: written.operation.clone(),
            cost: Some(cost),
            throttled: None,
            written: Some(written),
            is_kept: false,
            snapshot: Some(snapshot.version),
            is_taken_down: false,
        }
    }
}
