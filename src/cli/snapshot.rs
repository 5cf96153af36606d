//! A snapshot for a command that is no service.

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result, bail};
use indicatif::ProgressBar;
use tokio::task::spawn_blocking;

use super::progress::{PAGES, style};
use crate::{
    clock::Clock,
    config::ConfigError,
    directory::{self, Directory},
    gong::{self, Gong},
    org::{self, OrgSnapshot},
    store::Store,
    sync::{self, Sync},
};

/// The last snapshot of a service that isn't running.
pub(super) async fn stored(directory: Option<&Path>) -> Result<Arc<OrgSnapshot>> {
    let directory = directory.ok_or(ConfigError::NoStateDir)?.to_owned();
    spawn_blocking(move || load(&directory)).await?
}

fn load(directory: &Path) -> Result<Arc<OrgSnapshot>> {
    // Opened, it would be made.
    if !directory.is_dir() {
        bail!("there is no state directory {}", directory.display());
    }
    let (store, notices) = Store::open(directory).context(
        "a running service holds its state directory: take what it has from the service then (export --from server)",
    )?;
    for notice in notices {
        tracing::warn!(%notice, "part of the state directory could not be used");
    }
    let Some(stored) = store.load_snapshot()? else {
        bail!("{} holds no snapshot: the service has never read Gong", directory.display());
    };
    Ok(Arc::new(OrgSnapshot {
        version: stored.version,
        taken_at: stored.taken_at,
        source: stored.source,
        checks: stored.checks,
        graph: org::build(stored.records),
    }))
}

/// Everybody, read from Gong once.
pub(super) async fn read(settings: &gong::Settings, bar: &ProgressBar) -> Result<Arc<OrgSnapshot>> {
    let clock = Clock::system();
    let gong = Gong::new(settings, clock.clone(), fastrand::Rng::new()).map_err(ConfigError::from)?;
    let gong = Arc::new(gong);
    let (writer, desk, directory) = directory::open(gong.clone(), clock.clone());
    let ends = (writer, desk, directory.clone());
    let sync = Sync::new(gong, ends, None, sync::Settings::default(), clock, fastrand::Rng::new());
    bar.set_style(style(PAGES));
    tokio::select! {
        too_often = sync.run() => Err(ConfigError::from(too_often).into()),
        read = first(&directory, bar) => read,
    }
}

/// The first snapshot, or why there is none.
async fn first(directory: &Directory, bar: &ProgressBar) -> Result<Arc<OrgSnapshot>> {
    let (mut statuses, mut snapshots) = (directory.statuses(), directory.snapshots());
    loop {
        if let Some(snapshot) = directory.snapshot() {
            bar.reset();
            return Ok(snapshot);
        }
        let status = statuses.borrow_and_update().clone();
        if let Some(failure) = status.last_failure.filter(|_| status.failures_in_a_row > 0) {
            bail!("Gong could not be read: {}", failure.message);
        }
        if let Some(expected) = status.pages_expected {
            bar.set_length(expected.into());
        }
        bar.set_position(status.pages_read.into());
        tokio::select! {
            changed = statuses.changed() => changed?,
            changed = snapshots.changed() => changed?,
        }
    }
}
