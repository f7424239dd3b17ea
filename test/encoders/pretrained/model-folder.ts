// Model folders for the tests: read from disk as a browser would hand them over.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModelFile } from "../../../src/formats/models/model-files";
import { pickFolder } from "./pick-folder";

const encoders = fileURLToPath(
  new URL("../../../../shared/data/encoders/tm-mobilenetv2-035-tfjs", import.meta.url),
);
export const hasMobileNets = existsSync(encoders);
if (!hasMobileNets) console.warn(`Skipped: no pretrained encoders at ${encoders}.`);

export function mobileNet(name: "mobilenetv2-0.35-224" | "mobilenetv1-0.25-96-gray"): ModelFile[] {
  return pickFolder(join(encoders, name));
}

export const allMobileNets = (): ModelFile[] => pickFolder(encoders);
