//! What is saved comes back as it was, from a directory that is nobody else's.

use std::{path::Path, time::Instant};

use jiff::Timestamp;
use orgraph::{
    org::{
        self, OrgSnapshot, Settings, SnapshotChecks, SnapshotSource, SnapshotVersion, SpokenLanguage,
        UserKind, UserParts,
    },
    store::{SpentHour, Store, StoreError, StoredQuarantine, StoredTokens},
};
use proptest::{collection::vec, option::of, prelude::*};
use secrecy::ExposeSecret;

use crate::{
    company::{build, companies, for_all, packed, user},
    support::Scratch,
};

/// A store over `directory` about which there is nothing to say.
pub(crate) fn open(directory: &Path) -> Store {
    let (store, notices) = Store::open(directory).unwrap();
    assert!(notices.is_empty(), "{notices:?}");
    store
}

pub(crate) fn snapshot(version: u64, users: Vec<UserParts>) -> OrgSnapshot {
    OrgSnapshot {
        version: SnapshotVersion::from(version),
        taken_at: "2026-03-01T10:11:12.123456789Z".parse().unwrap(),
        source: SnapshotSource::FullScan,
        checks: SnapshotChecks { pages_read: 3, records_announced: Some(7), ..SnapshotChecks::default() },
        graph: build(users),
    }
}

pub(crate) fn tokens(number: u64) -> StoredTokens {
    StoredTokens {
        access_token: format!("access-{number}").into(),
        refresh_token: format!("refresh-{number}").into(),
        issued_at: Timestamp::MIN,
        expires_at: Timestamp::UNIX_EPOCH,
        api_base_url: Some("https://us-1.api.gong.io".to_owned()),
        origin: "client".to_owned(),
    }
}

fn moments() -> impl Strategy<Value = Timestamp> {
    let (first, last) = (Timestamp::MIN.as_nanosecond(), Timestamp::MAX.as_nanosecond());
    prop_oneof![
        Just(Timestamp::MIN),
        Just(Timestamp::MAX),
        (first..=last).prop_map(|at| Timestamp::from_nanosecond(at).unwrap()),
    ]
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[a-z\u{0}\"\\\\é\u{1F600}\n]{0,12}"]
}

fn settings() -> impl Strategy<Value = Settings> {
    any::<[Option<bool>; 7]>().prop_map(|[a, b, c, d, e, f, g]| Settings {
        web_conferences_recorded: a,
        prevent_web_conference_recording: b,
        telephony_calls_imported: c,
        emails_imported: d,
        prevent_email_import: e,
        non_recorded_meetings_imported: f,
        gong_connect_enabled: g,
    })
}

/// Users of whom every field may be anything; an empty text is none.
fn users() -> impl Strategy<Value = UserParts> {
    let emails = (of(texts()), vec(texts(), 0..3), of(texts()));
    let names = (of(texts()), of(texts()), of(texts()), of(texts()), of(texts()));
    let lists = (vec((texts(), any::<bool>()), 0..3), vec(texts(), 0..3), of(texts()));
    let rest = (any::<bool>(), any::<bool>(), of(moments()), settings(), of(texts()), moments());
    (texts(), emails, names, lists, rest).prop_map(|(id, emails, names, lists, rest)| UserParts {
        id,
        kind: if rest.0 { UserKind::Avatar } else { UserKind::Person },
        email_address: emails.0,
        email_aliases: emails.1,
        trusted_email_address: emails.2,
        first_name: names.0,
        last_name: names.1,
        title: names.2,
        phone_number: names.3,
        extension: names.4,
        active: rest.1,
        created: rest.2,
        settings: rest.3,
        spoken_languages: lists
            .0
            .into_iter()
            .map(|(language, primary)| SpokenLanguage { language, primary })
            .collect(),
        personal_meeting_urls: lists.1,
        meeting_consent_page_url: lists.2,
        manager_id: rest.4,
        fetched_at: rest.5,
    })
}

fn checks() -> impl Strategy<Value = SnapshotChecks> {
    (any::<[u32; 10]>(), any::<Option<u32>>()).prop_map(|(numbers, records_announced)| SnapshotChecks {
        pages_read: numbers[0],
        records_read: numbers[1],
        ids_read: numbers[2],
        records_announced,
        listing_restarts: numbers[3],
        managers_asked_for: numbers[4],
        managers_found: numbers[5],
        absentees_asked_for: numbers[6],
        absentees_found: numbers[7],
        records_refused: numbers[8],
        records_kept: numbers[9],
    })
}

#[test]
fn every_field_of_a_snapshot_comes_back() {
    let scratch = Scratch::new();
    let store = open(scratch.path());
    let snapshots = (any::<u64>(), moments(), any::<bool>(), checks(), vec(users(), 0..5));
    for_all(64, snapshots, |(version, taken_at, scanned, checks, users)| {
        let source = if scanned { SnapshotSource::FullScan } else { SnapshotSource::ReadRepair };
        let graph = build(users);
        let saved = OrgSnapshot { version: version.into(), taken_at, source, checks, graph };
        store.save_snapshot(&saved).unwrap();
        let stored = store.load_snapshot().unwrap().expect("it was saved");
        prop_assert_eq!(stored.version, saved.version);
        prop_assert_eq!(stored.taken_at, saved.taken_at);
        prop_assert_eq!(stored.source, saved.source);
        prop_assert_eq!(stored.checks, saved.checks);
        // `User` shows its id alone; what differs is found by shrinking.
        prop_assert!(org::build(stored.records).users() == saved.graph.users());
        Ok(())
    });
}

#[test]
fn a_restored_graph_is_the_one_that_was_saved() {
    let scratch = Scratch::new();
    let store = open(scratch.path());
    for_all(64, companies(40), |company| {
        let saved = snapshot(1, company.users());
        store.save_snapshot(&saved).unwrap();
        let restored = org::build(store.load_snapshot().unwrap().expect("it was saved").records);
        prop_assert!(restored.users() == saved.graph.users(), "the users or their order");
        prop_assert_eq!(restored.anomalies(), saved.graph.anomalies());
        Ok(())
    });
}

#[test]
fn it_comes_back_after_a_restart() {
    let scratch = Scratch::new();
    let quarantine = StoredQuarantine {
        id: u64::MAX,
        at: Timestamp::MAX,
        taken_at: Timestamp::MIN,
        reasons: vec!["REMOVED_TOO_MANY: 51 %".to_owned(), String::new()],
        checks: SnapshotChecks { records_read: 9, ..SnapshotChecks::default() },
        records: packed(vec![user("2"), user("1"), user("2")]),
    };
    let spent = [
        SpentHour { hour: i64::MIN, calls: 0, lookups: u32::MAX },
        SpentHour { hour: 492_000, calls: u32::MAX, lookups: 3 },
    ];
    let store = open(scratch.path());
    assert_eq!(store.load_snapshot().unwrap(), None);
    assert_eq!(store.load_quarantine().unwrap(), None);
    assert_eq!(store.load_spent().unwrap(), []);
    assert!(store.load_tokens().unwrap().is_none());
    store.save_snapshot(&snapshot(5, vec![user("1"), user("3")])).unwrap();
    store.save_quarantine(&quarantine).unwrap();
    store.save_spent(&spent).unwrap();
    store.save_tokens(&tokens(1)).unwrap();
    drop(store);

    let store = open(scratch.path());
    assert_eq!(store.load_snapshot().unwrap().unwrap().records, packed(vec![user("1"), user("3")]));
    assert_eq!(store.load_quarantine().unwrap(), Some(quarantine.clone()));
    assert_eq!(store.load_spent().unwrap(), spent);
    let stored = store.load_tokens().unwrap().unwrap();
    assert_eq!(stored.access_token.expose_secret(), "access-1");
    assert_eq!(stored.refresh_token.expose_secret(), "refresh-1");
    assert_eq!((stored.issued_at, stored.expires_at), (Timestamp::MIN, Timestamp::UNIX_EPOCH));
    assert_eq!(stored.api_base_url.as_deref(), Some("https://us-1.api.gong.io"));
    assert_eq!(stored.origin, "client");
    store.clear_quarantine().unwrap();
    store.save_spent(&spent[1..]).unwrap();
    drop(store);

    let store = open(scratch.path());
    assert_eq!(store.load_quarantine().unwrap(), None);
    assert_eq!(store.load_spent().unwrap(), spent[1..]);
    store.save_quarantine(&quarantine).unwrap();
    assert_eq!(store.load_quarantine().unwrap(), Some(quarantine));
}

#[test]
fn what_is_gone_leaves_no_trace() {
    let scratch = Scratch::new();
    let store = open(scratch.path());
    let mut users: Vec<UserParts> = (0..200).map(|id| user(&id.to_string())).collect();
    for user in &mut users {
        user.title = Some("canary-title".into());
    }
    let held = |what: &str| {
        let files = std::fs::read_dir(scratch.path()).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).contains(what)).count()
    };
    store.save_snapshot(&snapshot(1, users)).unwrap();
    store.save_tokens(&tokens(1)).unwrap();
    assert_eq!((held("canary-title"), held("refresh-1")), (1, 1));
    store.save_snapshot(&snapshot(2, vec![user("1")])).unwrap();
    store.save_tokens(&tokens(2)).unwrap();
    assert_eq!((held("canary-title"), held("refresh-1")), (0, 0));
}

#[test]
fn tokens_are_not_shown() {
    let shown = format!("{:?}", tokens(1));
    assert!(shown.contains("1970") && !shown.contains("access-1") && !shown.contains("refresh-1"), "{shown}");
}

#[cfg(unix)]
#[test]
fn everything_is_the_users_own() {
    use std::os::unix::fs::PermissionsExt;

    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let scratch = Scratch::new();
    let directory = scratch.path().join("a/b");
    let fill = || {
        let store = open(&directory);
        store.save_snapshot(&snapshot(1, vec![user("1")])).unwrap();
        store.save_spent(&[SpentHour { hour: 1, calls: 1, lookups: 0 }]).unwrap();
        store.save_tokens(&tokens(1)).unwrap();
        let files = std::fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path());
        let files: Vec<_> = files.collect();
        assert!(files.iter().any(|file| file.ends_with("calls.db-wal")), "{files:?}");
        for file in &files {
            assert_eq!(mode(file), 0o600, "{}", file.display());
        }
        files
    };
    let files = fill();
    assert_eq!((mode(&directory), mode(&scratch.path().join("a"))), (0o700, 0o700));
    // As after a restore from a backup.
    for file in files.iter().filter(|file| file.exists()) {
        std::fs::set_permissions(file, PermissionsExt::from_mode(0o644)).unwrap();
    }
    fill();
}

#[test]
fn a_directory_has_one_process() {
    let scratch = Scratch::new();
    let store = open(scratch.path());
    let error = Store::open(scratch.path()).unwrap_err();
    assert!(matches!(error, StoreError::Locked { .. }), "{error}");
    assert!(error.to_string().contains("in use by another"), "{error}");
    drop(store);
    open(scratch.path());
}

#[test]
fn a_directory_that_cannot_be_used_is_an_error() {
    let scratch = Scratch::new();
    let refused = |directory: &Path| {
        let error = Store::open(directory).unwrap_err();
        assert!(matches!(error, StoreError::Directory { .. }), "{error}");
        assert!(error.to_string().contains(directory.to_str().unwrap()), "{error}");
    };
    let file = scratch.path().join("file");
    std::fs::write(&file, "").unwrap();
    refused(&file);
    refused(&file.join("below"));
    let lock = scratch.path().join("locked");
    std::fs::create_dir_all(lock.join("lock")).unwrap();
    refused(&lock);
    // The system's own: not even root makes files there.
    #[cfg(target_os = "linux")]
    refused(Path::new("/proc/self/fdinfo"));
}

#[test]
#[ignore = "needs a file system of two megabytes, named by ORGRAPH_TEST_SMALL_DISK"]
fn a_disk_full_to_the_last_byte() {
    let disk = std::env::var_os("ORGRAPH_TEST_SMALL_DISK").expect("the path of a small file system");
    let directory = Path::new(&disk).join("state");
    let filler = Path::new(&disk).join("filler");
    let people = |number: u32| (0..number).map(|id| user(&id.to_string())).collect::<Vec<_>>();
    let fill = || {
        let mut file = std::fs::File::create(&filler).unwrap();
        while std::io::Write::write(&mut file, &[0; 512]).is_ok_and(|written| written > 0) {}
    };
    let full = |result: Result<(), StoreError>| {
        let error = result.unwrap_err();
        assert!(matches!(error, StoreError::DiskFull { .. }), "{error:?}");
    };
    let spent = [SpentHour { hour: 1, calls: 2, lookups: 3 }];

    fill();
    let (store, notices) = Store::open(&directory).unwrap();
    assert_eq!(notices.len(), 3, "{notices:?}");
    full(store.save_snapshot(&snapshot(1, people(500))));
    full(store.save_tokens(&tokens(1)));
    std::fs::remove_file(&filler).unwrap();
    store.save_snapshot(&snapshot(1, people(500))).unwrap();
    store.save_spent(&spent).unwrap();
    store.save_tokens(&tokens(1)).unwrap();
    full(store.save_snapshot(&snapshot(2, people(100_000))));
    assert_eq!(store.load_snapshot().unwrap().unwrap().records.len(), 500);

    fill();
    drop(store);
    let store = open(&directory);
    assert_eq!(store.load_snapshot().unwrap().unwrap().records.len(), 500);
    assert_eq!(store.load_spent().unwrap(), spent);
    fill();
    full(store.save_snapshot(&snapshot(2, people(600))));
    full(store.save_spent(&[]));
    full(store.save_tokens(&tokens(2)));
    assert_eq!(store.load_spent().unwrap(), spent);
    assert_eq!(store.load_tokens().unwrap().unwrap().refresh_token.expose_secret(), "refresh-1");
    std::fs::remove_file(&filler).unwrap();
    store.save_snapshot(&snapshot(2, people(600))).unwrap();
    store.save_spent(&[]).unwrap();
    store.save_tokens(&tokens(2)).unwrap();
    drop(store);
    let store = open(&directory);
    assert_eq!(store.load_snapshot().unwrap().unwrap().records.len(), 600);
    assert_eq!(store.load_spent().unwrap(), []);
}

#[test]
#[ignore = "prints figures; meant for a release build"]
fn figures() {
    for people in [10_000, 200_000] {
        let scratch = Scratch::new();
        let store = open(scratch.path());
        let users = (0..people).map(|at| UserParts {
            email_address: Some(format!("person.number{at}@example.org")),
            first_name: Some(format!("First{at}")),
            last_name: Some(format!("Last{at}")),
            title: Some("Senior Account Executive, Mid-Market".into()),
            phone_number: Some("+1 555 0100".into()),
            created: Some("2021-05-06T07:08:09.123Z".parse().unwrap()),
            settings: Settings {
                web_conferences_recorded: Some(true),
                prevent_web_conference_recording: Some(false),
                telephony_calls_imported: Some(true),
                emails_imported: Some(true),
                prevent_email_import: Some(false),
                non_recorded_meetings_imported: Some(false),
                gong_connect_enabled: Some(true),
            },
            spoken_languages: vec![SpokenLanguage { language: "en-US".into(), primary: true }],
            meeting_consent_page_url: Some(format!("https://join.gong.io/example/person.number{at}")),
            manager_id: Some(format!("{}", 5_000_000_000_000_000_000_u64 + at / 8)),
            ..user(&format!("{}", 5_000_000_000_000_000_000 + at))
        });
        let saved = snapshot(1, users.collect());
        let timed = |what: &str, work: &dyn Fn()| {
            #[expect(clippy::disallowed_methods, reason = "a figure for people")]
            let began = Instant::now();
            work();
            println!("{people} users: {what} {:?}", began.elapsed());
        };
        for _ in 0..3 {
            timed("saved in", &|| store.save_snapshot(&saved).unwrap());
        }
        for _ in 0..3 {
            timed("loaded in", &|| assert!(store.load_snapshot().unwrap().is_some()));
        }
        timed("1,000 times the calls of a day in", &|| {
            let hours: Vec<_> = (0..25).map(|hour| SpentHour { hour, calls: 7, lookups: 1 }).collect();
            (0..1_000).for_each(|_| store.save_spent(&hours).unwrap());
        });
        let size = std::fs::metadata(scratch.path().join("snapshot.db")).unwrap().len();
        println!("{people} users: {} KiB", size / 1024);
    }
}
