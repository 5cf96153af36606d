//! What stands under the names of the tables already, and whether orgraph made it.

use std::collections::BTreeMap;

use tokio_postgres::Transaction;

use super::{
    PublishError, Target, sql,
    tables::{Laid, SNAPSHOT},
};

/// In the comment of each table that orgraph has made. A comment survives a dump.
pub(super) const MARK: &str = "Written by orgraph publish";

/// What is there.
pub(super) struct Found {
    pub(super) schema: bool,
    /// The columns of each table, in their order.
    tables: BTreeMap<String, Vec<String>>,
}

const RELATIONS: &str = "SELECT c.relname::text, c.relkind::text, obj_description(c.oid, 'pg_class') \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE n.nspname = $1 AND c.relname::text = ANY($2)";
const COLUMNS: &str = "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod) \
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE n.nspname = $1 AND c.relname::text = ANY($2) AND a.attnum > 0 AND NOT a.attisdropped \
    ORDER BY a.attnum";

impl Found {
    /// Looks.
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
            let why = match (kind.as_str(), comment) {
                ("r", Some(comment)) if comment.contains(MARK) => continue,
                ("r", _) => format!("its comment doesn't say {MARK:?}"),
                _ => "it is no table".to_owned(),
            };
            return Err(not_ours(target, &name, why));
        }
        let mut found = Self { schema, tables: BTreeMap::new() };
        let columns = transaction.query(COLUMNS, &[&target.schema, &names]).await.map_err(refused())?;
        for column in columns {
            let (table, name, kind): (String, String, String) = (column.get(0), column.get(1), column.get(2));
            let known = laid.iter().find(|laid| laid.table.name() == table);
            let known =
                known.and_then(|laid| laid.table.columns().into_iter().find(|told| told.name == name));
            if let Some(told) = known.filter(|told| sql::type_of(told.kind) != kind) {
                let why = format!("its column {} is of type {kind}", told.name);
                return Err(not_ours(target, &table, why));
            }
            found.tables.entry(table).or_default().push(name);
        }
        Ok(found)
    }

    /// Whether there is a table of this name.
    pub(super) fn has(&self, table: &str) -> bool {
        self.tables.contains_key(table)
    }

    /// Its columns, those of others among them.
    pub(super) fn columns(&self, table: &str) -> &[String] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }
}

fn not_ours(target: &Target, name: &str, why: String) -> PublishError {
    PublishError::NotOurs { name: format!("{}.{name}", target.schema), why }
}
