//! Gong's REST API as Gong describes it: one client, its limits, its retries, its paging, and a file for
//! each resource. Knows nothing of what the answers are used for.
//!
//! Every call goes through [`Gong`], so that no call can forget the limits, a time-out, the bound on the
//! body or the credentials. Facts about Gong carry their evidence where it is less than a recording or
//! Gong's own reference: *coded for* (connectors had to), or *assumed* (nobody published it).

mod settings;
mod client;
mod limits;
mod connecting;
mod door;
mod told;
mod place;
mod heard;
mod secrets;
mod auth;
mod oauth;
mod limiter;
mod budget;
mod retry;
mod error;
mod aside;
mod decode;
mod paging;
mod record;
mod users;
mod loose;
mod windows;
mod activity;
mod calls;
mod settings_history;
mod workspaces;
mod scorecards;
mod coaching;
#[doc(hidden)]
pub mod fuzzing;

pub use activity::{ACTIVITY_SCOPE, ActivityAnswer, ActivityCounters, UserActivity};
pub use calls::{CALLS_PER_PAGE, CALLS_SCOPE, CallRecord};
pub use client::{Fetched, Gong};
pub use coaching::{COACHING_SCOPE, CoachedReport, CoachingMetrics, ReportRecord};
pub use error::GongError;
pub use heard::Heard;
pub use limiter::{Limiter, Turn};
pub use limits::{Limits, Refusal, SpentHour, Urgency, Usage};
pub use oauth::{MemoryTokenStore, OAuthClient, TokenStore, TokenStoreError, Tokens};
pub use paging::{Listed, Page};
pub use record::RefusedRecord;
pub use retry::{RetryPolicy, Setback, Verdict};
pub use scorecards::{QuestionRecord, SCORECARDS_SCOPE, ScorecardRecord};
pub use settings::{Credentials, Settings, SettingsError};
pub use settings_history::{SETTINGS_HISTORY_SCOPE, SettingRecord};
pub use users::{Avatars, CreatedWindow, Found, MAX_IDS_PER_CALL, SettingsRecord, SpokenLanguage, User};
pub use windows::{DateWindow, MAX_CALL_WINDOW_DAYS, TimeWindow};
pub use workspaces::{WORKSPACES_SCOPE, WorkspaceRecord};
