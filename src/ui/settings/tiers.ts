// The choices of where the arithmetic runs, in words.

import type { Preferences } from "../../storage/preference-store";

export const tierOptions: readonly { value: Preferences["tier"]; label: string; description: string }[] = [
  {
    value: "auto",
    label: "Fastest that works",
    description: "The graphics card where there is one, else WebAssembly.",
  },
  { value: "webgpu", label: "Graphics card (WebGPU)", description: "Also a software one, which is slow." },
  { value: "wasm", label: "WebAssembly", description: "On the processor; works in every browser." },
  {
    value: "cpu",
    label: "JavaScript",
    description: "Slowest; the reference the others are checked against.",
  },
];
