//! The schema, its tables, indexes and comments: made where they are missing, and otherwise left alone.

use std::fmt::Write;

use tokio_postgres::Transaction;

use super::{
    PublishError, Target,
    found::{Found, MARK},
    sql,
    tables::{Key, Laid, SNAPSHOT},
};
use crate::export::Told;

/// Of tables that were made differently before, to tell them apart.
pub(super) const LAYOUT: u32 = 1;

/// How long a table's readers are waited for, while others wait behind.
const COLUMN_LOCK_SECONDS: u32 = 2;

const ABOUT_SNAPSHOT: &str = "One row: which snapshot of the organisation the other tables hold.";
pub(super) const SNAPSHOT_COLUMNS: [(&str, &str, &str); 6] = [
    ("one", "boolean PRIMARY KEY DEFAULT true CHECK (one)", "There is one row."),
    (
        "version",
        "bigint NOT NULL",
        "The snapshot, as `Snapshot.version` of the schema. Greater for a later one.",
    ),
    ("taken_at", "timestamp with time zone NOT NULL", "When the reading of Gong began."),
    ("published_at", "timestamp with time zone NOT NULL", "When it was written here."),
    ("user_count", "bigint NOT NULL", "Persons in it, avatars left out."),
    ("written_by", "text NOT NULL", "The program that wrote it."),
];

/// Makes the tables that are missing. Takes no lock on those that are there.
pub(super) async fn complete(
    transaction: &Transaction<'_>,
    target: &Target,
    laid: &[Laid],
    found: &Found,
) -> Result<(), PublishError> {
    let mut steps = Vec::new();
    if !found.schema {
        steps.push((format!("make the schema {}", target.schema), schema(target)));
    }
    for laid in laid.iter().filter(|laid| !found.has(laid.table.name())) {
        steps.push((format!("make the table {}", laid.table.name()), table(target, laid)));
    }
    if !found.has(SNAPSHOT) {
        steps.push((format!("make the table {SNAPSHOT}"), snapshot(target)));
    }
    run(transaction, steps).await
}

/// Whether a table is there and lacks columns.
pub(super) fn is_narrow(laid: &Laid, found: &Found) -> bool {
    let name = laid.table.name();
    found.has(name) && laid.columns.iter().any(|told| !found.has_column(name, &told.name))
}

/// Adds the columns that are missing in tables that are there, and tells whether there were any. For that moment nobody
/// reads, and whoever waits for readers keeps others waiting: it is for a transaction of its own, and doesn't wait long.
pub(super) async fn widen(
    transaction: &Transaction<'_>,
    target: &Target,
    laid: &[Laid],
    found: &Found,
) -> Result<bool, PublishError> {
    let mut steps = Vec::new();
    for laid in laid.iter().filter(|laid| is_narrow(laid, found)) {
        let name = laid.table.name();
        let missing = laid.columns.iter().filter(|told| !found.has_column(name, &told.name));
        let sql = columns(target, laid, missing);
        let hurried = format!("SET LOCAL lock_timeout TO '{COLUMN_LOCK_SECONDS}s';\n{sql}");
        steps.push((format!("add columns to {name}"), hurried));
    }
    let any = !steps.is_empty();
    run(transaction, steps).await?;
    Ok(any)
}

async fn run(transaction: &Transaction<'_>, steps: Vec<(String, String)>) -> Result<(), PublishError> {
    for (step, sql) in steps {
        transaction.batch_execute(&sql).await.map_err(PublishError::refused(step))?;
    }
    Ok(())
}

/// A table of the target, by its full name.
pub(super) fn named(target: &Target, table: &str) -> String {
    format!("{}.{}", sql::name(&target.schema), sql::name(table))
}

fn schema(target: &Target) -> String {
    let name = sql::name(&target.schema);
    let about = format!("People of a Gong workspace and who reports to whom. {MARK}.");
    format!("CREATE SCHEMA {name}; COMMENT ON SCHEMA {name} IS {};", sql::text(&about))
}

fn table(target: &Target, laid: &Laid) -> String {
    let name = named(target, laid.table.name());
    let mut parts: Vec<String> = laid.columns.iter().map(column).collect();
    if let Key::Columns(_) = laid.key {
        parts.push(format!("PRIMARY KEY ({})", laid.key.list()));
    }
    for (from, to) in laid.references {
        parts.push(format!("FOREIGN KEY ({from}) REFERENCES {} ({to})", named(target, "users")));
    }
    let mut sql = format!("CREATE TABLE {name} ({});\n", parts.join(", "));
    if let Key::Expressions(_) = laid.key {
        _ = writeln!(sql, "CREATE UNIQUE INDEX ON {name} ({});", laid.key.list());
    }
    for index in laid.indexes {
        _ = writeln!(sql, "CREATE INDEX ON {name} {index};");
    }
    let about = laid.table.description();
    _ = writeln!(sql, "COMMENT ON TABLE {name} IS {};", comment(about));
    laid.columns.iter().for_each(|told| sql += &about_column(&name, told));
    sql
}

fn columns<'t>(target: &Target, laid: &Laid, missing: impl Iterator<Item = &'t Told>) -> String {
    let name = named(target, laid.table.name());
    missing.fold(String::new(), |sql, told| {
        // Rows that are there have no value yet.
        let kind = sql::type_of(told.kind);
        let added = format!("ALTER TABLE {name} ADD COLUMN {} {kind};\n", sql::name(&told.name));
        sql + &added + &about_column(&name, told)
    })
}

fn snapshot(target: &Target) -> String {
    let name = named(target, SNAPSHOT);
    let columns = SNAPSHOT_COLUMNS.map(|(column, kind, _)| format!("{column} {kind}")).join(", ");
    let mut sql = format!(
        "CREATE TABLE {name} ({columns});\nCOMMENT ON TABLE {name} IS {};\n",
        comment(ABOUT_SNAPSHOT)
    );
    for (column, _, about) in SNAPSHOT_COLUMNS {
        _ = writeln!(sql, "COMMENT ON COLUMN {name}.{column} IS {};", sql::text(about));
    }
    sql
}

fn column(told: &Told) -> String {
    let needed = if told.nullable { "" } else { " NOT NULL" };
    format!("{} {}{needed}", sql::name(&told.name), sql::type_of(told.kind))
}

fn about_column(table: &str, told: &Told) -> String {
    let about = sql::text(&told.description);
    format!("COMMENT ON COLUMN {table}.{} IS {about};\n", sql::name(&told.name))
}

fn comment(about: &str) -> String {
    sql::text(&format!("{about} {MARK}, layout {LAYOUT}."))
}
