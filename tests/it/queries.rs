//! Answers over a small company with everything in it.

use futures_util::future::join_all;
use orgraph::simulator::{SimUser, SpokenLanguage, UserSettings, Workspace};
use serde_json::{Value, json};

use crate::support::{Service, shipped_company, simulate};

/// Ada leads Bo and Cy; Di is under Bo; Ed is under Cy, who has left. Fay and Gus manage each other, Hal is
/// under Gus. Ida manages herself. Jo's manager is nobody. Kim is alone.
pub(crate) fn company() -> Vec<SimUser> {
    let user = |id: &str, first: &str, title: &str, manager: Option<&str>| SimUser {
        first_name: Some(first.to_owned()),
        last_name: Some("Example".to_owned()),
        email_address: Some(format!("{}@example.org", first.to_lowercase())),
        title: Some(title.to_owned()),
        created: Some(format!("20{id}-03-01T10:00:00.5+02:00")),
        manager_id: manager.map(str::to_owned),
        ..SimUser::new(id)
    };
    vec![
        user("10", "Ada", "Chief Executive Officer", None),
        user("11", "Bo", "VP Sales", Some("10")),
        SimUser { active: false, ..user("12", "Cy", "VP Marketing", Some("10")) },
        user("13", "Di", "Account Executive", Some("11")),
        user("14", "Ed", "Designer", Some("12")),
        user("15", "Fay", "Director", Some("16")),
        user("16", "Gus", "Director", Some("15")),
        user("17", "Hal", "Account Executive", Some("16")),
        user("18", "Ida", "Advisor", Some("18")),
        user("19", "Jo", "Analyst", Some("404")),
        user("20", "Kim", "Contractor", None),
    ]
}

async fn service() -> Service {
    Service::over(Workspace::new(company())).await
}

#[tokio::test]
async fn every_field_of_a_user() {
    let mut users = company();
    users[3] = SimUser {
        email_aliases: vec!["d@example.org".to_owned()],
        trusted_email_address: Some("di@trusted.example".to_owned()),
        phone_number: Some("+1 555 0100".to_owned()),
        extension: Some("42".to_owned()),
        personal_meeting_urls: vec!["https://meet.example/di".to_owned()],
        settings: UserSettings { emails_imported: true, ..UserSettings::default() },
        meeting_consent_page_url: Some("https://consent.example/di".to_owned()),
        spoken_languages: vec![SpokenLanguage { language: "en-US".to_owned(), primary: true }],
        ..users[3].clone()
    };
    let service = Service::over(Workspace::new(users)).await;
    let data = service
        .client
        .data(
            r#"{ user(id: "13") {
                id emailAddress emailAliases trustedEmailAddress firstName lastName name title phoneNumber extension
                active created settings { webConferencesRecorded preventWebConferenceRecording telephonyCallsImported
                    emailsImported preventEmailImport nonRecordedMeetingsImported gongConnectEnabled }
                spokenLanguages { language primary } personalMeetingUrls meetingConsentPageUrl kind managerId
                manager { name } managerStatus managerChain { length end nodes { name depth } }
                reports { totalCount nodes { id } } reportCount all: reportCount(transitive: true)
                depth orphanReason underOrphan } }"#,
        )
        .await;
    insta::assert_json_snapshot!(data, @r#"
    {
      "user": {
        "active": true,
        "all": 0,
        "created": "2013-03-01T08:00:00.5Z",
        "depth": 2,
        "emailAddress": "di@example.org",
        "emailAliases": [
          "d@example.org"
        ],
        "extension": "42",
        "firstName": "Di",
        "id": "13",
        "kind": "PERSON",
        "lastName": "Example",
        "manager": {
          "name": "Bo Example"
        },
        "managerChain": {
          "end": "ROOT",
          "length": 2,
          "nodes": [
            {
              "depth": 1,
              "name": "Bo Example"
            },
            {
              "depth": 0,
              "name": "Ada Example"
            }
          ]
        },
        "managerId": "11",
        "managerStatus": "ACTIVE",
        "meetingConsentPageUrl": "https://consent.example/di",
        "name": "Di Example",
        "orphanReason": null,
        "personalMeetingUrls": [
          "https://meet.example/di"
        ],
        "phoneNumber": "+1 555 0100",
        "reportCount": 0,
        "reports": {
          "nodes": [],
          "totalCount": 0
        },
        "settings": {
          "emailsImported": true,
          "gongConnectEnabled": false,
          "nonRecordedMeetingsImported": false,
          "preventEmailImport": false,
          "preventWebConferenceRecording": false,
          "telephonyCallsImported": false,
          "webConferencesRecorded": false
        },
        "spokenLanguages": [
          {
            "language": "en-US",
            "primary": true
          }
        ],
        "title": "Account Executive",
        "trustedEmailAddress": "di@trusted.example",
        "underOrphan": false
      }
    }
    "#);
}

#[tokio::test]
async fn lines_up_and_down() {
    let data = service()
        .await
        .client
        .data(
            r#"fragment line on ManagerChain { end nodes { name } }
            fragment below on ReportConnection { totalCount edges { distance node { name } } }
            { di: managerChain(userId: "13") { ...line }
              inRing: managerChain(userId: "15") { ...line }
              belowRing: managerChain(userId: "17") { ...line }
              self: managerChain(userId: "18") { ...line }
              missing: managerChain(userId: "19") { ...line }
              nobody: managerChain(userId: "999") { ...line }
              direct: reports(managerId: "10") { ...below }
              all: reports(managerId: "10", transitive: true) { ...below }
              near: reports(managerId: "10", transitive: true, maxDepth: 1) { ...below }
              active: reports(managerId: "10", transitive: true, filter: { active: true }, orderBy: { field: NAME, direction: DESC }) { ...below }
              ofRing: reports(managerId: "16", transitive: true) { ...below }
              ofNobody: reports(managerId: "999") { ...below } }"#,
        )
        .await;
    insta::assert_json_snapshot!(data, @r#"
    {
      "active": {
        "edges": [
          {
            "distance": 2,
            "node": {
              "name": "Ed Example"
            }
          },
          {
            "distance": 2,
            "node": {
              "name": "Di Example"
            }
          },
          {
            "distance": 1,
            "node": {
              "name": "Bo Example"
            }
          }
        ],
        "totalCount": 3
      },
      "all": {
        "edges": [
          {
            "distance": 1,
            "node": {
              "name": "Bo Example"
            }
          },
          {
            "distance": 2,
            "node": {
              "name": "Di Example"
            }
          },
          {
            "distance": 1,
            "node": {
              "name": "Cy Example"
            }
          },
          {
            "distance": 2,
            "node": {
              "name": "Ed Example"
            }
          }
        ],
        "totalCount": 4
      },
      "belowRing": {
        "end": "CYCLE",
        "nodes": [
          {
            "name": "Gus Example"
          },
          {
            "name": "Fay Example"
          }
        ]
      },
      "di": {
        "end": "ROOT",
        "nodes": [
          {
            "name": "Bo Example"
          },
          {
            "name": "Ada Example"
          }
        ]
      },
      "direct": {
        "edges": [
          {
            "distance": 1,
            "node": {
              "name": "Bo Example"
            }
          },
          {
            "distance": 1,
            "node": {
              "name": "Cy Example"
            }
          }
        ],
        "totalCount": 2
      },
      "inRing": {
        "end": "CYCLE",
        "nodes": [
          {
            "name": "Gus Example"
          }
        ]
      },
      "missing": {
        "end": "MANAGER_NOT_FOUND",
        "nodes": []
      },
      "near": {
        "edges": [
          {
            "distance": 1,
            "node": {
              "name": "Bo Example"
            }
          },
          {
            "distance": 1,
            "node": {
              "name": "Cy Example"
            }
          }
        ],
        "totalCount": 2
      },
      "nobody": null,
      "ofNobody": null,
      "ofRing": {
        "edges": [
          {
            "distance": 1,
            "node": {
              "name": "Fay Example"
            }
          },
          {
            "distance": 1,
            "node": {
              "name": "Hal Example"
            }
          }
        ],
        "totalCount": 2
      },
      "self": {
        "end": "SELF_MANAGED",
        "nodes": []
      }
    }
    "#);
}

#[tokio::test]
async fn what_is_wrong() {
    let data = service()
        .await
        .client
        .data(
            "{ orphans { totalCount edges { reason node { name managerId managerStatus underOrphan } } }
               rings: orphans(reasons: [MANAGEMENT_CYCLE, MANAGER_IS_SELF]) { nodes { name } }
               inSales: orphans(filter: { titleContains: \"DIRECT\" }) { nodes { name } }
               roots { totalCount nodes { name } }
               under: user(id: \"17\") { orphanReason underOrphan depth } }",
        )
        .await;
    insta::assert_json_snapshot!(data, @r#"
    {
      "inSales": {
        "nodes": [
          {
            "name": "Fay Example"
          },
          {
            "name": "Gus Example"
          }
        ]
      },
      "orphans": {
        "edges": [
          {
            "node": {
              "managerId": "12",
              "managerStatus": "INACTIVE",
              "name": "Ed Example",
              "underOrphan": false
            },
            "reason": "MANAGER_INACTIVE"
          },
          {
            "node": {
              "managerId": "16",
              "managerStatus": "ACTIVE",
              "name": "Fay Example",
              "underOrphan": true
            },
            "reason": "MANAGEMENT_CYCLE"
          },
          {
            "node": {
              "managerId": "15",
              "managerStatus": "ACTIVE",
              "name": "Gus Example",
              "underOrphan": true
            },
            "reason": "MANAGEMENT_CYCLE"
          },
          {
            "node": {
              "managerId": "18",
              "managerStatus": "SELF",
              "name": "Ida Example",
              "underOrphan": false
            },
            "reason": "MANAGER_IS_SELF"
          },
          {
            "node": {
              "managerId": "404",
              "managerStatus": "NOT_FOUND",
              "name": "Jo Example",
              "underOrphan": false
            },
            "reason": "MANAGER_NOT_FOUND"
          },
          {
            "node": {
              "managerId": null,
              "managerStatus": "NONE",
              "name": "Kim Example",
              "underOrphan": false
            },
            "reason": "NO_MANAGER"
          }
        ],
        "totalCount": 6
      },
      "rings": {
        "nodes": [
          {
            "name": "Fay Example"
          },
          {
            "name": "Gus Example"
          },
          {
            "name": "Ida Example"
          }
        ]
      },
      "roots": {
        "nodes": [
          {
            "name": "Ada Example"
          },
          {
            "name": "Kim Example"
          }
        ],
        "totalCount": 2
      },
      "under": {
        "depth": null,
        "orphanReason": null,
        "underOrphan": true
      }
    }
    "#);
}

#[tokio::test]
async fn filters_and_orders() {
    let data = service()
        .await
        .client
        .data(
            r#"fragment names on UserConnection { totalCount nodes { name } }
            { inactive: users(filter: { active: false }) { ...names }
              notFound: users(filter: { managerStatus: NOT_FOUND }) { ...names }
              oddLinks: users(filter: { managerStatus: [SELF, INACTIVE] }) { ...names }
              named: users(filter: { nameContains: "A EX" }) { ...names }
              titled: users(filter: { titleContains: "vp", active: true }) { ...names }
              mailed: users(filter: { emailContains: "Y@example" }) { ...names }
              newest: users(first: 3, orderBy: { field: CREATED, direction: DESC }) { ...names }
              widest: users(first: 3, orderBy: { field: DIRECT_REPORT_COUNT, direction: DESC }) { nodes { name reportCount } }
              largest: users(first: 4, orderBy: { field: TRANSITIVE_REPORT_COUNT, direction: DESC }) { nodes { name reportCount(transitive: true) } } }"#,
        )
        .await;
    insta::assert_json_snapshot!(data, @r#"
    {
      "inactive": {
        "nodes": [
          {
            "name": "Cy Example"
          }
        ],
        "totalCount": 1
      },
      "largest": {
        "nodes": [
          {
            "name": "Ada Example",
            "reportCount": 4
          },
          {
            "name": "Fay Example",
            "reportCount": 2
          },
          {
            "name": "Gus Example",
            "reportCount": 2
          },
          {
            "name": "Bo Example",
            "reportCount": 1
          }
        ]
      },
      "mailed": {
        "nodes": [
          {
            "name": "Cy Example"
          },
          {
            "name": "Fay Example"
          }
        ],
        "totalCount": 2
      },
      "named": {
        "nodes": [
          {
            "name": "Ada Example"
          },
          {
            "name": "Ida Example"
          }
        ],
        "totalCount": 2
      },
      "newest": {
        "nodes": [
          {
            "name": "Kim Example"
          },
          {
            "name": "Jo Example"
          },
          {
            "name": "Ida Example"
          }
        ],
        "totalCount": 11
      },
      "notFound": {
        "nodes": [
          {
            "name": "Jo Example"
          }
        ],
        "totalCount": 1
      },
      "oddLinks": {
        "nodes": [
          {
            "name": "Ed Example"
          },
          {
            "name": "Ida Example"
          }
        ],
        "totalCount": 2
      },
      "titled": {
        "nodes": [
          {
            "name": "Bo Example"
          }
        ],
        "totalCount": 1
      },
      "widest": {
        "nodes": [
          {
            "name": "Ada Example",
            "reportCount": 2
          },
          {
            "name": "Gus Example",
            "reportCount": 2
          },
          {
            "name": "Bo Example",
            "reportCount": 1
          }
        ]
      }
    }
    "#);
}

#[tokio::test]
async fn many_by_id_in_order_and_as_nodes() {
    let data = service()
        .await
        .client
        .data(
            r#"{ usersByIds(ids: ["13", "999", "10", "13"]) { id name }
                 node(id: "11") { __typename id ... on User { name } }
                 nodes(ids: ["12", "nobody"]) { id ... on User { active } } }"#,
        )
        .await;
    insta::assert_json_snapshot!(data, @r#"
    {
      "node": {
        "__typename": "User",
        "id": "11",
        "name": "Bo Example"
      },
      "nodes": [
        {
          "active": false,
          "id": "12"
        },
        null
      ],
      "usersByIds": [
        {
          "id": "13",
          "name": "Di Example"
        },
        null,
        {
          "id": "10",
          "name": "Ada Example"
        },
        {
          "id": "13",
          "name": "Di Example"
        }
      ]
    }
    "#);
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
async fn a_cursor_survives_a_new_snapshot() {
    let simulator = simulate(Workspace::new(company()));
    let url = crate::support::serve(&simulator).await;
    let service = Service::start(&crate::support::settings(url, crate::support::UNHURRIED), "1s").await;
    service.ready().await;
    let first = service.client.data("{ users(first: 4) { nodes { name } pageInfo { endCursor } } }").await;
    assert_eq!(first["users"]["nodes"][3]["name"], "Di Example");
    simulator.edit(|users| users.retain(|user| user.id != "13" && user.id != "10"));
    service.next_snapshot().await;
    let rest = service
        .client
        .ask_with(
            "query($after: String!) { users(after: $after) { totalCount nodes { name } } }",
            json!({ "after": first["users"]["pageInfo"]["endCursor"] }),
        )
        .await;
    let users = &rest["data"]["users"];
    assert_eq!((&users["totalCount"], &users["nodes"][0]["name"]), (&json!(9), &json!("Ed Example")));
    assert_eq!(users["nodes"].as_array().unwrap().len(), 7);
}

#[tokio::test]
async fn every_answer_says_which_snapshot_it_is_from() {
    let service = service().await;
    let body = json!({ "query": "{ snapshot { version takenAt userCount source } }" }).to_string();
    let request =
        service.client.request(reqwest::Method::POST, "/graphql").header("content-type", "application/json");
    let response = request.body(body).send().await.unwrap();
    assert!(response.headers()["age"].to_str().unwrap().parse::<u64>().is_ok());
    let answer: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    let (data, told) = (&answer["data"]["snapshot"], &answer["extensions"]["snapshot"]);
    assert_eq!((&data["version"], &data["takenAt"]), (&told["version"], &told["takenAt"]));
    assert_eq!((&data["userCount"], &data["source"]), (&json!(11), &json!("FULL_SCAN")));
    let refused = service.client.ask("{ nope }").await;
    assert_eq!(&refused["extensions"]["snapshot"], told);
}

#[tokio::test]
async fn all_of_an_answer_is_from_one_snapshot() {
    let simulator = simulate(Workspace::generate(500, 5));
    let url = crate::support::serve(&simulator).await;
    let service = Service::start(&crate::support::settings(url, crate::support::UNHURRIED), "1s").await;
    service.ready().await;
    let before = service.client.ask("{ snapshot { version } }").await;
    simulator.edit(|users| users.truncate(450));
    let query = "{ a: snapshot { version userCount } users(first: 1) { totalCount } b: snapshot { version userCount } }";
    let asks = join_all((0..50).map(|_| service.client.ask(query)));
    let (answers, ()) = tokio::join!(asks, service.next_snapshot());
    for answer in answers.iter().chain([&service.client.ask(query).await]) {
        let data = &answer["data"];
        assert_eq!(data["a"], data["b"]);
        assert_eq!(data["users"]["totalCount"], data["a"]["userCount"]);
        assert_eq!(answer["extensions"]["snapshot"]["version"], data["a"]["version"]);
    }
    let after = service.client.ask("{ snapshot { version } }").await;
    let version =
        |answer: &Value| answer["data"]["snapshot"]["version"].as_str().unwrap().parse::<u64>().unwrap();
    assert!(version(&after) > version(&before));
}
