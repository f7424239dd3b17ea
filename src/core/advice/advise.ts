// Asks the rules of a plan whether to stop. Advice only: nothing is ever closed over it.

import { resolveParameters } from "../parameter";
import type { Plan } from "../plan";
import { stoppingRules } from "../registry";
import type { StopHistory, StoppingRule, Verdict } from "./stopping-rule";

export interface Advice {
  /** In the order of the registry; rules the plan leaves out are not among them. */
  readonly verdicts: readonly (Verdict & { readonly rule: StoppingRule })[];
  /** How many of them say stop, and how many have an opinion. */
  readonly stop: number;
  readonly opinions: number;
}

/** Rules the plan names that this version does not know are left out. */
export function advise(history: Omit<StopHistory, "plan">, plan: Plan): Advice {
  const verdicts = [...stoppingRules.values()]
    .filter(({ id }) => plan.rules.includes(id))
    .map((rule) => ({
      rule,
      ...rule.judge(
        { ...history, plan },
        resolveParameters(rule.parameters, plan.ruleParameters[rule.id] ?? {}),
      ),
    }));
  return {
    verdicts,
    stop: verdicts.filter(({ says }) => says === "stop").length,
    opinions: verdicts.filter(({ says }) => says === "stop" || says === "go on").length,
  };
}
