//! A reading as lines of bounded length.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Reading;

/// Some people of whom the same fields were read.
pub(super) struct Line<'a> {
    pub(super) fields: &'a [&'static str],
    pub(super) user_ids: Vec<&'a str>,
}

/// The most people of one line.
const MOST_IDS: usize = 500;
/// The most bytes of their ids, unless one alone has more.
const MOST_BYTES: usize = 16 << 10;

/// Everybody in exactly one line.
pub(super) fn lines<'a>(of: &'a [(&'a str, Vec<&'static str>)]) -> Vec<Line<'a>> {
    let mut by_fields: BTreeMap<&[&'static str], Vec<&str>> = BTreeMap::new();
    for (id, fields) in of {
        by_fields.entry(fields).or_default().push(id);
    }
    let mut lines: Vec<Line<'_>> = Vec::new();
    for (fields, ids) in by_fields {
        let mut bytes = usize::MAX;
        for id in ids {
            match lines.last_mut() {
                Some(line)
                    if line.user_ids.len() < MOST_IDS && bytes.saturating_add(id.len()) <= MOST_BYTES =>
                {
                    line.user_ids.push(id);
                    bytes += id.len();
                }
                _ => {
                    lines.push(Line { fields, user_ids: vec![id] });
                    bytes = id.len();
                }
            }
        }
    }
    lines
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    at: String,
    viewer: &'a str,
    role: &'a str,
    request_id: &'a str,
    fields: &'a [&'static str],
    user_ids: &'a [&'a str],
}

#[derive(Serialize)]
struct Gap {
    at: String,
    lost: u64,
}

impl Line<'_> {
    /// The line as JSON, with its end.
    pub(super) fn json(&self, reading: &Reading<'_>) -> String {
        ended(&Record {
            at: reading.at.to_string(),
            viewer: &reading.viewer.id,
            role: reading.viewer.role.as_str(),
            request_id: reading.request_id,
            fields: self.fields,
            user_ids: &self.user_ids,
        })
    }
}

/// A line that says how many were lost until now.
pub(super) fn gap(at: jiff::Timestamp, lost: u64) -> String {
    ended(&Gap { at: at.to_string(), lost })
}

fn ended(record: &impl Serialize) -> String {
    // Texts and numbers can be written as JSON.
    serde_json::to_string(record).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_in_one_line_with_their_fields() {
        let ids: Vec<String> = (0..1_201).map(|id| id.to_string()).collect();
        let fields = |at: usize| if at.is_multiple_of(3) { vec!["a"] } else { vec!["a", "b"] };
        let of: Vec<_> = ids.iter().enumerate().map(|(at, id)| (id.as_str(), fields(at))).collect();
        let lines = lines(&of);
        assert_eq!(lines.iter().map(|line| line.user_ids.len()).collect::<Vec<_>>(), [401, 500, 300]);
        for line in &lines {
            for id in &line.user_ids {
                assert_eq!(line.fields, fields(id.parse().unwrap()), "{id}");
            }
        }
    }

    #[test]
    fn long_ids_make_short_lines() {
        let ids: Vec<String> = (0..5).map(|id| id.to_string().repeat(MOST_BYTES / 2)).collect();
        let of: Vec<_> = ids.iter().map(|id| (id.as_str(), vec!["a"])).collect();
        assert_eq!(lines(&of).iter().map(|line| line.user_ids.len()).collect::<Vec<_>>(), [2, 2, 1]);
    }
}
