//! Users, issues, rings and groups page by page, over the wire: every page size gives the same list, and a cursor
//! keeps its place in a later company.

use fastrand::Rng;
use orgraph::simulator::{SimUser, Workspace};
use serde_json::Value;

use crate::support::{Service, shipped_company};

/// A list of the root: the query, in which `PAGE` are the arguments of the page, and what is told of an entry,
/// everything that its place depends on among it.
struct List {
    query: &'static str,
    entry: &'static str,
}

const LISTS: [List; 8] = [
    List { query: "list: orgHealth(maxSpan: 1, maxDepth: 1, PAGE)", entry: "id severity belowCount kind" },
    List {
        query: "list: orgHealth(severities: [ERROR, INFO], maxSpan: 2, PAGE)",
        entry: "id severity belowCount kind",
    },
    List { query: "list: cycles(PAGE)", entry: "members(first: 1) { nodes { id } }" },
    List { query: "orgStats(groupBy: DEPTH) { list: groups(PAGE)", entry: "key headcount" },
    List { query: "orgStats(groupBy: TITLE) { list: groups(PAGE)", entry: "key headcount" },
    List { query: "orgStats(groupBy: EMAIL_DOMAIN) { list: groups(PAGE)", entry: "key headcount" },
    List { query: "orgStats(groupBy: TOP) { list: groups(PAGE)", entry: "key headcount" },
    List { query: "orgStats(groupBy: MANAGER) { list: groups(PAGE)", entry: "key headcount" },
];

struct Page {
    entries: Vec<Value>,
    cursors: Vec<Value>,
    total: usize,
    has_previous: bool,
    has_next: bool,
}

impl List {
    async fn page(&self, service: &Service, arguments: &str) -> Page {
        let head = self.query.replace("PAGE", arguments);
        let foot = if head.contains('{') { "}" } else { "" };
        let data = service
            .client
            .data(&format!(
                "{{ {head} {{ totalCount pageInfo {{ hasPreviousPage hasNextPage startCursor endCursor }}
                     edges {{ cursor node {{ {} }} }} }} {foot} }}",
                self.entry
            ))
            .await;
        let list = if foot.is_empty() { &data["list"] } else { &data["orgStats"]["list"] };
        let edges = list["edges"].as_array().unwrap();
        let info = &list["pageInfo"];
        let cursors: Vec<_> = edges.iter().map(|edge| edge["cursor"].clone()).collect();
        assert_eq!(info["startCursor"], cursors.first().cloned().unwrap_or_default());
        assert_eq!(info["endCursor"], cursors.last().cloned().unwrap_or_default());
        Page {
            entries: edges.iter().map(|edge| edge["node"].clone()).collect(),
            cursors,
            total: list["totalCount"].as_u64().unwrap() as usize,
            has_previous: info["hasPreviousPage"] == true,
            has_next: info["hasNextPage"] == true,
        }
    }

    async fn forwards(&self, service: &Service, whole: &[Value], mut size: impl FnMut() -> usize) {
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let size = size();
            let page = self.page(service, &format!("first: {size}{after}")).await;
            assert_eq!((page.total, page.has_previous), (whole.len(), !seen.is_empty()), "{}", self.query);
            assert_eq!(page.entries.len(), size.min(whole.len() - seen.len()), "{}", self.query);
            seen.extend(page.entries);
            assert_eq!(page.has_next, seen.len() < whole.len(), "{}", self.query);
            let Some(last) = page.cursors.last().filter(|_| page.has_next) else { break };
            after = format!(", after: {last}");
        }
        assert_eq!(seen, whole, "{}", self.query);
    }

    async fn backwards(&self, service: &Service, whole: &[Value], mut size: impl FnMut() -> usize) {
        let (mut seen, mut before) = (Vec::new(), String::new());
        loop {
            let size = size();
            let page = self.page(service, &format!("last: {size}{before}")).await;
            assert_eq!((page.total, page.has_next), (whole.len(), !seen.is_empty()), "{}", self.query);
            assert_eq!(page.entries.len(), size.min(whole.len() - seen.len()), "{}", self.query);
            seen.splice(0..0, page.entries);
            assert_eq!(page.has_previous, seen.len() < whole.len(), "{}", self.query);
            let Some(first) = page.cursors.first().filter(|_| page.has_previous) else { break };
            before = format!(", before: {first}");
        }
        assert_eq!(seen, whole, "{}", self.query);
    }
}

/// Rings, people without a way up, with shared addresses and under those who have left.
fn company(random: &mut Rng) -> Vec<SimUser> {
    let titles = ["CEO", "Engineer", "Designer", "Analyst", "Editor", "Clerk", "Advisor"];
    let user = |at: usize| {
        let manager = match random.u8(..20) {
            _ if at < 12 => Some(at ^ 1),
            0..3 => None,
            3 => Some(at),
            4 => Some(1_000 + at),
            5..9 => Some(at ^ 1),
            _ => Some(random.usize(..80)),
        };
        SimUser {
            email_address: Some(format!("p{}@example{}.org", random.u8(..70), random.u8(..5))),
            title: random.choice(titles).map(str::to_owned),
            active: random.u8(..4) > 0,
            manager_id: manager.map(|manager| manager.to_string()),
            ..SimUser::new(at.to_string())
        }
    };
    (0..80).map(user).collect()
}

#[tokio::test]
async fn every_page_size_gives_the_same_list() {
    let mut random = Rng::with_seed(4);
    let service = Service::over(Workspace::new(company(&mut random))).await;
    for list in LISTS {
        let whole = list.page(&service, "first: 1000").await;
        assert!(whole.entries.len() > 3 && !whole.has_next, "{}: {:?}", list.query, whole.entries);
        for size in [1, 2, 3, 7, whole.total, whole.total + 1] {
            list.forwards(&service, &whole.entries, || size).await;
            list.backwards(&service, &whole.entries, || size).await;
        }
        for _ in 0..4 {
            list.forwards(&service, &whole.entries, || random.usize(1..9)).await;
            list.backwards(&service, &whole.entries, || random.usize(1..9)).await;
        }
    }
}

#[tokio::test]
async fn forwards_and_backwards_give_the_same_list() {
    let service = Service::over(shipped_company()).await;
    let client = &service.client;
    let page_info = "pageInfo { hasPreviousPage hasNextPage startCursor endCursor }";
    for arguments in [
        "",
        "orderBy: { field: CREATED }, ",
        "orderBy: { field: TRANSITIVE_REPORT_COUNT, direction: DESC }, ",
    ] {
        let query =
            format!("{{ users({arguments}first: 1000) {{ edges {{ cursor node {{ id }} }} {page_info} }} }}");
        let all = client.data(&query).await["users"].take();
        let edges = all["edges"].as_array().unwrap();
        assert_eq!(edges.len(), 273);
        assert_eq!(all["pageInfo"]["startCursor"], edges[0]["cursor"]);
        assert_eq!(all["pageInfo"]["endCursor"], edges[272]["cursor"]);

        let mut backwards: Vec<Value> = Vec::new();
        let mut before = String::new();
        loop {
            let query = format!(
                "{{ users({arguments}last: 50{before}) {{ edges {{ cursor node {{ id }} }} {page_info} }} }}"
            );
            let page = client.data(&query).await["users"].take();
            let info = &page["pageInfo"];
            assert_eq!(info["hasNextPage"], !backwards.is_empty());
            backwards.splice(0..0, page["edges"].as_array().unwrap().iter().cloned());
            if info["hasPreviousPage"] == false {
                break;
            }
            before = format!(", before: {}", info["startCursor"]);
        }
        assert_eq!(&backwards, edges, "{arguments}");
    }
}

#[tokio::test]
async fn a_cursor_keeps_its_place_when_people_leave() {
    let mut random = Rng::with_seed(5);
    let people = company(&mut random);
    let stay: Vec<_> = people.iter().filter(|_| random.u8(..6) > 0).cloned().collect();
    assert!(stay.len() < people.len());
    let before = Service::over(Workspace::new(people)).await;
    let after = Service::over(Workspace::new(stay)).await;
    let (mut gone, mut kept) = (0, 0);
    for list in LISTS {
        let old = list.page(&before, "first: 1000").await;
        let new = list.page(&after, "first: 1000").await.entries;
        for (at, cursor) in old.cursors.iter().enumerate().step_by(old.total.div_ceil(15)) {
            let rest = list.page(&after, &format!("first: 1000, after: {cursor}")).await.entries;
            let earlier = list.page(&after, &format!("last: 1000, before: {cursor}")).await.entries;
            assert!(new.ends_with(&rest) && new.starts_with(&earlier), "{} {at}", list.query);
            // Where the entry was, there is the entry, or else nothing.
            match new.iter().position(|entry| *entry == old.entries[at]) {
                Some(place) => {
                    assert_eq!((earlier.len(), rest.len()), (place, new.len() - place - 1), "{}", list.query);
                    kept += 1;
                }
                None => {
                    assert_eq!(earlier.len() + rest.len(), new.len(), "{} {at}", list.query);
                    gone += 1;
                }
            }
            // What hasn't changed is on the side where it was: read on from here, and nothing comes twice or never.
            for (other, entry) in old.entries.iter().enumerate().filter(|(_, entry)| new.contains(entry)) {
                assert_eq!(earlier.contains(entry), other < at, "{}: {entry}", list.query);
                assert_eq!(rest.contains(entry), other > at, "{}: {entry}", list.query);
            }
        }
    }
    assert!(gone > 10 && kept > 10, "{gone} entries gone, {kept} kept");
}
