//! `NAME=VALUE`: how much of it.

use std::{fmt, ops::RangeInclusive};

use super::kind::FaultKind;

/// The value of a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Number(u64),
    Host(String),
}

/// What the value of a kind means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueSpec {
    /// What it counts, in capitals: `SECONDS`, `PERCENT`, `RECORDS` and so on.
    pub unit: &'static str,
    /// What is taken if none is given.
    pub default: &'static str,
    /// What may be given; nothing for the one value that is no number.
    pub(super) range: Option<RangeInclusive<u64>>,
}

/// How `all` is kept.
const ALL: u64 = u64::MAX;

const fn number(unit: &'static str, default: &'static str, range: RangeInclusive<u64>) -> Option<ValueSpec> {
    Some(ValueSpec { unit, default, range: Some(range) })
}

impl FaultKind {
    /// What a value after `=` means, for those kinds that take one.
    pub fn value(self) -> Option<ValueSpec> {
        match self {
            Self::ThrottledWithRetryAfter => number("SECONDS", "1", 0..=u64::MAX),
            Self::SlowAnswer => number("MILLISECONDS", "1000", 0..=86_400_000),
            Self::SlowDrip => number("MILLISECONDS", "1000", 1..=86_400_000),
            Self::HugeField => number("MIB", "40", 1..=200),
            Self::GzipBomb => number("MIB", "64", 1..=256),
            Self::HugeHeaders => number("KIB", "1024", 1..=4096),
            Self::DeepNesting => number("LEVELS", "10000", 1..=1_000_000),
            Self::TotalTooHigh | Self::TotalTooLow => number("RECORDS", "1000", 1..=1_000_000_000),
            Self::WrongTypes | Self::IdAsNumber | Self::IdMissing | Self::IdNull | Self::RecordNull => {
                number("RECORDS", "1", 1..=ALL)
            }
            Self::UserMissingAlthoughCounted => number("RECORDS", "1", 1..=ALL),
            Self::HalfTheUsers => number("PERCENT", "50", 1..=100),
            Self::EverybodysManagerGone
            | Self::EverybodyInactive
            | Self::ManagersShuffled
            | Self::EverybodyReplaced => number("PERCENT", "100", 1..=100),
            Self::RedirectToAnotherHost => {
                Some(ValueSpec { unit: "HOST", default: "elsewhere.invalid", range: None })
            }
            _ => None,
        }
    }
}

impl ValueSpec {
    /// Whether `all` is a value.
    fn takes_all(&self) -> bool {
        self.range.as_ref().is_some_and(|range| self.unit == "RECORDS" && *range.end() == ALL)
    }

    /// Reads a value.
    pub(super) fn read(&self, text: &str) -> Option<Value> {
        match &self.range {
            Some(_) if self.takes_all() && text == "all" => Some(Value::Number(ALL)),
            Some(range) => {
                let digits = text.bytes().all(|byte| byte.is_ascii_digit());
                let number = text.parse().ok().filter(|number| digits && range.contains(number));
                number.map(Value::Number)
            }
            None => {
                let fit = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
                let host = (1..=255).contains(&text.len()) && text.bytes().all(fit);
                host.then(|| Value::Host(text.to_owned()))
            }
        }
    }
}

impl fmt::Display for ValueSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.range {
            Some(_) if self.takes_all() => f.write_str("a number of records from 1, or `all`"),
            Some(range) if *range.end() == ALL => write!(f, "a number of {}", self.unit.to_lowercase()),
            Some(range) => {
                let what = match self.unit {
                    "PERCENT" => "a percentage".to_owned(),
                    "MIB" => "a number of MiB".to_owned(),
                    "KIB" => "a number of KiB".to_owned(),
                    unit => format!("a number of {}", unit.to_lowercase()),
                };
                write!(f, "{what} from {} to {}", range.start(), range.end())
            }
            None => f.write_str("a host such as `127.0.0.1:8090`"),
        }
    }
}
