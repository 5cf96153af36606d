//! How requests are taken and answers given.

use std::{convert::Infallible, path::PathBuf, str::FromStr};

use clap::Args;

use super::{ConfigError, ExportArgs};
use crate::http::{self, DocumentSettings, Documents, Origin, Origins};

/// How requests are taken.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "How requests are taken")]
pub struct HttpArgs {
    /// The most requests of one batch, a JSON list of requests; 0 refuses batches. Each request of a batch costs
    /// what it would cost alone.
    #[arg(long, env = "ORGRAPH_MAX_BATCH", default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub max_batch: u32,
    /// A directory of documents that clients ask for by `documentId` instead of their text: `*.graphql`, one each, and
    /// `*.json`, Apollo's manifests or maps from hashes to texts. It is read again when it changes [default: none].
    #[arg(long, env = "ORGRAPH_DOCUMENTS_DIR", value_name = "DIR", value_parser = path)]
    pub documents_dir: Option<PathBuf>,
    /// Run the documents of that directory and no others: no texts of clients' own, and so no introspection.
    #[arg(long, env = "ORGRAPH_TRUSTED_DOCUMENTS_ONLY")]
    pub trusted_documents_only: bool,
    /// MiB of memory for documents that clients register by their hash (automatic persisted queries); 0 for none.
    #[arg(long, env = "ORGRAPH_PERSISTED_QUERIES_MIB", default_value_t = 8, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=4_096))]
    pub persisted_queries_mib: u32,
    /// The sites whose pages may read answers (CORS), with commas between them, such as
    /// `https://app.example.org,http://localhost:3000`; `*` for all [default: none].
    #[arg(long, env = "ORGRAPH_CORS_ORIGINS", default_value = "", hide_default_value = true, value_name = "ORIGINS", value_parser = origins)]
    pub cors_origins: Origins,
    /// Take a GET of an operation only with the header `x-orgraph-preflight` (or Apollo's
    /// `apollo-require-preflight`), whoever sends it. Without this, only GETs that a browser sends for a page of
    /// another site need it, which browsers tell on https and to this machine.
    #[arg(long, env = "ORGRAPH_REQUIRE_PREFLIGHT")]
    pub require_preflight: bool,
    /// Tables.
    #[command(flatten)]
    pub export: ExportArgs,
}

impl HttpArgs {
    /// What the HTTP layer is told; whether it is for this machine only follows from who may ask. Reads the
    /// documents.
    ///
    /// # Errors
    /// If the documents can't be used.
    pub fn settings(&self, only_this_machine: bool) -> Result<http::Settings, ConfigError> {
        let named = |path: &&PathBuf| !path.as_os_str().is_empty();
        let documents = DocumentSettings {
            directory: self.documents_dir.as_ref().filter(named).cloned(),
            trusted_only: self.trusted_documents_only,
            memory: u64::from(self.persisted_queries_mib) << 20,
        };
        Ok(http::Settings {
            max_batch: self.max_batch as usize,
            documents: Documents::open(&documents)?,
            origins: self.cors_origins.clone(),
            require_preflight: self.require_preflight,
            only_this_machine,
            export: self.export.settings(),
            ..http::Settings::default()
        })
    }
}

fn path(text: &str) -> Result<PathBuf, Infallible> {
    Ok(text.into())
}

fn origins(text: &str) -> Result<Origins, &'static str> {
    match text.trim() {
        "" => Ok(Origins::None),
        "*" => Ok(Origins::Any),
        list => list.split(',').map(Origin::from_str).collect::<Result<_, _>>().map(Origins::Listed),
    }
}
