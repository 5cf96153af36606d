//! A process that is killed while it saves loses nothing that it had saved.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use orgraph::{
    org::UserParts,
    store::{SpentHour, Store, StoredQuarantine},
};
use secrecy::ExposeSecret;

use crate::{
    company::{packed, user},
    store::{open, snapshot, tokens},
    support::Scratch,
};

/// Names the directory to a process that is there to be killed.
const DIRECTORY: &str = "ORGRAPH_TEST_STORE_TO_KILL";
const ROUNDS: u64 = 20;

/// The people of a version: how many and what they are called tells which.
fn people(version: u64) -> Vec<UserParts> {
    let people = 50 + version * 37 % 400;
    let person = |id| UserParts { title: Some(version.to_string()), ..user(&format!("{id}")) };
    (0..people).map(person).collect()
}

fn spent(version: u64) -> [SpentHour; 2] {
    [1, 2].map(|hour| SpentHour { hour, calls: version as u32, lookups: version as u32 / 2 })
}

/// Saves one version after the other until it is killed, and tells of each.
fn save_for_ever(directory: &Path) {
    let store = open(directory);
    let mut version = version_of(&store);
    let mut out = std::io::stdout();
    loop {
        version += 1;
        let saved = snapshot(version, people(version));
        let quarantine = StoredQuarantine {
            id: version,
            at: saved.taken_at,
            taken_at: saved.taken_at,
            reasons: vec![version.to_string()],
            checks: saved.checks,
            records: packed(people(version)),
        };
        store.save_snapshot(&saved).unwrap();
        store.save_spent(&spent(version)).unwrap();
        store.save_tokens(&tokens(version)).unwrap();
        store.save_quarantine(&quarantine).unwrap();
        // The harness may have left its line unfinished.
        writeln!(out, "\nsaved {version}").unwrap();
        out.flush().unwrap();
    }
}

fn version_of(store: &Store) -> u64 {
    store.load_snapshot().unwrap().map_or(0, |stored| stored.version.as_u64())
}

/// The versions in a directory.
#[derive(Debug, Default)]
struct Found {
    snapshot: u64,
    calls: u64,
    tokens: u64,
    quarantine: u64,
}

impl Found {
    /// Reads a directory, and holds everything in it to be of one version.
    fn read(directory: &Path) -> Self {
        let store = open(directory);
        let snapshot = store.load_snapshot().unwrap().map_or(0, |stored| {
            let version = stored.version.as_u64();
            assert!(stored.records == packed(people(version)), "the people of {version}");
            version
        });
        let hours = store.load_spent().unwrap();
        let calls = hours.first().map_or(0, |hour| u64::from(hour.calls));
        assert!(calls == 0 && hours.is_empty() || hours == spent(calls), "{hours:?}");
        let tokens = store.load_tokens().unwrap().map_or(0, |stored| {
            stored.refresh_token.expose_secret().strip_prefix("refresh-").unwrap().parse().unwrap()
        });
        let quarantine = store.load_quarantine().unwrap().map_or(0, |stored| {
            assert!(stored.records == packed(people(stored.id)), "the people of {}", stored.id);
            assert_eq!(stored.reasons, [stored.id.to_string()]);
            stored.id
        });
        Self { snapshot, calls, tokens, quarantine }
    }

    /// `saved` is the last version of which the process told that everything was saved.
    fn follows(&self, before: &Self, saved: u64) {
        let whole = saved.max(before.snapshot);
        assert!((whole..=whole + 1).contains(&self.snapshot), "{self:?} after {saved}, {before:?}");
        for (now, before) in
            [(self.calls, before.calls), (self.tokens, before.tokens), (self.quarantine, before.quarantine)]
        {
            assert!((saved.max(before)..=self.snapshot).contains(&now), "{self:?} after {saved}");
        }
    }
}

#[test]
fn kill_9_loses_nothing() {
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        save_for_ever(Path::new(&directory));
    }
    let scratch = Scratch::new();
    let mut random = fastrand::Rng::with_seed(9);
    let mut known = Found::default();
    for _ in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store_kill::kill_9_loses_nothing", "--nocapture"])
            .env(DIRECTORY, scratch.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let saved = |line: std::io::Result<String>| line.unwrap().strip_prefix("saved ")?.parse::<u64>().ok();
        // From a few saves on, any moment: within a save, between two, in the middle of making the files.
        let before = random.usize(0..4);
        let mut last = lines.by_ref().filter_map(saved).take(before).last();
        std::thread::sleep(Duration::from_micros(random.u64(0..20_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        last = lines.filter_map(saved).last().or(last);
        let found = Found::read(scratch.path());
        found.follows(&known, last.unwrap_or(0));
        known = found;
    }
    assert!(known.snapshot > ROUNDS / 2, "hardly anything was saved: {known:?}");
}
