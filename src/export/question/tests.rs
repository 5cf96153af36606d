use super::*;

fn asked(name: &str, parameters: &[(&str, &str)]) -> Result<Question, Unfit> {
    let parameters = parameters.iter().map(|(name, value)| ((*name).into(), (*value).into()));
    Question::named(name).unwrap().with(parameters)
}

fn names(question: &Question) -> Vec<String> {
    question.columns().into_iter().map(|told| told.name.into_owned()).collect()
}

#[test]
fn columns_come_as_they_are_named() {
    let question = asked("users.csv", &[("columns", "title, id,level_40_id")]).unwrap();
    assert_eq!(names(&question), ["title", "id", "level_40_id"]);
    assert_eq!(question.deepest_level(), 40);
}

#[test]
fn the_usual_columns_hold_no_contact_data_and_as_many_levels_as_are_wanted() {
    let usual = asked("users.csv", &[("levels", "2")]).unwrap();
    let names = names(&usual);
    assert!(names.contains(&"level_2_name".to_owned()) && !names.contains(&"level_3_id".to_owned()));
    assert!(!names.contains(&"phone_number".to_owned()) && usual.guarded().is_none());
    let named = asked("users.csv", &[("columns", "phone_number")]).unwrap();
    assert!(matches!(named.guarded(), Some(Unfit::Guarded { contact: Contact::PhoneNumber, .. })));
    assert_eq!(asked("users.csv", &[("levels", "0")]).unwrap().deepest_level(), 0);
}

#[test]
fn what_cannot_be_used_is_told_with_what_can() {
    for (name, parameters, told) in [
        ("users.csv", ("colums", "id"), "\"colums\": there is no such parameter; there are columns, active"),
        ("users.csv", ("active", "yes"), "active: must be true or false, not \"yes\""),
        ("users.csv", ("levels", "51"), "levels: must be a number from 0 to 50"),
        ("orphans.csv", ("levels", "1"), "levels: is for the table users alone"),
        ("users.parquet", ("bom", "true"), "bom: is for csv alone"),
        ("orphans.csv", ("columns", "id,x"), "orphans has no column \"x\"; it has id, reason"),
        ("orphans.csv", ("columns", "id,id"), "is named more than once"),
        ("orphans.csv", ("columns", ""), "columns: must be names of columns, not \"\""),
        ("users.csv", ("under", " "), "under: must be the id of a user, not \"\""),
        ("users.csv", ("active", ""), "active: must be true or false, not \"\""),
    ] {
        let error = asked(name, &[parameters]).unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }
    let twice = asked("users.csv", &[("active", "true"), ("active", "true")]);
    assert_eq!(twice, Err(Unfit::Twice("active")));
    let table = Question::named("people.csv").unwrap_err().to_string();
    assert!(table.contains("users, reporting_lines, orphans, org_issues, org_stats"), "{table}");
    let format = Question::named("users.xlsx").unwrap_err().to_string();
    assert!(format.contains("parquet, csv, ndjson, arrow"), "{format}");
    let bare = Question::named("users").unwrap_err().to_string();
    assert_eq!(bare, "users has no format; write users.parquet, users.csv, users.ndjson or users.arrow");
    assert!(repeated(&"x".repeat(1_000)).len() < 100);
}

#[test]
fn questions_differ_where_anything_does() {
    let said = ["levels=3", "active=true", "active=false", "under=1", "columns=id", "bom=true", "safe=true"];
    let mut seen = vec![asked("users.csv", &[]).unwrap().canonical()];
    for said in said {
        let (name, value) = said.split_once('=').unwrap();
        seen.push(asked("users.csv", &[(name, value)]).unwrap().canonical());
    }
    seen.push(asked("users.ndjson", &[]).unwrap().canonical());
    let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len(), "{seen:?}");
}
