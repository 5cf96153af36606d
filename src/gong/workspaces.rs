//! `GET /v2/workspaces`: the parts that a company has cut its calls into.

use reqwest::Method;
use serde::Deserialize;

use super::{
    Fetched, Gong, GongError, Urgency,
    client::Call,
    loose::{id, rows, text_if_any},
};

/// What an OAuth token must be allowed to.
pub const WORKSPACES_SCOPE: &str = "api:workspaces:read";

/// A workspace (recorded).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are Gong's own, under Gong's own names")]
pub struct WorkspaceRecord {
    #[serde(deserialize_with = "id")]
    pub id: String,
    #[serde(default, deserialize_with = "text_if_any")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub description: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    #[serde(deserialize_with = "rows")]
    workspaces: Vec<WorkspaceRecord>,
}

impl Gong {
    /// All workspaces, in one call: there is no paging (recorded).
    ///
    /// # Errors
    /// If Gong gives no answer that can be used.
    pub async fn workspaces(&self) -> Result<Fetched<Vec<WorkspaceRecord>>, GongError> {
        let call = Call { method: Method::GET, path: &["v2", "workspaces"], query: Vec::new(), body: None };
        let Fetched { value: Answer { workspaces }, asked_at } =
            self.call(&call, Urgency::Lookup, None).await?;
        Ok(Fetched { value: workspaces, asked_at })
    }
}

#[cfg(test)]
mod tests {
    use super::{super::decode::decode, *};

    #[test]
    fn a_workspace_has_an_id_and_perhaps_more() {
        let body = br#"{"workspaces":[{"id":623457276584334,"name":"","description":5,"x":1},null]}"#;
        let Answer { workspaces } = decode(body, None).unwrap();
        assert_eq!((workspaces.len(), workspaces[0].id.as_str()), (1, "623457276584334"));
        assert_eq!((&workspaces[0].name, workspaces[0].description.as_deref()), (&None, Some("5")));
        for body in ["{}", r#"{"workspaces":{}}"#, r#"{"workspaces":[{"name":"x"}]}"#] {
            assert!(decode::<Answer>(body.as_bytes(), None).is_err(), "{body}");
        }
    }
}
