//! Every kind of fault strikes, does what it says, and leaves nothing behind.

use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::json;

use super::{
    super::{Fault, FaultKind},
    raw::Exchange,
    reading::*,
    *,
};

/// Whether the kind does to this company, listed by twos, what its description says.
async fn check(kind: FaultKind, served: &Served, truth: &[Value]) {
    use FaultKind as K;
    let first = async || served.raw("/v2/users").await;
    match kind {
        K::ThrottledWithRetryAfter
        | K::ThrottledBare
        | K::ThrottledZero
        | K::ThrottledTenYears
        | K::ThrottledHttpDate
        | K::ThrottledText => {
            let raw = first().await;
            let expected = match kind {
                K::ThrottledWithRetryAfter => Some("1"),
                K::ThrottledZero => Some("0"),
                K::ThrottledTenYears => Some("315360000"),
                K::ThrottledHttpDate => Some("Wed, 21 Oct 2015 07:28:00 GMT"),
                K::ThrottledText => Some("soon"),
                _ => None,
            };
            assert_eq!((raw.status(), raw.header("retry-after")), (429, expected));
        }
        K::ServerError500 => assert_eq!(refusal(&first().await).0, 500),
        K::BadGateway502Html
        | K::Unavailable503Html
        | K::GatewayTimeout504Html
        | K::Unreachable522Html
        | K::NotFound404
        | K::HtmlWith200 => {
            let raw = first().await;
            let expected: u16 = match kind {
                K::HtmlWith200 => 200,
                _ => kind.name().split('-').find_map(|word| word.parse().ok()).unwrap(),
            };
            assert_eq!(raw.status(), expected);
            assert!(raw.header("content-type").unwrap().starts_with("text/html"));
            assert!(raw.body.starts_with(b"<!doctype html>"));
        }
        K::Empty520 | K::Empty200 => {
            let raw = first().await;
            assert_eq!(raw.status(), if kind == K::Empty200 { 200 } else { 520 });
            assert_eq!((raw.length(), raw.body.len()), (Some(0), 0));
        }
        K::Unauthorized => assert_eq!(refusal(&first().await).0, 401),
        K::MissingScope => {
            let words = "You don't have permission to use 'api:users:read' in your app.";
            assert_eq!(refusal(&first().await), (401, words.to_owned()));
        }
        K::Forbidden403 => assert_eq!(refusal(&first().await).0, 403),
        K::ErrorsAsObjects => {
            let raw = first().await;
            assert_eq!(raw.status(), 400);
            assert!(raw.json()["errors"][0]["message"].is_string());
        }
        K::RedirectToAnotherHost => {
            let raw = served.raw("/v2/users?includeAvatars=true").await;
            let to = "http://elsewhere.invalid/v2/users?includeAvatars=true";
            assert_eq!((raw.status(), raw.header("location")), (302, Some(to)));
        }
        K::RedirectToItself => {
            let raw = served.raw("/v2/users?includeAvatars=true").await;
            assert_eq!((raw.status(), raw.header("location")), (307, Some("/v2/users?includeAvatars=true")));
        }
        K::TimeOut => {
            let waiting = Exchange::get(served, "/v2/users").await;
            until(|| served.simulator.stats().in_flight == 1 && served.simulator.faults().struck(kind) == 1)
                .await;
            assert_eq!(waiting.so_far().head, "");
            served.simulator.faults().clear();
            assert_eq!(waiting.whole().await.head, "");
        }
        K::SlowAnswer => {
            let began = tokio::time::Instant::now();
            assert_eq!(essence(first().await.json()), truth[0]);
            assert!(began.elapsed() >= std::time::Duration::from_millis(30));
        }
        K::SlowDrip => {
            let mut exchange = Exchange::get(served, "/v2/users").await;
            assert!(exchange.until(|raw| !raw.body.is_empty()).await);
            let begun = exchange.so_far();
            assert!(begun.body.len() < begun.length().unwrap() / 2, "{begun:?}");
            served.simulator.faults().clear();
            assert_eq!(essence(exchange.whole().await.json()), truth[0]);
        }
        K::ResetAtOnce => assert_eq!(first().await.head, ""),
        K::ResetInMidBody => {
            let raw = first().await;
            assert_eq!(raw.status(), 200);
            assert_eq!(raw.body.len(), raw.length().unwrap() / 2);
        }
        K::ConnectionClosed => {
            let mut exchange = Exchange::get(served, "/v2/users").await;
            assert!(!exchange.until(|_| false).await, "the connection is still open");
            assert_eq!(exchange.so_far().header("connection"), Some("close"));
            assert_eq!(essence(exchange.so_far().json()), truth[0]);
        }
        K::TruncatedJson => {
            let raw = first().await;
            assert_eq!(raw.length(), Some(raw.body.len()));
            assert!(serde_json::from_slice::<Value>(&raw.body).unwrap_err().is_eof());
        }
        K::WrongContentType => {
            let raw = first().await;
            assert_eq!(raw.header("content-type"), Some("text/html"));
            assert_eq!(essence(raw.json()), truth[0]);
        }
        K::Bom => {
            let raw = first().await;
            assert!(raw.body.starts_with(b"\xEF\xBB\xBF{"));
            let page = serde_json::from_slice(&raw.body[3..]).unwrap();
            assert_eq!(essence(page), truth[0]);
        }
        K::Latin1Bytes => {
            let raw = first().await;
            assert!(str::from_utf8(&raw.body).is_err());
            assert!(raw.body.windows(5).any(|bytes| bytes == b"ndr\xE9\""));
        }
        K::LoneSurrogates => {
            let raw = first().await;
            assert!(str::from_utf8(&raw.body).unwrap().contains(r#" \ud83d""#));
            assert!(serde_json::from_slice::<Value>(&raw.body).unwrap_err().is_syntax());
        }
        K::DeepNesting => {
            let raw = first().await;
            let deep = "[".repeat(10_000);
            assert!(str::from_utf8(&raw.body).unwrap().contains(&deep));
        }
        K::HugeField => {
            let raw = first().await;
            assert_eq!(raw.json()["users"][0]["title"].as_str().unwrap().len(), 1024 * 1024);
        }
        K::HugeHeaders => assert!(first().await.head.len() > 1024 * 1024),
        K::GzipBomb => {
            let raw = first().await;
            assert_eq!(raw.header("content-encoding"), Some("gzip"));
            assert!(raw.body.len() < 8 * 1024 * 1024 / 100, "{}", raw.body.len());
            let mut unpacked = Vec::new();
            GzDecoder::new(raw.body.as_slice()).read_to_end(&mut unpacked).unwrap();
            assert_eq!(unpacked.len(), 8 * 1024 * 1024);
        }
        K::GzipThatIsNone => {
            let raw = first().await;
            assert_eq!(raw.header("content-encoding"), Some("gzip"));
            assert_eq!(essence(raw.json()), truth[0]);
        }
        K::WrongTypes => {
            let users = column(&[first().await.json()], "firstName");
            assert_eq!(users, [json!(7), json!("Some")]);
        }
        K::IdAsNumber => assert_eq!(column(&pages(served).await[..1], "id"), [json!(101), json!("102")]),
        K::IdNull => assert_eq!(column(&pages(served).await[..1], "id"), [json!(null), json!("102")]),
        K::IdMissing => {
            let page = first().await.json();
            assert_eq!(page["users"][0].get("id"), None);
            assert_eq!(page["users"][1]["id"], "102");
        }
        K::RecordNull => {
            let page = first().await.json();
            assert_eq!((&page["users"][0], &page["users"][1]["id"]), (&Value::Null, &json!("102")));
        }
        K::UsersNull => assert_eq!(first().await.json().get("users"), Some(&Value::Null)),
        K::UsersMissing => assert_eq!(first().await.json().get("users"), None),
        K::RecordsMissing => {
            let listed = pages(served).await;
            let with: Vec<bool> = listed.iter().map(|page| page.get("records").is_some()).collect();
            assert_eq!(with, [true, true, true, false]);
            assert_eq!(ids(&listed), IDS);
        }
        K::RecordsMissingEarly => {
            let listed = pages(served).await;
            assert_eq!(listed[0].get("records"), None);
            assert_eq!(ids(&listed), IDS[..2]);
        }
        K::UnknownFields => {
            let page = first().await.json();
            let user = &page["users"][0];
            for object in [&page, &page["records"], user, &user["settings"]] {
                assert!(object["addedByGong"].is_object(), "{object}");
            }
            assert_eq!(user["id"], "101");
        }
        K::NullsEverywhere => {
            let last = pages(served).await.pop().unwrap();
            assert_eq!(last["records"].get("cursor"), Some(&Value::Null));
            let user = &last["users"][0];
            assert_eq!(
                (&user["emailAliases"], &user["settings"]["emailsImported"]),
                (&Value::Null, &Value::Null)
            );
            assert_eq!((&user["id"], &user["active"]), (&json!(LAST), &json!(true)));
        }
        K::AnotherOrder => {
            assert_eq!(ids(&pages(served).await), ["102", "101", "104", "103", "106", "105", "107"]);
        }
        K::PageNumbersWrong => {
            let listed = pages(served).await;
            assert_eq!(listed[1]["records"]["currentPageNumber"], -1);
            assert_eq!(ids(&listed), IDS);
        }
        K::ShortPages => {
            let listed = pages(served).await;
            assert_eq!((listed.len(), ids(&listed)), (7, IDS.map_owned()));
        }
        K::DuplicateAcrossPages => {
            let listed = pages(served).await;
            let expected =
                ["101", "102", "102", "103", "103", "104", "104", "105", "105", "106", "106", "107"];
            assert_eq!(ids(&listed), expected);
            assert_eq!(listed[5]["records"]["totalRecords"], 7);
        }
        K::UserMissingAlthoughCounted => {
            let listed = pages(served).await;
            assert_eq!(ids(&listed), ["101", "103", "104", "105", "106", "107"]);
            assert_eq!(listed[0]["records"]["totalRecords"], 7);
            assert_eq!(served.get("/v2/users/102").await.status, 200);
        }
        K::EmptyPageWithCursor => {
            let listed = pages(served).await;
            assert_eq!(listed[0]["users"], json!([]));
            assert_eq!((listed.len(), ids(&listed)), (5, IDS.map_owned()));
        }
        K::SameCursorForEver => {
            let listed = pages(served).await;
            assert_eq!(listed.len(), 10);
            assert_eq!(listed[1]["records"]["cursor"], listed[9]["records"]["cursor"]);
        }
        K::CursorExpired | K::CursorDamaged => {
            let words =
                if kind == K::CursorExpired { "cursor has expired" } else { "Failed to verify cursor" };
            let listed = pages(served).await;
            assert_eq!(essence(listed[0].clone()), truth[0]);
            assert_eq!((listed.len(), &listed[1]["errors"]), (2, &json!([words])));
        }
        K::CursorDroppedEarly => {
            let listed = pages(served).await;
            assert_eq!((listed.len(), &listed[0]["records"]["totalRecords"]), (1, &json!(7)));
        }
        K::TotalTooHigh | K::TotalTooLow | K::TotalMissing | K::TotalAsText => {
            let expected = match kind {
                K::TotalTooHigh => json!(1007),
                K::TotalTooLow => json!(0),
                K::TotalAsText => json!("7"),
                _ => Value::Null,
            };
            let listed = pages(served).await;
            assert_eq!(totals(&listed), [&expected; 4]);
            assert_eq!(ids(&listed), IDS);
        }
        K::ZeroUsers => there_are(served, &[]).await,
        K::HalfTheUsers => there_are(served, &["101", "103", "105", "107"]).await,
        K::EverybodysManagerGone => {
            there_are(served, &IDS).await;
            assert_eq!(column(&pages(served).await, "managerId"), [const { Value::Null }; 7]);
            assert_eq!(served.get("/v2/users/104").await.body["user"]["managerId"], Value::Null);
        }
        K::EverybodyInactive => {
            there_are(served, &IDS).await;
            assert_eq!(column(&pages(served).await, "active"), [false; 7]);
            assert_eq!(served.get("/v2/users/104").await.body["user"]["active"], false);
        }
        K::ManagersShuffled => {
            there_are(served, &IDS).await;
            let managers = [
                json!(null),
                json!("103"),
                json!("102"),
                json!("103"),
                json!("103"),
                json!("101"),
                json!("101"),
            ];
            assert_eq!(column(&pages(served).await, "managerId"), managers);
            assert_eq!(served.get("/v2/users/104").await.body["user"]["managerId"], "103");
        }
        K::EverybodyReplaced => {
            let listed = pages(served).await;
            let new = |id: &str| format!("9000000000000000{id}");
            assert_eq!(ids(&listed), IDS.map(new));
            assert_eq!(column(&listed, "managerId")[6], new("103"));
            assert!(totals(&listed).iter().all(|total| **total == 7));
            let look_up = served.get(&format!("/v2/users/{}", new("104"))).await;
            assert_eq!(look_up.body["user"]["managerId"], new("102"));
            assert_eq!(served.get("/v2/users/104").await.status, 404);
        }
        K::PersonAddedInMidScan => {
            let listed = pages(served).await;
            assert_eq!(ids(&listed), [IDS.as_slice(), &["99999999999999999999"]].concat());
            assert_eq!(totals(&listed), [&json!(7); 4]);
            assert_eq!(served.get("/v2/users/99999999999999999999").await.status, 200);
        }
        K::PersonRemovedInMidScan => {
            let listed = pages(served).await;
            assert_eq!(ids(&listed), IDS[..6]);
            assert_eq!(totals(&listed), [&json!(7); 3]);
            assert_eq!(served.get(&format!("/v2/users/{LAST}")).await.status, 404);
        }
    }
}

/// The kind as it is tried: quicker and smaller than usual.
fn tried(kind: FaultKind) -> Fault {
    let smaller = match kind {
        FaultKind::SlowAnswer => "=30",
        FaultKind::SlowDrip => "=200",
        FaultKind::HugeField => "=1",
        FaultKind::GzipBomb => "=8",
        _ => "",
    };
    format!("{kind}{smaller}").parse().unwrap()
}

#[tokio::test]
async fn every_kind_strikes_does_what_it_says_and_leaves_nothing_behind() {
    for kind in FaultKind::ALL.iter().copied() {
        let served = Served::start(company(), generous()).await;
        let truth: Vec<Value> = pages(&served).await.into_iter().map(essence).collect();
        assert_eq!(ids(&truth), IDS);
        served.simulator.faults().add(tried(kind)).unwrap();
        eprintln!("{kind}");
        check(kind, &served, &truth).await;
        assert!(served.simulator.faults().struck(kind) > 0, "{kind} has not struck");
        served.simulator.faults().clear();
        let after: Vec<Value> = pages(&served).await.into_iter().map(essence).collect();
        assert_eq!(after, truth, "after {kind}");
    }
}

async fn until(so: impl Fn() -> bool) {
    let watch = async {
        while !so() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), watch).await.unwrap();
}
