// A small project as a bundle source, for the tests of writing and reading bundles.

import type { LabelEvent } from "../../../src/core/event";
import type { ClassId, EventId, ItemId, ProjectId } from "../../../src/core/ids";
import type { LinearLayer } from "../../../src/core/kernels/kernels";
import { defaultSettings, type ItemKind, type Project } from "../../../src/core/project";
import { sha256 } from "../../../src/formats/bundle/hash";
import type { BundledDetail, BundledItem, BundledRound } from "../../../src/formats/bundle/records";
import { writeBundle, type BundleSource } from "../../../src/formats/bundle/write";
import { gather } from "../read-all";

export const bytesOf = (text: string) => new TextEncoder().encode(text);

export function projectOf(kind: ItemKind): Project {
  return {
    id: "01PROJECT" as ProjectId,
    name: "Tickets, \u202eforged\u202c",
    kind,
    answerMode: "single",
    classes: ["cat", "dog"].map((name, at) => ({
      id: `class ${name}` as ClassId,
      name,
      color: "#123abc",
      key: String(at + 1),
      definition: "",
      removed: at === 1,
    })),
    guidelines: "Look twice.",
    settings: { ...defaultSettings, seed: 7 },
    createdAt: 1000,
    changedAt: 2000,
  };
}

export async function itemsOf(kind: ItemKind, count: number): Promise<BundledItem[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, at) => ({
      itemId: (await sha256(bytesOf(`item ${at}`))) as ItemId,
      kind,
      name: `name ${at}`,
      path: `folder/name ${at}`,
      sizeBytes: bytesOf(`item ${at}`).length,
      type: kind === "text" ? "text/plain" : "image/png",
      width: 0,
      height: 0,
      given: at % 2 ? "cat" : null,
      addedAt: 5,
      text: kind === "text" ? `item ${at}` : null,
      thumbnail: kind === "image" && at === 0 ? "image/webp" : null,
    })),
  );
}

export function eventOf(number: number, itemId: ItemId, annotator = "Ada"): LabelEvent {
  const id = String(number).padStart(26, "0") as EventId;
  return {
    type: "answer",
    id,
    step: id,
    projectId: "01PROJECT" as ProjectId,
    at: number,
    annotator,
    itemId,
    answer: { type: "classes", classIds: ["class cat" as ClassId] },
    slice: "train",
    origin: "person",
    shown: { round: 1, strategyId: "margin", source: "strategy", guess: null, confidence: 0.25 },
    tookMs: 1234.5,
  };
}

export function layerOf(bias: number): LinearLayer {
  return { dims: 2, classes: 1, weights: Float32Array.of(0.1, -2), bias: Float32Array.of(bias) };
}

export function roundOf(number: number): { summary: BundledRound; detail: BundledDetail } {
  return {
    summary: {
      number,
      classIds: ["class cat" as ClassId],
      trainCount: 4,
      holdOutCount: 0,
      strategyId: "margin",
      headId: "logistic",
      seed: 1,
      fallback: null,
      evaluation: null,
      poolUncertainty: null,
      tier: "cpu",
      cost: { fitMs: 1, scoreMs: 1, selectMs: 1 },
      encoderKey: "text-hash@1/3",
      at: 9,
      poolRows: 3,
      hasHead: true,
    },
    detail: {
      model: { kind: "linear", layer: layerOf(number), activation: "softmax" },
      questions: [
        {
          row: 0,
          source: "strategy",
          score: -Infinity,
          reason: "why",
          guess: 0,
          confidence: 1,
          probabilities: [1],
        },
      ],
    },
  };
}

export async function sourceOf(kind: ItemKind, part: Partial<BundleSource> = {}): Promise<BundleSource> {
  const items = await itemsOf(kind, 3);
  const byId = new Map(items.map(({ itemId }, at) => [itemId, bytesOf(`item ${at}`).buffer as ArrayBuffer]));
  return {
    project: projectOf(kind),
    appVersion: "0.1.0",
    createdAt: Date.UTC(2025, 5, 6),
    annotator: "Ada",
    events: () => items.map(({ itemId }, at) => eventOf(at + 1, itemId)),
    items: () => stream(items),
    content: async (itemId) => byId.get(itemId) ?? null,
    thumbnail: async () => bytesOf("small").buffer as ArrayBuffer,
    rounds: () => stream([roundOf(1), roundOf(2)]),
    embeddings: {
      encoders: () =>
        stream([
          {
            encoderKey: "text-hash@1/3",
            encoderId: "text-hash",
            learntFrom: 3,
            state: { axes: Float32Array.of(1.5) },
          },
        ]),
      chunks: () =>
        stream([
          {
            encoderKey: "text-hash@1/3",
            firstRow: 0,
            rows: 3,
            dims: 2,
            values: Float32Array.of(1, 2, 3, 4, 5, 6),
          },
        ]),
    },
    ...part,
  };
}

export async function bundleOf(kind: ItemKind, part: Partial<BundleSource> = {}): Promise<Blob> {
  return gather(writeBundle(await sourceOf(kind, part), null));
}

export async function* stream<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

export async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}
