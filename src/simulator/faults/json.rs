//! Answers whose JSON is not as it should be.

use axum::{
    body::{Body, to_bytes},
    http::{StatusCode, header::CONTENT_LENGTH},
    response::Response,
};
use serde_json::{Map, Value, json};

use super::{board::Strikes, kind::FaultKind, script::Fault, target::Call};

/// Far more than any page.
const LONGEST: usize = 256 * 1024 * 1024;

/// What an answer has to have, for a fault to find something to do.
enum Need {
    /// A list of records, or the one that was asked for.
    Record,
    List,
    Records,
    Cursor,
    LastPage,
    Anything,
}

/// Rewrites a good answer; others are left as they are.
pub(super) async fn rewrite(strikes: &Strikes, call: &Call, response: Response) -> Response {
    if response.status() != StatusCode::OK || !strikes.faults().any(|fault| need(fault.kind).is_some()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, LONGEST).await.unwrap_or_default();
    let Ok(Value::Object(mut answer)) = serde_json::from_slice(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    for fault in strikes.faults() {
        if need(fault.kind).is_some_and(|need| need.is_met(&answer)) && hits(&fault, call) && fault.strikes()
        {
            edit(&mut answer, &fault, call);
        }
    }
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(Value::Object(answer).to_string()))
}

fn need(kind: FaultKind) -> Option<Need> {
    Some(match kind {
        FaultKind::WrongTypes | FaultKind::IdAsNumber | FaultKind::IdMissing | FaultKind::IdNull => {
            Need::Record
        }
        FaultKind::RecordNull
        | FaultKind::UsersNull
        | FaultKind::UsersMissing
        | FaultKind::AnotherOrder
        | FaultKind::UserMissingAlthoughCounted => Need::List,
        FaultKind::PageNumbersWrong
        | FaultKind::TotalTooHigh
        | FaultKind::TotalTooLow
        | FaultKind::TotalMissing
        | FaultKind::TotalAsText => Need::Records,
        FaultKind::SameCursorForEver
        | FaultKind::CursorDamaged
        | FaultKind::CursorDroppedEarly
        | FaultKind::RecordsMissingEarly => Need::Cursor,
        FaultKind::RecordsMissing => Need::LastPage,
        FaultKind::UnknownFields | FaultKind::NullsEverywhere => Need::Anything,
        _ => return None,
    })
}

impl Need {
    fn is_met(&self, answer: &Map<String, Value>) -> bool {
        let records = answer.get("records").and_then(Value::as_object);
        let has_cursor = records.is_some_and(|records| records.contains_key("cursor"));
        match self {
            Self::Record => list(answer).is_some() || answer.contains_key("user"),
            Self::List => list(answer).is_some(),
            Self::Records => records.is_some(),
            Self::Cursor => has_cursor,
            Self::LastPage => records.is_some() && !has_cursor,
            Self::Anything => true,
        }
    }
}

/// Whether a fault is for this call at all, beyond what its script says.
fn hits(fault: &Fault, call: &Call) -> bool {
    match fault.kind {
        // Once a listing, unless the script says otherwise; look-ups still find the person.
        FaultKind::UserMissingAlthoughCounted => {
            call.page == Some(1) || call.page.is_some() && fault.conditions.page.is_some()
        }
        _ => true,
    }
}

fn edit(answer: &mut Map<String, Value>, fault: &Fault, call: &Call) {
    let name = list(answer).unwrap_or_default();
    match fault.kind {
        FaultKind::WrongTypes => each_record(answer, fault, wrong_types),
        FaultKind::IdAsNumber => each_record(answer, fault, |record| {
            if let Some(id) = record.get_mut("id") {
                *id = id.as_str().map_or(Value::Null, number);
            }
        }),
        FaultKind::IdMissing => each_record(answer, fault, |record| _ = record.remove("id")),
        FaultKind::IdNull => each_record(answer, fault, |record| _ = record.insert("id".into(), Value::Null)),
        FaultKind::RecordNull => {
            rows(answer, &name).into_iter().flatten().take(amount(fault)).for_each(|row| *row = Value::Null);
        }
        FaultKind::UsersNull => _ = answer.insert(name, Value::Null),
        FaultKind::UsersMissing => _ = answer.remove(&name),
        FaultKind::AnotherOrder => _ = rows(answer, &name).map(|rows| rows.reverse()),
        FaultKind::UserMissingAlthoughCounted => {
            if let Some(rows) = rows(answer, &name) {
                rows.truncate(rows.len().saturating_sub(amount(fault)));
            }
        }
        FaultKind::UnknownFields => unknown_fields(answer),
        FaultKind::NullsEverywhere => nulls(answer),
        FaultKind::RecordsMissing | FaultKind::RecordsMissingEarly => _ = answer.remove("records"),
        _ => {
            if let Some(Value::Object(records)) = answer.get_mut("records") {
                edit_records(records, fault, call);
            }
        }
    }
}

fn edit_records(records: &mut Map<String, Value>, fault: &Fault, call: &Call) {
    let total = records.get("totalRecords").and_then(Value::as_u64).unwrap_or_default();
    let mut put = |key: &str, value: Value| _ = records.insert(key.to_owned(), value);
    match fault.kind {
        FaultKind::PageNumbersWrong => {
            put("currentPageNumber", json!(-1));
            put("currentPageSize", json!("many"));
        }
        FaultKind::TotalTooHigh => put("totalRecords", json!(total.saturating_add(fault.amount()))),
        FaultKind::TotalTooLow => put("totalRecords", json!(total.saturating_sub(fault.amount()))),
        FaultKind::TotalAsText => put("totalRecords", json!(total.to_string())),
        FaultKind::TotalMissing => _ = records.remove("totalRecords"),
        FaultKind::CursorDroppedEarly => _ = records.remove("cursor"),
        FaultKind::CursorDamaged => {
            let cursor = records.get("cursor").and_then(Value::as_str).unwrap_or_default();
            let damaged = format!("AAAA{}", cursor.get(4..).unwrap_or_default());
            records.insert("cursor".to_owned(), json!(damaged));
        }
        FaultKind::SameCursorForEver => {
            if let Some(cursor) = &call.cursor {
                put("cursor", json!(cursor));
            }
        }
        _ => {}
    }
}

/// The name of the list of records: `users` of the users' endpoints.
fn list(answer: &Map<String, Value>) -> Option<String> {
    let is_list = |(name, value): &(&String, &Value)| value.is_array() && *name != "errors";
    answer.iter().find(is_list).map(|(name, _)| name.clone())
}

fn rows<'a>(answer: &'a mut Map<String, Value>, list: &str) -> Option<&'a mut Vec<Value>> {
    answer.get_mut(list)?.as_array_mut()
}

fn each_record(answer: &mut Map<String, Value>, fault: &Fault, change: impl FnMut(&mut Map<String, Value>)) {
    records(answer).into_iter().take(amount(fault)).for_each(change);
}

/// The records of an answer, whether it has a list of them or the one that was asked for.
pub(super) fn records(answer: &mut Map<String, Value>) -> Vec<&mut Map<String, Value>> {
    let name = list(answer);
    let (rows, one) = match &name {
        Some(name) => (rows(answer, name), None),
        None => (None, answer.get_mut("user")),
    };
    rows.into_iter().flatten().chain(one).filter_map(Value::as_object_mut).collect()
}

fn amount(fault: &Fault) -> usize {
    usize::try_from(fault.amount()).unwrap_or(usize::MAX)
}

fn wrong_types(record: &mut Map<String, Value>) {
    for (key, value) in [
        ("active", json!("yes")),
        ("emailAddress", json!(["not", "a", "text"])),
        ("firstName", json!(7)),
        ("managerId", json!({ "id": "1" })),
        ("settings", json!("all")),
    ] {
        record.insert(key.to_owned(), value);
    }
}

/// As a program without large integers would put it: digits beyond 2^64 are lost.
fn number(id: &str) -> Value {
    id.parse::<u64>().map(Value::from).or_else(|_| id.parse::<f64>().map(Value::from)).unwrap_or(Value::Null)
}

fn unknown_fields(answer: &mut Map<String, Value>) {
    let add = |object: &mut Map<String, Value>| {
        object.insert("addedByGong".to_owned(), json!({ "since": 2031, "values": [null, true, "new"] }));
    };
    for record in records(answer) {
        add(record);
        record.get_mut("settings").and_then(Value::as_object_mut).map(add);
    }
    answer.get_mut("records").and_then(Value::as_object_mut).map(add);
    add(answer);
}

/// Only where `null` is as good as what stands there: `active: false` says something.
fn nulls(answer: &mut Map<String, Value>) {
    for (key, value) in records(answer).into_iter().flatten() {
        match value {
            Value::Array(values) if values.is_empty() => *value = Value::Null,
            Value::String(text) if text.is_empty() => *value = Value::Null,
            Value::Object(settings) if key == "settings" => {
                settings.values_mut().filter(|flag| **flag == false).for_each(|flag| *flag = Value::Null);
            }
            _ => {}
        }
    }
    if let Some(Value::Object(records)) = answer.get_mut("records") {
        records.entry("cursor").or_insert(Value::Null);
        records.insert("currentPageSize".to_owned(), Value::Null);
    }
}
