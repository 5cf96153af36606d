//! What stands under the names of the tables already, and whether orgraph made it.

use std::collections::BTreeMap;

use tokio_postgres::Transaction;

use super::{
    PublishError, Target,
    layout::{LAYOUT, SNAPSHOT_COLUMNS},
    sql,
    tables::{Laid, SNAPSHOT},
};

/// In the comment of each table that orgraph has made. A comment survives a dump.
pub(super) const MARK: &str = "Written by orgraph publish";

/// What is there.
pub(super) struct Found {
    pub(super) schema: bool,
    tables: BTreeMap<String, Vec<Column>>,
}

/// A column that is there.
struct Column {
    name: String,
    kind: String,
    comment: Option<String>,
}

const RELATIONS: &str = "SELECT c.relname::text, c.relkind::text, obj_description(c.oid, 'pg_class') \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE n.nspname = $1 AND c.relname::text = ANY($2)";
const COLUMNS: &str = "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), \
    col_description(c.oid, a.attnum) \
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE n.nspname = $1 AND c.relname::text = ANY($2) AND a.attnum > 0 AND NOT a.attisdropped \
    ORDER BY a.attnum";

impl Found {
    /// Looks, and refuses what orgraph can't have made so.
    pub(super) async fn look(
        transaction: &Transaction<'_>,
        target: &Target,
        laid: &[Laid],
    ) -> Result<Self, PublishError> {
        let refused = || PublishError::refused(format!("say what there is in {}", target.schema));
        let schema = "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname::text = $1)";
        let schema = transaction.query_one(schema, &[&target.schema]).await.map_err(refused())?.get(0);
        let names: Vec<&str> = laid.iter().map(|laid| laid.table.name()).chain([SNAPSHOT]).collect();
        let relations = transaction.query(RELATIONS, &[&target.schema, &names]).await.map_err(refused())?;
        for relation in relations {
            let (name, kind, comment): (String, String, Option<String>) =
                (relation.get(0), relation.get(1), relation.get(2));
            if let Some(why) = not_a_table_of_ours(&kind, comment.as_deref()) {
                return Err(not_ours(target, &name, why));
            }
        }
        let mut found = Self { schema, tables: BTreeMap::new() };
        let columns = transaction.query(COLUMNS, &[&target.schema, &names]).await.map_err(refused())?;
        for column in columns {
            let there = Column { name: column.get(1), kind: column.get(2), comment: column.get(3) };
            found.tables.entry(column.get(0)).or_default().push(there);
        }
        found.hold(target, laid)?;
        Ok(found)
    }

    /// Whether there is a table of this name.
    pub(super) fn has(&self, table: &str) -> bool {
        self.tables.contains_key(table)
    }

    /// Whether a table has this column.
    pub(super) fn has_column(&self, table: &str, column: &str) -> bool {
        self.column(table, column).is_some()
    }

    /// Columns that an earlier publication has filled and this one doesn't: deeper levels. Those that others have added
    /// under such a name have another comment, or none.
    pub(super) fn no_longer_published<'f>(&'f self, laid: &'f Laid) -> impl Iterator<Item = &'f str> {
        let there = self.tables.get(laid.table.name()).map_or(&[][..], Vec::as_slice);
        let ours = laid.table.columns();
        there.iter().filter_map(move |column| {
            let told = ours.iter().find(|told| told.level.is_some() && told.name == column.name)?;
            let wanted = laid.columns.iter().any(|told| told.name == column.name);
            (!wanted && column.comment.as_deref() == Some(&told.description)).then_some(&*column.name)
        })
    }

    fn column(&self, table: &str, column: &str) -> Option<&Column> {
        self.tables.get(table)?.iter().find(|there| there.name == column)
    }

    /// Holds the columns that are there against those that are to be written.
    fn hold(&self, target: &Target, laid: &[Laid]) -> Result<(), PublishError> {
        for laid in laid.iter().filter(|laid| self.has(laid.table.name())) {
            let table = laid.table.name();
            for told in &laid.columns {
                let why = match self.column(table, &told.name) {
                    None if laid.key.needs(&told.name) => format!("its column {} is gone", told.name),
                    Some(there) if there.kind != sql::type_of(told.kind) => {
                        format!("its column {} is of type {}", told.name, there.kind)
                    }
                    Some(Column { comment: None, .. }) => {
                        format!("its column {} has no comment of orgraph's", told.name)
                    }
                    _ => continue,
                };
                return Err(not_ours(target, table, why));
            }
        }
        for (column, kind, _) in SNAPSHOT_COLUMNS.iter().filter(|_| self.has(SNAPSHOT)) {
            match self.column(SNAPSHOT, column) {
                Some(there) if kind.starts_with(&*there.kind) => {}
                _ => {
                    return Err(not_ours(
                        target,
                        SNAPSHOT,
                        format!("its column {column} isn't of orgraph's type"),
                    ));
                }
            }
        }
        Ok(())
    }
}

fn not_a_table_of_ours(kind: &str, comment: Option<&str>) -> Option<String> {
    let layout = |comment: &str| comment.rsplit_once("layout ")?.1.trim_end_matches('.').parse::<u32>().ok();
    match (kind, comment) {
        ("r", Some(comment)) if comment.contains(MARK) => {
            let later = layout(comment).filter(|layout| *layout > LAYOUT)?;
            Some(format!("a later version of orgraph has laid it out, as {later}"))
        }
        ("r", _) => Some(format!("its comment doesn't say {MARK:?}")),
        _ => Some("it is no table".to_owned()),
    }
}

fn not_ours(target: &Target, name: &str, why: String) -> PublishError {
    PublishError::NotOurs { name: format!("{}.{name}", target.schema), why }
}
