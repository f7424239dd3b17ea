// Pretrained models that whoever serves the app put beside it (public/models): which there are, and their files.
// They come from the app's own origin, and only when the person asks for one.

import type { ModelFile } from "../formats/models/model-files";

export interface OfferedModel {
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly sizeBytes: number }[];
}

/** None where the server has no index: a build always writes one, `npm run dev` need not. */
export async function listOfferedModels(): Promise<readonly OfferedModel[]> {
  const response = await fetch("models/index.json").catch(() => null);
  // A development server answers with the page where it has no such file.
  if (!response?.ok || !response.headers.get("content-type")?.includes("json")) return [];
  const listed: unknown = await response.json();
  return Array.isArray(listed) ? (listed as OfferedModel[]) : [];
}

/** @throws where the server cannot be reached or a file is not there any more. */
export async function fetchOfferedModel({ name, files }: OfferedModel): Promise<ModelFile[]> {
  const fetched: ModelFile[] = [];
  for (const { path } of files) {
    const place = ["models", ...name.split("/"), ...path.split("/")].map(encodeURIComponent).join("/");
    const response = await fetch(place).catch(() => null);
    if (!response?.ok)
      throw new Error(
        `${path} of ${name} could not be fetched from this app's server. Models are copied into this browser once; connect and try again.`,
      );
    fetched.push({ path: `${name}/${path}`, file: await response.blob() });
  }
  return fetched;
}
