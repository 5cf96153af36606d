//! What Cargo can't do by itself before it compiles: the pages that the binary carries, and the order of its functions.
//! Nothing is compiled for this.

mod layout;
mod pages;

use std::{
    env, fmt, io,
    path::{Path, PathBuf},
    process::Command,
};

/// How many lines of a program that has failed are told.
const LINES_TOLD: usize = 12;

fn main() {
    if let Err(why) = run() {
        tell("error", &why.0);
    }
}

fn run() -> Result<(), Failure> {
    let source = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    println!("cargo::rerun-if-changed=build");
    layout::ask(&source)?;
    pages::build(&source)
}

/// What a program has written, or how it has ended and its last words.
pub(crate) fn said(command: &mut Command) -> Result<String, Failure> {
    let name = format!("{command:?}");
    let output = command.output().map_err(|error| Failure(format!("{name}: {error}")))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    let text = text + &String::from_utf8_lossy(&output.stderr);
    let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = lines.iter().skip(lines.len().saturating_sub(LINES_TOLD));
    let last: String = last.map(|line| format!("\n{line}")).collect();
    Err(Failure(format!("{name}: {}{last}", output.status)))
}

pub(crate) fn variable(name: &str) -> Result<String, Failure> {
    env::var(name).map_err(|error| Failure(format!("{name}: {error}")))
}

/// Tells Cargo, line by line.
pub(crate) fn tell(what: &str, text: &str) {
    for line in text.lines() {
        println!("cargo::{what}={line}");
    }
}

/// Why there is no binary, or one without the pages.
pub(crate) struct Failure(pub(crate) String);

impl fmt::Display for Failure {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

pub(crate) fn at(path: &Path) -> impl Fn(io::Error) -> Failure {
    let path = path.display().to_string();
    move |error| Failure(format!("{path}: {error}"))
}
