//! A fault as it is written: `NAME[=VALUE][@CONDITION,…]`.

use std::{fmt, str::FromStr, time::Duration};

use jiff::SignedDuration;

use super::{
    condition::{Conditions, Span},
    kind::FaultKind,
    script_error::{Cause, ScriptError},
    target::Target,
    value::Value,
};

/// Far longer than any script.
const LONGEST: usize = 500;

/// A fault to switch on: what, how much of it, and on which calls. Read from a script such as
/// `cursor-expired@page=3,times=1` with [`str::parse`], and printed as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    script: String,
    pub(super) kind: FaultKind,
    value: Option<Value>,
    pub(super) conditions: Conditions,
}

impl Fault {
    /// What kind it is.
    pub fn kind(&self) -> FaultKind {
        self.kind
    }

    /// How much of it; 0 for kinds without a number.
    pub(super) fn amount(&self) -> u64 {
        match &self.value {
            Some(Value::Number(number)) => *number,
            Some(Value::Host(_)) | None => 0,
        }
    }

    /// Where to, for the kind that leads somewhere.
    pub(super) fn host(&self) -> &str {
        match &self.value {
            Some(Value::Host(host)) => host,
            Some(Value::Number(_)) | None => "",
        }
    }
}

impl From<FaultKind> for Fault {
    /// The fault with its usual value, on every call.
    fn from(kind: FaultKind) -> Self {
        let value = kind.value().and_then(|spec| spec.read(spec.default));
        Self { script: kind.name().to_owned(), kind, value, conditions: Conditions::default() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.script)
    }
}

impl FromStr for Fault {
    type Err = ScriptError;

    fn from_str(text: &str) -> Result<Self, ScriptError> {
        let script = text.trim();
        if script.len() > LONGEST {
            return Err(ScriptError::too_long(script, LONGEST));
        }
        // Parts are slices of the script: their addresses tell where they stand.
        let place = |part: &str| part.as_ptr().addr().saturating_sub(script.as_ptr().addr());
        let fail = |part: &str, cause| ScriptError::new(script, place(part), cause);

        let (what, conditions) = match script.split_once('@') {
            Some((what, conditions)) => (what, Some(conditions)),
            None => (script, None),
        };
        let (name, value) = match what.split_once('=') {
            Some((name, value)) => (name.trim(), Some(value.trim())),
            None => (what.trim(), None),
        };
        let kind = FaultKind::named(name).ok_or_else(|| fail(name, Cause::unknown_fault(name)))?;
        let mut fault = Self { script: script.to_owned(), ..Self::from(kind) };
        if let Some(value) = value {
            let spec = kind.value().ok_or_else(|| fail(value, Cause::NoValue(kind)))?;
            let read = spec.read(value).ok_or_else(|| fail(value, Cause::Value(kind, spec.to_string())))?;
            fault.value = Some(read);
        }
        for condition in conditions.into_iter().flat_map(|text| text.split(',')).map(str::trim) {
            let (key, value) = condition
                .split_once('=')
                .ok_or_else(|| fail(condition, Cause::not_a_condition(condition)))?;
            let (key, value) = (key.trim(), value.trim());
            let conditions = &mut fault.conditions;
            let fresh = match key {
                "page" | "pages" => put(&mut conditions.page, Span::read(value)),
                "call" | "calls" => put(&mut conditions.call, Span::read(value)),
                "endpoint" => put(
                    &mut conditions.endpoint,
                    Some(Target::read(value).ok_or_else(|| fail(value, Cause::unknown_endpoint(value)))?),
                ),
                "after" => put(&mut conditions.after, time(value)),
                "times" => put(&mut conditions.times, count(value)),
                "every" => put(&mut conditions.every, count(value)),
                "share" => put(&mut conditions.share, share(value)),
                _ => return Err(fail(key, Cause::unknown_condition(key))),
            };
            match fresh {
                Ok(true) => {}
                Ok(false) => return Err(fail(key, Cause::Twice(key.to_owned()))),
                Err(Unreadable) => return Err(fail(value, Cause::condition_value(key))),
            }
        }
        Ok(fault)
    }
}

/// A condition's value can't be read.
struct Unreadable;

/// Fills an empty slot; tells whether it was empty.
fn put<T>(slot: &mut Option<T>, value: Option<T>) -> Result<bool, Unreadable> {
    Ok(slot.replace(value.ok_or(Unreadable)?).is_none())
}

fn count(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number| *number >= 1)
}

fn share(text: &str) -> Option<f64> {
    text.parse().ok().filter(|share| (0.0..=1.0).contains(share))
}

fn time(text: &str) -> Option<Duration> {
    Duration::try_from(text.parse::<SignedDuration>().ok()?).ok()
}
