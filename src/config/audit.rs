//! Flags of the audit log.

use std::{io, path::PathBuf};

use clap::Args;

use super::ConfigError;
use crate::{auth::audit::AuditLog, clock::Clock};

/// Where it is taken down who reads contact data of whom.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "What is told about requests")]
pub struct AuditArgs {
    /// A file to which it is appended, one JSON object a line, who has read which contact data of whom, and when:
    /// ids, never values. Made anew when it is moved away. Without it this goes to the log, target
    /// `orgraph::audit`, for viewers who have shown a credential.
    #[arg(long, env = "ORGRAPH_AUDIT_LOG", value_name = "FILE")]
    pub audit_log: Option<PathBuf>,
}

impl AuditArgs {
    /// The log.
    ///
    /// # Errors
    /// If the file can't be written.
    pub fn open(&self, clock: Clock) -> Result<AuditLog, ConfigError> {
        // A variable that is set to nothing says nothing.
        let Some(path) = self.audit_log.as_deref().filter(|path| !path.as_os_str().is_empty()) else {
            return Ok(AuditLog::traced());
        };
        let unusable = |error: io::Error| ConfigError::AuditLog {
            file: path.display().to_string(),
            cause: error.to_string(),
        };
        AuditLog::to_file(path, clock).map_err(unusable)
    }
}
