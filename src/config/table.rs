//! Which table is exported, from where, and into what.

use std::path::{Path, PathBuf};

use clap::{
    Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use secrecy::SecretString;

use super::{
    ConfigError, GongArgs, credentials, or_default,
    state::{directory, path},
};
use crate::{
    export::{Format, Question, Table},
    gong,
};

/// Where a service is that nobody has put elsewhere.
const SERVER: &str = "http://127.0.0.1:8080";

/// Options of `export`.
#[derive(Clone, Debug, Args)]
pub struct TableArgs {
    /// The table.
    #[arg(value_name = "TABLE", value_parser = tables())]
    pub table: Table,
    /// The file that is written, whole or not at all; `-` for standard output. What is no regular file, such as a named
    /// pipe, is written into as it is.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
    /// As what it is written [default: what the file is called, csv for standard output].
    #[arg(short, long, value_name = "FORMAT", value_parser = formats())]
    pub format: Option<Format>,
    /// From where: a running service, its state directory (the last snapshot, without asking Gong; the service must not
    /// be running), or Gong itself (everybody is read, once).
    #[arg(long, value_enum, default_value_t = From::Server)]
    pub from: From,
    /// Where the service is. Its key is taken from ORGRAPH_KEY; with a key, plain http is taken for this machine only.
    #[arg(long, env = "ORGRAPH_SERVER", default_value = SERVER, value_name = "URL")]
    server: String,
    /// The state directory: where the last snapshot is taken from, or where calls to Gong are counted.
    #[arg(long, env = "ORGRAPH_STATE_DIR", value_name = "DIR", value_parser = path)]
    state_dir: Option<PathBuf>,
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
        let ending = self.output.extension().and_then(|ending| ending.to_str());
        let named = ending.and_then(|ending| Format::of_name(&ending.to_ascii_lowercase()));
        let usual = self.file().is_none().then_some(Format::Csv);
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

    /// The file that rows go to; none for standard output.
    pub fn file(&self) -> Option<&Path> {
        Some(self.output.as_path()).filter(|file| file.as_os_str() != "-")
    }

    /// Where the service is.
    pub fn server(&self) -> &str {
        or_default(&self.server, SERVER)
    }

    /// The state directory, if one is named.
    pub fn state_dir(&self) -> Option<&Path> {
        directory(&self.state_dir)
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

fn tables() -> impl TypedValueParser<Value = Table> {
    let known = |name: String| Table::of_name(&name).ok_or("there is no such table");
    PossibleValuesParser::new(Table::ALL.map(Table::name)).try_map(known)
}

fn formats() -> impl TypedValueParser<Value = Format> {
    let known = |name: String| Format::of_name(&name).ok_or("there is no such format");
    PossibleValuesParser::new(Format::ALL.map(Format::name)).try_map(known)
}
