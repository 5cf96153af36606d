//! The command line as a whole: how its help looks, and what it teaches by example.

use clap::{
    Command, CommandFactory, FromArgMatches,
    builder::{Styles, styling::AnsiColor},
};

use super::Cli;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// What can be done with each command, by its path.
const EXAMPLES: &[(&[&str], &str)] = &[
    (&[], include_str!("examples/orgraph.txt")),
    (&["demo"], include_str!("examples/demo.txt")),
    (&["serve"], include_str!("examples/serve.txt")),
    (&["simulate"], include_str!("examples/simulate.txt")),
    (&["check"], include_str!("examples/check.txt")),
    (&["sync"], include_str!("examples/sync.txt")),
    (&["quarantine"], include_str!("examples/quarantine.txt")),
    (&["quarantine", "show"], include_str!("examples/quarantine-show.txt")),
    (&["quarantine", "accept"], include_str!("examples/quarantine-accept.txt")),
    (&["quarantine", "reject"], include_str!("examples/quarantine-reject.txt")),
    (&["keys"], include_str!("examples/keys.txt")),
    (&["keys", "add"], include_str!("examples/keys-add.txt")),
    (&["keys", "list"], include_str!("examples/keys-list.txt")),
    (&["keys", "remove"], include_str!("examples/keys-remove.txt")),
    (&["export"], include_str!("examples/export.txt")),
    (&["publish"], include_str!("examples/publish.txt")),
    (&["schema"], include_str!("examples/schema.txt")),
    (&["completions"], include_str!("examples/completions.txt")),
    (&["man"], include_str!("examples/man.txt")),
];

impl Cli {
    /// What the command line says. Ends the process if it says nothing that can be used, or asks for help.
    pub fn read() -> Self {
        let mut matches = command().get_matches();
        match Self::from_arg_matches_mut(&mut matches) {
            Ok(cli) => cli,
            Err(error) => error.format(&mut command()).exit(),
        }
    }
}

/// The command with all that it says of itself.
pub fn command() -> Command {
    EXAMPLES.iter().fold(plain(Cli::command().styles(STYLES)), |command, (path, examples)| {
        taught(command, path, examples)
    })
}

/// Help names variables and not what is in them: that is nobody's business who looks over a shoulder.
fn plain(command: Command) -> Command {
    command.mut_args(|argument| argument.hide_env_values(true)).mut_subcommands(plain)
}

/// The command with these examples where `path` leads.
fn taught(command: Command, path: &[&str], examples: &'static str) -> Command {
    match path.split_first() {
        None => command.after_help(examples),
        Some((name, rest)) => command.mut_subcommand(name, |below| taught(below, rest, examples)),
    }
}
