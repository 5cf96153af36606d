//! Figures that a benchmark has measured, in the page under `docs/` that has a place for them, if the command line
//! ends in `-- --write`.

use std::fs;

const PAGES: [&str; 2] = [
    concat!(env!("CARGO_MANIFEST_DIR"), "/docs/benchmarks.md"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/docs/performance.md"),
];

/// Puts `table` in the place that a page has for the benchmark of this name.
pub(crate) fn write(name: &str, table: &str) {
    if !std::env::args().any(|argument| argument == "--write") {
        return;
    }
    let begin = format!("<!-- {name}: written by `cargo bench --bench {name} -- --write` -->\n");
    let end = format!("<!-- /{name} -->");
    let read = |page| (page, fs::read_to_string(page).expect("a page"));
    let (page, text) =
        PAGES.map(read).into_iter().find(|(_, text)| text.contains(&begin)).expect("the place of the table");
    let (before, rest) = text.split_once(&begin).expect("the place of the table");
    let (_, after) = rest.split_once(&end).expect("its end");
    fs::write(page, format!("{before}{begin}\n{table}\n{end}{after}")).expect("a page that can be written");
}
