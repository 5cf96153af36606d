//! What is in the database is what is exported, and what the schema answers.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::SignedDuration;
use orgraph::{
    app,
    export::Table,
    org::{OrgSnapshot, UserParts},
    publish::{Published, publish},
};
use proptest::test_runner::TestCaseError;
use serde_json::Value;

use super::{exported, published, snapshot};
use crate::{
    company::{build, companies, for_all, user},
    support::{Postgres, Service, company},
};

#[test]
fn after_each_publication_the_tables_are_those_of_its_snapshot() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let Some(postgres) = runtime.block_on(Postgres::start()) else { return };
    let admin = runtime.block_on(postgres.with_roles());
    let target = postgres.target("orgraph", "bi");
    // One company after the other into the same tables: what is left of the one before would be seen.
    let second = RefCell::new(0);
    for_all(150, companies(24), |company| {
        let mut users = company.users();
        // Somebody is in each, so that they are the same company.
        users.push(user("always"));
        *second.borrow_mut() += 1;
        let snapshot = snapshot(users.clone(), *second.borrow());
        runtime.block_on(async {
            let told = publish(&target, snapshot.clone())
                .await
                .map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
            for table in Table::ALL {
                let (wanted, there) = (exported(&snapshot, table), published(&admin, table).await);
                proptest::prop_assert_eq!(&wanted, &there, "{:?}", table);
                proptest::prop_assert_eq!(changes(&told, table).0, wanted.len() as u64);
            }
            // Read again, and nobody has changed: nothing is written.
            let again = publish(&target, read_again(&users, &snapshot)).await.unwrap();
            for table in Table::ALL {
                proptest::prop_assert_eq!(changes(&again, table).1, 0, "{:?}", table);
            }
            Ok(())
        })
    });
}

/// The same people, read later.
fn read_again(users: &[UserParts], snapshot: &OrgSnapshot) -> Arc<OrgSnapshot> {
    let later = |user: &UserParts| UserParts {
        fetched_at: user.fetched_at + SignedDuration::from_secs(60),
        ..user.clone()
    };
    let taken_at = snapshot.taken_at + SignedDuration::from_millis(1);
    let OrgSnapshot { version, source, checks, .. } = *snapshot;
    let graph = build(users.iter().map(later).collect());
    Arc::new(OrgSnapshot { version, taken_at, source, checks, graph })
}

/// How many rows a table has, and how many were touched.
fn changes(published: &Published, table: Table) -> (u64, u64) {
    let (_, changes) = published.tables.iter().find(|(of, _)| *of == table).unwrap();
    (changes.rows, changes.inserted + changes.updated + changes.removed)
}

/// Who is anywhere below whom, from nothing but `manager_id`.
const BELOW: &str = "WITH RECURSIVE below(above, id) AS (
        SELECT manager_id, id FROM orgraph.users WHERE manager_status IN ('ACTIVE', 'INACTIVE')
      UNION
        SELECT below.above, u.id FROM below JOIN orgraph.users u ON u.manager_id = below.id AND u.manager_status <> 'SELF'
    )
    SELECT above, id FROM below WHERE above <> id";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recursive_sql_tells_what_graphql_tells() {
    let Some(postgres) = Postgres::start().await else { return };
    let admin = postgres.with_roles().await;
    let told = app::Settings { publish: Some(postgres.target("orgraph", "bi")), ..app::Settings::default() };
    let service = Service::told(company("data/sourcegraph_2022.ndjson"), told).await;
    admin.until("SELECT to_regclass('orgraph.snapshot') IS NOT NULL").await;
    let mut recursive: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in admin.rows(BELOW, &[]).await {
        recursive.entry(row.get(0)).or_default().insert(row.get(1));
    }
    let mut closure: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in admin.rows("SELECT ancestor_id, descendant_id FROM orgraph.reporting_lines", &[]).await {
        closure.entry(row.get(0)).or_default().insert(row.get(1));
    }
    let selection = "{ id managerChain { nodes { id } } }";
    let users = service.client.all("users", "", "nodes", selection, 50).await;
    assert_eq!(users.len(), 273);
    let mut answered: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let id = |user: &Value| user["id"].as_str().unwrap().to_owned();
    for user in &users {
        for above in user["managerChain"]["nodes"].as_array().unwrap() {
            answered.entry(id(above)).or_default().insert(id(user));
        }
    }
    assert!(answered.len() > 20, "{}", answered.len());
    assert_eq!(recursive, answered);
    assert_eq!(closure, answered);
}
