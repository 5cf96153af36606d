//! What a client reads of a small company, and what should be there.

use serde_json::json;

use super::{raw::Raw, *};

/// Somebody above all, and a line below with two under each.
pub(super) const IDS: [&str; 7] = ["101", "102", "103", "104", "105", "106", "107"];
pub(super) const LAST: &str = "107";

pub(super) fn company() -> Workspace {
    let managers = [None, Some("101"), Some("101"), Some("102"), Some("102"), Some("103"), Some("103")];
    let person = |(id, manager): (&str, Option<&str>)| SimUser {
        manager_id: manager.map(str::to_owned),
        created: Some("2024-05-01T12:00:00+02:00".to_owned()),
        first_name: Some("Some".to_owned()),
        ..SimUser::new(id)
    };
    Workspace::new(IDS.into_iter().zip(managers).map(person).collect())
}

/// Pages of a listing, until there is no cursor or something isn't as it should be; ten at most.
pub(super) async fn pages(served: &Served) -> Vec<Value> {
    let (mut pages, mut path) = (Vec::new(), "/v2/users".to_owned());
    while pages.len() < 10 {
        let raw = served.raw(&path).await;
        let page: Value = serde_json::from_slice(&raw.body).unwrap_or(json!(raw.status()));
        let cursor = page["records"]["cursor"].as_str().map(str::to_owned);
        pages.push(page);
        match cursor {
            Some(cursor) => path = format!("/v2/users?cursor={cursor}"),
            None => break,
        }
    }
    pages
}

/// A key of everybody on these pages.
pub(super) fn column(pages: &[Value], key: &str) -> Vec<Value> {
    pages.iter().flat_map(|page| page["users"].as_array().unwrap()).map(|user| user[key].clone()).collect()
}

pub(super) fn ids(pages: &[Value]) -> Vec<String> {
    column(pages, "id").iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

pub(super) fn totals(pages: &[Value]) -> Vec<&Value> {
    pages.iter().map(|page| &page["records"]["totalRecords"]).collect()
}

/// Ids by a window of time and by the ids themselves, as far as they are found, each with the total.
pub(super) async fn otherwise(served: &Served, asked: &[&str]) -> [(Vec<String>, Value); 2] {
    let mut found = Vec::new();
    for filter in [json!({"createdFromDateTime": "2024-01-01T00:00:00Z"}), json!({ "userIds": asked })] {
        let (mut ids, mut total, mut cursor) = (Vec::new(), json!(0), Value::Null);
        loop {
            let page = served.extensive(json!({ "filter": filter, "cursor": cursor })).await;
            if page.status == 404 {
                break;
            }
            ids.extend(page.ids().into_iter().map(str::to_owned));
            total = page.body["records"]["totalRecords"].clone();
            cursor = page.body["records"]["cursor"].clone();
            if cursor.is_null() {
                break;
            }
        }
        found.push((ids, total));
    }
    found.try_into().unwrap()
}

/// A listing, windows and look-ups agree on who is there, and on how many.
pub(super) async fn there_are(served: &Served, expected: &[&str]) {
    let listed = pages(served).await;
    assert_eq!(ids(&listed), expected);
    assert!(totals(&listed).iter().all(|total| **total == expected.len()), "{listed:#?}");
    for (found, total) in otherwise(served, &IDS).await {
        assert_eq!((found.as_slice(), total), (expected.map_owned().as_slice(), json!(expected.len())));
    }
    for id in IDS {
        let status = served.get(&format!("/v2/users/{id}")).await.status;
        assert_eq!(status, if expected.contains(&id) { 200 } else { 404 }, "{id}");
    }
}

pub(super) trait MapOwned {
    fn map_owned(&self) -> Vec<String>;
}

impl MapOwned for [&str] {
    fn map_owned(&self) -> Vec<String> {
        self.iter().map(|text| (*text).to_owned()).collect()
    }
}

/// Gong's own answer of one page without what is different each time.
pub(super) fn essence(mut page: Value) -> Value {
    page["requestId"].take();
    page["records"]["cursor"].take();
    page
}

pub(super) fn refusal(raw: &Raw) -> (u16, String) {
    (raw.status(), raw.json()["errors"][0].as_str().unwrap_or_default().to_owned())
}
