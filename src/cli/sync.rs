//! `orgraph sync`

use anyhow::{Result, bail};

use super::{
    progress::{PAGES, all_read, bar},
    said::line,
};
use crate::{admin::Client, config::SyncArgs};

pub(super) async fn run(args: SyncArgs) -> Result<()> {
    let client = Client::new(args.service.door()?)?;
    let requested = client.request_scan().await?;
    if args.no_wait {
        return match args.json {
            true => line(requested.to_json()),
            false => line("A scan is under way."),
        };
    }
    let bar = bar(PAGES);
    let scan = loop {
        let progress = client.progress(requested.scan).await?;
        if progress.done {
            break progress;
        }
        if let Some(expected) = progress.pages_expected {
            bar.set_length(u64::from(expected));
        }
        bar.set_position(u64::from(progress.pages_read));
    };
    bar.finish_and_clear();
    if args.json {
        line(scan.to_json())?;
    }
    match scan.failure {
        Some(why) => bail!("{why}; the last good snapshot is still served"),
        None if args.json => Ok(()),
        None => line(all_read(scan.user_count.unwrap_or(0), scan.pages_read)),
    }
}
