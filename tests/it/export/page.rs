//! `docs/export.md` tells every column and flag as it is.

use clap::{Args, Command};
use orgraph::{config::ExportArgs, export::Table, http::ExportSettings};

use crate::support::{file, text};

const PAGE: &str = "docs/export.md";

fn columns() -> String {
    let mut told = String::new();
    for table in Table::ALL {
        told += &format!(
            "\n### `{}`\n\n{}\n`active` and `under` look at {}.\n\n",
            table.name(),
            table.description(),
            table.filtered_by()
        );
        told += "| column | type | what it is | in GraphQL | role |\n|---|---|---|---|---|\n";
        for column in table.columns().iter().filter(|column| column.level.is_none_or(|level| level == 1)) {
            let nullable = if column.nullable { ", or none" } else { "" };
            let role = if column.guard.is_some() { "analyst, when named" } else { "reader" };
            told += &format!(
                "| `{}` | {}{nullable} | {} | `{}` | {role} |\n",
                column.name,
                column.kind.as_str(),
                column.description,
                column.source
            );
        }
    }
    told + "\n"
}

fn flags() -> String {
    let command = ExportArgs::augment_args(Command::new("orgraph"));
    let mut rows = String::from("| flag | variable | default | what it is for |\n|---|---|---|---|\n");
    for flag in command.get_arguments() {
        let default = flag.get_default_values().first().unwrap().to_str().unwrap();
        let variable = flag.get_env().unwrap().to_str().unwrap();
        let help = flag.get_help().unwrap().to_string();
        let name = flag.get_long().unwrap();
        rows += &format!("| `--{name}` | `{variable}` | {default} | {} |\n", help.trim_end_matches('.'));
    }
    rows
}

/// `ORGRAPH_WRITE_DOCS=1` writes both into the page.
#[test]
fn the_page_is_what_the_program_says() {
    let mut page = text(PAGE);
    for (name, told) in [("columns", columns()), ("flags", flags())] {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of the {name} -->"));
        let (before, rest) = page.split_once(&begin).unwrap();
        let (was, after) = rest.split_once(&end).unwrap();
        if std::env::var_os("ORGRAPH_WRITE_DOCS").is_none() {
            assert_eq!(was, told, "ORGRAPH_WRITE_DOCS=1 cargo test --test it export::page puts it right");
        }
        page = [before, &begin, &told, &end, after].concat();
    }
    if std::env::var_os("ORGRAPH_WRITE_DOCS").is_some() {
        // Swapped whole: other tests read it at the same time.
        let new = file("docs/export.md.new");
        std::fs::write(&new, page).unwrap();
        std::fs::rename(new, file(PAGE)).unwrap();
    }
}

#[test]
fn flags_and_settings_have_the_same_defaults() {
    let none = ExportArgs::augment_args(Command::new("orgraph")).get_matches_from(["orgraph"]);
    let args = <ExportArgs as clap::FromArgMatches>::from_arg_matches(&none).unwrap();
    assert_eq!(args.settings(), ExportSettings::default());
}
