// Brings what older bundles hold to the present shape, one step a version. A step is never edited once bundles of
// its version can be in people's hands.

import { fieldsOf } from "./fields";

interface RoundPair {
  readonly summary: unknown;
  readonly detail: unknown;
}

/** The step at place n turns a round of version n + 1 into one of version n + 2. */
const steps: readonly ((pair: RoundPair, path: string) => RoundPair)[] = [modelsOfSeveralKinds];

/** Version 1 knew one kind of model: its layer lay in the detail, its activation in the summary. */
function modelsOfSeveralKinds({ summary, detail }: RoundPair, path: string): RoundPair {
  const { activation, ...rest } = fieldsOf(summary, path);
  const next = { fallback: null, ...rest };
  if (detail === null) return { summary: next, detail };
  const { layer, ...kept } = fieldsOf(detail, path);
  return { summary: next, detail: { ...kept, model: layer && { kind: "linear", layer, activation } } };
}

/** @throws BundleDamaged where the part holds no round. */
export function upgradeRound(value: unknown, version: number, path: string): RoundPair {
  const { summary, detail } = fieldsOf(value, path);
  return steps
    .slice(version - 1)
    .reduce<RoundPair>((pair, step) => step(pair, path), { summary, detail: detail ?? null });
}
