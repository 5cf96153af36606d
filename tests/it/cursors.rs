//! Cursors where they don't belong, over the wire: a page from a wrong place is never given.

use orgraph::simulator::{SimUser, Workspace};
use serde_json::Value;

use crate::support::Service;

/// Two tops with people below, a ring with people below, a shared address, and somebody whose manager is missing:
/// whatever can be listed has an entry, and so a cursor.
fn company() -> Workspace {
    let managers = [
        ("10", None),
        ("11", Some("10")),
        ("12", Some("10")),
        ("13", Some("11")),
        ("20", None),
        ("21", Some("20")),
        ("22", Some("20")),
        ("30", Some("31")),
        ("31", Some("30")),
        ("32", Some("30")),
        ("40", Some("404")),
    ];
    let user = |(id, manager): (&str, Option<&str>)| SimUser {
        first_name: Some(format!("Demo {id}")),
        title: Some("Engineer".to_owned()),
        email_address: Some(format!("demo-{id}@example.org")),
        email_aliases: vec!["shared@example.org".to_owned()],
        created: Some("2020-01-01T00:00:00Z".parse().unwrap()),
        manager_id: manager.map(str::to_owned),
        ..SimUser::new(id)
    };
    Workspace::new(managers.map(user).into())
}

/// Listings: what their order is, and how they are asked for. `PAGE` are the arguments of the page.
fn listings() -> Vec<(String, String)> {
    let listing = |order: &str, query: &str| (order.to_owned(), query.to_owned());
    let fields =
        ["NAME", "EMAIL", "TITLE", "CREATED", "DEPTH", "DIRECT_REPORT_COUNT", "TRANSITIVE_REPORT_COUNT"];
    let mut listings = Vec::new();
    for direction in ["ASC", "DESC"] {
        for field in fields {
            let order = format!("{{ field: {field}, direction: {direction} }}");
            let name = format!("{field} {direction}");
            listings.push((name.clone(), format!("users(orderBy: {order}, PAGE)")));
            listings
                .push((name, format!("reports(managerId: 10, transitive: true, orderBy: {order}, PAGE)")));
        }
    }
    for by in ["DEPTH", "TITLE", "EMAIL_DOMAIN", "TOP", "MANAGER"] {
        listings.push((by.to_owned(), format!("orgStats(groupBy: {by}) {{ groups(PAGE)")));
    }
    listings.extend([
        listing("NAME ASC", "users(PAGE)"),
        listing("NAME ASC", "users(filter: { hasReports: true }, PAGE)"),
        listing("NAME ASC", "orphans(PAGE)"),
        listing("NAME ASC", "roots(PAGE)"),
        listing("below 10", "reports(managerId: 10, transitive: true, PAGE)"),
        listing("below 10", "reports(managerId: 10, PAGE)"),
        listing("below 20", "reports(managerId: 20, transitive: true, PAGE)"),
        listing("heard by 10", "callVisibility(userId: 10, access: TEAM, PAGE)"),
        listing("heard by 20", "callVisibility(userId: 20, access: TEAM, PAGE)"),
        listing("hearing 13", "whoCanSee(userId: 13, PAGE)"),
        listing("found", r#"search(text: "demo", PAGE)"#),
        listing("issues", "orgHealth(PAGE)"),
        listing("issues", "orgHealth(kinds: [CYCLE], PAGE)"),
        listing("people of an issue", "orgHealth(kinds: [CYCLE]) { nodes { people(PAGE)"),
        listing("people of another", "orgHealth(kinds: [MULTIPLE_ROOTS]) { nodes { people(PAGE)"),
        listing("cycles", "cycles(PAGE)"),
        listing("members of a ring", "cycles { nodes { members(PAGE)"),
        listing("conflicts", "identityConflicts(PAGE)"),
        listing("lines", "reportingLines(PAGE)"),
        listing("lines", "reportingLines(maxDistance: 1, PAGE)"),
        listing("lines under 10", "reportingLines(under: 10, PAGE)"),
        listing("lines under 20", "reportingLines(under: 20, PAGE)"),
    ]);
    listings
}

/// The query of a page of which the first cursor is asked.
fn query(listing: &str, page: &str) -> String {
    let head = listing.replace("PAGE", page);
    let foot = " }".repeat(head.matches('{').count() - head.matches('}').count());
    format!("{{ {head} {{ edges {{ cursor }} }} {foot} }}")
}

/// The first cursor in an answer, wherever it is.
fn cursor(answer: &Value) -> Option<&str> {
    match answer {
        Value::Object(fields) => {
            let here = fields.get("cursor").and_then(Value::as_str);
            here.or_else(|| fields.values().find_map(cursor))
        }
        Value::Array(items) => items.iter().find_map(cursor),
        _ => None,
    }
}

#[tokio::test]
async fn a_cursor_is_taken_in_its_own_order_and_refused_in_every_other() {
    let service = Service::over(company()).await;
    let listings = listings();
    let mut cursors = Vec::new();
    for (order, listing) in &listings {
        let answer = service.client.ask(&query(listing, "first: 1")).await;
        let cursor = cursor(&answer["data"]).unwrap_or_else(|| panic!("{listing}: {answer}"));
        cursors.push((order, cursor.to_owned()));
    }
    let (mut taken, mut refused) = (0, 0);
    for (order, listing) in &listings {
        for (of, cursor) in &cursors {
            for argument in ["after", "before"] {
                let answer = service.client.ask(&query(listing, &format!("{argument}: {cursor:?}"))).await;
                if *of == order {
                    assert_eq!(answer.get("errors"), None, "{listing} with a cursor of {of}: {answer}");
                    taken += 1;
                    continue;
                }
                let error = &answer["errors"][0]["extensions"];
                let told = (error["code"].as_str(), error["argument"].as_str());
                let expected = (Some("BAD_USER_INPUT"), Some(argument));
                assert_eq!(told, expected, "{listing} with a cursor of {of}: {answer}");
                refused += 1;
            }
        }
    }
    assert!(taken > 2 * listings.len() && refused > 20 * taken, "{taken} taken, {refused} refused");
}
