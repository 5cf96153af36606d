//! Figures that a benchmark has measured, in `docs/benchmarks.md` if the command line ends in `-- --write`.

use std::fs;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/benchmarks.md");

/// Puts `table` in the place that the page has for the benchmark of this name.
pub(crate) fn write(name: &str, table: &str) {
    if !std::env::args().any(|argument| argument == "--write") {
        return;
    }
    let begin = format!("<!-- {name}: written by `cargo bench --bench {name} -- --write` -->\n");
    let end = format!("<!-- /{name} -->");
    let text = fs::read_to_string(PAGE).expect("docs/benchmarks.md");
    let (before, rest) = text.split_once(&begin).expect("the place of the table");
    let (_, after) = rest.split_once(&end).expect("its end");
    fs::write(PAGE, format!("{before}{begin}\n{table}\n{end}{after}")).expect("a page that can be written");
}
