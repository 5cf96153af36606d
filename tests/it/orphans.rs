//! Orphans and roots, and why they are.

use crate::support::example;

#[tokio::test]
async fn what_is_wrong() {
    let data = example::service()
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
