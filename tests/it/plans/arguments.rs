//! Arguments that mean something in the company that is asked about, and now and then don't.

use async_graphql::parser::types::{BaseType, Type};

use super::{document::Variable, drawing::Drawing, value::Value};
use crate::hostile::contract::{Field, Slot};

/// What an argument is given for.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// Its name.
    purpose: &'a str,
    /// How deep it may nest.
    depth: u8,
}

const PAGES: [&str; 4] = ["first", "after", "last", "before"];
const WORDS: [&str; 12] = ["", "a", "An", "ann", "öz", "Engin", "\"", "é", "example", "Sales", "zoe", "o"];
const UNKNOWN: [&str; 4] = ["", "nobody here", "ü", "1\u{0}2"];

impl<'a> Drawing<'a> {
    /// Those of `field`, which stands so many listings deep.
    pub(super) fn arguments(&mut self, parent: &str, field: &Field, listings: usize) -> Vec<(String, Value)> {
        let is_page = field.arguments.iter().any(|slot| slot.name == "after");
        let mut arguments = Vec::new();
        // One of the two, as a rule.
        let by_email = (parent, &*field.name) == ("Query", "user") && self.one_in(6);
        for slot in &field.arguments {
            let leaves_out = match &*slot.name {
                name if PAGES.contains(&name) && is_page => true,
                "id" if parent == "Query" && field.name == "user" => by_email != self.one_in(80),
                "email" => by_email == self.one_in(80),
                "maxAge" => !self.one_in(12),
                _ => slot.ty.nullable && !self.one_in(3),
            };
            if !leaves_out || (!slot.ty.nullable && !self.one_in(300)) {
                arguments.push((slot.name.clone(), self.argument(slot)));
            }
        }
        if is_page {
            self.page(field, listings, &mut arguments);
        }
        if self.one_in(2_500) {
            arguments.push(("nothing".to_owned(), Value::Int(1)));
        }
        if self.one_in(4) {
            self.rng.shuffle(&mut arguments);
        }
        arguments
    }

    /// From which end of a listing, how many, and from where on.
    fn page(&mut self, field: &Field, listings: usize, arguments: &mut Vec<(String, Value)>) {
        let given: &[&str] = match self.rng.u8(..) {
            0..110 => &["first"],
            110..160 => &["last"],
            160..175 => &["first", "after"],
            175..190 => &["last", "before"],
            190..192 => &["before"],
            192 => &["first", "last"],
            193..196 => &["first", "before", "after"],
            _ if listings == 0 => &[],
            _ => &["first"],
        };
        for name in given {
            let Some(slot) = field.arguments.iter().find(|slot| slot.name == *name) else { continue };
            let value = match *name {
                "first" | "last" if !self.one_in(4) => Value::Int(self.page_size(listings)),
                _ => self.argument(slot),
            };
            arguments.push((slot.name.clone(), value));
        }
    }

    fn page_size(&mut self, listings: usize) -> i64 {
        match self.rng.u8(..) {
            0..2 => -1,
            2..4 => 1_001,
            4..16 if listings == 0 => 1_000,
            16..30 => 0,
            _ => self.rng.i64(1..4),
        }
    }

    fn argument(&mut self, slot: &Slot) -> Value {
        self.value(&slot.ty, Place { purpose: &slot.name, depth: 2 })
    }

    /// What variables are given, by name: those of the document and sometimes others.
    pub(super) fn variables(&mut self, variables: &[Variable]) -> Vec<(String, Value)> {
        let mut given = Vec::new();
        for Variable { name, ty, default, purpose } in variables {
            let ty = Type::new(ty).unwrap();
            let may_be_missing = ty.nullable || default.is_some();
            if self.one_in(if may_be_missing { 5 } else { 120 }) {
                continue;
            }
            let value = match self.rng.u8(..) {
                0..2 => self.anything(),
                2..14 if ty.nullable => Value::Null,
                2 => Value::Null,
                _ => self.constant(&ty, purpose),
            };
            given.push((name.clone(), value));
        }
        if self.one_in(25) {
            let value = self.anything();
            given.push(("extra".to_owned(), value));
        }
        given
    }

    /// A value without variables.
    fn constant(&mut self, ty: &Type, purpose: &str) -> Value {
        let before = std::mem::replace(&mut self.is_constant, true);
        let value = self.value(ty, Place { purpose, depth: 2 });
        self.is_constant = before;
        value
    }

    /// A condition of `@skip` or `@include`, more often than not the one that is `wanted`.
    pub(super) fn condition(&mut self, wanted: bool) -> Value {
        match self.rng.u8(..) {
            0..90 if !self.is_constant => self.variable(&Type::new("Boolean!").unwrap(), "if"),
            90 if self.one_in(4) => Value::Null,
            91 if self.one_in(4) => Value::Int(1),
            90..200 => Value::Boolean(wanted),
            _ => Value::Boolean(!wanted),
        }
    }

    /// A variable that may stand where `ty` is due: a new one, or one that is there already.
    fn variable(&mut self, ty: &Type, purpose: &str) -> Value {
        let ty = match self.rng.u8(..) {
            0..40 => Type { nullable: false, ..ty.clone() },
            40 => Type::new("String").unwrap(),
            _ => ty.clone(),
        };
        let fits = |variable: &&Variable| variable.purpose == purpose && variable.ty == ty.to_string();
        let known: Vec<_> = self.document.variables.iter().filter(fits).map(|one| one.name.clone()).collect();
        if !known.is_empty() && self.rng.bool() {
            return Value::Variable(known[self.rng.usize(..known.len())].clone());
        }
        let default = self.one_in(4).then(|| self.constant(&Type { nullable: false, ..ty.clone() }, purpose));
        // With a default a variable may be null where its argument may not.
        let nullable = ty.nullable || (default.is_some() && self.one_in(4));
        let name = match self.rng.bool() && !self.document.variables.iter().any(|one| one.name == purpose) {
            true => purpose.to_owned(),
            false => format!("v{}", self.document.variables.len()),
        };
        let ty = Type { nullable, ..ty }.to_string();
        let purpose = purpose.to_owned();
        self.document.variables.push(Variable { name: name.clone(), ty, default, purpose });
        Value::Variable(name)
    }

    fn value(&mut self, ty: &Type, place: Place<'_>) -> Value {
        let variables = if place.depth == 2 { 5 } else { 14 };
        match self.rng.u8(..) {
            0 if self.one_in(2) => return self.anything(),
            1..6 if ty.nullable => return Value::Null,
            _ if !self.is_constant && self.one_in(variables) => return self.variable(ty, place.purpose),
            _ => {}
        }
        match &ty.base {
            // One value stands for a list of it.
            BaseType::List(item) if self.one_in(20) => self.value(item, place),
            BaseType::List(item) => {
                let inside = Place { depth: place.depth.min(1), ..place };
                Value::List((0..self.rng.usize(0..4)).map(|_| self.value(item, inside)).collect())
            }
            BaseType::Named(name) => self.named(name, place),
        }
    }

    fn named(&mut self, ty: &str, place: Place<'_>) -> Value {
        let contract = self.contract;
        if let Some(values) = contract.enums.get(ty) {
            return Value::Enum(values[self.rng.usize(..values.len())].clone());
        }
        if let Some(slots) = contract.inputs.get(ty) {
            return self.input(slots, place);
        }
        match ty {
            "Int" | "Float" => Value::Int(self.number(place.purpose)),
            "Boolean" => Value::Boolean(self.rng.bool()),
            "ID" => self.id(),
            "EmailAddress" => Value::text(self.email()),
            "Date" => Value::text(self.rng.choice(["2025-12-01", "2025-12-20"]).unwrap()),
            "DateTime" => {
                let moments = ["1970-01-01T00:00:01Z", "1970-01-01T01:00:02+01:00", "2025-12-20T00:00:00Z"];
                Value::text(self.rng.choice(moments).unwrap())
            }
            "_Any" => Value::Object(vec![
                ("__typename".to_owned(), Value::text("User")),
                ("id".to_owned(), Value::text(self.known_id())),
            ]),
            _ => self.text(place.purpose),
        }
    }

    /// A few of the fields of an input, and all that must be there.
    fn input(&mut self, slots: &[Slot], place: Place<'_>) -> Value {
        let mut fields = Vec::new();
        for slot in slots {
            let nests = matches!(&*slot.name, "and" | "or" | "not" | "moves");
            let wanted = self.rng.usize(..slots.len().max(3)) < 2 && (!nests || place.depth > 0);
            if wanted || !slot.ty.nullable {
                let inside = Place { purpose: &slot.name, depth: place.depth.saturating_sub(1) };
                fields.push((slot.name.clone(), self.value(&slot.ty, inside)));
            }
        }
        self.rng.shuffle(&mut fields);
        Value::Object(fields)
    }

    fn number(&mut self, purpose: &str) -> i64 {
        match purpose {
            "first" | "last" => self.page_size(1),
            "maxAge" => self.rng.choice([5_000, 5_000, 5_000, 0, -1]).unwrap(),
            "inactiveForDays" => 30,
            "min" => self.rng.i64(0..3),
            _ if self.one_in(60) => self.rng.choice([0, -1, i64::from(i32::MAX) + 1]).unwrap(),
            _ => self.rng.i64(1..6),
        }
    }

    fn id(&mut self) -> Value {
        let issues = &self.pool.issues;
        let id = match self.rng.u8(..) {
            0..14 => self.rng.choice(UNKNOWN).unwrap(),
            // Gong would have to be asked.
            14 => "404404",
            15..50 if !issues.is_empty() => &issues[self.rng.usize(..issues.len())],
            _ => self.known_id(),
        };
        match id.parse() {
            Ok(number) if id.len() < 9 && !id.starts_with('0') && self.one_in(4) => Value::Int(number),
            _ => Value::text(id),
        }
    }

    /// Somebody's id; an unknown one where nobody is.
    fn known_id(&mut self) -> &'a str {
        let ids = &self.pool.ids;
        if ids.is_empty() { UNKNOWN[0] } else { &ids[self.rng.usize(..ids.len())] }
    }

    fn email(&mut self) -> &'a str {
        let emails = &self.pool.emails;
        match self.rng.u8(..) {
            0..3 => "no address",
            3..30 => "nobody@example.org",
            _ if emails.is_empty() => "nobody@example.org",
            _ => &emails[self.rng.usize(..emails.len())],
        }
    }

    fn text(&mut self, purpose: &str) -> Value {
        match purpose {
            "after" | "before" => self.cursor(),
            "keys" => self.id(),
            "emailDomain" => Value::text(self.rng.choice(["example.org", "Example.NET", "org"]).unwrap()),
            "spokenLanguage" => Value::text(self.rng.choice(["en", "en-US", "FR", "x"]).unwrap()),
            _ => Value::text(self.rng.choice(WORDS).unwrap()),
        }
    }

    /// One of an earlier answer, of whatever listing, or what is left of it.
    fn cursor(&mut self) -> Value {
        let cursors = &self.pool.cursors;
        if cursors.is_empty() || self.one_in(40) {
            return Value::text("zzz");
        }
        let mut cursor = cursors[self.rng.usize(..cursors.len())].clone();
        if self.one_in(20) {
            cursor.truncate(self.rng.usize(..cursor.len()));
        }
        Value::Text(cursor)
    }
}
