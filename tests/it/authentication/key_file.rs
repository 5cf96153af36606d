//! The file of keys: what it holds, and how a running service keeps up with it.

use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt};

use orgraph::{
    auth::{Authenticator, KeyFileError, Role, Settings, Unauthenticated},
    clock::Clock,
};
use tokio::time::timeout;

use super::{Keys, bearer, here};
use crate::support::FOREVER;

#[test]
fn a_file_holds_hashes_and_is_nobody_elses() {
    let keys = Keys::new();
    let key = keys.add("tableau", Role::Reader);
    let text = fs::read_to_string(&keys.path).unwrap();
    assert!(!text.contains(&key) && !text.contains(key.trim_start_matches("orgraph_")), "{text}");
    assert_eq!(fs::metadata(&keys.path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!keys.file.is_open_to_others());
    fs::set_permissions(&keys.path, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(keys.file.is_open_to_others());
    keys.add("powerbi", Role::Analyst);
    assert!(!keys.file.is_open_to_others(), "what is written anew is private");
    let there: Vec<_> =
        fs::read_dir(keys.path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(there, ["keys.jsonl"], "nothing is left beside it");
}

#[test]
fn names_are_unique_and_plain() {
    let keys = Keys::new();
    keys.add("tableau", Role::Reader);
    let again = |name: &str| {
        let key = orgraph::auth::ApiKey::generate().unwrap();
        let now = jiff::Timestamp::UNIX_EPOCH;
        keys.file.add(&orgraph::auth::KeyEntry::new(name.to_owned(), Role::Admin, &key, now, None))
    };
    assert!(matches!(again("tableau"), Err(KeyFileError::NameTaken { .. })));
    for name in ["", "two words", "jürgen", "a/b", "line\nfeed", &"a".repeat(65)] {
        assert!(matches!(again(name), Err(KeyFileError::Name(_))), "{name:?}");
    }
    assert!(matches!(keys.file.remove("other"), Err(KeyFileError::NoSuchName { .. })));
    assert_eq!(keys.file.read().unwrap().len(), 1);
}

#[test]
fn what_people_write_into_it_stays() {
    let keys = Keys::new();
    fs::write(&keys.path, "\u{feff}# The keys of the BI tools.\r\n\r\n").unwrap();
    keys.add("one", Role::Reader);
    keys.add("two", Role::Reader);
    keys.file.remove("one").unwrap();
    let text = fs::read_to_string(&keys.path).unwrap();
    assert!(text.starts_with("\u{feff}# The keys of the BI tools.\r\n\r\n{"), "{text:?}");
    let names: Vec<_> = keys.file.read().unwrap().into_iter().map(|key| key.name).collect();
    assert_eq!(names, ["two"]);
}

#[test]
fn whoever_adds_at_the_same_moment_loses_nothing() {
    let keys = Keys::new();
    std::thread::scope(|scope| {
        for number in 0..20 {
            let keys = &keys;
            scope.spawn(move || keys.add(&format!("k{number}"), Role::Reader));
        }
    });
    let names: BTreeSet<_> = keys.file.read().unwrap().into_iter().map(|key| key.name).collect();
    assert_eq!(names.len(), 20);
}

#[test]
fn a_link_to_the_file_stays_one() {
    let (keys, links) = (Keys::new(), Keys::new());
    keys.add("one", Role::Reader);
    std::os::unix::fs::symlink(&keys.path, &links.path).unwrap();
    links.add("two", Role::Reader);
    assert!(fs::symlink_metadata(&links.path).unwrap().is_symlink());
    assert_eq!(keys.file.read().unwrap().len(), 2);
}

#[test]
fn a_line_that_is_no_key_is_named_and_not_repeated() {
    let keys = Keys::new();
    keys.add("one", Role::Reader);
    let good = fs::read_to_string(&keys.path).unwrap();
    let hash = "ab".repeat(32);
    let line = |role: &str, sha256: &str, rest: &str| {
        format!(
            r#"{{"name":"two","role":"{role}","sha256":"{sha256}","created":"2026-01-31T12:00:00Z"{rest}}}"#
        )
    };
    for bad in [
        "canary".to_owned(),
        "[]".to_owned(),
        line("owner", &hash, ""),
        line("reader", "canary", ""),
        line("reader", &"zz".repeat(32), ""),
        line("reader", &hash, r#","expires":"canary""#),
        line("reader", &hash, r#","key":"orgraph_canary""#),
        line("reader", &hash, "").replace("two", "canary canary"),
        line("reader", &hash, "").replace("two", "one"),
        good.trim().replace("\"one\"", "\"two\""),
    ] {
        fs::write(&keys.path, format!("{good}\n{bad}\n")).unwrap();
        let said = keys.file.read().unwrap_err().to_string();
        assert!(said.contains("line 3") && !said.contains("canary"), "{bad}: {said}");
        assert!(Authenticator::new(&keys.settings(), Clock::system()).is_err());
    }
    fs::write(&keys.path, [0xff, 0xfe]).unwrap();
    assert!(keys.file.read().unwrap_err().to_string().contains("UTF-8"));
    fs::write(&keys.path, "#".repeat(1 << 21)).unwrap();
    assert!(keys.file.read().unwrap_err().to_string().contains("larger than 1 MiB"));
    fs::remove_file(&keys.path).unwrap();
    fs::create_dir(&keys.path).unwrap();
    assert!(keys.file.read().unwrap_err().to_string().contains("is no file"));
}

#[tokio::test]
async fn a_running_service_keeps_up_with_the_file() {
    let keys = Keys::new();
    let (stays, goes) = (keys.add("stays", Role::Reader), keys.add("goes", Role::Admin));
    let authenticator = Authenticator::new(&keys.settings(), Clock::system()).unwrap();
    let mut changes = authenticator.changes();
    let running = tokio::spawn({
        let authenticator = authenticator.clone();
        async move { authenticator.run().await }
    });
    let viewer = async |key: &str| authenticator.viewer(Some(&bearer(key)), here()).await;
    let (stayer, goer) = (viewer(&stays).await.unwrap(), viewer(&goes).await.unwrap());

    keys.file.remove("goes").unwrap();
    timeout(FOREVER, changes.changed()).await.unwrap().unwrap();
    assert_eq!(viewer(&goes).await, Err(Unauthenticated::UnknownKey));
    assert!(!authenticator.still_valid(&goer));
    assert!(viewer(&stays).await.is_ok() && authenticator.still_valid(&stayer));

    let comes = keys.add("goes", Role::Reader);
    timeout(FOREVER, changes.changed()).await.unwrap().unwrap();
    assert_eq!(viewer(&comes).await.unwrap().role, Role::Reader);
    assert!(!authenticator.still_valid(&goer), "another key of the same name");
    assert_eq!(viewer(&goes).await, Err(Unauthenticated::UnknownKey));

    // The last key goes, and nobody is let in: not everybody.
    fs::write(&keys.path, "").unwrap();
    timeout(FOREVER, changes.changed()).await.unwrap().unwrap();
    assert_eq!(viewer(&stays).await, Err(Unauthenticated::UnknownKey));
    assert!(!authenticator.still_valid(&stayer) && authenticator.is_on());
    running.abort();
}

#[tokio::test]
async fn without_keys_or_an_issuer_everybody_is_let_in() {
    let authenticator = Authenticator::new(&Settings::default(), Clock::system()).unwrap();
    assert!(!authenticator.is_on());
    for header in [None, Some("Bearer anything")] {
        let viewer = authenticator.viewer(header, here()).await.unwrap();
        assert_eq!((&*viewer.id, viewer.role), ("address:192.0.2.1", Role::Admin));
        assert!(authenticator.still_valid(&viewer));
    }
}
