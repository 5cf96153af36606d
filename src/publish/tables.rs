//! What the tables are in a database, beside their columns.

use super::Target;
use crate::export::{Format, Question, Table, Told, Unfit};

/// The table of one row that tells which snapshot the others are of.
pub(super) const SNAPSHOT: &str = "snapshot";

/// A table as it is published.
pub(super) struct Laid {
    pub(super) table: Table,
    pub(super) question: Question,
    pub(super) columns: Vec<Told>,
    pub(super) key: Key,
    /// Conditions and indexes beside the key, as `CREATE TABLE` and `CREATE INDEX … ON` have them.
    pub(super) references: &'static [(&'static str, &'static str)],
    pub(super) indexes: &'static [&'static str],
}

/// By what a row is known: columns, or expressions where a column may be empty or long. `{}` is the table.
pub(super) enum Key {
    Columns(&'static [&'static str]),
    Expressions(&'static [&'static str]),
}

impl Key {
    /// That two rows are the same one.
    pub(super) fn same(&self, one: &str, other: &str) -> String {
        let same = |expression: &String| {
            format!("{} = {}", expression.replace("{}", one), expression.replace("{}", other))
        };
        self.expressions().iter().map(same).collect::<Vec<_>>().join(" AND ")
    }

    /// As an index has it.
    pub(super) fn list(&self) -> String {
        let bare = |expression: &String| expression.replace("{}.", "");
        self.expressions().iter().map(bare).collect::<Vec<_>>().join(", ")
    }

    /// Whether rows can't be known without this column.
    pub(super) fn needs(&self, column: &str) -> bool {
        self.expressions().iter().any(|expression| expression.contains(&format!("{{}}.{column}")))
    }

    fn expressions(&self) -> Vec<String> {
        match self {
            Self::Columns(names) => names.iter().map(|name| format!("{{}}.{name}")).collect(),
            Self::Expressions(expressions) => expressions.iter().map(|text| (*text).to_owned()).collect(),
        }
    }
}

/// A title may be longer than an index takes: its beginning and its hash stand for it.
const GROUP: &[&str] = &[
    "{}.grouped_by",
    "({}.key IS NULL)",
    "left(coalesce({}.key, ''), 500)",
    "hashtextextended(coalesce({}.key, ''), 0)",
];

/// All tables, `users` first: others refer to it.
pub(super) fn all(target: &Target) -> Result<Vec<Laid>, Unfit> {
    let laid = |table: Table| {
        let question = match table {
            Table::Users => users(target)?,
            _ => Question::new(table, Format::Csv),
        };
        let (key, references, indexes): (_, &[_], &[_]) = match table {
            Table::Users => (
                Key::Columns(&["id"]),
                // `manager_id` may name nobody.
                &[("top_id", "id")],
                &["USING hash (manager_id)", "(top_id)", "USING hash (lower(email))"],
            ),
            Table::ReportingLines => (
                Key::Columns(&["ancestor_id", "descendant_id"]),
                &[("ancestor_id", "id"), ("descendant_id", "id")],
                &["(descendant_id, distance)"],
            ),
            Table::Orphans => (Key::Columns(&["id"]), &[("id", "id")], &["(reason)"]),
            Table::OrgIssues => {
                (Key::Columns(&["issue_id", "position"]), &[("user_id", "id")], &["(user_id)", "(kind)"])
            }
            Table::OrgStats => (Key::Expressions(GROUP), &[("user_id", "id")], &["(user_id)"]),
        };
        let columns = question.columns();
        Ok(Laid { table, question, columns, key, references, indexes })
    };
    Table::ALL.into_iter().map(laid).collect()
}

/// The usual columns with the levels that are wanted, and without what is new in every row after each reading: who hasn't
/// changed isn't written again.
fn users(target: &Target) -> Result<Question, Unfit> {
    let question = Question::new(Table::Users, Format::Csv);
    let usual = question.clone().with([("levels".into(), target.levels.to_string().into())])?;
    let names = usual.columns().into_iter().map(|told| told.name).filter(|name| name != "fetched_at");
    let names = names.collect::<Vec<_>>().join(",");
    question.with([("columns".into(), names.into())])
}

impl Laid {
    /// The columns that aren't part of the key.
    pub(super) fn beside_the_key(&self) -> Vec<Told> {
        let of_key: &[&str] = match self.key {
            Key::Columns(names) => names,
            Key::Expressions(_) => &["grouped_by", "key"],
        };
        self.columns.iter().filter(|told| !of_key.contains(&&*told.name)).cloned().collect()
    }

    /// Whether rows of other tables refer to its rows.
    pub(super) fn is_referred_to(&self) -> bool {
        self.table == Table::Users
    }

    /// Where rows wait until all are there.
    pub(super) fn stage(&self) -> String {
        format!("pg_temp.orgraph_{}", self.table.name())
    }
}
