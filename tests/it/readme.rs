//! The queries of README and of `docs/queries.md` get the answers that stand beside them.

use async_graphql::{Name, Value, indexmap::IndexMap};
use serde_json::json;

use crate::support::{Service, file, shipped_company, text};

/// Where a query with its answer stands in a page: the texts between the fences.
struct Question<'a> {
    query: &'a str,
    answer: &'a str,
}

/// Every block of GraphQL that is followed by one of JSON.
fn questions(page: &str) -> Vec<Question<'_>> {
    let blocks: Vec<(&str, &str)> =
        page.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n')).collect();
    let pairs = blocks.windows(2).filter_map(|pair| match pair {
        [("graphql", query), ("json", answer)] => Some(Question { query, answer }),
        _ => None,
    });
    pairs.collect()
}

#[tokio::test]
async fn the_queries_of_the_readme_have_the_answers_of_the_readme() {
    check("README.md", 4).await;
}

/// `ORGRAPH_WRITE_DOCS=1` writes the answers into the page.
#[tokio::test]
async fn forty_questions_of_real_people_have_the_answers_of_their_page() {
    check("docs/queries.md", 40).await;
}

async fn check(path: &str, least: usize) {
    let service = Service::over(shipped_company()).await;
    let page = text(path);
    let questions = questions(&page);
    assert!(questions.len() >= least, "{} queries with answers", questions.len());
    let mut written = page.clone();
    for Question { query, answer } in questions {
        let told = data(&service, query).await;
        if std::env::var_os("ORGRAPH_WRITE_DOCS").is_some() {
            let (before, after) = written.split_once(query).unwrap();
            let after = after.replacen(answer, &format!("{}\n", laid_out(&told, 0)), 1);
            written = [before, query, &after].concat();
        } else {
            let expected: Value = serde_json::from_str(answer).unwrap();
            // As text: fields come in the order of the query.
            assert_eq!(on_one_line(&told), on_one_line(&expected), "{query}\n{}", laid_out(&told, 0));
        }
    }
    if written != page {
        // Swapped whole: other tests read it at the same time.
        let new = file(&format!("{path}.new"));
        std::fs::write(&new, written).unwrap();
        std::fs::rename(new, file(path)).unwrap();
    }
}

/// `{ data }` of the answer, its fields in the order of the query.
async fn data(service: &Service, query: &str) -> Value {
    let request = service.client.request(reqwest::Method::POST, "/graphql");
    let body = json!({ "query": query }).to_string();
    let response = request.header("content-type", "application/json").body(body).send().await.unwrap();
    let Value::Object(mut answer) = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap() else {
        panic!("no answer to {query}");
    };
    assert_eq!(answer.get("errors"), None, "{query}");
    let data = Name::new("data");
    let value = answer.swap_remove(&data).unwrap();
    Value::Object(IndexMap::from_iter([(data, value)]))
}

/// As people write JSON: on one line what fits on one.
fn laid_out(value: &Value, indent: usize) -> String {
    let line = on_one_line(value);
    let is_leaf = |value: &Value| !matches!(value, Value::Object(_) | Value::List(_));
    let is_flat = match value {
        Value::Object(fields) => fields.values().all(is_leaf),
        Value::List(items) => items.iter().all(is_leaf),
        _ => true,
    };
    if indent + line.len() <= 100 && (is_flat || indent > 4) {
        return line;
    }
    let inner = indent + 2;
    let lines = |open: char, items: Vec<String>, close: char| {
        let items: Vec<_> = items.iter().map(|item| format!("{:inner$}{item}", "")).collect();
        format!("{open}\n{}\n{:indent$}{close}", items.join(",\n"), "")
    };
    match value {
        Value::Object(fields) => {
            let field = |(name, value): (&Name, &Value)| format!("\"{name}\": {}", laid_out(value, inner));
            lines('{', fields.iter().map(field).collect(), '}')
        }
        Value::List(items) => lines('[', items.iter().map(|item| laid_out(item, inner)).collect(), ']'),
        _ => line,
    }
}

fn on_one_line(value: &Value) -> String {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let field = |(name, value): (&Name, &Value)| format!("\"{name}\": {}", on_one_line(value));
            format!("{{ {} }}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        Value::List(items) => format!("[{}]", items.iter().map(on_one_line).collect::<Vec<_>>().join(", ")),
        leaf => serde_json::to_string(leaf).unwrap(),
    }
}
