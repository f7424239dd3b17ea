// What strategies need of a model beyond probabilities: the head's own where it has that, else of a simpler head
// fitted for the selection only.

import type { LinearLayer } from "../kernels/kernels";
import type { FittedHead, HeadTools, TrainingSet } from "../learning/head";
import { linearLayerOf } from "../learning/model";
import { resolveParameters } from "../parameter";
import { headById } from "../registry";
import type { Need } from "./strategy";

export interface Proxies {
  readonly members: readonly LinearLayer[] | null;
  readonly layer: LinearLayer | null;
}

export const noProxies: Proxies = { members: null, layer: null };

/** @throws Stopped when told to stop. */
export function proxiesFor(
  needs: readonly Need[],
  { model, posterior }: FittedHead,
  training: TrainingSet,
  tools: HeadTools,
): Proxies {
  const wantsMembers = needs.includes("members");
  const wantsLayer = needs.includes("layer");
  return {
    members: wantsMembers
      ? posterior?.kind === "members"
        ? posterior.layers
        : committeeOf(training, tools)
      : null,
    layer: wantsLayer ? (linearLayerOf(model) ?? plainLayerOf(training, tools)) : null,
  };
}

function committeeOf(training: TrainingSet, tools: HeadTools): readonly LinearLayer[] | null {
  // Members are compared with each other, so their confidence need not be honest.
  const { posterior } = fit("committee", training, tools);
  return posterior?.kind === "members" ? posterior.layers : null;
}

function plainLayerOf(training: TrainingSet, tools: HeadTools): LinearLayer | null {
  return linearLayerOf(fit("logistic", training, tools).model);
}

function fit(headId: string, training: TrainingSet, tools: HeadTools): FittedHead {
  const head = headById(headId);
  return head.fit(training, resolveParameters(head.parameters, { calibrate: 0 }), null, tools);
}
