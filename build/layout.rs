//! Asks the linker to put the functions that requests and starts go through beside each other: some 3,500 of 38,000.
//! Where they lie among the others, a processor has to find twice as many pages of code, and memory holds what stands
//! beside them.
//!
//! `build/layout.ld` names them, as `cargo bench --bench layout -- --write` has found them. What isn't in the binary is
//! passed over: with an old list it is a little slower, and larger in memory.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{Failure, at, said, tell, variable};

const SCRIPT: &str = "build/layout.ld";

/// How names are to be made for that (`.cargo/config.toml`); where `RUSTFLAGS` says something else, none would be found.
const NAMES: &str = "symbol-mangling-version=v0";

/// Of a build for release, where linkers take scripts: GNU's and LLVM's do.
pub(crate) fn ask(source: &Path) -> Result<(), Failure> {
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    if variable("PROFILE")? != "release"
        || variable("CARGO_CFG_TARGET_OS")? != "linux"
        || !flags.contains(NAMES)
    {
        return Ok(());
    }
    let script = source.join(SCRIPT).to_string_lossy().into_owned();
    let arguments = ["-Xlinker", "--script", "-Xlinker", &script];
    match tried(&arguments, &flags) {
        Ok(()) => {
            for argument in arguments {
                println!("cargo::rustc-link-arg-bin=orgraph={argument}");
            }
        }
        Err(why) => tell("warning", &format!("functions stand where they come: {}", why.0)),
    }
    Ok(())
}

/// Links a program that does nothing with these arguments.
fn tried(arguments: &[&str], flags: &str) -> Result<(), Failure> {
    let out = PathBuf::from(variable("OUT_DIR")?);
    let program = out.join("linked.rs");
    fs::write(&program, "fn main() {}").map_err(at(&program))?;
    let mut rustc = Command::new(variable("RUSTC")?);
    rustc.arg(&program).arg("-o").arg(out.join("linked")).args(["--target", &variable("TARGET")?]);
    rustc.args(flags.split('\x1f').filter(|flag| !flag.is_empty()));
    rustc.args(env::var("RUSTC_LINKER").map(|linker| format!("-Clinker={linker}")));
    rustc.args(arguments.iter().map(|argument| format!("-Clink-arg={argument}")));
    said(&mut rustc).map(drop)
}
