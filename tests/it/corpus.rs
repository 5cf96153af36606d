//! The seeds of the fuzz targets, through the entry points that the targets use: each as it is, cut at every
//! place, and with every byte changed.

use orgraph::{gong, graphql, http};

use crate::support::file;

type Target = (&'static str, fn(&[u8]) -> bool);

const TARGETS: [Target; 9] = [
    ("users", gong::fuzzing::users_answer),
    ("live", gong::fuzzing::live_answer),
    ("tokens", gong::fuzzing::token_answer),
    ("errors", gong::fuzzing::error_answer),
    ("cursor", graphql::fuzzing::cursor),
    ("document", graphql::fuzzing::document),
    ("query_string", http::fuzzing::query_string),
    ("body", http::fuzzing::body),
    ("media_types", http::fuzzing::media_types),
];

/// The seeds of a target: name and bytes. The name begins with what is to be made of them.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let seeds = std::fs::read_dir(file("fuzz/seeds").join(target)).unwrap().map(|entry| {
        let entry = entry.unwrap();
        (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())
    });
    seeds.collect()
}

#[test]
fn every_seed_is_read_as_its_name_says() {
    for (target, read) in TARGETS {
        let (mut good, mut bad) = (0, 0);
        for (name, bytes) in seeds(target) {
            let expected = name.starts_with("good-");
            assert!(expected || name.starts_with("bad-"), "{target}/{name} says neither");
            assert_eq!(read(&bytes), expected, "{target}/{name}");
            *(if expected { &mut good } else { &mut bad }) += 1;
        }
        assert!(good > 1 && bad > 1, "{target}: {good} good, {bad} bad");
    }
}

#[test]
fn what_is_near_a_seed_breaks_nothing() {
    for (target, read) in TARGETS {
        for (_, bytes) in seeds(target) {
            for at in 0..bytes.len() {
                read(&bytes[..at]);
                for change in [0x01, 0x20, 0x80, 0xff] {
                    let mut changed = bytes.clone();
                    changed[at] ^= change;
                    read(&changed);
                }
            }
        }
    }
}

#[test]
fn the_targets_are_those_of_the_fuzzer() {
    let targets = std::fs::read_dir(file("fuzz/fuzz_targets")).unwrap();
    let mut found: Vec<_> = targets.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    found.sort();
    let mut known = TARGETS.map(|(target, _)| format!("{target}.rs"));
    known.sort();
    assert_eq!(found, known);
}
