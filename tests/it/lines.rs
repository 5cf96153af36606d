//! Lines up and down from somebody.

use crate::support::example;

#[tokio::test]
async fn lines_up_and_down() {
    let data = example::service()
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
