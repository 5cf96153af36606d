//! `docs/clients.md` shows the text of `examples/clients`, and nothing else of code.

use crate::support::text;

const EXAMPLES: &str = "](../examples/clients/";

#[test]
fn the_snippets_of_the_page_are_those_of_the_files() {
    let page = text("docs/clients.md");
    let mut parts = page.split("\n```");
    let mut before = parts.next().unwrap();
    let mut snippets = 0;
    while let (Some(block), Some(after)) = (parts.next(), parts.next()) {
        let (language, code) = block.split_once('\n').unwrap();
        if language != "sh" {
            let line = before.trim_end().rsplit('\n').next().unwrap();
            let (_, link) =
                line.split_once(EXAMPLES).unwrap_or_else(|| panic!("no file is named before {code}"));
            let path = link.split(')').next().unwrap();
            assert!(line.starts_with(&format!("[`{path}`]")), "{line}");
            let file = text(&format!("examples/clients/{path}"));
            assert!(unindented(&file).contains(&unindented(code)), "{path} hasn't:\n{code}");
            snippets += 1;
        }
        before = after;
    }
    assert!(snippets >= 15, "{snippets} snippets");
}

/// A part of a file stands in the page without the file's indentation.
fn unindented(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", line.trim_start())).collect()
}
