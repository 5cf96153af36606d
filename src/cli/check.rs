//! `orgraph check`

use std::{process::ExitCode, sync::Arc};

use anyhow::Result;

use super::{progress, said, wording};
use crate::{
    app::TokensOnDisk,
    check::{self, Examination, Report},
    clock::Clock,
    config::{CheckArgs, ConfigError},
    gong::Credentials,
};

pub(super) async fn run(args: CheckArgs) -> Result<ExitCode> {
    let mut gong = args.gong()?;
    let clock = Clock::system();
    let (directory, now) = (args.state.directory().map(ToOwned::to_owned), clock.now());
    let disk = tokio::task::spawn_blocking(move || check::open(directory.as_deref(), now)).await?;
    if let (Some(store), Credentials::OAuth(_)) = (&disk.store, &gong.credentials) {
        gong.tokens = Arc::new(TokensOnDisk(store.clone()));
    }
    let mut examination = Examination::new(&gong, args.refresh.sync(), disk, clock, args.max_calls)
        .map_err(ConfigError::from)?;
    let mut told = 0;
    let mut tell = |examination: &Examination| {
        if args.json {
            return Ok(());
        }
        let untold = &examination.findings()[told..];
        told = examination.findings().len();
        untold.iter().try_for_each(wording::finding)
    };
    if !args.json {
        said::line(format!("At most {} calls to Gong are made (--max-calls).\n", args.max_calls))?;
    }
    tell(&examination)?;
    let look = examination.ask().await;
    tell(&examination)?;
    if let Some(look) = look {
        let bar = progress::bar(progress::PAGES);
        let looked = progress::watched(look, &bar).await;
        bar.finish_and_clear();
        examination.looked(looked);
        tell(&examination)?;
    }
    let report = examination.finish().await;
    end(&report, &args, told)
}

fn end(report: &Report, args: &CheckArgs, told: usize) -> Result<ExitCode> {
    let code = match report.exit_code {
        0 if args.strict && report.has_warnings() => 1,
        code => code,
    };
    if args.json {
        said::line(Report { exit_code: code, ..report.clone() }.to_json())?;
    } else {
        report.findings[told..].iter().try_for_each(wording::finding)?;
        wording::verdict(report)?;
    }
    Ok(ExitCode::from(code))
}
