//! The rooms and who may import whom: ARCHITECTURE.md's table, held.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use crate::support::file;

/// A room and the rooms that it may import.
const ROOMS: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("threads", &[]),
    ("trace", &[]),
    ("auth", &["clock"]),
    ("gong", &["clock", "threads"]),
    ("org", &[]),
    ("store", &["org"]),
    ("directory", &["clock", "org", "gong"]),
    ("sync", &["clock", "threads", "gong", "org", "directory", "store"]),
    ("check", &["clock", "gong", "org", "store", "directory", "sync"]),
    ("export", &["auth", "org"]),
    ("publish", &["clock", "auth", "org", "export"]),
    ("graphql", &["clock", "auth", "org", "directory"]),
    ("http", &["clock", "trace", "auth", "export", "publish", "graphql", "directory"]),
    ("admin", &["directory"]),
    ("simulator", &[]),
];

/// A foreign crate and the rooms it lives in.
const CRATES: &[(&str, &[&str])] = &[
    ("reqwest", &["trace", "auth", "gong", "export", "admin"]),
    ("opentelemetry", &["trace"]),
    ("opentelemetry_sdk", &["trace"]),
    ("opentelemetry_proto", &["trace"]),
    ("tracing_opentelemetry", &["trace"]),
    ("prost", &["trace"]),
    ("jsonwebtoken", &["auth"]),
    ("ring::rand", &["auth"]),
    ("ring::signature", &["auth"]),
    ("subtle", &["auth"]),
    ("petgraph", &["org"]),
    ("thread_priority", &["threads"]),
    ("hashbrown", &["org"]),
    ("fst", &["org"]),
    ("levenshtein_automata", &["org"]),
    ("icu_normalizer", &["org"]),
    ("moka", &["auth", "directory", "graphql", "http"]),
    ("async_graphql::dataloader", &["directory"]),
    ("async_graphql", &["directory", "graphql", "http"]),
    ("axum", &["http", "admin", "simulator"]),
    ("hyper", &["http"]),
    ("hyper_util", &["http"]),
    ("tokio_rustls", &["http"]),
    ("ipnet", &["http"]),
    ("socket2", &["http"]),
    ("rusqlite", &["store"]),
    ("prometheus_client", &["http"]),
    ("arrow_array", &["export"]),
    ("arrow_ipc", &["export"]),
    ("arrow_schema", &["export"]),
    ("parquet", &["export"]),
    ("csv", &["export"]),
    ("tokio_postgres", &["publish"]),
    ("tokio_postgres_rustls", &["publish"]),
    ("rustls_platform_verifier", &["publish"]),
    ("serde_json", &["auth", "export", "publish", "gong", "store", "check", "http", "admin", "simulator"]),
    ("serde", &["auth", "gong", "store", "check", "http", "admin", "simulator"]),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}

/// The files of each room, tests left out: they may look where they like.
fn rooms() -> Vec<(String, PathBuf, String)> {
    let source = file("src");
    let room = |path: &Path| {
        let first =
            path.strip_prefix(&source).unwrap().components().next().unwrap().as_os_str().to_str().unwrap();
        first.trim_end_matches(".rs").to_owned()
    };
    let product = |text: String| text.split("#[cfg(test)]").next().unwrap().to_owned();
    sources(&source)
        .into_iter()
        .filter(|path| {
            !path.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "tests.rs")
        })
        .map(|path| (room(&path), path.clone(), product(std::fs::read_to_string(&path).unwrap())))
        .collect()
}

/// Code without comments, so that a doc may name what it likes.
fn code(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// The rooms that a text imports, by `crate::room` and by `use crate::{room::…, room::…}`.
fn imported(text: &str) -> BTreeSet<String> {
    let code = code(text);
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        let Some(group) = after.strip_prefix('{') else {
            found.insert(word(after));
            continue;
        };
        let mut depth = 0;
        let mut start = true;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                c if start && !c.is_whitespace() => {
                    found.insert(word(&group[at..]));
                    start = false;
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
fn every_room_imports_only_what_it_may() {
    let mut seen = BTreeSet::new();
    for (room, path, text) in rooms() {
        let Some((name, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else { continue };
        seen.insert(*name);
        for import in imported(&text) {
            assert!(
                import == room || allowed.contains(&import.as_str()),
                "{} imports {import}",
                path.display()
            );
        }
    }
    assert_eq!(seen.len(), ROOMS.len(), "a room of the table is gone: {seen:?}");
}

#[test]
fn a_foreign_crate_has_its_rooms() {
    let outside = ["app", "cli", "config", "lib", "main", "telemetry"];
    for (room, path, text) in rooms() {
        let code = code(&text);
        for (name, homes) in CRATES {
            let used = code.contains(&format!("{name}::")) || code.contains(&format!("use {name};"));
            let at_home = homes.contains(&room.as_str());
            assert!(!used || at_home, "{} uses {name}", path.display());
            assert!(!(used && outside.contains(&room.as_str())), "{} uses {name}", path.display());
        }
    }
}

#[test]
fn no_room_is_forgotten() {
    let known = ["app", "cli", "config", "lib", "main", "telemetry"];
    for (room, path, _) in rooms() {
        let listed = ROOMS.iter().any(|(name, _)| *name == room) || known.contains(&room.as_str());
        assert!(listed, "{} is in no room of the table", path.display());
    }
}

#[test]
fn the_table_is_the_architectures() {
    let text = std::fs::read_to_string(file("ARCHITECTURE.md")).unwrap();
    for (room, allowed) in ROOMS {
        let row = text
            .lines()
            .find(|line| line.starts_with(&format!("| `{room}")))
            .unwrap_or_else(|| panic!("{room}"));
        let cell = row.trim_end_matches('|').rsplit('|').next().unwrap();
        let named: BTreeSet<&str> = cell.split('`').skip(1).step_by(2).collect();
        assert_eq!(named, allowed.iter().copied().collect(), "ARCHITECTURE.md on {room}");
    }
}

#[test]
fn the_imports_of_a_group_are_seen() {
    let text = "use crate::{\n    clock::Clock,\n    gong::{self, Gong}, // crate::http\n    org,\n};\nfn f(x: crate::sync::Sync) {}";
    assert_eq!(imported(text), ["clock", "gong", "org", "sync"].map(str::to_owned).into());
}
