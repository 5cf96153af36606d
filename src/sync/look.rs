//! One scan for whoever only wants to look: nothing is published, kept or compared with what was before.

use std::sync::Arc;

use super::{guard::GuardBounds, progress::Progress, scan::scan};
use crate::{
    clock::Clock,
    directory::{self, Breach, Directory, Writer},
    gong::{Gong, GongError},
    org::{self, OrgSnapshot, SnapshotSource, SnapshotVersion},
    threads,
};

/// A look at a company, read as the first scan of a service would read it.
pub struct Look {
    gong: Arc<Gong>,
    clock: Clock,
    writer: Writer,
    directory: Directory,
}

impl Look {
    /// A look through `gong`. Nothing is asked yet.
    pub fn new(gong: Arc<Gong>, clock: Clock) -> Self {
        let (writer, _, directory) = directory::open(gong.clone(), clock.clone());
        Self { gong, clock, writer, directory }
    }

    /// Where its progress shows, in the status.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Reads everybody. Tells the company and what speaks against believing it. Costs the calls of a scan
    /// ([`SnapshotChecks::calls`](crate::org::SnapshotChecks::calls)), and as much again for each page that has to
    /// be asked for anew.
    ///
    /// # Errors
    /// If the company can't be read to its end.
    pub async fn take(self) -> Result<(OrgSnapshot, Vec<Breach>), Arc<GongError>> {
        let taken_at = self.clock.now();
        let progress = Progress::begin(&self.writer, taken_at);
        let scan = scan(&self.gong, self.directory.people(), None, taken_at, progress).await?;
        let checks = scan.checks;
        let graph = threads::beside(move || org::build(scan.users)).await;
        let breaches = GuardBounds::default().breaches(None, &graph, &checks);
        let version = SnapshotVersion::after(None, taken_at);
        Ok((OrgSnapshot { version, taken_at, source: SnapshotSource::FullScan, checks, graph }, breaches))
    }
}
