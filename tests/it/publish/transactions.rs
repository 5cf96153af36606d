//! All of a publication or nothing: killed in the middle, on a disk that is full, and for whoever reads meanwhile.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use orgraph::publish::{PublishError, publish};
use tokio_postgres::IsolationLevel;

use super::{line, people, snapshot};
use crate::support::{Database, Postgres, PostgresTold, Process, Scratch, orgraph, serve, simulate};

/// Which snapshot the tables are of, and how many rows each has: all that differs between two lines of people.
const SEEN: &str = "SELECT (SELECT version FROM orgraph.snapshot), (SELECT count(*) FROM orgraph.users), \
    (SELECT count(*) FROM orgraph.reporting_lines), (SELECT count(*) FROM orgraph.orphans), \
    (SELECT max(depth) FROM orgraph.users)";

type Seen = (i64, i64, i64, i64, i64);

fn seen(row: &tokio_postgres::Row) -> Seen {
    (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4))
}

async fn look(database: &Database) -> Seen {
    seen(&database.rows(SEEN, &[]).await[0])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_is_killed_in_the_middle_leaves_what_was_there() {
    let Some(postgres) = Postgres::start().await else { return };
    let admin = postgres.with_roles().await;
    publish(&postgres.target("orgraph", "bi"), snapshot(line("p", 40), 1)).await.unwrap();
    let before = look(&admin).await;
    // Held up where all rows are staged, some are removed, and those of users aren't written yet.
    let mut holding = postgres.connect("postgres", "bi").await;
    let held = holding.client.transaction().await.unwrap();
    held.batch_execute("LOCK TABLE orgraph.org_stats IN EXCLUSIVE MODE").await.unwrap();
    let gong = serve(&simulate(people(30))).await;
    let command = || {
        let mut command = orgraph();
        command
            .args(["publish", "--to", &postgres.address("orgraph", "bi"), "--levels", "3"])
            .envs([("GONG_ACCESS_KEY", "key"), ("GONG_ACCESS_KEY_SECRET", "canary-secret")])
            .env("GONG_BASE_URL", &gong);
        command
    };
    let process = Process::start(&mut command());
    admin
        .until(
            "SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_class c ON c.oid = l.relation \
             WHERE c.relname = 'org_stats' AND NOT l.granted)",
        )
        .await;
    process.kill();
    // The server notices by itself, and doesn't wait for the lock.
    admin.until("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'orgraph')").await;
    assert_eq!(look(&admin).await, before);
    held.rollback().await.unwrap();
    let output = command().output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let after = look(&admin).await;
    assert!(after.0 > before.0 && (after.1, after.2, after.4) == (30, 29 * 30 / 2, 29), "{after:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn readers_see_one_snapshot_or_the_next() {
    let Some(postgres) = Postgres::start().await else { return };
    let admin = postgres.with_roles().await;
    let target = postgres.target("orgraph", "bi");
    let sizes = |round: u64| [60, 45, 80][round as usize % 3];
    let expected: BTreeMap<i64, Seen> = (1..=12)
        .map(|round| {
            let size = sizes(round) as i64;
            let version = 1_000 + round as i64;
            (version, (version, size, size * (size - 1) / 2, 0, size - 1))
        })
        .collect();
    publish(&target, snapshot(line("p", sizes(1)), 1)).await.unwrap();
    assert_eq!(look(&admin).await, expected[&1_001]);
    let over = Arc::new(AtomicBool::new(false));
    let mut one = postgres.connect("postgres", "bi").await;
    let several = postgres.connect("postgres", "bi").await;
    let (ends, wanted) = (over.clone(), expected.clone());
    // Several statements see one snapshot if their transaction is one that repeats what it reads.
    let repeatable = tokio::spawn(async move {
        let mut reads = BTreeMap::new();
        while !ends.load(Ordering::Relaxed) {
            let begun = one.client.build_transaction().isolation_level(IsolationLevel::RepeatableRead);
            let transaction = begun.start().await.unwrap();
            let mut versions = Vec::new();
            for _ in 0..3 {
                let row = transaction.query_one(SEEN, &[]).await.unwrap();
                assert_eq!(seen(&row), wanted[&row.get(0)]);
                versions.push(row.get::<_, i64>(0));
            }
            assert!(versions.iter().all(|version| *version == versions[0]), "{versions:?}");
            *reads.entry(versions[0]).or_insert(0) += 1;
        }
        reads
    });
    let (ends, wanted) = (over.clone(), expected.clone());
    let single = tokio::spawn(async move {
        let mut reads = BTreeMap::new();
        while !ends.load(Ordering::Relaxed) {
            let row = several.client.query_one(SEEN, &[]).await.unwrap();
            assert_eq!(seen(&row), wanted[&row.get(0)]);
            *reads.entry(row.get::<_, i64>(0)).or_insert(0) += 1;
        }
        reads
    });
    for round in 2..=12 {
        publish(&target, snapshot(line("p", sizes(round)), round)).await.unwrap();
    }
    over.store(true, Ordering::Relaxed);
    for reads in [repeatable.await.unwrap(), single.await.unwrap()] {
        assert!(reads.len() > 1, "nobody read while it was written: {reads:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_publications_at_once_come_one_after_the_other() {
    let Some(postgres) = Postgres::start().await else { return };
    let admin = postgres.with_roles().await;
    // Whatever the role usually has: whoever waits sees what the one before has written.
    admin.run("ALTER ROLE orgraph SET default_transaction_isolation TO 'repeatable read'").await;
    let target = postgres.target("orgraph", "bi");
    let both = tokio::join!(
        publish(&target, snapshot(line("p", 50), 1)),
        publish(&target, snapshot(line("p", 50), 2)),
    );
    both.1.unwrap();
    // Whichever came first: the older one was written before the newer, or not at all.
    assert!(matches!(both.0, Ok(_) | Err(PublishError::Newer { .. })), "{:?}", both.0);
    assert_eq!(look(&admin).await.0, 1_002);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_full_is_told_and_changes_nothing() {
    let told = PostgresTold { largest_file: Some(2_048), ..PostgresTold::default() };
    let Some(postgres) = Postgres::told(told).await else { return };
    let admin = postgres.with_roles().await;
    let target = postgres.target("orgraph", "bi");
    publish(&target, snapshot(line("p", 30), 1)).await.unwrap();
    let before = look(&admin).await;
    // A line of so many has a closure of half a million rows.
    let error = publish(&target, snapshot(line("p", 1_000), 2)).await.unwrap_err();
    let PublishError::Refused { step, cause } = &error else { panic!("{error:?}") };
    assert!(step.contains("rows of reporting_lines") && cause.contains("could not"), "{error}");
    assert_eq!(look(&admin).await, before);
    publish(&target, snapshot(line("p", 31), 3)).await.unwrap();
    assert_eq!(look(&admin).await.1, 31);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_state_directory_is_published_without_asking_gong() {
    let Some(postgres) = Postgres::start().await else { return };
    let admin = postgres.with_roles().await;
    let state = Scratch::new();
    let gong = serve(&simulate(people(12))).await;
    let mut serving = crate::support::serving();
    serving
        .env("ORGRAPH_STATE_DIR", state.path())
        .envs([("GONG_ACCESS_KEY", "key"), ("GONG_ACCESS_KEY_SECRET", "canary-secret")])
        .env("GONG_BASE_URL", &gong);
    let process = Process::start(&mut serving);
    process.wait_for("snapshot published");
    process.stop();
    let from_state = || {
        let mut command = orgraph();
        command
            .args(["publish", "--json", "--from", "state", "--state-dir"])
            .arg(state.path())
            .env("ORGRAPH_PUBLISH_TO", postgres.address("orgraph", "bi"));
        command.output().unwrap()
    };
    let output = from_state();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["tables"]["users"]["inserted"], 12);
    assert_eq!(told["snapshotVersion"], look(&admin).await.0.to_string());
    let again: serde_json::Value = serde_json::from_slice(&from_state().stdout).unwrap();
    assert_eq!(
        again["tables"]["users"],
        serde_json::json!({"rows": 12, "inserted": 0, "updated": 0, "removed": 0})
    );
}
