//! Figures that a benchmark has measured, on a page of `docs` if the command line has `--write`.

use std::fs;

const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs");

/// Puts `table` in the place that the page has for the benchmark of this name.
pub(crate) fn write(page: &str, name: &str, table: &str) {
    if !std::env::args().any(|argument| argument == "--write") {
        return;
    }
    let path = format!("{PAGES}/{page}");
    let begin = format!("<!-- {name}: written by `cargo bench --bench {name} -- --write` -->\n");
    let end = format!("<!-- /{name} -->");
    let text = fs::read_to_string(&path).expect("the page");
    let (before, rest) = text.split_once(&begin).expect("the place of the table");
    let (_, after) = rest.split_once(&end).expect("its end");
    fs::write(path, format!("{before}{begin}\n{table}\n{end}{after}")).expect("a page that can be written");
}
