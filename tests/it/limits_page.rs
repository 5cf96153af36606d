//! `docs/limits.md` tells every limit, as it is.

use clap::{Args, Command};
use orgraph::{
    config::CapsArgs,
    graphql::{Caps, Settings},
};

use crate::support::{file, text};

const PAGE: &str = "docs/limits.md";
const BEGIN: &str = "<!-- limits -->\n";
const END: &str = "<!-- end of the limits -->";

fn table() -> String {
    let command = CapsArgs::augment_args(Command::new("orgraph"));
    let mut rows = String::new();
    for flag in command.get_arguments() {
        let (name, help) = (flag.get_long().unwrap(), flag.get_help().unwrap().to_string());
        let default = flag.get_default_values().first();
        let default = default.filter(|_| flag.get_action().takes_values());
        let default = default.map_or("off", |value| value.to_str().unwrap());
        let variable = flag.get_env().unwrap().to_str().unwrap();
        rows += &format!("| `--{name}` | `{variable}` | {default} | {} |\n", help.trim_end_matches('.'));
    }
    format!("| flag | variable | default | what it is for |\n|---|---|---|---|\n{rows}")
}

/// `ORGRAPH_WRITE_DOCS=1` writes the table into the page.
#[test]
fn the_table_of_the_page_is_that_of_the_flags() {
    let page = text(PAGE);
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (told, after) = rest.split_once(END).unwrap();
    if std::env::var_os("ORGRAPH_WRITE_DOCS").is_some() {
        // Swapped whole: other tests read it at the same time.
        let new = file("docs/limits.md.new");
        std::fs::write(&new, [before, BEGIN, &table(), END, after].concat()).unwrap();
        std::fs::rename(new, file(PAGE)).unwrap();
    } else {
        assert_eq!(told, table(), "ORGRAPH_WRITE_DOCS=1 cargo test --test it limits_page puts it right");
    }
}

/// A service that is told nothing is as one whose flags say nothing.
#[test]
fn flags_and_settings_have_the_same_defaults() {
    let none = CapsArgs::augment_args(Command::new("orgraph")).get_matches_from(["orgraph"]);
    let args = <CapsArgs as clap::FromArgMatches>::from_arg_matches(&none).unwrap();
    let (flags, settings) = (args.graphql(), Settings::default());
    assert_eq!(flags.caps, Caps::default());
    assert_eq!((flags.rate, flags.shown), (settings.rate, settings.shown));
}
