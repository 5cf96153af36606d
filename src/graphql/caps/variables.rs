//! What variables hold, as JSON would write them.

use async_graphql::{Value, Variables};

use super::{Caps, Over};

/// Checks the variables of a request, and tells their bytes. Costs one look at each value.
pub(in crate::graphql) fn check(variables: &Variables, caps: &Caps) -> Result<usize, Over> {
    Over::at_most(variables.len(), "variables", caps.variables, "variables")?;
    let mut bytes = 0;
    for (name, value) in variables.iter() {
        bytes += name.len() + 4 + measure(value, 1, caps)?;
        Over::at_most(bytes, "variablesBytes", caps.variables_bytes, "bytes of variables")?;
    }
    Ok(bytes)
}

/// The bytes of a value, which stands at this depth.
fn measure(value: &Value, depth: usize, caps: &Caps) -> Result<usize, Over> {
    let too_deep = |_| Over::new("variablesDepth", caps.variables_depth, "levels in a variable");
    match value {
        Value::List(items) => {
            Over::at_most(depth, "", caps.variables_depth, "").map_err(too_deep)?;
            Over::at_most(items.len(), "listItems", caps.list_items, "items in one list")?;
            items.iter().try_fold(2, |bytes, item| Ok(bytes + 1 + measure(item, depth + 1, caps)?))
        }
        Value::Object(object) => {
            Over::at_most(depth, "", caps.variables_depth, "").map_err(too_deep)?;
            object.iter().try_fold(2, |bytes, (name, value)| {
                Ok(bytes + name.len() + 4 + measure(value, depth + 1, caps)?)
            })
        }
        value => Ok(scalar_bytes(value)),
    }
}

/// The bytes of all of a value, lists and objects too.
pub(in crate::graphql) fn bytes(value: &Value) -> usize {
    match value {
        Value::List(items) => items.iter().fold(2, |sum, item| sum + 1 + bytes(item)),
        Value::Object(object) => {
            object.iter().fold(2, |sum, (name, value)| sum + name.len() + 4 + bytes(value))
        }
        value => scalar_bytes(value),
    }
}

fn scalar_bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 2,
        Value::Enum(name) => name.len(),
        Value::Binary(bytes) => bytes.len(),
        // No number that fits one is longer.
        Value::Number(_) => 20,
        Value::Null | Value::Boolean(_) | Value::List(_) | Value::Object(_) => 5,
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{Name, value};

    use super::*;

    fn passed(variables: impl IntoIterator<Item = (String, Value)>, caps: &Caps) -> Option<&'static str> {
        let mut given = Variables::default();
        given.extend(variables.into_iter().map(|(name, value)| (Name::new(name), value)));
        match check(&given, caps) {
            Err(Over::Cap { cap, .. }) => Some(cap),
            _ => None,
        }
    }

    fn one(value: Value) -> [(String, Value); 1] {
        [("a".to_owned(), value)]
    }

    #[test]
    fn the_number_of_variables_is_bounded() {
        let caps = Caps { variables: 3, ..Caps::default() };
        let many = |count: usize| (0..count).map(|n| (format!("v{n}"), Value::Null));
        assert_eq!(passed(many(3), &caps), None);
        assert_eq!(passed(many(4), &caps), Some("variables"));
    }

    #[test]
    fn their_bytes_are_bounded() {
        let caps = Caps { variables_bytes: 100, ..Caps::default() };
        let text = |length: usize| one(Value::String("x".repeat(length)));
        assert_eq!(passed(text(93), &caps), None);
        assert_eq!(passed(text(94), &caps), Some("variablesBytes"));
        let nested = |length: usize| one(value!({ "b": [{ "c": "x".repeat(length) }] }));
        assert_eq!(passed(nested(79), &caps), Some("variablesBytes"));
    }

    #[test]
    fn their_depth_is_bounded() {
        let caps = Caps { variables_depth: 5, ..Caps::default() };
        let lists = |depth: usize| one((0..depth).fold(Value::Null, |inner, _| Value::List(vec![inner])));
        let objects = |depth: usize| one((0..depth).fold(Value::Null, |inner, _| value!({ "a": inner })));
        assert_eq!((passed(lists(5), &caps), passed(objects(5), &caps)), (None, None));
        assert_eq!(passed(lists(6), &caps), Some("variablesDepth"));
        assert_eq!(passed(objects(6), &caps), Some("variablesDepth"));
    }

    #[test]
    fn lists_are_bounded_wherever_they_stand() {
        let caps = Caps { list_items: 7, ..Caps::default() };
        let list = |length: usize| Value::List(vec![Value::Null; length]);
        assert_eq!(passed(one(list(7)), &caps), None);
        assert_eq!(passed(one(list(8)), &caps), Some("listItems"));
        assert_eq!(passed(one(value!({ "a": [{ "b": list(8) }] })), &caps), Some("listItems"));
    }
}
