import type { HealthPageQuery } from "../../gql/graphql";
import { count } from "../words";
import type { Bar } from "./Plot";

/** The deepest layer that has a bar of its own. */
export const DEEPEST = 30;

type Stats = Pick<NonNullable<HealthPageQuery["orgStats"]>, "headcount" | "withoutDepthCount" | "headcountByDepth">;

/** People by layer, and in the last bar all that are deeper than is shown one by one. */
export function layersOf({ headcount, withoutDepthCount, headcountByDepth }: Stats): Bar[] {
  const bars = headcountByDepth.map((layer) => ({ label: count(layer.depth), value: layer.headcount }));
  const deeper = headcount - withoutDepthCount - bars.reduce((sum, { value }) => sum + value, 0);
  return deeper > 0 ? [...bars, { label: `${count(DEEPEST + 1)} and more`, value: deeper }] : bars;
}
