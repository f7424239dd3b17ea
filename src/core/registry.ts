// Finds the plug-ins of core: every file in ./strategies, ./heads and ./stopping is one. Adding one is adding a file.

import type { StoppingRule } from "./advice/stopping-rule";
import type { Head } from "./learning/head";
import type { AnswerMode } from "./project";
import type { Strategy } from "./selection/strategy";

function discover<T extends { readonly id: string }>(
  what: string,
  modules: Record<string, unknown>,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const [path, exported] of Object.entries(modules)) {
    const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.ts$/, "");
    const plugin = exported as T;
    if (plugin?.id !== name)
      throw new Error(`${path} must export a ${what} with the id "${name}", not "${plugin?.id}".`);
    found.set(name, plugin);
  }
  return found;
}

export const strategies = discover<Strategy>(
  "strategy",
  import.meta.glob("./strategies/*.ts", { eager: true, import: "strategy" }),
);
export const heads = discover<Head>(
  "head",
  import.meta.glob("./heads/*.ts", { eager: true, import: "head" }),
);

export const stoppingRules = discover<StoppingRule>(
  "stopping rule",
  import.meta.glob("./stopping/*.ts", { eager: true, import: "rule" }),
);

export function strategyById(id: string): Strategy {
  const strategy = strategies.get(id);
  if (!strategy)
    throw new Error(
      `There is no strategy called "${id}". Choose one of: ${[...strategies.keys()].join(", ")}.`,
    );
  return strategy;
}

/** The strategy of that id where it suits the answer mode, else margin. */
export function strategyFor(id: string, answerMode: AnswerMode): Strategy {
  const strategy = strategyById(id);
  return !strategy.modes || strategy.modes.includes(answerMode) ? strategy : strategyById("margin");
}

export function headById(id: string): Head {
  const head = heads.get(id);
  if (!head)
    throw new Error(`There is no head called "${id}". Choose one of: ${[...heads.keys()].join(", ")}.`);
  return head;
}

/** The head of that id where it suits the answer mode, else that mode's plain one. */
export function headFor(id: string, answerMode: AnswerMode): Head {
  const head = headById(id);
  if (head.modes.includes(answerMode)) return head;
  return headById(answerMode === "single" ? "logistic" : "one-vs-rest");
}
