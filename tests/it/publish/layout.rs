//! What is made, what it says of itself, and what is left alone.

use orgraph::{
    export::Table,
    publish::{Settings, Target, publish},
};

use super::{line, snapshot};
use crate::support::{Postgres, database_settings};

#[tokio::test]
async fn tables_have_keys_references_indexes_and_comments_and_no_contact_data() {
    let Some(postgres) = Postgres::start().await else { return };
    let admin = postgres.with_roles().await;
    publish(&postgres.target("orgraph", "bi"), snapshot(line("p", 5), 1)).await.unwrap();
    let constraints = admin
        .texts(
            "SELECT conrelid::regclass::text || ' ' || pg_get_constraintdef(oid) FROM pg_constraint \
             WHERE connamespace = 'orgraph'::regnamespace AND contype IN ('p', 'f') ORDER BY 1",
        )
        .await;
    assert_eq!(
        constraints,
        [
            "orgraph.org_issues FOREIGN KEY (user_id) REFERENCES orgraph.users(id)",
            "orgraph.org_issues PRIMARY KEY (issue_id, \"position\")",
            "orgraph.org_stats FOREIGN KEY (user_id) REFERENCES orgraph.users(id)",
            "orgraph.orphans FOREIGN KEY (id) REFERENCES orgraph.users(id)",
            "orgraph.orphans PRIMARY KEY (id)",
            "orgraph.reporting_lines FOREIGN KEY (ancestor_id) REFERENCES orgraph.users(id)",
            "orgraph.reporting_lines FOREIGN KEY (descendant_id) REFERENCES orgraph.users(id)",
            "orgraph.reporting_lines PRIMARY KEY (ancestor_id, descendant_id)",
            "orgraph.snapshot PRIMARY KEY (one)",
            "orgraph.users FOREIGN KEY (top_id) REFERENCES orgraph.users(id)",
            "orgraph.users PRIMARY KEY (id)",
        ]
    );
    let indexed = "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
                   WHERE c.relnamespace = 'orgraph'::regnamespace AND NOT i.indisprimary";
    assert_eq!(admin.number(indexed).await, 9);
    // Every column says what it is, in the words of the catalogue.
    let columns = admin
        .rows(
            "SELECT c.relname::text, a.attname::text, col_description(c.oid, a.attnum) FROM pg_attribute a \
             JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'orgraph'::regnamespace \
             AND c.relkind = 'r' AND a.attnum > 0 ORDER BY 1, a.attnum",
            &[],
        )
        .await;
    assert!(columns.len() > 60);
    for column in columns {
        let (table, name, about): (String, String, Option<String>) =
            (column.get(0), column.get(1), column.get(2));
        if let Some(table) = Table::of_name(&table) {
            let told = table.columns().into_iter().find(|told| told.name == name).unwrap();
            assert!(told.guard.is_none(), "{name} is contact data");
            assert_eq!(about.as_deref(), Some(&*told.description));
        }
        assert!(about.is_some(), "{table}.{name}");
    }
}

#[tokio::test]
async fn what_others_have_added_stays_and_what_is_no_longer_wanted_is_emptied() {
    let Some(postgres) = Postgres::start().await else { return };
    let admin = postgres.with_roles().await;
    let with_levels = |levels| {
        let settings = Settings { levels, ..database_settings(postgres.address("orgraph", "bi")) };
        Target::new(&settings).unwrap()
    };
    publish(&with_levels(2), snapshot(line("p", 5), 1)).await.unwrap();
    let role = postgres.connect("orgraph", "bi").await;
    role.run(
        "ALTER TABLE orgraph.users ADD COLUMN note text, ADD COLUMN phone_number text, ADD COLUMN level_12_name text; \
         UPDATE orgraph.users SET note = 'mine', phone_number = '1', level_12_name = '2' WHERE id = 'p3'; \
         CREATE INDEX mine ON orgraph.users (title); \
         CREATE VIEW orgraph.tops AS SELECT DISTINCT top_id FROM orgraph.users",
    )
    .await;
    // Deeper levels are added, and filled for those who were there.
    publish(&with_levels(4), snapshot(line("p", 6), 2)).await.unwrap();
    let fourth = "SELECT count(*) FROM orgraph.users WHERE level_4_id = 'p4'";
    assert_eq!(admin.number(fourth).await, 2);
    // Fewer again: the columns stay, since others may use them, and hold nothing.
    publish(&with_levels(1), snapshot(line("p", 6), 3)).await.unwrap();
    assert_eq!(admin.number(fourth).await, 0);
    assert_eq!(admin.number("SELECT count(level_2_id) FROM orgraph.users").await, 0);
    assert_eq!(admin.number("SELECT count(*) FROM orgraph.users WHERE level_1_id = 'p1'").await, 5);
    let mine =
        "SELECT id FROM orgraph.users WHERE note = 'mine' AND phone_number = '1' AND level_12_name = '2'";
    assert_eq!(admin.texts(mine).await, ["p3"]);
    assert_eq!(admin.texts("SELECT top_id FROM orgraph.tops").await, ["p0"]);
    assert_eq!(admin.number("SELECT count(*) FROM pg_indexes WHERE indexname = 'mine'").await, 1);
}

#[tokio::test]
async fn a_role_needs_no_more_than_a_schema_of_its_own_and_gives_nobody_anything() {
    let Some(postgres) = Postgres::start().await else { return };
    let admin = postgres.with_roles().await;
    publish(&postgres.target("orgraph", "bi"), snapshot(line("p", 3), 1)).await.unwrap();
    let reader = postgres.connect("reader", "bi").await;
    let denied = reader.client.query("SELECT id FROM orgraph.users", &[]).await.unwrap_err();
    assert_eq!(denied.code(), Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE));
    // As docs/publish.md has it.
    let page = std::fs::read_to_string(crate::support::file("docs/publish.md")).unwrap();
    let grants = page.lines().filter(|line| line.starts_with("GRANT") || line.starts_with("ALTER DEFAULT"));
    let grants: Vec<_> = grants.collect();
    assert_eq!(grants.len(), 3, "{grants:?}");
    admin.run(&grants.join("\n")).await;
    assert_eq!(reader.texts("SELECT id FROM orgraph.users ORDER BY id").await, ["p0", "p1", "p2"]);
    let denied = reader.client.execute("DELETE FROM orgraph.users", &[]).await.unwrap_err();
    assert_eq!(denied.code(), Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE));
}

#[tokio::test]
async fn columns_are_added_without_keeping_others_waiting_for_long() {
    let Some(postgres) = Postgres::start().await else { return };
    let admin = postgres.with_roles().await;
    let with_levels = |levels| {
        let settings = Settings { levels, ..database_settings(postgres.address("orgraph", "bi")) };
        Target::new(&settings).unwrap()
    };
    publish(&with_levels(1), snapshot(line("p", 5), 1)).await.unwrap();
    let mut reading = postgres.connect("postgres", "bi").await;
    let reader = reading.client.transaction().await.unwrap();
    reader.query_one("SELECT count(*) FROM orgraph.users", &[]).await.unwrap();
    let error = publish(&with_levels(2), snapshot(line("p", 6), 2)).await.unwrap_err().to_string();
    assert!(error.contains("add columns to users") && error.contains("lock timeout (55P03)"), "{error}");
    // What has its columns is written beside a reader.
    publish(&with_levels(1), snapshot(line("p", 7), 3)).await.unwrap();
    reader.rollback().await.unwrap();
    publish(&with_levels(2), snapshot(line("p", 8), 4)).await.unwrap();
    assert_eq!(admin.number("SELECT count(level_2_id) FROM orgraph.users").await, 6);
}
