//! What answers that are given beside the schema have in common with it: one snapshot, one purse, one audit log.

use std::{sync::Arc, time::Duration};

use super::Executor;
use crate::{
    auth::{Viewer, audit::Reading},
    org::OrgSnapshot,
};

impl Executor {
    /// The snapshot of this moment, to be held for a whole answer, and its age; `None` before the first.
    pub fn pinned(&self) -> Option<(Arc<OrgSnapshot>, Duration)> {
        let snapshot = self.directory.snapshot()?;
        let age = self.age_of(&snapshot);
        Some((snapshot, age))
    }

    /// Has a client pay `cost`, in the unit of what answers cost; at least what the least of requests does, and at most
    /// half of what it may spend at once: what is larger couldn't be asked for at all.
    ///
    /// # Errors
    /// If the client has not enough left, with how long it has to wait.
    pub fn pay(&self, viewer: &Viewer, cost: u64) -> Result<(), Duration> {
        let meter = self.rates.meter(&viewer.id);
        meter.begin()?;
        meter.request(meter.capacity().map_or(cost, |most| cost.min(most / 2)))
    }

    /// Takes down that contact data was told to `viewer`: of whom, by id, and which fields.
    pub fn take_down_read(&self, viewer: &Viewer, request_id: &str, of: &[(&str, Vec<&'static str>)]) {
        self.audit.record(&Reading { at: self.clock.now(), viewer, request_id, of });
    }
}
