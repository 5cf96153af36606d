//! A scan that was held back: what there is to know of it.

use std::fmt;

use jiff::Timestamp;

/// Why a scan is held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QuarantineReason {
    /// It found nobody, where there was somebody before.
    EmptyCompany,
    /// Too many people are gone.
    TooManyRemoved,
    /// Too large a part of the active people is gone or inactive.
    TooManyDeactivated,
    /// Too large a part of the links to managers is another one or gone.
    TooManyManagersChanged,
    /// Gong announced another number of people than it gave.
    TotalDiffers,
    /// Too many records could not be read.
    TooManyUnreadable,
}

impl QuarantineReason {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::EmptyCompany,
        Self::TooManyRemoved,
        Self::TooManyDeactivated,
        Self::TooManyManagersChanged,
        Self::TotalDiffers,
        Self::TooManyUnreadable,
    ];

    /// The reason as a word for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EmptyCompany => "EMPTY_COMPANY",
            Self::TooManyRemoved => "TOO_MANY_REMOVED",
            Self::TooManyDeactivated => "TOO_MANY_DEACTIVATED",
            Self::TooManyManagersChanged => "TOO_MANY_MANAGERS_CHANGED",
            Self::TotalDiffers => "TOTAL_DIFFERS",
            Self::TooManyUnreadable => "TOO_MANY_UNREADABLE",
        }
    }
}

/// One bound that a scan breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Which.
    pub reason: QuarantineReason,
    /// The figure that was found.
    pub found: u32,
    /// What it is a part of.
    pub of: u32,
    /// The most that is let through.
    pub allowed: u32,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { found, of, allowed, .. } = self;
        match self.reason {
            QuarantineReason::EmptyCompany => write!(f, "nobody is left of {of} people"),
            QuarantineReason::TooManyRemoved => {
                write!(f, "{found} of {of} people are gone; {allowed} at most are let through")
            }
            QuarantineReason::TooManyDeactivated => {
                write!(
                    f,
                    "{found} of {of} active people are gone or inactive; {allowed} at most are let through"
                )
            }
            QuarantineReason::TooManyManagersChanged => {
                write!(f, "{found} of {of} links to managers are changed; {allowed} at most are let through")
            }
            QuarantineReason::TotalDiffers => {
                write!(f, "Gong announced {of} people and gave {found}; they may differ by {allowed}")
            }
            QuarantineReason::TooManyUnreadable => {
                write!(f, "{found} of {of} records can't be read; {allowed} at most are let through")
            }
        }
    }
}

/// A scan that was read to its end and is not served, because of what it would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantine {
    /// Names it for a decision: another scan that is held back has another number.
    pub id: u64,
    /// When it was held back.
    pub at: Timestamp,
    /// When the scan began.
    pub taken_at: Timestamp,
    /// How many persons it found.
    pub user_count: u32,
    /// Every bound that it breaks.
    pub breaches: Vec<Breach>,
}

impl fmt::Display for Quarantine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, breach) in self.breaches.iter().enumerate() {
            let comma = if at == 0 { "" } else { "; " };
            write!(f, "{comma}{breach}")?;
        }
        Ok(())
    }
}
