use std::fs;

use serde_json::json;

use super::*;

const TEXT: &str = "{ roots { totalCount } }";

fn hex(text: &str) -> String {
    sha256(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn parameters(value: Value) -> Parameters {
    Parameters::from_json(value).unwrap()
}

fn text(documents: &Documents, value: Value) -> Result<String, Unfit> {
    documents.request(parameters(value)).map(|asked| asked.request.query)
}

fn persisted_query(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

fn over(files: &[(&str, String)], trusted_only: bool) -> Result<(tempfile::TempDir, Documents), String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let directory = Some(folder.path().to_owned());
    let settings = DocumentSettings { directory, trusted_only, ..DocumentSettings::default() };
    let documents = Documents::open(&settings).map_err(|error| error.to_string())?;
    Ok((folder, documents))
}

#[test]
fn a_text_is_kept_once_it_was_run_and_found_by_its_hash() {
    let documents = Documents::default();
    let extensions = persisted_query(&hex(TEXT));
    let by_hash = || text(&documents, json!({ "extensions": extensions.clone() }));
    assert_eq!(by_hash(), Err(Unfit::NotFound));
    let sent = json!({ "query": TEXT, "extensions": extensions.clone() });
    let asked = documents.request(parameters(sent)).unwrap();
    assert_eq!(by_hash(), Err(Unfit::NotFound), "it was not run yet");
    documents.keep(asked.registration().unwrap());
    assert_eq!(by_hash().as_deref(), Ok(TEXT));
    let id = format!("sha256:{}", hex(TEXT));
    assert_eq!(text(&documents, json!({ "documentId": id })).as_deref(), Ok(TEXT));
}

#[test]
fn what_is_no_hash_of_the_text_is_refused() {
    let documents = Documents::default();
    let refused = |value| text(&documents, value).unwrap_err();
    let other = persisted_query(&hex("{ other }"));
    assert_eq!(refused(json!({ "query": TEXT, "extensions": other })), Unfit::WrongHash);
    for hash in ["", "xyz", &"é".repeat(32), &"+1".repeat(32)] {
        assert_eq!(refused(json!({ "extensions": persisted_query(hash) })), Unfit::NoHash, "{hash}");
    }
    for persisted in [json!(5), json!({}), json!({ "version": 2, "sha256Hash": hex(TEXT) })] {
        assert_eq!(refused(json!({ "extensions": { "persistedQuery": persisted } })), Unfit::Version);
    }
    assert_eq!(refused(json!({ "extensions": { "persistedQuery": { "version": 1 } } })), Unfit::NoHash);
    assert_eq!(refused(json!({ "documentId": "sha256:00" })), Unfit::UnknownId);
    assert_eq!(refused(json!({ "query": "" })), Unfit::NoDocument);
    let both = json!({ "documentId": "x", "extensions": persisted_query(&hex(TEXT)) });
    assert_eq!(refused(both), Unfit::TwoIds);
}

#[test]
fn nothing_is_kept_where_there_is_no_memory_for_it() {
    let documents = Documents::open(&DocumentSettings { memory: 0, ..DocumentSettings::default() }).unwrap();
    let extensions = persisted_query(&hex(TEXT));
    for value in [json!({ "extensions": extensions }), json!({ "query": TEXT, "extensions": extensions })] {
        assert_eq!(text(&documents, value), Err(Unfit::NotSupported));
    }
    assert_eq!(text(&documents, json!({ "query": TEXT })).as_deref(), Ok(TEXT));
}

#[test]
fn documents_come_from_files_and_manifests() {
    let manifest = json!({ "format": "apollo-persisted-query-manifest", "version": 1, "operations": [
        { "id": hex("{ b }"), "name": "B", "type": "query", "body": "{ b }" },
        { "id": "C@1", "name": "C", "type": "query", "body": "{ c }" },
    ] });
    let map = json!({ hex("{ d }"): "{ d }", format!("sha256:{}", hex("{ e }")): "{ e }", "short": "{ f }" });
    let files = [
        ("a.graphql", format!("{TEXT}\n")),
        ("b.json", manifest.to_string()),
        ("d.json", map.to_string()),
        ("notes.txt", "nothing of ours".to_owned()),
    ];
    let (_folder, documents) = over(&files, true).unwrap();
    for found in [TEXT, "{ b }", "{ c }", "{ d }", "{ e }", "{ f }"] {
        let id = format!("sha256:{}", hex(found));
        assert_eq!(text(&documents, json!({ "documentId": id })).as_deref(), Ok(found));
        let extensions = persisted_query(&hex(found).to_uppercase());
        assert_eq!(text(&documents, json!({ "extensions": extensions })).as_deref(), Ok(found));
        assert_eq!(
            text(&documents, json!({ "query": found })).as_deref(),
            Ok(found),
            "it is what is trusted"
        );
    }
    assert_eq!(text(&documents, json!({ "documentId": "C@1" })).as_deref(), Ok("{ c }"));
    assert_eq!(text(&documents, json!({ "extensions": persisted_query("short") })).as_deref(), Ok("{ f }"));
    let two = json!({ "documentId": "short", "query": "{ g }" });
    assert_eq!(text(&documents, two), Err(Unfit::TwoDocuments));
}

#[test]
fn where_only_trusted_documents_are_run_nothing_else_is_and_nothing_is_kept() {
    let (_folder, documents) = over(&[("a.graphql", TEXT.to_owned())], true).unwrap();
    let other = "{ __schema { types { name } } }";
    for value in [
        json!({ "query": other }),
        json!({ "query": format!("{TEXT} ") }),
        json!({ "query": other, "extensions": persisted_query(&hex(other)) }),
        json!({ "query": other, "extensions": persisted_query(&hex(TEXT)) }),
    ] {
        assert_eq!(text(&documents, value.clone()), Err(Unfit::TrustedOnly), "{value}");
    }
    assert_eq!(text(&documents, json!({ "extensions": persisted_query(&hex(other)) })), Err(Unfit::NotFound));
    let settings = DocumentSettings { trusted_only: true, ..DocumentSettings::default() };
    assert!(matches!(Documents::open(&settings), Err(DocumentsError::NoDirectory)));
}

#[test]
fn a_file_that_cannot_be_used_is_named() {
    for (name, content, expected) in [
        ("a.graphql", " \n".to_owned(), "is empty"),
        ("a.json", "[]".to_owned(), "must hold a JSON object"),
        ("a.json", "{".to_owned(), "is no JSON"),
        ("a.json", json!({ "x": 5 }).to_string(), "the document of x must be a text"),
        ("a.json", json!({ hex("a"): "b" }).to_string(), "is not the SHA-256 of its document"),
        ("a.json", json!({ "format": "other", "operations": [] }).to_string(), "format: must be"),
        (
            "a.json",
            json!({ "format": "apollo-persisted-query-manifest", "version": 2, "operations": [] })
                .to_string(),
            "version: must be 1",
        ),
    ] {
        let said = over(&[(name, content)], false).unwrap_err();
        assert!(said.contains(name) && said.contains(expected), "{said}");
    }
    let missing =
        DocumentSettings { directory: Some("/nowhere/at/all".into()), ..DocumentSettings::default() };
    assert!(Documents::open(&missing).unwrap_err().to_string().starts_with("/nowhere/at/all: "));
}

#[test]
fn what_changes_is_read_again_and_what_breaks_changes_nothing() {
    let (folder, documents) = over(&[("a.graphql", TEXT.to_owned())], true).unwrap();
    let directory = Directory::new(folder.path().to_owned());
    let before = directory.looks_like();
    fs::write(folder.path().join("b.graphql"), "{ b }").unwrap();
    assert_ne!(directory.looks_like(), before);
    documents.read_again(&directory);
    assert!(text(&documents, json!({ "query": "{ b }" })).is_ok());
    fs::write(folder.path().join("c.json"), "{").unwrap();
    documents.read_again(&directory);
    assert!(text(&documents, json!({ "query": "{ b }" })).is_ok());
    fs::remove_file(folder.path().join("c.json")).unwrap();
    fs::remove_file(folder.path().join("b.graphql")).unwrap();
    documents.read_again(&directory);
    assert_eq!(text(&documents, json!({ "query": "{ b }" })), Err(Unfit::TrustedOnly));
    assert!(text(&documents, json!({ "query": TEXT })).is_ok());
}
