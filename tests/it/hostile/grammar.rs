//! Documents by the schema's own grammar, with a hostile hand: names nearly right, values of any kind, nothing
//! where something must be, far too much of what is harmless once.

use std::fmt::Write;

use fastrand::Rng;

use super::{
    contract::{Contract, Field, base, lists},
    values::{self, literal, wild},
};

/// Makes documents up.
pub struct Grammar<'a> {
    pub contract: &'a Contract,
}

impl Grammar<'_> {
    /// An operation that may even fit the schema; `spite` is the chance that a choice is a bad one.
    pub fn operation(&self, rng: &mut Rng, spite: f64) -> String {
        let mut text = String::new();
        if rng.f64() < spite {
            text.push_str(one(
                rng,
                &[
                    "mutation ",
                    "subscription ",
                    "query Q ",
                    "query Q($q: Q) ",
                    "Query ",
                    "fragment F on User ",
                ],
            ));
        }
        for _ in 0..rng.usize(1..3) {
            text.push_str("{ ");
            for _ in 0..rng.usize(1..4) {
                let depth = rng.usize(1..7);
                self.selection(rng, "Query", depth, spite, &mut text);
            }
            text.push_str("} ");
            if rng.f64() >= spite {
                break;
            }
        }
        text
    }

    fn selection(&self, rng: &mut Rng, ty: &str, depth: usize, spite: f64, text: &mut String) {
        let fields = self.contract.fields(ty);
        let Some(field) = rng.choice(fields) else { return text.push_str("__typename ") };
        if rng.f64() < spite {
            _ = write!(
                text,
                "{}: ",
                wild(rng).chars().filter(char::is_ascii_alphanumeric).collect::<String>()
            );
        }
        match rng.f64() < spite {
            true => text.push_str(&misspelt(rng, &field.name)),
            false => text.push_str(&field.name),
        }
        self.arguments(rng, field, spite, text);
        if rng.f64() < spite {
            text.push_str(one(
                rng,
                &[
                    " @skip(if: true)",
                    " @include(if: $x)",
                    " @nope",
                    " @skip",
                    " @skip(if: 1)",
                    " @deprecated @deprecated",
                ],
            ));
        }
        let inner = base(&field.ty);
        if rng.f64() < spite {
            // A leaf with fields, an object without.
            text.push_str(one(
                rng,
                &[
                    " ",
                    "{ id } ",
                    "{ } ",
                    "{ ...F } ",
                    "{ ... on User { id } } ",
                    "{ ... on Nobody { id } } ",
                ],
            ));
        } else if self.contract.fields(inner).is_empty() || depth == 0 {
            // An interface's or a union's members are another attack's.
            let has_fields = depth == 0 && self.contract.outputs.contains_key(inner);
            text.push_str(if has_fields || inner == "_Entity" { " { __typename } " } else { " " });
        } else {
            text.push_str(" { ");
            for _ in 0..rng.usize(1..4) {
                self.selection(rng, inner, depth - 1, spite, text);
            }
            text.push_str("} ");
        }
    }

    fn arguments(&self, rng: &mut Rng, field: &Field, spite: f64, text: &mut String) {
        let mut given = Vec::new();
        for argument in &field.arguments {
            let leaves_out = if argument.ty.nullable { rng.bool() } else { rng.f64() < spite };
            if leaves_out {
                continue;
            }
            let name = if rng.f64() < spite { misspelt(rng, &argument.name) } else { argument.name.clone() };
            let value = match rng.f64() < spite {
                true => literal(rng, 3),
                false => self.fitting(rng, base(&argument.ty), lists(&argument.ty), 3),
            };
            given.push(format!("{name}: {value}"));
            if rng.f64() < spite {
                given.push(format!("{name}: {}", literal(rng, 1)));
            }
        }
        if !given.is_empty() {
            _ = write!(text, "({})", given.join(", "));
        }
    }

    /// A value of the right kind, if not of a sane size.
    fn fitting(&self, rng: &mut Rng, ty: &str, lists: usize, depth: usize) -> String {
        if lists > 0 {
            let items: Vec<_> =
                (0..rng.usize(0..5)).map(|_| self.fitting(rng, ty, lists - 1, depth)).collect();
            return format!("[{}]", items.join(", "));
        }
        if let Some(values) = self.contract.enums.get(ty) {
            return values[rng.usize(..values.len())].clone();
        }
        if let Some(slots) = self.contract.inputs.get(ty) {
            let mut given = Vec::new();
            for slot in slots {
                if !slot.ty.nullable || (depth > 0 && rng.usize(..slots.len()) < 2) {
                    let value = self.fitting(
                        rng,
                        base(&slot.ty),
                        super::contract::lists(&slot.ty),
                        depth.saturating_sub(1),
                    );
                    given.push(format!("{}: {value}", slot.name));
                }
            }
            return format!("{{ {} }}", given.join(", "));
        }
        match ty {
            "Int" => {
                rng.choice(["0", "1", "2", "50", "1000", "1001", "-1", "2147483647"]).unwrap().to_owned()
            }
            "Float" => values::number(rng),
            "Boolean" => rng.bool().to_string(),
            "Date" => "\"2024-02-30\"".to_owned(),
            "DateTime" => "\"9999-12-31T23:59:60Z\"".to_owned(),
            "ID" => rng
                .choice(["\"8424522639353776973\"", "\"\"", "8424522639353776973", "\"5654\"", "-1"])
                .unwrap()
                .to_owned(),
            _ => values::string(rng),
        }
    }
}

/// A name that is nearly, or not at all, this one.
fn misspelt(rng: &mut Rng, name: &str) -> String {
    match rng.usize(..9) {
        0 => name[..name.len() - 1].to_owned(),
        1 => format!("{name}s"),
        2 => name.to_uppercase(),
        3 => format!("__{name}"),
        4 => name.repeat(rng.usize(2..60)),
        5 => format!("{name}\u{200b}"),
        6 => name.replace(['a', 'e'], "е"),
        7 => values::name(rng),
        _ => format!("{}{name}", rng.alphabetic()),
    }
}

fn one<'a>(rng: &mut Rng, of: &[&'a str]) -> &'a str {
    of[rng.usize(..of.len())]
}
