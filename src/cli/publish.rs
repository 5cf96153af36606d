//! `orgraph publish`

use anyhow::Result;

use super::{
    progress::{PAGES, bar, style},
    said::{line, print},
    snapshot::{read, stored},
};
use crate::{
    config::{PublishArgs, PublishFrom},
    publish::{Changes, Published, Target, publish, rehearse},
};

pub(super) async fn run(args: PublishArgs) -> Result<()> {
    let target = args.target()?;
    let bar = bar("looking at PostgreSQL {elapsed}");
    let snapshot = match args.from {
        PublishFrom::Gong => {
            let gong = args.gong()?;
            // Before a thousand calls have been spent on tables that nobody takes.
            rehearse(&target).await?;
            bar.set_style(style(PAGES));
            read(&gong, args.state.directory(), &bar).await?
        }
        PublishFrom::State => stored(args.state.directory(), "serve --publish-to").await?,
    };
    bar.set_style(style("writing into PostgreSQL {elapsed}"));
    let published = publish(&target, snapshot).await?;
    bar.finish_and_clear();
    match args.json {
        true => line(published.to_json()),
        false => print(told(&published, &target).as_bytes()),
    }
}

fn told(published: &Published, target: &Target) -> String {
    let mut told = format!("Published into {target}:\n");
    for (table, Changes { rows, inserted, updated, removed }) in &published.tables {
        let table = table.name();
        told += &format!("  {table:<16}{rows:>9} rows, {inserted} new, {updated} changed, {removed} gone\n");
    }
    told
}
