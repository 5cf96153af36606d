//! Users as they are told: every field, by id, filtered and sorted.

use orgraph::simulator::{SimUser, SpokenLanguage, UserSettings, Workspace};

use crate::support::{Service, example};

#[tokio::test]
async fn every_field_of_a_user() {
    let mut users = example::company();
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
async fn filters_and_orders() {
    let data = example::service()
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
    let data = example::service()
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
