//! `orgraph export`

use std::{
    io::{self, IsTerminal, Write},
    path::Path,
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use indicatif::ProgressBar;
use tempfile::NamedTempFile;
use tokio::task::spawn_blocking;

use super::{
    progress::{bar, style},
    snapshot::{read, stored},
};
use crate::{
    auth::Role,
    config::{ConfigError, ExportFrom, TableArgs},
    export::{Export, Format, Question, Remote},
    org::OrgSnapshot,
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
    let bar = bar("reading the service {bytes} {elapsed}");
    let file = match args.from {
        ExportFrom::Server => remote(&args, &question, file, &bar).await?,
        ExportFrom::State => local(stored(args.state_dir.as_deref()).await?, question, file, &bar).await?,
        ExportFrom::Gong => local(read(&args.gong()?, &bar).await?, question, file, &bar).await?,
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
