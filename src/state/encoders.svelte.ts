// The encoders a project can choose from: those that come with the app and the models this browser keeps; and
// adding a model from picked files.

import type { BuiltInEncoder, ModelChoice, SeenImage } from "../../workers/api";
import type { ModelSurvey, PixelInput, PretrainedModel } from "../core/pretrained";
import { openEmbedder } from "../engine/embedder";
import { fetchOfferedModel, listOfferedModels, type OfferedModel } from "../engine/offered-models";
import { saveFile } from "../engine/save-file";
import type { ModelFile } from "../formats/models/model-files";
import { safeName } from "../formats/safe-name";
import { deleteModel, listModels, loadModelFiles } from "../storage/model-store";
import { sentenceOf } from "./problem";
import type { Session } from "./session.svelte";
import { Tuning } from "./tuning.svelte";

export type AddingPhase =
  | { readonly at: "idle" }
  | { readonly at: "reading" }
  | { readonly at: "choosing"; readonly files: readonly ModelFile[]; readonly survey: ModelSurvey }
  | { readonly at: "adding"; readonly survey: ModelSurvey }
  | { readonly at: "failed"; readonly message: string };

export class Encoders {
  builtIn = $state.raw<readonly BuiltInEncoder[]>([]);
  /** Models kept in this browser for the kind of this project, oldest first. */
  models = $state.raw<readonly PretrainedModel[]>([]);
  /** Models that whoever serves this app offers, apart from those kept already. */
  offered = $state.raw<readonly OfferedModel[]>([]);
  adding = $state.raw<AddingPhase>({ at: "idle" });

  readonly tuning: Tuning;

  readonly #session: Session;
  /** A worker of its own: what a model takes while it is looked at is given back at once afterwards. */
  readonly #workshop = openEmbedder();

  constructor(session: Session) {
    this.#session = session;
    this.tuning = new Tuning(session, this);
  }

  /** The one in use: its id, which is null for the kind's own. */
  get chosen(): string | null {
    return this.#session.project.settings.encoderId ?? null;
  }

  /** The model in use; null where it is none. */
  get model(): PretrainedModel | null {
    return this.models.find(({ id }) => id === this.chosen) ?? null;
  }

  async load(): Promise<void> {
    const { kind } = this.#session.project;
    this.models = (await listModels(this.#session.database)).filter((model) => model.kind === kind);
    const names = new Set(this.models.map(({ name }) => name));
    this.offered = (await listOfferedModels()).filter(({ name }) => !names.has(name));
    if (this.builtIn.length === 0) this.builtIn = await this.#workshop.listBuiltIn(kind);
  }

  /** Fetches a model from the app's own server and looks at it. */
  async lookAtOffered(model: OfferedModel): Promise<void> {
    await this.look(fetchOfferedModel(model));
  }

  /** Looks at picked files; ends in `choosing`, or in `failed` with what is wrong with them. */
  async look(picked: Promise<readonly ModelFile[]> | readonly ModelFile[]): Promise<void> {
    this.adding = { at: "reading" };
    try {
      const files = await picked;
      const survey = await this.#workshop.surveyModel(files, this.#session.project.kind);
      this.adding = { at: "choosing", files, survey };
    } catch (error) {
      this.adding = { at: "failed", message: sentenceOf(error) };
    }
  }

  /** The first item as the model would see it; null where there is none that can be decoded. */
  async preview(input: PixelInput): Promise<SeenImage | null> {
    if (this.#session.itemCount === 0) return null;
    return this.#workshop.previewModel(this.#session.project.id, 0, input);
  }

  /** Keeps the model under look and makes it the project's encoder. */
  async add(choice: ModelChoice): Promise<void> {
    const { adding } = this;
    if (adding.at !== "choosing") return;
    const phase: AddingPhase = { at: "adding", survey: adding.survey };
    this.adding = phase;
    // Called off meanwhile, or something else has begun since.
    const isUnwanted = () => this.adding !== phase;
    try {
      const model = await this.#workshop.addModel(adding.files, this.#session.project.kind, choice);
      if (isUnwanted()) {
        const wasThere = this.models.some(({ id }) => id === model.id);
        if (!wasThere) await deleteModel(this.#session.database, model.id);
        return;
      }
      await this.load();
      await this.use(model.id);
      this.adding = { at: "idle" };
    } catch (error) {
      if (!isUnwanted()) this.adding = { at: "failed", message: sentenceOf(error) };
    } finally {
      this.#closeUnlessLooking();
    }
  }

  /** Another model may be looked at by now. */
  #closeUnlessLooking(): void {
    const { at } = this.adding;
    if (at !== "reading" && at !== "choosing") this.#workshop.close();
  }

  /** Calls off what is under way. Copying is let come to its end, so that no half of a model stays behind. */
  dismiss(): void {
    const { at } = this.adding;
    this.adding = { at: "idle" };
    if (at !== "adding") this.#workshop.close();
  }

  /** Embeddings of the one before stay; so do all labels. */
  async use(encoderId: string | null): Promise<void> {
    if (encoderId === this.chosen) return;
    await this.#session.changeEncoder(encoderId);
  }

  /** @throws where this project uses it. */
  async remove(model: PretrainedModel): Promise<void> {
    if (this.chosen === model.id)
      throw new Error(
        `This project uses ${model.name}. Choose another encoder first; then it can be removed.`,
      );
    await deleteModel(this.#session.database, model.id);
    await this.load();
  }

  /** Saves the files of a model as they are kept here, in one archive that can be unpacked and picked again. */
  async save(model: PretrainedModel): Promise<void> {
    const files = await loadModelFiles(this.#session.database, model);
    const folder = safeName(model.name, "model");
    const { zipStream } = await import("../formats/zip-stream");
    const entries = (async function* () {
      for (const [path, content] of files) yield { path: `${folder}/${path}`, content };
    })();
    await saveFile(`${folder}.zip`, "application/zip", zipStream(entries, Date.now(), null));
  }

  close(): void {
    this.tuning.close();
    this.#workshop.close();
  }
}
