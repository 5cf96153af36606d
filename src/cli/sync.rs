//! `orgraph sync`

use anyhow::{Result, bail};

use super::progress::bar;
use crate::{admin::Client, config::SyncArgs};

pub(super) async fn run(args: SyncArgs) -> Result<()> {
    let client = Client::new(args.service.door()?)?;
    let scan = client.request_scan().await?.scan;
    if args.no_wait {
        println!("A scan is under way.");
        return Ok(());
    }
    let bar = bar();
    let scan = loop {
        let progress = client.progress(scan).await?;
        if progress.done {
            break progress;
        }
        if let Some(expected) = progress.pages_expected {
            bar.set_length(u64::from(expected));
        }
        bar.set_position(u64::from(progress.pages_read));
    };
    bar.finish_and_clear();
    match scan.failure {
        Some(why) => bail!("{why}; the last good snapshot is still served"),
        None => {
            println!("Read {} people on {} pages.", scan.user_count.unwrap_or(0), scan.pages_read);
            Ok(())
        }
    }
}
