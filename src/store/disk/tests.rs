//! A disk that is full, as far as SQLite can tell: its files may have no more pages.

use std::{fs, path::PathBuf};

use jiff::Timestamp;

use super::*;
use crate::org::{self, Settings, SnapshotChecks, SnapshotSource, User, UserKind, UserParts};

/// A directory that is gone when the test is over.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("orgraph-store-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn users(number: u32) -> Vec<User> {
    let user = |id: u32| UserParts {
        id: id.to_string(),
        kind: UserKind::Person,
        email_address: None,
        email_aliases: vec![],
        trusted_email_address: None,
        first_name: None,
        last_name: None,
        title: None,
        phone_number: None,
        extension: None,
        active: true,
        created: None,
        settings: Settings::default(),
        spoken_languages: vec![],
        personal_meeting_urls: vec![],
        meeting_consent_page_url: None,
        manager_id: None,
        fetched_at: Timestamp::UNIX_EPOCH,
    };
    (0..number).map(user).map(User::from).collect()
}

fn snapshot(number: u32) -> OrgSnapshot {
    OrgSnapshot {
        version: u64::from(number).into(),
        taken_at: Timestamp::UNIX_EPOCH,
        source: SnapshotSource::FullScan,
        checks: SnapshotChecks::default(),
        graph: org::build(users(number)),
    }
}

fn stored(store: &Store) -> usize {
    store.load_snapshot().unwrap().unwrap().records.len()
}

/// Lets a file have so many pages; SQLite takes as many as there are for the least.
fn limit(database: &Database, pages: u32) {
    let limited = database.read(|connection| {
        Ok(connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?)
    });
    limited.unwrap();
}

#[test]
fn a_full_disk_costs_nothing_that_was_saved() {
    let scratch = Scratch::new("full");
    let (store, notices) = Store::open(&scratch.0).unwrap();
    assert!(notices.is_empty(), "{notices:?}");
    store.save_snapshot(&snapshot(10)).unwrap();
    store.save_spent(&[SpentHour { hour: 1, calls: 1, lookups: 1 }]).unwrap();
    limit(&store.snapshot, 1);
    limit(&store.calls, 1);
    for _ in 0..3 {
        let error = store.save_snapshot(&snapshot(5_000)).unwrap_err();
        assert!(matches!(error, StoreError::DiskFull { file: "snapshot.db" }), "{error}");
        assert_eq!(error.to_string(), "the disk is full: snapshot.db can't be written");
        assert_eq!(stored(&store), 10);
    }
    let hours: Vec<_> = (0..2_000).map(|hour| SpentHour { hour, calls: 1, lookups: 1 }).collect();
    let error = store.save_spent(&hours).unwrap_err();
    assert!(matches!(error, StoreError::DiskFull { file: "calls.db" }), "{error}");
    assert_eq!(store.load_spent().unwrap().len(), 1);

    limit(&store.snapshot, u32::MAX);
    limit(&store.calls, u32::MAX);
    store.save_snapshot(&snapshot(5_000)).unwrap();
    store.save_spent(&hours).unwrap();
    drop(store);
    let store = Store::open(&scratch.0).unwrap().0;
    assert_eq!(stored(&store), 5_000);
    assert_eq!(store.load_spent().unwrap(), hours);
}

#[test]
fn the_logs_stay_small() {
    let scratch = Scratch::new("logs");
    let store = Store::open(&scratch.0).unwrap().0;
    let size = |file: &str| fs::metadata(scratch.0.join(file)).unwrap().len();
    for number in [20_000, 100, 5_000] {
        store.save_snapshot(&snapshot(number)).unwrap();
        assert_eq!(size("snapshot.db-wal"), 0);
    }
    let hours: Vec<_> = (0..25).map(|hour| SpentHour { hour, calls: 1, lookups: 1 }).collect();
    for _ in 0..1_000 {
        store.save_spent(&hours).unwrap();
    }
    assert!(size("calls.db-wal") < 1 << 20, "{}", size("calls.db-wal"));
    assert_eq!(size("snapshot.db-wal"), 0);
}

#[test]
fn threads_share_it() {
    let scratch = Scratch::new("threads");
    let store = Store::open(&scratch.0).unwrap().0;
    std::thread::scope(|scope| {
        for number in 1..=4 {
            let store = &store;
            scope.spawn(move || {
                for _ in 0..10 {
                    store.save_snapshot(&snapshot(number * 100)).unwrap();
                    assert!([100, 200, 300, 400].contains(&stored(store)));
                }
            });
        }
    });
    assert!(stored(&store) > 0);
}
