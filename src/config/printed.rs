//! What is printed about the command line itself.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

/// Options of `completions`.
#[derive(Clone, Copy, Debug, Args)]
pub struct CompletionsArgs {
    /// The shell that is to complete what is typed.
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Options of `man`.
#[derive(Clone, Debug, Args)]
pub struct ManArgs {
    /// The command whose page is printed, such as `keys add` [default: orgraph itself].
    #[arg(conflicts_with = "out")]
    pub command: Vec<String>,
    /// Write all pages into this directory instead, a file each.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}
