//! Whatever is wrong with the files, the service starts, says so and goes on with new ones.

use std::{fs, path::Path};

use orgraph::{
    org::UserParts,
    store::{Notice, SpentHour, Store, StoreError, StoredQuarantine, Unusable},
};

use crate::{
    company::{packed, user},
    store::{open, snapshot, tokens},
    support::Scratch,
};

const FILES: [&str; 4] = ["snapshot.db", "quarantine.db", "calls.db", "tokens.json"];
const SPENT: [SpentHour; 1] = [SpentHour { hour: 1, calls: 2, lookups: 3 }];

fn people() -> Vec<UserParts> {
    (0..250).map(|id| user(&id.to_string())).collect()
}

fn quarantine() -> StoredQuarantine {
    let saved = snapshot(1, Vec::new());
    StoredQuarantine {
        id: 1,
        at: saved.taken_at,
        taken_at: saved.taken_at,
        reasons: Vec::new(),
        checks: saved.checks,
        records: packed(people()),
    }
}

fn fill(store: &Store) {
    store.save_snapshot(&snapshot(1, people())).unwrap();
    store.save_quarantine(&quarantine()).unwrap();
    store.save_spent(&SPENT).unwrap();
    store.save_tokens(&tokens(1)).unwrap();
}

/// A directory in which everything was saved.
fn filled() -> Scratch {
    let scratch = Scratch::new();
    fill(&open(scratch.path()));
    scratch
}

/// Which of the files give what was saved; and what was said about the others while they were read.
fn loaded(store: &Store) -> (Vec<&'static str>, Vec<StoreError>) {
    let results = [
        store.load_snapshot().map(|found| found.is_some_and(|found| found.records == packed(people()))),
        store.load_quarantine().map(|found| found == Some(quarantine())),
        store.load_spent().map(|found| found == SPENT),
        store.load_tokens().map(|found| found.is_some()),
    ];
    let (mut whole, mut errors) = (Vec::new(), Vec::new());
    for (file, result) in FILES.into_iter().zip(results) {
        match result {
            Ok(true) => whole.push(file),
            Ok(false) => {}
            Err(error) => errors.push(error),
        }
    }
    (whole, errors)
}

/// Damages one file after the other by `damage`, and sees that it is set aside and the others are not.
fn each_is_set_aside(damage: impl Fn(&Path), why: impl Fn(&Unusable) -> bool) {
    for file in FILES {
        let scratch = filled();
        damage(&scratch.path().join(file));
        is_set_aside(scratch.path(), file, &why);
    }
}

fn is_set_aside(directory: &Path, file: &str, why: impl Fn(&Unusable) -> bool) {
    let (store, mut notices) = Store::open(directory).unwrap();
    let (whole, errors) = loaded(&store);
    // What is wrong inside is found when it is read.
    notices.extend(errors.into_iter().map(Notice::from));
    let [Notice::SetAside(aside)] = &notices[..] else { panic!("{file}: {notices:?}") };
    assert_eq!(aside.file, file);
    assert!(why(&aside.why), "{file}: {aside}");
    assert!(aside.to_string().contains(&format!("kept as {file}.damaged-1")), "{aside}");
    assert!(directory.join(&aside.kept_as).exists());
    let others: Vec<_> = FILES.into_iter().filter(|other| *other != file).collect();
    assert_eq!(whole, others, "the others are untouched");

    fill(&store);
    assert_eq!(loaded(&store).0, FILES);
    drop(store);
    assert_eq!(loaded(&open(directory)).0, FILES);
}

fn damaged(why: &Unusable) -> bool {
    matches!(why, Unusable::Damaged(_))
}

#[test]
fn a_truncated_file() {
    for part in [0, 1, 50, 99] {
        let cut = |path: &Path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() * part / 100]).unwrap();
        };
        each_is_set_aside(cut, damaged);
    }
}

#[test]
fn random_bytes() {
    let mut random = fastrand::Rng::with_seed(1);
    for bytes in [1, 100, 5_000, 100_000] {
        let noise: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(bytes).collect();
        each_is_set_aside(|path| fs::write(path, &noise).unwrap(), damaged);
    }
}

#[test]
fn noise_in_the_middle() {
    for seed in 0..6 {
        for file in ["snapshot.db", "quarantine.db"] {
            let scratch = filled();
            let path = scratch.path().join(file);
            let mut random = fastrand::Rng::with_seed(seed);
            let mut bytes = fs::read(&path).unwrap();
            // Behind the first two pages there are people.
            let at = random.usize(3 * 4096..bytes.len() - 600);
            bytes[at..at + 600].fill_with(|| random.u8(..));
            fs::write(&path, bytes).unwrap();
            is_set_aside(scratch.path(), file, damaged);
        }
    }
}

#[test]
fn one_letter_that_changed() {
    let scratch = filled();
    let path = scratch.path().join("snapshot.db");
    let mut bytes = fs::read(&path).unwrap();
    let id = bytes.windows(10).position(|text| text == br#"{"id":"123"#).unwrap();
    bytes[id + 7] = b'9';
    fs::write(&path, bytes).unwrap();
    is_set_aside(scratch.path(), "snapshot.db", damaged);
}

#[test]
fn a_directory_in_its_place() {
    let replace = |path: &Path| {
        fs::remove_file(path).unwrap();
        fs::create_dir(path).unwrap();
        fs::write(path.join("inside"), "kept").unwrap();
    };
    each_is_set_aside(replace, |why| *why == Unusable::NotAFile);
}

/// Runs statements on one of the databases, as another program would.
fn alter(path: &Path, statements: &str) {
    rusqlite::Connection::open(path).unwrap().execute_batch(statements).unwrap();
}

#[test]
fn a_database_of_another_program() {
    for (file, others) in [("snapshot.db", "quarantine.db"), ("quarantine.db", "calls.db")] {
        let foreign = |why: &Unusable| *why == Unusable::Foreign;
        let scratch = filled();
        alter(&scratch.path().join(file), "PRAGMA application_id = 42");
        is_set_aside(scratch.path(), file, foreign);
        let scratch = filled();
        fs::copy(scratch.path().join(others), scratch.path().join(file)).unwrap();
        is_set_aside(scratch.path(), file, foreign);
    }
}

#[test]
fn a_schema_of_another_version() {
    let newer = Unusable::Newer { found: 1_000, known: 1 };
    for file in &FILES[..3] {
        let scratch = filled();
        alter(&scratch.path().join(file), "PRAGMA user_version = 1000");
        is_set_aside(scratch.path(), file, |why| *why == newer);
        let scratch = filled();
        alter(&scratch.path().join(file), "PRAGMA user_version = 0");
        is_set_aside(scratch.path(), file, |why| *why == Unusable::Foreign);
    }
    let scratch = filled();
    fs::write(scratch.path().join("tokens.json"), r#"{"version":1000,"vault":1}"#).unwrap();
    is_set_aside(scratch.path(), "tokens.json", |why| *why == newer);
}

#[test]
fn tables_that_are_not_there() {
    for (file, table) in [("snapshot.db", "person"), ("quarantine.db", "whole"), ("calls.db", "spent")] {
        let scratch = filled();
        alter(&scratch.path().join(file), &format!("DROP TABLE {table}"));
        is_set_aside(scratch.path(), file, damaged);
    }
}

#[test]
fn a_save_takes_a_new_file() {
    let scratch = filled();
    for (file, table) in [("snapshot.db", "person"), ("quarantine.db", "whole"), ("calls.db", "spent")] {
        alter(&scratch.path().join(file), &format!("DROP TABLE {table}"));
    }
    let store = open(scratch.path());
    fs::remove_file(scratch.path().join("tokens.json")).unwrap();
    fs::create_dir(scratch.path().join("tokens.json")).unwrap();
    fill(&store);
    let (whole, errors) = loaded(&store);
    assert_eq!(whole, FILES, "{errors:?}");
    for file in FILES {
        assert!(scratch.path().join(format!("{file}.damaged-1")).exists(), "{file}");
    }
}

#[test]
fn a_file_that_somebody_looks_into_is_left_alone() {
    let scratch = filled();
    let other = rusqlite::Connection::open(scratch.path().join("snapshot.db")).unwrap();
    other.execute_batch("BEGIN; SELECT * FROM whole;").unwrap();
    let (store, notices) = Store::open(scratch.path()).unwrap();
    let [Notice::NotOpened(StoreError::Failed { file: "snapshot.db", .. })] = &notices[..] else {
        panic!("{notices:?}")
    };
    drop(other);
    let (whole, errors) = loaded(&store);
    assert_eq!(whole, FILES, "{errors:?}");
}

#[test]
fn only_the_last_three_are_kept() {
    let scratch = filled();
    for round in 1..=6 {
        for file in FILES {
            fs::write(scratch.path().join(file), format!("{round} ").repeat(1_000)).unwrap();
            fs::write(scratch.path().join(format!("{file}-wal")), "a log").unwrap();
        }
        assert_eq!(Store::open(scratch.path()).unwrap().1.len(), FILES.len());
    }
    let mut names: Vec<_> = fs::read_dir(scratch.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("calls.db"))
        .collect();
    names.sort_unstable();
    let kept = ["calls.db", "calls.db.damaged-4", "calls.db.damaged-5", "calls.db.damaged-6"];
    names.retain(|name| !name.ends_with("-wal"));
    assert_eq!(names, kept);
    let oldest = fs::read_to_string(scratch.path().join("tokens.json.damaged-4")).unwrap();
    assert!(oldest.starts_with("4 "));
    assert!(!scratch.path().join("tokens.json.damaged-3-wal").exists());
}

#[test]
fn a_log_of_another_file_is_not_read() {
    let scratch = filled();
    let store = open(scratch.path());
    // The log while it is in use holds what the file doesn't yet.
    store.save_spent(&[SpentHour { hour: 9, calls: 9, lookups: 9 }]).unwrap();
    let log = fs::read(scratch.path().join("calls.db-wal")).unwrap();
    assert!(!log.is_empty());
    drop(store);
    fs::remove_file(scratch.path().join("calls.db")).unwrap();
    fs::write(scratch.path().join("calls.db-wal"), log).unwrap();
    assert_eq!(open(scratch.path()).load_spent().unwrap(), []);
}
