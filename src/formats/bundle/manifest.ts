// The manifest of a bundle: what the file is, what it holds, and the hash of each part. Written last, because
// hashes are known last; read first.

import type { AnswerMode, ItemKind } from "../../core/project";
import { BundleDamaged, BundleRefused } from "./damaged";
import { fieldsOf, integer, list, moment, oneOf, text } from "./fields";

export const bundleExtension = ".askwell";
export const manifestPath = "manifest.json";
/** Raised when the records in a bundle change shape; versions.ts brings older ones up to date. */
export const bundleVersion = 2;

export interface Manifest {
  readonly version: number;
  readonly appVersion: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Who made the bundle. */
  readonly annotator: string;
  readonly project: {
    readonly id: string;
    readonly name: string;
    readonly kind: ItemKind;
    readonly answerMode: AnswerMode;
  };
  /** Without items it holds one project's answers, to be merged where the items are. */
  readonly holds: { readonly items: boolean; readonly embeddings: boolean };
  readonly counts: { readonly items: number; readonly events: number; readonly rounds: number };
  /** Every part but the images, whose names are their hashes. */
  readonly parts: readonly Part[];
}

export interface Part {
  readonly path: string;
  readonly sizeBytes: number;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
}

export function manifestJson(manifest: Omit<Manifest, "version">): string {
  return `${JSON.stringify({ format: "askwell-bundle", version: bundleVersion, ...manifest }, null, 2)}\n`;
}

/** @throws BundleDamaged; BundleRefused for a bundle of a newer Askwell. */
export function parseManifest(json: string): Manifest {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    throw new BundleDamaged(manifestPath, "cannot be read");
  }
  const all = fieldsOf(data, manifestPath);
  if (all["format"] !== "askwell-bundle")
    throw new BundleDamaged(manifestPath, "does not say that this is a bundle");
  const version = integer(all, "version", manifestPath, 1);
  const appVersion = text(all, "appVersion", manifestPath, 40);
  if (version > bundleVersion)
    throw new BundleRefused(
      `This bundle was made by a newer Askwell (${appVersion}, bundle version ${version}; this one reads up to ${bundleVersion}). Reload the page to get the newest Askwell and open it again. Nothing was changed.`,
    );
  const project = fieldsOf(all["project"], manifestPath);
  const holds = fieldsOf(all["holds"], manifestPath);
  const counts = fieldsOf(all["counts"], manifestPath);
  return {
    version,
    appVersion,
    createdAt: moment(all, "createdAt", manifestPath),
    annotator: text(all, "annotator", manifestPath),
    project: {
      id: text(project, "id", manifestPath, 200),
      name: text(project, "name", manifestPath),
      kind: oneOf(project, "kind", ["image", "text"], manifestPath),
      answerMode: oneOf(project, "answerMode", ["single", "multiple"], manifestPath),
    },
    holds: { items: holds["items"] === true, embeddings: holds["embeddings"] === true },
    counts: {
      items: integer(counts, "items", manifestPath),
      events: integer(counts, "events", manifestPath),
      rounds: integer(counts, "rounds", manifestPath),
    },
    parts: list(all, "parts", manifestPath).map((part) => {
      const fields = fieldsOf(part, manifestPath);
      return {
        path: text(fields, "path", manifestPath),
        sizeBytes: integer(fields, "sizeBytes", manifestPath),
        sha256: text(fields, "sha256", manifestPath, 64),
      };
    }),
  };
}
