//! What of a table is asked for: the parameters of an URL, and the flags of the command.

use std::{borrow::Cow, fmt::Write};

use thiserror::Error;

use super::{Contact, Format, Table, Told};
use crate::org::{OrgGraph, UserIndex};

/// The most levels that there are columns for.
pub const MAX_LEVELS: usize = 50;
/// How many there are if nothing is said.
const USUAL_LEVELS: usize = 10;
/// The most of somebody's own words that an error repeats.
const REPEATED: usize = 64;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The table.
    pub table: Table,
    /// As what it is written.
    pub format: Format,
    /// Names of columns, in the order in which they are wanted; the usual ones for `None`.
    pub(super) columns: Option<Vec<String>>,
    /// Rows of active users, or of inactive ones.
    pub(super) active: Option<bool>,
    /// Rows of users below the one with this id.
    pub(super) under: Option<String>,
    /// How many levels have columns of their own, where the usual columns are wanted.
    pub(super) levels: usize,
    /// CSV begins with a byte order mark, by which Excel knows UTF-8.
    pub(super) bom: bool,
    /// Text of CSV that a spreadsheet would take for a formula has an apostrophe before it.
    pub(super) safe: bool,
}

/// There is no such table or format.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unknown {
    /// No such table.
    #[error("there is no table {0}; there are {tables}", tables = tables())]
    Table(String),
    /// No such format.
    #[error("there is no format {0}; there are {formats}", formats = formats())]
    Format(String),
    /// A table without a format.
    #[error("{0} has no format; write {files}", files = files(.0))]
    NoFormat(&'static str),
}

/// Why a question can't be answered.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unfit {
    /// No such parameter.
    #[error("{0}: there is no such parameter; there are {list}", list = parameters())]
    Parameter(String),
    /// A parameter that comes twice.
    #[error("{0}: is given more than once")]
    Twice(&'static str),
    /// A value that can't be used.
    #[error("{name}: must be {wanted}, not {given}")]
    Value {
        /// The parameter.
        name: &'static str,
        /// What it could have been.
        wanted: &'static str,
        /// What it is.
        given: String,
    },
    /// No such column.
    #[error("columns: {table} has no column {given}; it has {list}")]
    Column {
        /// The table.
        table: &'static str,
        /// The name.
        given: String,
        /// The names that there are.
        list: String,
    },
    /// A column that comes twice.
    #[error("columns: {0} is named more than once")]
    ColumnTwice(String),
    /// A parameter of another format.
    #[error("{0}: is for csv alone")]
    ForCsv(&'static str),
    /// A parameter of another table.
    #[error("levels: is for the table users alone")]
    ForUsers,
    /// Nobody has the id.
    #[error("under: nobody of this snapshot has the id {0}")]
    Nobody(String),
    /// A column that isn't for whoever asks.
    #[error("columns: {column} shows {field}, which needs the role analyst, and the viewer is a reader", field = .contact.coordinate())]
    Guarded {
        /// The column.
        column: String,
        /// What it shows.
        contact: Contact,
    },
}

fn parameters() -> String {
    Question::PARAMETERS.map(|(name, _)| name).join(", ")
}

fn tables() -> String {
    Table::ALL.map(Table::name).join(", ")
}

fn files(table: &str) -> String {
    let [best, others @ .., last] = Format::ALL.map(|format| format!("{table}.{}", format.name()));
    let others = others.iter().map(|other| format!(", {other}")).collect::<String>();
    format!("{best}{others} or {last}")
}

fn formats() -> String {
    Format::ALL.map(Format::name).join(", ")
}

impl Question {
    /// What may be asked, and what for.
    pub const PARAMETERS: [(&'static str, &'static str); 6] = [
        (
            "columns",
            "The columns that are wanted, with commas between them, in their order. Those for the role analyst are there \
             only when they are named.",
        ),
        ("active", "`true` for rows of active users alone, `false` for rows of inactive ones."),
        (
            "under",
            "Rows of users below the one with this id, as the filter `under` of the schema: the user itself is not among them.",
        ),
        (
            "levels",
            "Of `users`: how many levels of the tree have columns of their own, from 0 to 50; 10 if nothing is said.",
        ),
        ("bom", "Of CSV: `true` for a byte order mark at the beginning, by which Excel knows UTF-8."),
        (
            "safe",
            "Of CSV: `true` for an apostrophe before text that a spreadsheet would take for a formula (`=`, `+`, `-`, `@`, those \
             signs in full width, tab, line end), after a `;`, tab or line end in it too, and every value in quotes.",
        ),
    ];

    /// The whole table with its usual columns.
    pub fn new(table: Table, format: Format) -> Self {
        Self {
            table,
            format,
            columns: None,
            active: None,
            under: None,
            levels: USUAL_LEVELS,
            bom: false,
            safe: false,
        }
    }

    /// What is asked for by `table.format`, the last part of a path.
    ///
    /// # Errors
    /// If there is no such table or format.
    pub fn named(name: &str) -> Result<Self, Unknown> {
        let (table, format) = name.rsplit_once('.').unwrap_or((name, ""));
        let table = Table::of_name(table).ok_or_else(|| Unknown::Table(repeated(table)))?;
        if format.is_empty() {
            return Err(Unknown::NoFormat(table.name()));
        }
        let format = Format::of_name(format).ok_or_else(|| Unknown::Format(repeated(format)))?;
        Ok(Self::new(table, format))
    }

    /// The same with the parameters of a query string. One without a value is refused: a variable that somebody has
    /// forgotten to set would have everybody sent.
    ///
    /// # Errors
    /// If there is no such parameter, or its value can't be used.
    pub fn with<'p>(
        mut self,
        parameters: impl IntoIterator<Item = (Cow<'p, str>, Cow<'p, str>)>,
    ) -> Result<Self, Unfit> {
        let mut seen = Vec::new();
        for (name, value) in parameters {
            let known = Self::PARAMETERS.into_iter().map(|(known, _)| known).find(|known| *known == name);
            let name = known.ok_or_else(|| Unfit::Parameter(repeated(&name)))?;
            if seen.contains(&name) {
                return Err(Unfit::Twice(name));
            }
            seen.push(name);
            self.set(name, value.trim())?;
        }
        Ok(self)
    }

    fn set(&mut self, name: &'static str, value: &str) -> Result<(), Unfit> {
        let missing = |wanted| match value.is_empty() {
            true => Err(Unfit::Value { name, wanted, given: repeated(value) }),
            false => Ok(()),
        };
        let switch = || match value {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Unfit::Value { name, wanted: "true or false", given: repeated(value) }),
        };
        let for_csv = |is| match is && self.format != Format::Csv {
            true => Err(Unfit::ForCsv(name)),
            false => Ok(is),
        };
        match name {
            "columns" => {
                missing("names of columns")?;
                self.columns = Some(named(self.table, value)?);
            }
            "active" => self.active = Some(switch()?),
            "under" => {
                missing("the id of a user")?;
                self.under = Some(value.to_owned());
            }
            "levels" if self.table != Table::Users => return Err(Unfit::ForUsers),
            "levels" => {
                let levels = value.parse().ok().filter(|levels| *levels <= MAX_LEVELS);
                let unfit = || Unfit::Value { name, wanted: "a number from 0 to 50", given: repeated(value) };
                self.levels = levels.ok_or_else(unfit)?;
            }
            "bom" => self.bom = for_csv(switch()?)?,
            _ => self.safe = for_csv(switch()?)?,
        }
        Ok(())
    }

    /// The names of the columns that it asks for, in their order.
    pub fn columns(&self) -> Vec<Told> {
        self.choose(self.table.columns(), |told| told)
    }

    /// Those of a table's columns that it asks for, in the order in which it does.
    pub(super) fn choose<C>(&self, mut columns: Vec<C>, told: impl Fn(&C) -> &Told) -> Vec<C> {
        let Some(names) = &self.columns else {
            let usual =
                |told: &Told| told.guard.is_none() && told.level.is_none_or(|level| level <= self.levels);
            columns.retain(|column| usual(told(column)));
            return columns;
        };
        let place = |column: &C| names.iter().position(|name| *name == told(column).name);
        columns.retain(|column| place(column).is_some());
        columns.sort_by_key(place);
        columns
    }

    /// The deepest level that there is a column for.
    pub(super) fn deepest_level(&self) -> usize {
        self.columns().iter().filter_map(|told| told.level).max().unwrap_or(0)
    }

    /// Whoever it asks for those below of.
    pub(super) fn under_in(&self, graph: &OrgGraph) -> Option<UserIndex> {
        self.under.as_deref().and_then(|id| graph.find(id))
    }

    /// The first column with contact data, if it names one.
    pub(super) fn guarded(&self) -> Option<Unfit> {
        let columns = self.columns();
        let guarded = columns.into_iter().find_map(|told| Some((told.name, told.guard?)));
        guarded.map(|(column, contact)| Unfit::Guarded { column: column.into_owned(), contact })
    }

    /// Whether anybody has the id that it names.
    pub(super) fn nobody(&self, graph: &OrgGraph) -> Option<Unfit> {
        let id = self.under.as_deref().filter(|id| graph.find(id).is_none())?;
        Some(Unfit::Nobody(repeated(id)))
    }

    /// What a service is asked with.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut said = Vec::new();
        if let Some(columns) = &self.columns {
            said.push(("columns", columns.join(",")));
        }
        if let Some(active) = self.active {
            said.push(("active", active.to_string()));
        }
        if let Some(under) = &self.under {
            said.push(("under", under.clone()));
        }
        if self.levels != USUAL_LEVELS {
            said.push(("levels", self.levels.to_string()));
        }
        said.extend(self.bom.then(|| ("bom", "true".to_owned())));
        said.extend(self.safe.then(|| ("safe", "true".to_owned())));
        said
    }

    /// What a file with the answer is best called.
    pub fn file_name(&self) -> String {
        format!("{}.{}", self.table.name(), self.format.name())
    }

    /// The same for the same question, however it was asked, and another for every other.
    pub fn canonical(&self) -> String {
        let mut text =
            format!("{} levels={} bom={} safe={}", self.file_name(), self.levels, self.bom, self.safe);
        if let Some(active) = self.active {
            _ = write!(text, " active={active}");
        }
        if let Some(columns) = &self.columns {
            _ = write!(text, " columns={}", columns.join(","));
        }
        if let Some(under) = &self.under {
            _ = write!(text, " under={under}");
        }
        text
    }
}

/// Names of a table's columns with commas between them.
fn named(table: Table, list: &str) -> Result<Vec<String>, Unfit> {
    let known = table.columns();
    let mut names: Vec<String> = Vec::new();
    for name in list.split(',').map(str::trim) {
        if !known.iter().any(|told| told.name == name) {
            let usual = known.iter().filter(|told| told.level.is_none_or(|level| level <= 1));
            let mut list = usual.map(|told| told.name.as_ref()).collect::<Vec<_>>().join(", ");
            if known.iter().any(|told| told.level.is_some()) {
                _ = write!(list, ", and so on to level_{MAX_LEVELS}_name");
            }
            return Err(Unfit::Column { table: table.name(), given: repeated(name), list });
        }
        if names.iter().any(|named| named == name) {
            return Err(Unfit::ColumnTwice(repeated(name)));
        }
        names.push(name.to_owned());
    }
    Ok(names)
}

/// So much of somebody's own words as an error repeats.
fn repeated(text: &str) -> String {
    match text.char_indices().nth(REPEATED) {
        None => format!("{text:?}"),
        Some((end, _)) => format!("{:?}…", &text[..end]),
    }
}

#[cfg(test)]
mod tests;
