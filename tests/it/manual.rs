//! What the command line says of itself: help that teaches, completions that load, pages that `man` can read.

use std::process::{Command, Output};

use orgraph::config;

use crate::support::{Scratch, orgraph};

/// Every command with the names that lead to it.
fn commands(command: &clap::Command, above: &str, into: &mut Vec<(String, clap::Command)>) {
    for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
        let path = format!("{above} {}", below.get_name());
        into.push((path.trim().to_owned(), below.clone()));
        commands(below, &path, into);
    }
}

fn all() -> Vec<(String, clap::Command)> {
    let mut all = Vec::new();
    commands(&config::command(), "", &mut all);
    all
}

fn said(output: Output) -> String {
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_command_says_what_it_is_for_and_shows_how() {
    for (path, command) in all() {
        assert!(command.get_about().is_some(), "{path}");
        let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        assert!(examples.contains("Examples:\n  "), "{path} has no examples");
        let widest = examples.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        assert!(widest <= 80, "{path}: {widest} columns");
        for words in examples.lines().filter_map(|line| line.trim_start().strip_prefix("orgraph ")) {
            let name = words.split(' ').next().unwrap();
            assert!(config::command().find_subcommand(name).is_some(), "{path}: orgraph {words}");
        }
    }
}

#[test]
fn help_names_variables_and_not_what_is_in_them() {
    for (path, _) in all() {
        let mut command = orgraph();
        command
            .args(path.split(' '))
            .arg("--help")
            .env("ORGRAPH_STATE_DIR", "canary")
            .env("ORGRAPH_LOG", "canary");
        let help = said(command.output().unwrap());
        assert!(!help.contains("canary") && help.contains("[env: ORGRAPH_LOG]"), "{path}: {help}");
        assert!(!help.contains('\u{1b}'), "{path}: colours in a pipe");
    }
}

#[test]
fn bash_completes_commands_options_and_values() {
    let script = said(orgraph().args(["completions", "bash"]).output().unwrap());
    let completed = |words: &[&str]| {
        let (at, last) = (words.len() - 1, words[words.len() - 1]);
        let complete = format!(
            "{script}\nCOMP_WORDS=({}); COMP_CWORD={at}; _orgraph orgraph '{last}' '{}'; echo \"${{COMPREPLY[*]}}\"",
            words.join(" "),
            words[at - 1]
        );
        said(Command::new("bash").args(["-c", &complete]).output().unwrap()).trim().to_owned()
    };
    assert_eq!(completed(&["orgraph", "che"]), "check");
    assert_eq!(completed(&["orgraph", "quarantine", "acc"]), "accept");
    assert_eq!(completed(&["orgraph", "check", "--max-c"]), "--max-calls");
    assert_eq!(completed(&["orgraph", "serve", "--log-format", "j"]), "json");
    assert_eq!(completed(&["orgraph", "export", "rep"]), "reporting_lines");
    assert_eq!(completed(&["orgraph", "export", "users", "--format", "nd"]), "ndjson");
    assert_eq!(completed(&["orgraph", "export", "users", "--from", "s"]), "server state");
    for shell in ["zsh", "fish", "elvish", "powershell"] {
        let script = said(orgraph().args(["completions", shell]).output().unwrap());
        assert!(script.contains("quarantine"), "{shell}");
    }
}

#[test]
fn man_reads_every_page_without_a_warning() {
    let folder = Scratch::new();
    let out = folder.path().join("man1");
    assert_eq!(said(orgraph().args(["man", "--out"]).arg(&out).output().unwrap()), "");
    let written = std::fs::read_dir(&out).unwrap().count();
    assert!(written > all().len(), "{written} pages");
    for (path, _) in all() {
        let page =
            std::fs::read_to_string(out.join(format!("orgraph-{}.1", path.replace(' ', "-")))).unwrap();
        assert!(page.contains("Examples:"), "{path}");
        assert!(said(orgraph().arg("man").args(path.split(' ')).output().unwrap()).contains(".SH SYNOPSIS"));
    }
    let unknown = orgraph().args(["man", "nothing"]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));
    if Command::new("man").arg("--version").output().is_err() {
        println!("left out: there is no man here to read them");
        return;
    }
    for page in std::fs::read_dir(&out).unwrap() {
        let page = page.unwrap().path();
        let mut man = Command::new("man");
        let read =
            man.args(["--warnings", "-E", "UTF-8", "-l"]).arg(&page).env("MANWIDTH", "80").output().unwrap();
        let warnings = String::from_utf8_lossy(&read.stderr).into_owned();
        assert!(read.status.success() && warnings.is_empty(), "{}: {warnings}", page.display());
        assert!(read.stdout.len() > 200, "{}", page.display());
    }
}
