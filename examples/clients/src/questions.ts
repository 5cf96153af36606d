// What is asked, typed by graphql-codegen from schema.graphql: a field that isn't there is an error of the compiler.
import { graphql } from "./gql";

export const Line = graphql(/* GraphQL */ `
  query Line($id: ID!) {
    user(id: $id) {
      id
      name
      managerChain {
        end
        nodes { id name title }
      }
    }
  }
`);

export const Team = graphql(/* GraphQL */ `
  query Team($manager: ID!, $first: Int!, $after: String) {
    reports(managerId: $manager, transitive: true, first: $first, after: $after) {
      totalCount
      edges {
        cursor
        distance
        node { id name title }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

export const Published = graphql(/* GraphQL */ `
  subscription Published {
    snapshotPublished { version takenAt userCount }
  }
`);
