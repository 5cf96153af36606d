//! `docs/simulator.md` says what the simulator does.

use clap::CommandFactory;
use orgraph::{
    config::Cli,
    simulator::{Effect, Fault, FaultKind},
};

use crate::support::{file, text};

const PAGE: &str = "docs/simulator.md";
const BEGIN: &str = "<!-- catalogue -->\n";
const END: &str = "<!-- end of the catalogue -->";

fn table() -> String {
    let row = |kind: &FaultKind| {
        let value = kind.value().map(|spec| {
            let default = spec.default;
            format!("`={}`, {default}", spec.unit)
        });
        let (effect, does) = (kind.effect().name(), kind.description());
        format!("| `{kind}` | {} | {effect} | {does} |\n", value.unwrap_or_default())
    };
    let rows: String = FaultKind::ALL.iter().map(row).collect();
    format!("| fault | value, and what is taken without | effect | what it does |\n|---|---|---|---|\n{rows}")
}

/// `ORGRAPH_WRITE_DOCS=1` writes the table into the page.
#[test]
fn the_catalogue_of_the_page_is_the_catalogue() {
    let page = text(PAGE);
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (told, after) = rest.split_once(END).unwrap();
    if std::env::var_os("ORGRAPH_WRITE_DOCS").is_some() {
        // Swapped whole: other tests read it at the same time.
        let new = file("docs/simulator.md.new");
        std::fs::write(&new, [before, BEGIN, &table(), END, after].concat()).unwrap();
        std::fs::rename(new, file(PAGE)).unwrap();
    } else {
        assert_eq!(told, table(), "ORGRAPH_WRITE_DOCS=1 cargo test --test it simulator_page puts it right");
    }
}

#[test]
fn every_effect_is_explained() {
    for effect in
        [Effect::Harmless, Effect::Changed, Effect::Malformed, Effect::Transient, Effect::Suspicious]
    {
        assert!(text(PAGE).contains(&format!("\n| {} | ", effect.name())), "{effect:?}");
    }
}

/// In `--fault …`, in JSON, and in the first column of the table of scripts.
#[test]
fn the_scripts_of_the_page_can_be_read() {
    let page = text(PAGE);
    let flags = page.split("--fault ").skip(1).filter_map(|rest| rest.split_whitespace().next());
    let bodies = page.lines().filter_map(|line| line.split("-d '").nth(1)?.split('\'').next());
    let in_bodies = bodies.flat_map(|body| body.split('"').skip(1).step_by(2));
    let in_bodies = in_bodies.filter(|word| !["fault", "faults"].contains(word));
    let table = page.split("| script | what happens |\n|---|---|\n").nth(1).unwrap();
    let rows = table.lines().take_while(|line| line.starts_with('|')).filter_map(|row| row.split('`').nth(1));
    let scripts: Vec<&str> = flags.chain(in_bodies).chain(rows).collect();
    for script in &scripts {
        script.parse::<Fault>().unwrap_or_else(|error| panic!("{error}"));
    }
    assert!(scripts.len() >= 12, "{scripts:?}");

    let refusal = "cursor-expird@page=3".parse::<Fault>().unwrap_err().to_string();
    assert!(page.contains(&refusal), "{refusal}");
}

#[test]
fn every_flag_is_told_with_its_variable() {
    let cli = Cli::command();
    let simulate = cli.find_subcommand("simulate").unwrap();
    for flag in simulate.get_arguments() {
        let name = flag.get_long().unwrap();
        let row = text(PAGE).lines().any(|line| {
            let variable = flag.get_env().map(|env| format!(" `{}` ", env.to_str().unwrap()));
            line.starts_with(&format!("| `--{name}` |"))
                && variable.is_none_or(|variable| line.contains(&variable))
        });
        assert!(row, "--{name} is not in {PAGE}");
    }
}
