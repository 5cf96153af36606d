//! `orgraph check`

use std::{process::ExitCode, sync::Arc};

use anyhow::Result;

use super::{progress, wording};
use crate::{
    app::TokensOnDisk,
    check::{self, Examination, Report},
    clock::Clock,
    config::{CheckArgs, ConfigError},
    gong::Credentials,
    sync::Look,
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
        if !args.json {
            examination.findings()[told..].iter().for_each(wording::finding);
            told = examination.findings().len();
        }
    };
    if !args.json {
        wording::line(&format!("At most {} calls to Gong are made (--max-calls).\n", args.max_calls));
    }
    tell(&examination);
    let look = examination.ask().await;
    tell(&examination);
    if let Some(look) = look {
        let looked = watched(look).await;
        examination.looked(looked);
        tell(&examination);
    }
    let report = examination.finish().await;
    Ok(end(&report, &args, told))
}

/// Takes the look, and shows how it comes on.
async fn watched(
    look: Look,
) -> Result<(crate::org::OrgSnapshot, Vec<crate::directory::Breach>), Arc<crate::gong::GongError>> {
    let mut statuses = look.directory().statuses();
    let bar = progress::bar(progress::PAGES);
    let watching = async {
        while statuses.changed().await.is_ok() {
            progress::show(&bar, &statuses.borrow_and_update());
        }
        // The look is over, which is told by the look.
        std::future::pending().await
    };
    let taken = tokio::select! { taken = look.take() => taken, never = watching => never };
    bar.finish_and_clear();
    taken
}

fn end(report: &Report, args: &CheckArgs, told: usize) -> ExitCode {
    let code = match report.exit_code {
        0 if args.strict && report.has_warnings() => 1,
        code => code,
    };
    if args.json {
        wording::line(&Report { exit_code: code, ..report.clone() }.to_json());
    } else {
        report.findings[told..].iter().for_each(wording::finding);
        wording::verdict(report);
    }
    ExitCode::from(code)
}
