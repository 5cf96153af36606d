//! README's queries get README's answers.

use serde_json::Value;

use crate::support::{Service, shipped_company, text};

/// The blocks of a language, each with the block that follows it.
fn blocks(text: &str) -> Vec<(String, String)> {
    text.split("```")
        .skip(1)
        .step_by(2)
        .filter_map(|block| block.split_once('\n'))
        .map(|(language, body)| (language.to_owned(), body.to_owned()))
        .collect()
}

#[tokio::test]
async fn the_queries_of_the_readme_have_the_answers_of_the_readme() {
    let service = Service::over(shipped_company()).await;
    let readme = text("README.md");
    let blocks = blocks(&readme);
    let mut checked = 0;
    for pair in blocks.windows(2) {
        let [(graphql, query), (json, answer)] = pair else { continue };
        if (graphql.as_str(), json.as_str()) != ("graphql", "json") {
            continue;
        }
        let expected: Value = serde_json::from_str(answer).unwrap();
        let got = service.client.ask(query).await;
        assert_eq!(got["data"], expected["data"], "{query}\n{:#}", got["data"]);
        assert_eq!(got.get("errors"), None, "{query}");
        checked += 1;
    }
    assert!(checked >= 4, "{checked} queries with answers");
}
