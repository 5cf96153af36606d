//! Which table is exported, from where, and into what.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use secrecy::SecretString;

use super::{ConfigError, GongArgs, credentials};
use crate::{
    export::{Format, Question, Table},
    gong,
};

/// Options of `export`.
#[derive(Clone, Debug, Args)]
pub struct TableArgs {
    /// The table: users, reporting_lines, orphans, org_issues or org_stats.
    #[arg(value_name = "TABLE", value_parser = table)]
    pub table: Table,
    /// The file that is written, whole or not at all; `-` for standard output.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
    /// As what it is written: parquet, csv, ndjson or arrow [default: what the file is called, csv for standard
    /// output].
    #[arg(short, long, value_name = "FORMAT", value_parser = format)]
    pub format: Option<Format>,
    /// From where: a running service, its state directory (the last snapshot, without asking Gong; the service must not
    /// be running), or Gong itself (everybody is read, once).
    #[arg(long, value_enum, default_value_t = From::Server)]
    pub from: From,
    /// Where the service is. Its key is taken from ORGRAPH_KEY; with a key, plain http is taken for this machine only.
    #[arg(long, env = "ORGRAPH_SERVER", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    pub server: String,
    /// The state directory.
    #[arg(long, env = "ORGRAPH_STATE_DIR", value_name = "DIR")]
    pub state_dir: Option<PathBuf>,
    /// The columns, with commas between them, in their order.
    #[arg(long, value_name = "NAMES")]
    pub columns: Option<String>,
    /// Rows of active users alone (true), or of inactive ones (false).
    #[arg(long, value_name = "true|false")]
    pub active: Option<bool>,
    /// Rows of users below the one with this id.
    #[arg(long, value_name = "ID")]
    pub under: Option<String>,
    /// Of `users`: how many levels of the tree have columns of their own, from 0 to 50 [default: 10].
    #[arg(long, value_name = "N")]
    pub levels: Option<usize>,
    /// CSV begins with a byte order mark, by which Excel knows UTF-8.
    #[arg(long)]
    pub bom: bool,
    /// In CSV, text that a spreadsheet would take for a formula has an apostrophe before it.
    #[arg(long)]
    pub safe: bool,
    /// Where Gong is, and how much may be asked of it.
    #[command(flatten)]
    pub gong: GongArgs,
}

/// Where rows come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum From {
    /// A running service.
    Server,
    /// The state directory of one that isn't running.
    State,
    /// Gong.
    Gong,
}

impl TableArgs {
    /// What is asked for.
    ///
    /// # Errors
    /// If a column isn't there, or a flag is for another table or format.
    pub fn question(&self) -> Result<Question, ConfigError> {
        let named = self.output.extension().and_then(|ending| ending.to_str()).and_then(Format::of_name);
        let usual = self.to_standard_output().then_some(Format::Csv);
        let format = self.format.or(named).or(usual).ok_or(ConfigError::NoFormat)?;
        let switch = |is: bool| is.then(|| "true".to_owned());
        let said = [
            ("columns", self.columns.clone()),
            ("active", self.active.map(|active| active.to_string())),
            ("under", self.under.clone()),
            ("levels", self.levels.map(|levels| levels.to_string())),
            ("bom", switch(self.bom)),
            ("safe", switch(self.safe)),
        ];
        let said = said.into_iter().filter_map(|(name, value)| Some((name.into(), value?.into())));
        Ok(Question::new(self.table, format).with(said)?)
    }

    /// Whether rows go to standard output.
    pub fn to_standard_output(&self) -> bool {
        self.output.as_os_str() == "-"
    }

    /// The key that the service is asked with, if there is one.
    pub fn key(&self) -> Option<SecretString> {
        credentials::credential("ORGRAPH_KEY")
    }

    /// What the client of Gong is told.
    ///
    /// # Errors
    /// If a credential is missing, or is one that only a service can use.
    pub fn gong(&self) -> Result<gong::Settings, ConfigError> {
        self.gong.settings_for_one_reading()
    }
}

fn table(text: &str) -> Result<Table, String> {
    let names = || Table::ALL.map(Table::name).join(", ");
    Table::of_name(text).ok_or_else(|| format!("there are {}", names()))
}

fn format(text: &str) -> Result<Format, String> {
    let names = || Format::ALL.map(Format::name).join(", ");
    Format::of_name(text).ok_or_else(|| format!("there are {}", names()))
}
