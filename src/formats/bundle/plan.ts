// The plan in a bundle: when its project means to stop. What a stranger wrote may not break the screen that shows it.

import { noPlan, type Plan } from "../../core/plan";
import { fieldsOf, finite, integer, text, texts, type Fields } from "./fields";

/** What is left out is as in a project without a plan. @throws BundleDamaged */
export function readPlan(given: Fields, path: string): Plan {
  const all: Fields = { ...noPlan, ...given };
  for (const key of ["budget", "target", "pricePerLabel"]) if (all[key] !== null) finite(all, key, path);
  text(all, "currency", path, 20);
  texts(all, "rules", path);
  for (const ofRule of Object.values(fieldsOf(all["ruleParameters"], path))) {
    const parameters = fieldsOf(ofRule, path);
    for (const key of Object.keys(parameters)) finite(parameters, key, path);
  }
  for (const key of ["writtenAt", "labelsThen"]) integer(all, key, path);
  return all as unknown as Plan;
}
