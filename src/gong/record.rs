//! One user of a page. A record that can't be read costs neither its page nor, if it can be helped, its
//! person.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};

use super::{Fetched, User, decode::place_and_cause};

/// A record before it is read: the page around it is whole, whatever it holds.
pub(super) type RawRecord = Box<RawValue>;

/// A record that has another shape than Gong's users.
#[derive(Clone, Debug)]
pub struct RefusedRecord {
    /// Whose it is, if that much can be read. Gong's ids are texts; a number is taken digit by digit.
    pub id: Option<String>,
    /// JSON path of the first fault in the answer, for example `users[3].active`.
    pub path: String,
    /// What was found there and what was expected; never the value, which may be personal.
    pub cause: String,
    /// The record without the keys that are at fault, as far as an id is left.
    pub salvaged: Option<Box<Fetched<User>>>,
}

/// A fault and what is left of the record it was found in.
pub(super) struct Refusal {
    pub(super) id: Option<String>,
    pub(super) path: String,
    pub(super) cause: String,
    pub(super) salvaged: Option<Box<User>>,
}

/// Reads the record that stands at `place` of its page.
pub(super) fn read(raw: &RawValue, place: usize) -> Result<User, Refusal> {
    let fault = match parse::<User>(raw.get()) {
        Ok(user) => return Ok(user),
        Err(fault) => fault,
    };
    let id = id(raw);
    let salvaged = id.as_deref().and_then(|id| salvage(raw, id));
    let path = match fault.path.as_str() {
        "." => format!("users[{place}]"),
        path => format!("users[{place}].{path}"),
    };
    Err(Refusal { id, path, cause: fault.cause, salvaged })
}

struct Fault {
    path: String,
    cause: String,
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Fault> {
    let mut json = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let (path, cause) = place_and_cause(error);
        Fault { path, cause }
    })
}

/// The id of a record, whatever else is wrong with it.
fn id(raw: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Identified<'a> {
        #[serde(borrow)]
        id: &'a RawValue,
    }

    let id = parse::<Identified<'_>>(raw.get()).ok()?.id.get();
    let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let id = if is_number { id.to_owned() } else { parse::<String>(id).ok()? };
    (!id.is_empty()).then_some(id)
}

/// Leaves out one key at fault after the other until the rest can be read.
fn salvage(raw: &RawValue, id: &str) -> Option<Box<User>> {
    // A text that is no Unicode would spoil the whole record: value by value.
    let values: BTreeMap<String, &RawValue> = serde_json::from_str(raw.get()).ok()?;
    let readable = |(key, value): (String, &RawValue)| Some((key, serde_json::from_str(value.get()).ok()?));
    let mut keys: Map<String, Value> = values.into_iter().filter_map(readable).collect();
    keys.insert("id".to_owned(), id.into());
    // More keys than Gong's user object has can't be at fault: others are not looked at.
    const KEYS_OF_A_USER: usize = 17;
    for _ in 0..=KEYS_OF_A_USER {
        match serde_path_to_error::deserialize::<_, User>(Value::Object(keys.clone())) {
            Ok(user) => return Some(Box::new(user)),
            Err(error) => {
                let path = error.path().to_string();
                keys.remove(path.split(['.', '[']).next()?)?;
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(record: Value) -> Refusal {
        let raw = serde_json::value::to_raw_value(&record).unwrap();
        read(&raw, 3).unwrap_err()
    }

    #[test]
    fn a_fault_is_told_with_its_place_and_without_the_value() {
        let fault = refused(json!({ "id": "7", "settings": { "emailsImported": "secretly" } }));
        assert_eq!(fault.id.as_deref(), Some("7"));
        assert_eq!(fault.path, "users[3].settings.emailsImported");
        assert_eq!(fault.cause, "found string, expected a boolean");
        let fault = refused(json!("somebody"));
        assert_eq!((fault.id, fault.path.as_str()), (None, "users[3]"));
    }

    #[test]
    fn what_can_be_read_of_a_record_is_kept() {
        let record =
            json!({ "id": "7", "active": "yes", "managerId": "3", "title": ["CEO"], "firstName": "Ann" });
        let user = refused(record).salvaged.unwrap();
        assert_eq!((user.id.as_str(), user.active, user.title), ("7", None, None));
        assert_eq!((user.manager_id.as_deref(), user.first_name.as_deref()), (Some("3"), Some("Ann")));
    }

    #[test]
    fn a_text_that_is_no_unicode_costs_no_more_than_itself() {
        let record =
            r#"{"id": "7", "firstName": "half a smile \ud83d", "lastName": "Ames", "active": false}"#;
        let raw = RawValue::from_string(record.to_owned()).unwrap();
        let fault = read(&raw, 0).unwrap_err();
        assert_eq!((fault.id.as_deref(), fault.path.as_str()), (Some("7"), "users[0].firstName"));
        let user = fault.salvaged.unwrap();
        assert_eq!((user.first_name, user.last_name.as_deref()), (None, Some("Ames")));
        assert_eq!(user.active, Some(false));
    }

    #[test]
    fn an_id_that_is_a_number_keeps_all_its_digits() {
        let raw =
            RawValue::from_string(r#"{"id": 18446744073709551617, "active": true}"#.to_owned()).unwrap();
        let fault = read(&raw, 0).unwrap_err();
        assert_eq!(fault.id.as_deref(), Some("18446744073709551617"));
        assert_eq!(fault.salvaged.unwrap().id, "18446744073709551617");
    }

    #[test]
    fn a_record_without_an_id_is_nobodys() {
        for id in [json!(null), json!(""), json!(-5), json!(1.5), json!({ "is": "5" })] {
            let fault = refused(json!({ "id": id, "active": true }));
            assert_eq!(fault.id, None, "{id}");
            assert!(fault.salvaged.is_none(), "{id}");
        }
    }
}
