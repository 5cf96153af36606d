//! `orgraph export`

use std::{
    io::{self, Write},
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use indicatif::ProgressBar;
use tokio::task::spawn_blocking;

use super::{
    output::{self, Printable},
    progress::{PAGES, bar, style},
    shutdown,
    snapshot::{read, stored},
};
use crate::{
    auth::Role,
    config::{ConfigError, ExportFrom, TableArgs},
    export::{Export, Fault, Format, Question, Remote},
    org::OrgSnapshot,
};

/// What is written to, on a thread that may wait for whoever reads.
type Out = Box<dyn Write + Send>;

pub(super) async fn run(args: TableArgs) -> Result<()> {
    tokio::select! {
        // Whoever stops it is listened to before there is a file.
        biased;
        // With what was written goes the file that isn't complete. A thread that waits for a reader isn't waited for.
        code = shutdown::told_to_end() => std::process::exit(code),
        written = write(args) => written,
    }
}

async fn write(args: TableArgs) -> Result<()> {
    let question = args.question()?;
    // What can't be used is told before anything waits for a reader.
    let gong = (args.from == ExportFrom::Gong).then(|| args.gong()).transpose()?;
    let service = Remote::new(args.server(), args.key()).map_err(ConfigError::from);
    let service = (args.from == ExportFrom::Server).then_some(service).transpose()?;
    let opened = output::open(args.file()).await?;
    let is_text = matches!(question.format, Format::Csv | Format::Ndjson);
    if opened.is_terminal && !is_text {
        bail!("{} is nothing to read on a terminal: name a file with -o", question.format.name());
    }
    let out = if opened.is_terminal { Box::new(Printable::new(opened.to)) } else { opened.to };
    let bar = bar(match args.from {
        ExportFrom::Server => "asking the service {elapsed}",
        ExportFrom::State => "reading the state directory {elapsed}",
        ExportFrom::Gong => PAGES,
    });
    let snapshot = match (&gong, &service) {
        (Some(gong), _) => Some(read(gong, args.state_dir(), &bar).await?),
        (None, None) => Some(stored(args.state_dir(), "export --from server").await?),
        (None, Some(_)) => None,
    };
    // Rows and a bar on one terminal are neither.
    let bar = if opened.is_terminal { quiet(&bar) } else { bar };
    if let Some(snapshot) = snapshot {
        local(snapshot, question, out, &bar).await?;
    } else if let Some(service) = service {
        remote(&service, &question, out, &bar).await?;
    }
    bar.finish_and_clear();
    match opened.unfinished {
        Some(unfinished) => unfinished.finish(),
        None => Ok(()),
    }
}

fn quiet(bar: &ProgressBar) -> ProgressBar {
    bar.finish_and_clear();
    ProgressBar::hidden()
}

/// From a running service.
async fn remote(service: &Remote, question: &Question, mut out: Out, bar: &ProgressBar) -> Result<()> {
    let mut answered = service.ask(question).await?;
    bar.set_style(style(match answered.length {
        Some(_) => "reading the service {bar:40} {bytes}/{total_bytes} {elapsed}",
        None => "reading the service {bytes} {elapsed}",
    }));
    if let Some(length) = answered.length {
        bar.set_length(length);
    }
    while let Some(piece) = answered.piece().await? {
        bar.inc(piece.len() as u64);
        let written = spawn_blocking(move || out.write_all(&piece).map(|()| out)).await?;
        match unless_gone(written)? {
            Some(taken) => out = taken,
            None => return Ok(()),
        }
    }
    unless_gone(spawn_blocking(move || out.flush()).await?)?;
    Ok(())
}

/// From a snapshot that is here.
async fn local(
    snapshot: Arc<OrgSnapshot>,
    question: Question,
    mut out: Out,
    bar: &ProgressBar,
) -> Result<()> {
    // Whoever can read the state directory, or has Gong's own key, sees everything.
    let export = Export::new(snapshot, question, Role::Admin).map_err(ConfigError::from)?;
    bar.set_style(style("writing {pos} rows {elapsed}"));
    let bar = bar.clone();
    let written = spawn_blocking(move || {
        let written = export.write(&mut out, |_, rows| bar.inc(rows as u64));
        written.and_then(|_| Ok(out.flush()?))
    });
    match written.await? {
        Err(Fault::Io(error)) => unless_gone(Err(error)).map(|_: Option<()>| ()),
        written => written.context("the table could not be written"),
    }
}

/// What was written; nothing where whoever reads has gone, which is no fault.
fn unless_gone<T>(written: io::Result<T>) -> Result<Option<T>> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(None),
        written => written.map(Some).context("what is written to takes no more"),
    }
}
