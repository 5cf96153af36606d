//! A snapshot for a command that is no service.

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result, anyhow, bail};
use indicatif::ProgressBar;
use tokio::task::spawn_blocking;

use super::progress::watched;
use crate::{
    check,
    clock::Clock,
    config::ConfigError,
    gong::{self, Gong, SpentHour},
    org::{self, OrgSnapshot},
    store::Store,
    sync::Look,
};

/// The last snapshot of a service that isn't running. `instead` has it from one that is.
pub(super) async fn stored(directory: Option<&Path>, instead: &'static str) -> Result<Arc<OrgSnapshot>> {
    let directory = directory.ok_or(ConfigError::NoStateDir)?.to_owned();
    spawn_blocking(move || load(&directory, instead)).await?
}

fn load(directory: &Path, instead: &str) -> Result<Arc<OrgSnapshot>> {
    if !Store::is_there(directory) {
        bail!("{} is no state directory: no service has kept anything in it", directory.display());
    }
    let (store, notices) = Store::open(directory).with_context(|| {
        format!(
            "a running service holds its state directory: take what it has from the service then ({instead})"
        )
    })?;
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

/// Everybody, read from Gong once. The calls count among the day's, as the state directory keeps them.
pub(super) async fn read(
    settings: &gong::Settings,
    state: Option<&Path>,
    bar: &ProgressBar,
) -> Result<Arc<OrgSnapshot>> {
    let clock = Clock::system();
    let day = Day::open(state).await?;
    let gong = Arc::new(Gong::new(settings, clock.clone(), fastrand::Rng::new()).map_err(ConfigError::from)?);
    gong.limiter().count_earlier(day.spent);
    let read = watched(Look::new(gong.clone(), clock), bar).await;
    if let Some(store) = day.store {
        let spent = gong.limiter().spent_by_hour();
        if let Err(error) = spawn_blocking(move || check::keep_count(Some(&store), &spent)).await? {
            tracing::warn!(%error, "the calls of this reading are not counted among the day's");
        }
    }
    let (snapshot, breaches) = read.map_err(|error| anyhow!("Gong could not be read: {error}"))?;
    if !breaches.is_empty() {
        let why = breaches.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        bail!("Gong could not be read as it is: {why}");
    }
    bar.reset();
    Ok(Arc::new(snapshot))
}

/// The calls of the last day, and where they are kept.
#[derive(Default)]
struct Day {
    store: Option<Store>,
    spent: Vec<SpentHour>,
}

impl Day {
    async fn open(state: Option<&Path>) -> Result<Self> {
        let Some(directory) = state.map(ToOwned::to_owned) else { return Ok(Self::default()) };
        Ok(spawn_blocking(move || Self::read(&directory)).await?)
    }

    /// A directory that can't be taken is no reason to read nothing.
    fn read(directory: &Path) -> Self {
        let opened = Store::open(directory).and_then(|(store, notices)| {
            for notice in notices {
                tracing::warn!(%notice, "part of the state directory could not be used");
            }
            Ok((check::spent(&store)?, store))
        });
        match opened {
            Ok((spent, store)) => Self { store: Some(store), spent },
            Err(error) => {
                tracing::warn!(%error, "the calls of this reading are not counted among the day's");
                Self::default()
            }
        }
    }
}
