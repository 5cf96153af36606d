//! What is told of columns is so.

use std::collections::BTreeSet;

use orgraph::{
    export::{Contact, Format, Question, Table},
    graphql::GuardedField,
};

#[test]
fn what_is_guarded_in_the_schema_is_guarded_in_tables() {
    let of_user = |field: &GuardedField| field.parent() == "User";
    let fields: BTreeSet<_> =
        GuardedField::ALL.iter().filter(|field| of_user(field)).map(|field| field.coordinate()).collect();
    // What is asked of Gong beside the snapshot is in no table.
    let beside = ["User.settingsHistory", "User.activity", "User.calls"];
    let in_tables = Contact::ALL.iter().map(|contact| contact.coordinate());
    assert_eq!(in_tables.chain(beside).collect::<BTreeSet<_>>(), fields);
    let guarded = Table::ALL.iter().flat_map(|table| table.columns()).filter_map(|told| told.guard);
    let coordinates: BTreeSet<_> = guarded.map(Contact::coordinate).collect();
    assert_eq!(coordinates, Contact::ALL.map(Contact::coordinate).into());
}

#[test]
fn columns_have_names_of_their_own_and_say_what_they_are() {
    for table in Table::ALL {
        let columns = table.columns();
        let names: BTreeSet<_> = columns.iter().map(|told| &told.name).collect();
        assert_eq!(names.len(), columns.len());
        for told in &columns {
            let plain = told
                .name
                .bytes()
                .all(|byte| byte == b'_' || byte.is_ascii_lowercase() || byte.is_ascii_digit());
            assert!(plain && told.description.ends_with('.') && !told.source.is_empty(), "{told:?}");
        }
        let usual = Question::new(table, Format::Parquet).columns();
        assert!(usual.iter().all(|told| told.guard.is_none()));
    }
}
