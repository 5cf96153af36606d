//! What a check finds, one thing at a time.

use serde::Serialize;

/// What a finding is about, in the order in which they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Topic {
    /// Where state is kept.
    State,
    /// Where Gong is, and whether it can be reached safely.
    Host,
    /// Whether Gong takes the credentials.
    Credentials,
    /// What they may ask for.
    Scopes,
    /// Whether the clocks agree.
    Clock,
    /// What a scan costs of the day.
    Quota,
    /// What is wrong with the company itself.
    Company,
}

impl Topic {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Host => "host",
            Self::Credentials => "credentials",
            Self::Scopes => "scopes",
            Self::Clock => "clock",
            Self::Quota => "quota",
            Self::Company => "company",
        }
    }
}

/// How good it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As it should be.
    Fine,
    /// The service works, and somebody should look at it.
    Warning,
    /// The service would not work, or not as it is told to.
    Failed,
    /// Not looked at: something before it failed, or it would have cost too much.
    Skipped,
}

/// What kind of thing has failed; each has an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Gong refuses the credentials, or they may not list users.
    Credentials,
    /// Gong can't be reached, or what answers isn't Gong.
    Network,
    /// Gong is throttling, the day's calls are spent, or scans don't fit into the day.
    Quota,
    /// The state directory can't be used.
    State,
}

impl Cause {
    /// The code that the process ends with. 1 and 2 have other meanings: 1 is a warning that was to count, 2 a
    /// flag that can't be used.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Credentials => 3,
            Self::Network => 4,
            Self::Quota => 5,
            Self::State => 6,
        }
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is about.
    pub topic: Topic,
    /// How good it is.
    pub verdict: Verdict,
    /// What was found, in one sentence without a full stop.
    pub message: String,
    /// What to do, if there is something to do.
    pub advice: Option<String>,
    /// What has failed, if something has.
    #[serde(skip)]
    pub cause: Option<Cause>,
}

impl Finding {
    fn new(topic: Topic, verdict: Verdict, message: impl Into<String>) -> Self {
        Self { topic, verdict, message: message.into(), advice: None, cause: None }
    }

    pub(super) fn fine(topic: Topic, message: impl Into<String>) -> Self {
        Self::new(topic, Verdict::Fine, message)
    }

    pub(super) fn warning(topic: Topic, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { advice: Some(advice.into()), ..Self::new(topic, Verdict::Warning, message) }
    }

    pub(super) fn failed(
        topic: Topic,
        cause: Cause,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        let failed = Self::new(topic, Verdict::Failed, message);
        Self { advice: Some(advice.into()), cause: Some(cause), ..failed }
    }

    pub(super) fn skipped(topic: Topic, message: impl Into<String>) -> Self {
        Self::new(topic, Verdict::Skipped, message)
    }

    pub(super) fn advised(self, advice: impl Into<String>) -> Self {
        Self { advice: Some(advice.into()), ..self }
    }
}
