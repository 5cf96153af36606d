//! The people of a workspace in listing order, and reading them from a file.

use jiff::Timestamp;
use serde_json::{Map, Value};
use thiserror::Error;

use super::user::{SimUser, by_id};

/// The people of a simulated workspace, in listing order: ascending by numeric id, rows of one id
/// as they were given.
#[derive(Clone, Debug, PartialEq)]
pub struct Workspace {
    users: Vec<SimUser>,
}

/// A line of a file that is not a user.
#[derive(Debug, Error)]
#[error("line {line}: {fault}")]
pub struct LoadError {
    /// The number of the line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub fault: LineFault,
}

/// Why a line is not a user.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LineFault {
    /// The line can't be parsed.
    #[error("not JSON from column {column} on")]
    NotJson {
        /// Where the parser gave up, in bytes from 1.
        column: usize,
    },
    /// The line is JSON, but a list, a text or the like.
    #[error("not a JSON object")]
    NotAnObject,
    /// There is no id.
    #[error("id is missing")]
    IdMissing,
    /// The id is a number or another thing that is not text. Numbers are refused as they lose
    /// digits above 2^53.
    #[error("id is not a string")]
    IdNotAString,
    /// The id is empty or has other characters than decimal digits.
    #[error("id is not made of decimal digits")]
    IdNotDecimal,
    /// The time of creation can't be read.
    #[error("created is not an RFC 3339 time")]
    CreatedNotATime,
    /// A value has another type than at Gong.
    #[error("{path}: {problem}")]
    WrongType {
        /// Where in the object the value stands, for example `settings.emailsImported`.
        path: String,
        /// What was found there and what was expected.
        problem: String,
    },
}

impl Workspace {
    /// A workspace of these users, put into listing order.
    pub fn new(mut users: Vec<SimUser>) -> Self {
        put_in_order(&mut users);
        Self { users }
    }

    /// Reads one Gong user a line. Blank lines and unknown keys are passed over, `null` is as good
    /// as absent, and what is absent is filled as Gong would: `null`, `[]`, `false`, but `active`
    /// with `true`. `"_avatar": true` marks a row as an avatar. An id may come twice, as in real
    /// listings.
    ///
    /// # Errors
    ///
    /// The first line that is not a JSON object, has no decimal string for an id, or holds a value
    /// of a wrong type.
    pub fn from_ndjson(text: &str) -> Result<Self, LoadError> {
        let users = text
            .lines()
            .zip(1..)
            .filter(|(row, _)| !row.trim().is_empty())
            .map(|(row, line)| read_user(row).map_err(|fault| LoadError { line, fault }))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self::new(users))
    }

    /// Every row, avatars too, in listing order.
    pub fn users(&self) -> &[SimUser] {
        &self.users
    }

    /// The rows, to keep and to change.
    pub(super) fn into_users(self) -> Vec<SimUser> {
        self.users
    }
}

/// Sorts into listing order. Stable, so that the later row of an id stays the later one.
pub(super) fn put_in_order(users: &mut [SimUser]) {
    users.sort_by(|one, other| by_id(&one.id, &other.id));
}

fn read_user(row: &str) -> Result<SimUser, LineFault> {
    let value = serde_json::from_str(row).map_err(|error| LineFault::NotJson { column: error.column() })?;
    let Value::Object(mut keys) = value else {
        return Err(LineFault::NotAnObject);
    };
    drop_nulls(&mut keys);
    match keys.get("id") {
        None => return Err(LineFault::IdMissing),
        Some(Value::String(id)) if is_decimal(id) => {}
        Some(Value::String(_)) => return Err(LineFault::IdNotDecimal),
        Some(_) => return Err(LineFault::IdNotAString),
    }
    let user: SimUser = serde_path_to_error::deserialize(Value::Object(keys)).map_err(|error| {
        LineFault::WrongType { path: error.path().to_string(), problem: error.inner().to_string() }
    })?;
    match user.created.as_deref().map(str::parse::<Timestamp>) {
        Some(Err(_)) => Err(LineFault::CreatedNotATime),
        _ => Ok(user),
    }
}

/// Makes `null` and absent one case before types are looked at.
fn drop_nulls(keys: &mut Map<String, Value>) {
    keys.retain(|_, value| !value.is_null());
    if let Some(Value::Object(settings)) = keys.get_mut("settings") {
        settings.retain(|_, value| !value.is_null());
    }
}

fn is_decimal(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        Workspace::from_ndjson(text).unwrap_err().to_string()
    }

    #[test]
    fn a_bad_line_is_named_with_its_cause() {
        assert_eq!(fault("{\"id\":\"1\"}\n\n{}"), "line 3: id is missing");
        assert_eq!(fault(r#"{"id":null}"#), "line 1: id is missing");
        assert_eq!(fault(r#"{"id":12}"#), "line 1: id is not a string");
        assert_eq!(fault(r#"{"id":""}"#), "line 1: id is not made of decimal digits");
        assert_eq!(fault(r#"{"id":"12a"}"#), "line 1: id is not made of decimal digits");
        assert_eq!(fault("[]"), "line 1: not a JSON object");
        assert_eq!(fault("{\"id\""), "line 1: not JSON from column 5 on");
        assert_eq!(fault(r#"{"id":"1","created":"yesterday"}"#), "line 1: created is not an RFC 3339 time");
        assert_eq!(
            fault(r#"{"id":"1","settings":{"emailsImported":"yes"}}"#),
            r#"line 1: settings.emailsImported: invalid type: string "yes", expected a boolean"#
        );
    }

    #[test]
    fn what_is_absent_is_filled_and_what_is_unknown_is_ignored() {
        let text = r#"{"id":"5","created":"2023-04-11T14:16:12.337+03:00","shoeSize":44,"emailAliases":null,"_avatar":true}"#;
        let workspace = Workspace::from_ndjson(text).unwrap();
        let created = Some("2023-04-11T14:16:12.337+03:00".to_owned());
        assert_eq!(workspace.users(), [SimUser { created, avatar: true, ..SimUser::new("5") }]);
    }

    #[test]
    fn rows_are_ordered_and_rows_of_one_id_keep_theirs() {
        let rows = ["10", "9", "10"].into_iter().zip(["a", "b", "c"]);
        let text: String =
            rows.map(|(id, title)| format!("{{\"id\":\"{id}\",\"title\":\"{title}\"}}\r\n")).collect();
        let workspace = Workspace::from_ndjson(&text).unwrap();
        let titles: Vec<_> = workspace.users().iter().filter_map(|user| user.title.as_deref()).collect();
        assert_eq!(titles, ["b", "a", "c"]);
    }
}
