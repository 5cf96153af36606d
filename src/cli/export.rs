//! `orgraph export`

use std::{
    io::{self, IsTerminal, Write},
    path::Path,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tempfile::NamedTempFile;
use tokio::task::spawn_blocking;

use crate::{
    auth::Role,
    clock::Clock,
    config::{ConfigError, ExportFrom, TableArgs},
    directory::{self, Directory},
    export::{Export, Format, Question, Remote},
    gong::Gong,
    org::{self, OrgSnapshot},
    store::Store,
    sync::{self, Sync},
};

pub(super) async fn run(args: TableArgs) -> Result<()> {
    let question = args.question()?;
    let to_terminal = args.to_standard_output() && io::stdout().is_terminal();
    if to_terminal && matches!(question.format, Format::Parquet | Format::Arrow) {
        bail!("{} is nothing to read on a terminal: name a file with -o", question.format.name());
    }
    let file = match args.to_standard_output() {
        true => None,
        false => Some(beside(&args.output)?),
    };
    let bar = bar();
    let file = match args.from {
        ExportFrom::Server => remote(&args, &question, file, &bar).await?,
        ExportFrom::State => {
            let directory = args.state_dir.clone().ok_or(ConfigError::NoStateDir)?;
            let snapshot = spawn_blocking(move || stored(&directory)).await??;
            local(snapshot, question, file, &bar).await?
        }
        ExportFrom::Gong => local(read(&args, &bar).await?, question, file, &bar).await?,
    };
    bar.finish_and_clear();
    if let Some(file) = file {
        let named = || format!("can't put {} in its place", args.output.display());
        file.as_file().sync_all().with_context(named)?;
        file.persist(&args.output).map_err(|error| error.error).with_context(named)?;
    }
    Ok(())
}

/// A file in the same directory, which takes the other's name when it is complete. For this user alone: it holds personal
/// data.
fn beside(output: &Path) -> Result<NamedTempFile> {
    let directory = output.parent().filter(|directory| !directory.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    NamedTempFile::new_in(directory).with_context(|| format!("can't write into {}", directory.display()))
}

/// From a running service.
async fn remote(
    args: &TableArgs,
    question: &Question,
    mut file: Option<NamedTempFile>,
    bar: &ProgressBar,
) -> Result<Option<NamedTempFile>> {
    let mut answered = Remote::new(&args.server, args.key())?.ask(question).await?;
    if let Some(length) = answered.length {
        bar.set_length(length);
        bar.set_style(style("reading the service {bar:40} {bytes}/{total_bytes} {elapsed}"));
    }
    while let Some(piece) = answered.piece().await? {
        bar.inc(piece.len() as u64);
        // The file is this process's, and nobody else waits for this task.
        match &mut file {
            Some(file) => file.write_all(&piece).context("the file takes no more")?,
            None if gone(io::stdout().lock().write_all(&piece))? => return Ok(None),
            None => {}
        }
    }
    if file.is_none() {
        gone(io::stdout().flush())?;
    }
    Ok(file)
}

/// From a snapshot that is here.
async fn local(
    snapshot: Arc<OrgSnapshot>,
    question: Question,
    mut file: Option<NamedTempFile>,
    bar: &ProgressBar,
) -> Result<Option<NamedTempFile>> {
    // Whoever can read the state directory, or has Gong's own key, sees everything.
    let export = Export::new(snapshot, question, Role::Admin).map_err(ConfigError::from)?;
    bar.set_style(style("writing {pos} rows {elapsed}"));
    let bar = bar.clone();
    let written = spawn_blocking(move || {
        let told = |_: &_, rows| bar.inc(rows as u64);
        match &mut file {
            Some(file) => {
                let mut out = io::BufWriter::new(file.as_file_mut());
                export.write(&mut out, told)?;
                out.flush()?;
            }
            None => {
                let mut out = io::BufWriter::new(io::stdout());
                match export.write(&mut out, told) {
                    Err(crate::export::Fault::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => {}
                    written => _ = written?,
                }
                gone(out.flush())?;
            }
        }
        Ok::<_, anyhow::Error>(file)
    });
    written.await?.context("the table could not be written")
}

/// Whether whoever read standard output has gone, which is no fault.
fn gone(written: io::Result<()>) -> io::Result<bool> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(true),
        written => written.map(|()| false),
    }
}

/// The last snapshot of a service that isn't running.
fn stored(directory: &Path) -> Result<Arc<OrgSnapshot>> {
    // Opened, it would be made.
    if !directory.is_dir() {
        bail!("there is no state directory {}", directory.display());
    }
    let (store, notices) = Store::open(directory).context(
        "a running service holds its state directory: export from the service then (--from server)",
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
async fn read(args: &TableArgs, bar: &ProgressBar) -> Result<Arc<OrgSnapshot>> {
    let clock = Clock::system();
    let gong = Gong::new(&args.gong()?, clock.clone(), fastrand::Rng::new()).map_err(ConfigError::from)?;
    let gong = Arc::new(gong);
    let (writer, desk, directory) = directory::open(gong.clone(), clock.clone());
    let ends = (writer, desk, directory.clone());
    let sync = Sync::new(gong, ends, None, sync::Settings::default(), clock, fastrand::Rng::new());
    bar.set_style(style("reading Gong {bar:40} {pos}/{len} pages {elapsed}"));
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

/// On standard error, where that is a terminal: rows may go to standard output.
fn bar() -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_style(style("reading the service {bytes} {elapsed}"));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or(ProgressStyle::default_bar())
}
