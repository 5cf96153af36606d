//! A document that hasn't come before: once it has been validated, its plan answers it where the resolvers would have
//! begun. If the plan gives up, they begin.

use std::sync::{Arc, OnceLock};

use async_graphql::Variables;

use super::{answers::Written, plan::Known, plan_request::PlanRequest, settings::Settings};
use crate::org::OrgSnapshot;

/// What a plan needs to answer in place of the resolvers. It goes along with the request.
pub(super) struct Attempt {
    /// The document as it is compiled.
    pub(super) known: Arc<Known>,
    /// Those of the request, with defaults filled in.
    pub(super) variables: Variables,
    /// The snapshot as whoever asks sees it.
    pub(super) seen: Arc<OrgSnapshot>,
    pub(super) settings: Arc<Settings>,
    /// The answer, once there is one.
    pub(super) written: OnceLock<Arc<Written>>,
}

impl Attempt {
    /// Whether the plan answers. The document has been validated and is paid for.
    pub(super) async fn succeeds(&self) -> bool {
        let Ok(request) = PlanRequest::new(&self.known, &self.variables, &self.settings.caps) else {
            return false;
        };
        let answered = request.answer(&self.seen).await;
        answered.is_ok_and(|written| self.written.set(Arc::new(written)).is_ok())
    }
}
