// The calls of the bundler worker, as types.

import type { ProjectId } from "../../src/core/ids";
import type { ItemKind } from "../../src/core/project";
import type { ImportProblem } from "../../src/storage/schema";
import type { Stoppable } from "../api";

export interface BundleChoice {
  /** Items, models and questions; without them only classes, settings and answers go in. */
  readonly items: boolean;
  readonly embeddings: boolean;
  /** The files of the pretrained encoder in use, if it is one. */
  readonly models: boolean;
}

export interface BundleProgress {
  readonly done: number;
  readonly total: number;
}

export interface BundleSurvey {
  readonly projectId: ProjectId;
  readonly projectName: string;
  readonly kind: ItemKind;
  readonly annotator: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly items: number;
  readonly holdsItems: boolean;
  /** Whether this browser has that project already. */
  readonly isHere: boolean;
}

export interface MergeSurvey {
  readonly bundle: BundleSurvey;
  /** Answers that are new here, by who gave them, most first. */
  readonly annotators: readonly { readonly name: string; readonly answers: number }[];
  /** Names of classes that would be added. */
  readonly newClasses: readonly string[];
  /** Items in the bundle that are new here. */
  readonly newItems: number;
  readonly known: number;
  readonly withoutItem: number;
}

export interface Merged extends Omit<MergeSurvey, "bundle"> {
  readonly problems: readonly ImportProblem[];
}

export interface BundlerApi extends Stoppable {
  /** Everything in one file. The blob may lie on disk. */
  write(
    projectId: ProjectId,
    choice: BundleChoice,
    about: { readonly annotator: string; readonly appVersion: string },
    report: (progress: BundleProgress) => void,
  ): Promise<Blob>;
  survey(file: File): Promise<BundleSurvey>;
  /** Stores the project the bundle holds. Rejects where it is here already, and leaves nothing where it fails. */
  open(
    file: File,
    report: (progress: BundleProgress) => void,
  ): Promise<{ readonly projectId: ProjectId; readonly problems: readonly ImportProblem[] }>;
  /** What `merge` would do. */
  surveyMerge(file: File, projectId: ProjectId): Promise<MergeSurvey>;
  /** @param names what annotators of the bundle are called here; others keep their names. */
  merge(
    file: File,
    projectId: ProjectId,
    names: Readonly<Record<string, string>>,
    report: (progress: BundleProgress) => void,
  ): Promise<Merged>;
}
