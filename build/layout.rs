//! Asks the linker to put the functions that requests and starts go through beside each other: some 3,500 of 38,000.
//! Where they lie among the others, a processor has to find twice as many pages of code, and memory holds what stands
//! beside them.
//!
//! `build/layout.ld` names them, as `cargo bench --bench layout -- --write` has found them. What isn't in the binary is
//! passed over, so an old list does no harm.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{Failure, at, said, variable};

const SCRIPT: &str = "build/layout.ld";

/// Of a build for release, and of a linker that takes scripts: GNU's and LLVM's do.
pub(crate) fn ask(source: &Path) -> Result<(), Failure> {
    if variable("PROFILE")? != "release" {
        return Ok(());
    }
    let script = source.join(SCRIPT).to_string_lossy().into_owned();
    let arguments = ["-Xlinker", "--script", "-Xlinker", &script];
    if can(&arguments)? {
        for argument in arguments {
            println!("cargo::rustc-link-arg-bin=orgraph={argument}");
        }
    }
    Ok(())
}

/// Whether the linker takes these arguments: tried with a program that does nothing.
fn can(arguments: &[&str]) -> Result<bool, Failure> {
    let out = PathBuf::from(variable("OUT_DIR")?);
    let program = out.join("linked.rs");
    fs::write(&program, "fn main() {}").map_err(at(&program))?;
    let mut rustc = Command::new(variable("RUSTC")?);
    rustc.arg(&program).arg("-o").arg(out.join("linked")).args(["--target", &variable("TARGET")?]);
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    rustc.args(flags.split('\x1f').filter(|flag| !flag.is_empty()));
    rustc.args(env::var("RUSTC_LINKER").map(|linker| format!("-Clinker={linker}")));
    rustc.args(arguments.iter().map(|argument| format!("-Clink-arg={argument}")));
    Ok(said(&mut rustc).is_ok())
}
