//! Filters: `attribute eq value`, joined by `and`.

use super::answer::ScimFault;

/// Comparisons that must all hold.
#[derive(Debug, PartialEq)]
pub(super) struct Filter(Vec<Comparison>);

#[derive(Debug, PartialEq)]
struct Comparison {
    /// In small letters: names of attributes are compared without case.
    attribute: String,
    value: Value,
}

#[derive(Debug, PartialEq)]
enum Value {
    Text(String),
    Truth(bool),
}

/// What an attribute of a resource holds.
pub(super) enum Attribute<'a> {
    /// Compared as it is.
    Exact(&'a str),
    /// Compared without case.
    Loose(&'a str),
    Truth(bool),
    /// The resource has none: equal to nothing.
    Absent,
}

impl Filter {
    /// Reads a filter on some attributes, which are given in small letters.
    pub(super) fn read(text: Option<&str>, attributes: &[&str]) -> Result<Self, ScimFault> {
        let (mut comparisons, mut rest) = (Vec::new(), text.unwrap_or_default().trim_start());
        while !rest.is_empty() {
            let (attribute, after) = word(rest);
            let attribute = attribute.to_ascii_lowercase();
            if !attributes.contains(&attribute.as_str()) {
                return Err(ScimFault::invalid_filter(format!("can't filter by {attribute}")));
            }
            let (operator, after) = word(after);
            if !operator.eq_ignore_ascii_case("eq") {
                return Err(ScimFault::invalid_filter("the only operator is eq"));
            }
            let (value, after) = value(after)?;
            comparisons.push(Comparison { attribute, value });
            rest = after;
            if !rest.is_empty() {
                let (and, after) = word(rest);
                if !and.eq_ignore_ascii_case("and") || after.is_empty() {
                    return Err(ScimFault::invalid_filter("comparisons are joined by and"));
                }
                rest = after;
            }
        }
        Ok(Self(comparisons))
    }

    /// Whether a resource whose attributes these are is asked for.
    pub(super) fn admits<'a>(&self, attribute: impl Fn(&str) -> Attribute<'a>) -> bool {
        self.0.iter().all(|comparison| match (attribute(&comparison.attribute), &comparison.value) {
            (Attribute::Exact(held), Value::Text(wanted)) => held == wanted,
            (Attribute::Loose(held), Value::Text(wanted)) => held.to_lowercase() == wanted.to_lowercase(),
            (Attribute::Truth(held), Value::Truth(wanted)) => held == *wanted,
            _ => false,
        })
    }
}

/// The next word, and what comes behind the space after it.
fn word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim_start())
}

/// The next value. Texts are written as in JSON.
fn value(text: &str) -> Result<(Value, &str), ScimFault> {
    let bad = || ScimFault::invalid_filter("expected a quoted text, true or false behind eq");
    let mut values = serde_json::Deserializer::from_str(text).into_iter();
    let value = match values.next() {
        Some(Ok(serde_json::Value::String(text))) => Value::Text(text),
        Some(Ok(serde_json::Value::Bool(truth))) => Value::Truth(truth),
        _ => return Err(bad()),
    };
    Ok((value, text.get(values.byte_offset()..).unwrap_or_default().trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(filter: &str) -> Result<bool, ScimFault> {
        Ok(Filter::read(Some(filter), &["username", "id", "externalid", "active"])?.admits(
            |name| match name {
                "username" => Attribute::Loose("Ada@example.com"),
                "id" => Attribute::Exact("007"),
                "active" => Attribute::Truth(true),
                _ => Attribute::Absent,
            },
        ))
    }

    #[test]
    fn filters_are_understood() {
        for (filter, so) in [
            ("", true),
            (r#"userName eq "ada@EXAMPLE.com""#, true),
            (r#"USERNAME EQ "ada@example.com" AND active eq true"#, true),
            (r#"userName eq "ada@example.com" and active eq false"#, false),
            (r#"id eq "7""#, false),
            (r#"id eq "\u0030\u00307""#, true),
            (r#"externalId eq """#, false),
            (r#"active eq "true""#, false),
        ] {
            assert_eq!(admits(filter).unwrap(), so, "{filter}");
        }
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        for filter in [
            "userName",
            "userName eq",
            "userName eq ada",
            "userName co \"a\"",
            "shoeSize eq \"44\"",
            r#"id eq "1" or id eq "2""#,
            r#"id eq "1" and"#,
            r#"id eq "1"#,
        ] {
            assert!(admits(filter).is_err(), "{filter}");
        }
    }
}
