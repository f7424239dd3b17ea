// The predictor over models in real storage: what it says of files is what the model says of the same items once
// they are in the project, whatever made their vectors.

import { beforeEach, expect, test } from "vitest";
import type { ClassId } from "../../src/core/ids";
import { modelLogits, type EmbeddingModel } from "../../src/core/learning/model";
import { scoresFromLogits } from "../../src/core/kernels/scores";
import { createRandom } from "../../src/core/random";
import type { Database } from "../../src/storage/database";
import { loadEmbeddings } from "../../src/storage/embedding-store";
import { addItems } from "../../src/storage/item-store";
import { saveProject } from "../../src/storage/project-store";
import { saveRound } from "../../src/storage/round-store";
import type { ImageSource, Predicted } from "../../workers/api";
import { createEmbedder } from "../../workers/embedder";
import { createImporter } from "../../workers/importer";
import { createPredictor } from "../../workers/predictor";
import { smallLayers } from "../encoders/pretrained/small-tfjs";
import { draw } from "./importing/pictures";
import { makeItem, makeProject, makeRound, openEmptied, projectId } from "./stored";

const project = projectId();
const classIds = ["cat", "dog", "bird"] as ClassId[];
let database: Database;
beforeEach(async () => void (database = await openEmptied()));

function modelOf(dims: number): EmbeddingModel {
  const random = createRandom(3);
  const normals = (count: number) => Float32Array.from({ length: count }, () => 2 * random.normal());
  const layer = { dims, classes: 3, weights: normals(dims * 3), bias: normals(3) };
  return { kind: "linear", layer, activation: "softmax" };
}

/** Keeps a round of that model over those embeddings, and gives what it says of each of them. */
async function keepRound(encoderKey: string, dims: number): Promise<Float32Array> {
  const model = modelOf(dims);
  await saveRound(
    database,
    { projectId: project, encoderKey, poolRows: 0, at: 1 },
    { ...makeRound(1), classIds, model },
  );
  const { rows, values } = await loadEmbeddings(database, project, encoderKey);
  return scoresFromLogits(modelLogits(model, values, rows), rows, 3, "softmax").probabilities;
}

function expectSame(found: Float32Array, right: Float32Array): void {
  expect(found).toHaveLength(right.length);
  for (const [at, value] of right.entries()) expect(found[at]).toBeCloseTo(value, 5);
}

test.each(["built-in", "pretrained"] as const)(
  "images through a %s encoder, large ones too",
  async (which) => {
    await saveProject(database, makeProject("image"));
    const sources: ImageSource[] = [];
    for (const [at, side] of [12, 40, 41, 300, 700].entries()) {
      const file = new File([await draw("image/png", side, side + at, at * 50)], `${at}.png`);
      sources.push({ path: `${at}.png`, given: null, file });
    }
    expect(await createImporter().importImages({ projectId: project, sources, labels: null })).toMatchObject({
      added: sources.length,
    });
    const embedder = createEmbedder();
    const encoderId = which === "built-in" ? null : await addSmallModel(embedder);
    const { encoderKey, dims } = await embedder.embed(project, encoderId, 1, () => {});
    const right = await keepRound(encoderKey, dims);

    const predictor = createPredictor();
    expect((await predictor.open(project, 1)).classIds).toEqual(classIds);
    const broken = { path: "words.png", given: null, file: new File(["only words"], "words.png") };
    const { names, probabilities, problems } = await predictor.predictFiles([...sources, broken]);
    expect(names).toEqual(sources.map(({ path }) => path));
    expectSame(probabilities, right);
    expect(problems.map(({ message }) => message)).toEqual([
      "words.png holds text, not an image; it was left out.",
    ]);
  },
);

async function addSmallModel(embedder: ReturnType<typeof createEmbedder>): Promise<string> {
  const files = smallLayers();
  const { cut, input } = await embedder.surveyModel(files, "image");
  return (await embedder.addModel(files, "image", { name: "small", cut, input })).id;
}

test("vectors computed elsewhere, by the vectors of the new items", async () => {
  await saveProject(database, makeProject("text"));
  await addItems(
    database,
    project,
    ["a", "b"].map((name) => makeItem(name)),
  );
  const embedder = createEmbedder();
  const csv = (text: string) => new File([text], "vectors.csv");
  const account = await embedder.importVectors(project, [csv('id,v\na,"[0,2]"\nb,"[3,4]"\n')], () => {});
  await embedder.embed(project, account.id, 1, () => {});
  const right = await keepRound(account.id, 2);

  const predictor = createPredictor();
  await predictor.open(project, 1);
  const said: Predicted[] = [];
  const take = (one: Predicted) => void said.push(one);
  await predictor.predictVectors([csv('id,v\nnew 1,"[0,7]"\nnew 2,"[0,0]"\nnew 3,"[6,8]"\n')], take);
  expect(said.flatMap(({ names }) => names)).toEqual(["new 1", "new 3"]);
  expectSame(said[0]!.probabilities, right);
  expect(said.flatMap(({ problems }) => problems.map(({ message }) => message))).toEqual([
    "Row 2 (new 2) holds zeros only; its item has no vector.",
  ]);
  await expect(predictor.predictVectors([csv('id,v\nx,"[1,2,3]"\n')], take)).rejects.toThrow(
    "vectors.csv has 3 numbers a row, and this model was fitted on vectors of 2.",
  );
  const source = { path: "1.png", given: null, file: new File([""], "1.png") };
  await expect(predictor.predictFiles([source])).rejects.toThrow("Give the vectors of the new items.");
});

test("says that an encoder is not here any more", async () => {
  await saveProject(database, makeProject("text"));
  await keepRound("lsa-sif@1/20", 4);
  await expect(createPredictor().open(project, 1)).rejects.toThrow("is not on this computer any more");
  await expect(createPredictor().open(project, 2)).rejects.toThrow("Round 2 has no model.");
});
