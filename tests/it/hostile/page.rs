//! `docs/security.md`: each threat, what stops it, the test that shows it; and the figures of a run.

use crate::support::{file, text};

const PAGE: &str = "docs/security.md";

/// Puts a table in its place, if `ORGRAPH_WRITE_DOCS` is set.
pub fn write(name: &str, table: &str) {
    if std::env::var_os("ORGRAPH_WRITE_DOCS").is_none() {
        return;
    }
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of the {name} -->"));
    let page = text(PAGE);
    let (before, rest) = page.split_once(&begin).expect("the place of the table");
    let (_, after) = rest.split_once(&end).expect("its end");
    // Swapped whole: other tests read it at the same time.
    let new = file("docs/security.md.new");
    std::fs::write(&new, [before, &begin, "\n", table, "\n\n", &end, after].concat()).unwrap();
    std::fs::rename(new, file(PAGE)).unwrap();
}

/// In backticks, `file.rs::name` or `file.rs`, below tests/it, src, fuzz or tests/node.
#[test]
fn every_test_that_the_page_names_exists() {
    let page = text(PAGE);
    let mut named = 0;
    for name in page.split('`').skip(1).step_by(2) {
        let (path, function) =
            name.split_once("::").map_or((name, None), |(path, function)| (path, Some(function)));
        let is_file = ["tests/", "src/", "fuzz/"].iter().any(|folder| path.starts_with(folder));
        if !is_file {
            continue;
        }
        let read = std::fs::read_to_string(file(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let holds = function.is_none_or(|function| {
            read.contains(&format!("fn {function}(")) || read.contains(&format!("test(\"{function}"))
        });
        assert!(holds, "{path} has no {function:?}");
        named += 1;
    }
    assert!(named > 20, "only {named} are named");
}
