//! What takes long, as a person sees it: a bar, and the first sync.

use std::{
    io::{self, IsTerminal, Write},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Result;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, WeakProgressBar};

use super::said::line;
use crate::{
    directory::{Breach, Directory, SyncState, SyncStatus},
    gong::GongError,
    org::OrgSnapshot,
    sync::Look,
};

/// Pages of Gong's listing.
pub(super) const PAGES: &str = "reading Gong {bar:40} {pos}/{len} pages {elapsed}";

/// What a scan has brought, in words.
pub(super) fn all_read(people: u32, pages: u32) -> String {
    let people = if people == 1 { "1 person".to_owned() } else { format!("{people} people") };
    format!("Read {people} on {pages} page{}.", if pages == 1 { "" } else { "s" })
}

/// Shows how the first scan comes on, until there is a snapshot: a bar on a terminal, lines elsewhere.
///
/// # Errors
/// If standard output takes no more.
pub(super) async fn first_sync(directory: &Directory) -> Result<()> {
    let mut statuses = directory.statuses();
    let mut snapshots = directory.snapshots();
    let bar = bar(PAGES);
    let mut failures = 0;
    while directory.snapshot().is_none() {
        let status = statuses.borrow_and_update().clone();
        show(&bar, &status);
        if status.failures_in_a_row > failures
            && let Some(failure) = &status.last_failure
        {
            failures = status.failures_in_a_row;
            let told = format!("The scan failed and will be tried again: {}", failure.message);
            bar.suspend(|| line(told))?;
        }
        tokio::select! {
            changed = statuses.changed() => if changed.is_err() { return Ok(()) },
            changed = snapshots.changed() => if changed.is_err() { return Ok(()) },
        }
    }
    bar.finish_and_clear();
    // A snapshot is there a moment before its scan counts as ended.
    let ended = |status: &SyncStatus| status.scans > 0 || status.state != SyncState::Syncing;
    let gone = statuses.wait_for(ended).await.is_err();
    if gone || directory.status().scans == 0 {
        return Ok(()); // it was on disk
    }
    match directory.snapshot() {
        None => Ok(()),
        Some(snapshot) => line(all_read(snapshot.graph.person_count(), snapshot.checks.pages_read)),
    }
}

/// Takes the look, and shows how it comes on.
pub(super) async fn watched(
    look: Look,
    bar: &ProgressBar,
) -> Result<(OrgSnapshot, Vec<Breach>), Arc<GongError>> {
    let mut statuses = look.directory().statuses();
    let watching = async {
        while statuses.changed().await.is_ok() {
            show(bar, &statuses.borrow_and_update());
        }
        // The look is over, which is told by the look.
        std::future::pending().await
    };
    tokio::select! { taken = look.take() => taken, never = watching => never }
}

/// The bar that is shown, for the log to stand beside.
static SHOWN: Mutex<Option<WeakProgressBar>> = Mutex::new(None);

/// Standard error for the log, whose lines stand between the frames of a bar. It takes everything: where nobody reads
/// the log any more, the work goes on.
pub(super) struct BetweenFrames;

impl Write for BetweenFrames {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let shown =
            SHOWN.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(WeakProgressBar::upgrade);
        let write = || io::stderr().write_all(bytes);
        let _ = match shown.flatten() {
            Some(bar) => bar.suspend(write),
            None => write(),
        };
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A bar of this look, on a terminal. On standard error, so that what is printed can be piped.
pub(super) fn bar(template: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_style(style(template));
    bar.enable_steady_tick(Duration::from_millis(200));
    *SHOWN.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar.downgrade());
    bar
}

pub(super) fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or(ProgressStyle::default_bar())
}

fn show(bar: &ProgressBar, status: &SyncStatus) {
    if let Some(expected) = status.pages_expected {
        bar.set_length(u64::from(expected));
    }
    bar.set_position(u64::from(status.pages_read));
}
