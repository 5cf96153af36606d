//! Errors as they leave the house: each with a code and the request's id, none too long, not too many.

use async_graphql::{PathSegment, ServerError, Value};

use super::{caps::Caps, error::ErrorCode, silence};

/// The most bytes of all errors of an answer that holds nothing else: with what else is in the answer, 4 KiB.
const REFUSAL_BYTES: usize = 3_300;
/// The most places that one error names.
const MAX_PLACES: usize = 4;

/// Puts what failed in a run into the order of its places in the document, of the items of lists, and of the keys on the
/// way: what waits for something fails later than what doesn't, and what it waits for is sometimes there already.
pub(super) fn in_order(errors: &mut [ServerError]) {
    errors.sort_by_cached_key(|error| {
        let place = error.locations.first().map(|place| (place.line, place.column));
        // What is spread twice has one place, and two ways there.
        let (mut items, mut keys) = (Vec::new(), Vec::new());
        for step in &error.path {
            match step {
                PathSegment::Index(index) => items.push(*index),
                PathSegment::Field(key) => keys.push(key.clone()),
            }
        }
        (place, items, keys)
    });
}

/// Makes the errors of an answer fit to leave. An error without a code stems from the executor's own checks
/// of arguments, variables and operation names; everything of ours has one. Of an answer that `is_small`, one without data,
/// all errors together are bounded in bytes too.
pub(super) fn finish(
    errors: &mut Vec<ServerError>,
    is_small: bool,
    request_id: &str,
    caps: &Caps,
    introspection: bool,
) {
    let all = errors.len();
    let mut room = if is_small { REFUSAL_BYTES } else { usize::MAX };
    let mut kept = 0;
    for error in errors.iter_mut().take(caps.errors.max(1)) {
        let extensions = error.extensions.get_or_insert_default();
        if extensions.get("code").is_none() {
            extensions.set("code", ErrorCode::BadUserInput.as_str());
            if !introspection {
                silence::unreadable(error);
            }
        }
        seal(error, request_id, caps);
        // Beside the text: keys, places, a code, the request's id and what an error of ours may add.
        let path: usize = error.path.iter().map(path_bytes).sum();
        let bytes = json_length(&error.message) + path + json_length(request_id) + 250;
        if bytes > room {
            if kept > 0 {
                break;
            }
            // The text says what is wrong; the way there may be longer than a refusal.
            error.path.clear();
        }
        room = room.saturating_sub(bytes);
        kept += 1;
    }
    if kept < all {
        let first_left_out =
            errors.get(kept).and_then(|error| error.extensions.as_ref()?.get("code").cloned());
        errors.truncate(kept);
        let mut rest = ServerError::new(format!("and {} more errors, which are left out", all - kept), None);
        let code = first_left_out.unwrap_or_else(|| ErrorCode::BadUserInput.as_str().into());
        let extensions = rest.extensions.get_or_insert_default();
        extensions.set("code", code);
        extensions.set("leftOut", all - kept);
        seal(&mut rest, request_id, caps);
        errors.push(rest);
    }
}

fn seal(error: &mut ServerError, request_id: &str, caps: &Caps) {
    error.extensions.get_or_insert_default().set("requestId", Value::from(request_id));
    error.locations.truncate(MAX_PLACES);
    shorten(&mut error.message, caps.error_bytes);
}

/// Cuts a text to so many bytes, as JSON writes it.
fn shorten(text: &mut String, most: usize) {
    let mut bytes = 0;
    let end = text.char_indices().find(|(_, character)| {
        bytes += json_bytes(*character);
        bytes > most
    });
    if let Some((end, _)) = end {
        text.truncate(end);
        text.push('…');
    }
}

fn path_bytes(step: &PathSegment) -> usize {
    match step {
        PathSegment::Field(name) => name.len() + 3,
        PathSegment::Index(_) => 8,
    }
}

fn json_length(text: &str) -> usize {
    text.chars().map(json_bytes).sum()
}

/// The bytes of a character in a text of JSON.
fn json_bytes(character: char) -> usize {
    match character {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' => 6,
        _ => character.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::Pos;

    use super::*;
    use crate::graphql::error::fault;

    fn finished(mut errors: Vec<ServerError>, is_small: bool) -> Vec<ServerError> {
        let caps = Caps { errors: 20, ..Caps::default() };
        finish(&mut errors, is_small, "request-1", &caps, true);
        errors
    }

    fn bytes(errors: &[ServerError]) -> usize {
        errors.iter().map(|error| serde_json::to_string(error).unwrap().len() + 1).sum()
    }

    fn some(count: usize, message: &str) -> Vec<ServerError> {
        let mut error = fault(ErrorCode::GraphqlValidationFailed, message);
        error.locations = vec![Pos { line: 100_000, column: 100_000 }; 10];
        vec![error; count]
    }

    #[test]
    fn errors_are_bounded_in_number_and_the_rest_is_counted() {
        let mut failed = fault(ErrorCode::AmbiguousEmail, "x");
        failed.path.push(PathSegment::Field("a".to_owned()));
        assert_eq!(finished(vec![failed.clone(); 20], false).len(), 20);
        let errors = finished(vec![failed; 21], false);
        assert_eq!(errors.len(), 21);
        assert_eq!(errors[20].message, "and 1 more errors, which are left out");
        let extensions = errors[20].extensions.as_ref().unwrap();
        assert_eq!(extensions.get("code"), Some(&Value::from("AMBIGUOUS_EMAIL")));
        assert_eq!(extensions.get("leftOut"), Some(&Value::from(1)));
        assert_eq!(extensions.get("requestId"), Some(&Value::from("request-1")));
    }

    #[test]
    fn what_failed_is_told_in_the_order_of_the_document() {
        let failed = |line, column, item| {
            let mut error = ServerError::new("x", Some(Pos { line, column }));
            error.path = vec![PathSegment::Field("a".to_owned()), PathSegment::Index(item)];
            error
        };
        let ordered = [failed(1, 9, 0), failed(1, 10, 2), failed(1, 10, 10), failed(2, 1, 0)];
        let mut errors = ordered.iter().rev().cloned().collect::<Vec<_>>();
        in_order(&mut errors);
        assert_eq!(errors, ordered);
    }

    #[test]
    fn a_text_is_bounded_as_json_writes_it() {
        for (message, kept) in [("x", 500), ("\"", 250), ("\0", 83), ("ü", 250), ("\n", 250)] {
            let exact = some(1, &message.repeat(kept));
            assert_eq!(finished(exact, true)[0].message, message.repeat(kept));
            let longer = some(1, &message.repeat(kept + 1));
            assert_eq!(finished(longer, true)[0].message, message.repeat(kept) + "…");
        }
    }

    #[test]
    fn a_refusal_is_small_whatever_is_wrong() {
        for (count, message) in [(10_000, "x".repeat(50_000)), (20, "\0".repeat(900)), (100, "x".to_owned())]
        {
            let errors = finished(some(count, &message), true);
            assert!(bytes(&errors) < 3_800, "{} bytes", bytes(&errors));
            assert!(errors.len() > 1);
            assert!(errors[0].locations.len() == MAX_PLACES);
        }
    }

    #[test]
    fn an_error_without_a_code_is_a_clients() {
        let errors = finished(vec![ServerError::new("Unknown operation", None)], true);
        let code = errors[0].extensions.as_ref().unwrap().get("code");
        assert_eq!(code, Some(&Value::from("BAD_USER_INPUT")));
    }
}
