//! `orgraph publish`

use anyhow::Result;

use super::{
    progress::{PAGES, bar, style},
    snapshot::{read, stored},
};
use crate::{
    config::{PublishArgs, PublishFrom},
    publish::{Changes, Published, Target, publish},
};

pub(super) async fn run(args: PublishArgs) -> Result<()> {
    let target = args.target()?;
    let bar = bar(PAGES);
    let snapshot = match args.from {
        PublishFrom::Gong => read(&args.gong()?, &bar).await?,
        PublishFrom::State => stored(args.state.directory()).await?,
    };
    bar.set_style(style("writing into PostgreSQL {elapsed}"));
    let published = publish(&target, snapshot).await?;
    bar.finish_and_clear();
    match args.json {
        true => println!("{}", published.to_json()),
        false => tell(&published, &target),
    }
    Ok(())
}

fn tell(published: &Published, target: &Target) {
    println!("Published into {target}:");
    for (table, Changes { rows, inserted, updated, removed }) in &published.tables {
        let table = table.name();
        println!("  {table:<16}{rows:>9} rows, {inserted} new, {updated} changed, {removed} gone");
    }
}
