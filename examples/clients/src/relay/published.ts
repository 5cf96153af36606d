// Told of each snapshot: the record in the store changes, and whatever shows it is drawn again.
import { graphql, requestSubscription } from "react-relay";
import type { Environment } from "relay-runtime";

import type { publishedSubscription } from "./__generated__/publishedSubscription.graphql";

export function onPublished(environment: Environment, tell: (users: number) => void) {
  return requestSubscription<publishedSubscription>(environment, {
    subscription: graphql`
      subscription publishedSubscription {
        snapshotPublished { version takenAt userCount }
      }
    `,
    variables: {},
    onNext: (answer) => answer && tell(answer.snapshotPublished.userCount),
  });
}
