//! Lines and trees asked for through GraphQL.

mod relations;
mod charts;
mod closure;
mod refusals;

use serde_json::Value;

fn texts(values: &Value) -> Vec<&str> {
    values.as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect()
}

fn ids(nodes: &Value) -> Vec<&str> {
    nodes.as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap()).collect()
}
