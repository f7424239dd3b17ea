// A strategy as the command line names it: its id, and after colons what differs from its usual settings.

import { strategyById } from "../../src/core/registry";

export interface Contestant {
  /** As it was written; what tables call it. */
  readonly name: string;
  readonly strategyId: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly randomShare: number | null;
  readonly start: "random" | "coverage" | null;
  readonly headId: string | null;
}

/**
 * Reads `auto`, `auto:randomShare=0`, `margin:start=coverage`, `uherding:candidateLimit=500:head=logistic`.
 * @throws Error, with a sentence, for a strategy or a setting that does not exist.
 */
export function readContestant(name: string): Contestant {
  const [strategyId, ...changes] = name.split(":");
  const strategy = strategyById(strategyId!);
  const parameters: Record<string, number> = {};
  let randomShare: number | null = null;
  let start: Contestant["start"] = null;
  let headId: string | null = null;
  for (const change of changes) {
    const [key, value] = change.split("=");
    if (key === "randomShare") randomShare = Number(value);
    else if (key === "start" && (value === "random" || value === "coverage")) start = value;
    else if (key === "head" && value) headId = value;
    else if (strategy.parameters.some(({ id }) => id === key) && Number.isFinite(Number(value)))
      parameters[key!] = Number(value);
    else throw new Error(`"${change}" is nothing that can be set for ${strategyId}.`);
  }
  return { name, strategyId: strategyId!, parameters, randomShare, start, headId };
}
