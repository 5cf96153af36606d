//! `orgraph completions` and `orgraph man`

use anyhow::{Context, Result};
use clap_mangen::Man;

use super::said::print;
use crate::config::{self, CompletionsArgs, ConfigError, ManArgs};

const NAME: &str = "orgraph";

pub(super) fn completions(args: CompletionsArgs) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut config::command(), NAME, &mut script);
    print(&script)
}

pub(super) fn man(args: &ManArgs) -> Result<()> {
    if let Some(directory) = &args.out {
        std::fs::create_dir_all(directory)
            .and_then(|()| clap_mangen::generate_to(config::command(), directory))
            .with_context(|| directory.display().to_string())?;
        return Ok(());
    }
    let mut command = config::command();
    command.build();
    for name in &args.command {
        let below = command.find_subcommand(name).cloned();
        command = below.ok_or_else(|| ConfigError::NoSuchCommand(args.command.join(" ")))?;
    }
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    print(&page)
}
