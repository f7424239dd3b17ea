// Fine-tuning the encoder in use on the project's labels: what could be trained, the training, and what came of it.

import type { TuningProgress, TuningResult, TuningSurvey } from "../../workers/api";
import { fewestHoldOut, fewestTrained, type TuningChoice } from "../core/fine-tuning/tuning";
import type { PretrainedModel } from "../core/pretrained";
import { activeClasses } from "../core/project";
import { openEmbedder } from "../engine/embedder";
import type { Encoders } from "./encoders.svelte";
import { labelledRows } from "./labelled-rows";
import { isStopped, sentenceOf } from "./problem";
import type { Session } from "./session.svelte";

export type { TuningSurvey };

export type TuningPhase =
  | { readonly at: "idle" }
  | { readonly at: "looking" }
  | { readonly at: "choosing"; readonly survey: TuningSurvey }
  | { readonly at: "running"; readonly progress: TuningProgress | null }
  | { readonly at: "done"; readonly result: TuningResult }
  | { readonly at: "failed"; readonly message: string };

export class Tuning {
  phase = $state.raw<TuningPhase>({ at: "idle" });

  readonly #session: Session;
  readonly #encoders: Encoders;
  readonly #workshop = openEmbedder();
  #running: AbortController | null = null;

  constructor(session: Session, encoders: Encoders) {
    this.#session = session;
    this.#encoders = encoders;
  }

  get trainCount(): number {
    return this.#session.view.train.size;
  }

  get holdOutCount(): number {
    return this.#session.view.holdOut.size;
  }

  /** Why the encoder in use cannot be tuned now; null where it can. Follows encoder and answers. */
  get hindrance(): string | null {
    const { model } = this.#encoders;
    if (!model)
      return "Only a TensorFlow.js layers model can be fine-tuned. Choose one as the encoder in use; those that come with Askwell learn from your items by themselves.";
    const fault = formatFault(model);
    if (fault) return fault;
    if (this.trainCount < fewestTrained)
      return `Fine-tuning needs ${fewestTrained} answers to learn from, and there are ${this.trainCount}. Answer a few more questions.`;
    if (this.holdOutCount < fewestHoldOut)
      return `The hold-out tells whether a tuned encoder is better. It needs ${fewestHoldOut} answers and has ${this.holdOutCount}. Answer a few more questions.`;
    return null;
  }

  /** Looks at the encoder in use; ends in `choosing`, or in `failed`. */
  async look(): Promise<void> {
    const { model } = this.#encoders;
    if (!model || this.phase.at === "running" || this.phase.at === "looking") return;
    const phase: TuningPhase = (this.phase = { at: "looking" });
    try {
      const survey = await this.#workshop.surveyTuning(model.id);
      if (this.phase !== phase) return;
      this.phase = survey.fault ? { at: "failed", message: survey.fault } : { at: "choosing", survey };
    } catch (error) {
      if (this.phase === phase) this.phase = { at: "failed", message: sentenceOf(error) };
    }
  }

  /** Trains; where the tuned encoder is better on the hold-out, the project uses it from then on. */
  async start(choice: TuningChoice): Promise<void> {
    const { model } = this.#encoders;
    if (!model || this.phase.at !== "choosing") return;
    const session = this.#session;
    const { project, view } = session;
    const run = (this.#running = new AbortController());
    this.phase = { at: "running", progress: null };
    try {
      const result = await this.#workshop.tune(
        project.id,
        {
          ...choice,
          modelId: model.id,
          train: labelledRows(session, view.train),
          holdOut: labelledRows(session, view.holdOut),
          classes: activeClasses(project).length,
          answerMode: project.answerMode,
          seed: project.settings.seed,
        },
        (progress) => void (this.phase = { at: "running", progress }),
        run.signal,
      );
      if (result.model) {
        await this.#encoders.load();
        await this.#encoders.use(result.model.id);
      }
      this.phase = { at: "done", result };
    } catch (error) {
      this.phase = isStopped(error) ? { at: "idle" } : { at: "failed", message: sentenceOf(error) };
    } finally {
      this.#running = null;
      this.#workshop.close();
    }
  }

  stop(): void {
    this.#running?.abort();
  }

  /** Puts away the choice, or what came of it. */
  dismiss(): void {
    if (this.phase.at === "running") return;
    this.phase = { at: "idle" };
    this.#workshop.close();
  }

  close(): void {
    this.stop();
    this.#workshop.close();
  }
}

function formatFault({ format }: PretrainedModel): string | null {
  if (format === "tfjs-layers") return null;
  if (format === "onnx")
    return "ONNX models can be run here but not trained. Choose a TensorFlow.js layers model as the encoder in use.";
  return "This is a graph model of TensorFlow.js: its weights are frozen into it and cannot be trained. Take its layers form, if there is one.";
}
