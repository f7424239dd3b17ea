// The benchmark's section of a Markdown file is put where it was, and nothing else is touched.

import { expect, test } from "vitest";
import { withSection } from "./markdown";

const section = "## Kernels and rounds\n\nnew\n";

test("a section takes the place of the last one, wherever it stands", () => {
  const last = "# Benchmarks\n\n## Asking\n\nkept\n\n## Kernels and rounds\n\nold\n";
  expect(withSection(last, section)).toBe(
    "# Benchmarks\n\n## Asking\n\nkept\n\n## Kernels and rounds\n\nnew\n",
  );
  const first = "# Benchmarks\n\n## Kernels and rounds\n\nold\n\n## Asking\n\nkept\n";
  expect(withSection(first, section)).toBe(
    "# Benchmarks\n\n## Kernels and rounds\n\nnew\n\n## Asking\n\nkept\n",
  );
  expect(withSection(withSection(first, section), section)).toBe(withSection(first, section));
});

test("a file without one gets it at its end", () => {
  expect(withSection("# Benchmarks\n", section)).toBe("# Benchmarks\n\n## Kernels and rounds\n\nnew\n");
});
