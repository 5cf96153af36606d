// A list that grows: Relay asks for the next page by the cursor and puts it behind the last.
import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";

import type { TeamQuery } from "./__generated__/TeamQuery.graphql";
import type { Team_user$key } from "./__generated__/Team_user.graphql";

export function Team({ manager }: { manager: string }) {
  const { user } = useLazyLoadQuery<TeamQuery>(
    graphql`
      query TeamQuery($manager: ID!) {
        user(id: $manager) { name ...Team_user }
      }
    `,
    { manager },
  );
  if (!user) return <p>Nobody has this id.</p>;
  return (
    <section>
      <h1>{user.name}</h1>
      <Reports user={user} />
    </section>
  );
}

function Reports({ user }: { user: Team_user$key }) {
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment(
    graphql`
      fragment Team_user on User
      @argumentDefinitions(count: { type: "Int", defaultValue: 5 }, cursor: { type: "String" })
      @refetchable(queryName: "TeamNextPageQuery") {
        reports(first: $count, after: $cursor) @connection(key: "Team_reports") {
          edges { node { id name title } }
        }
      }
    `,
    user,
  );
  return (
    <>
      <ul>
        {data.reports.edges.map(({ node }) => (
          <li key={node.id}>{node.name}, {node.title}</li>
        ))}
      </ul>
      {hasNext && <button disabled={isLoadingNext} onClick={() => loadNext(5)}>More</button>}
    </>
  );
}
