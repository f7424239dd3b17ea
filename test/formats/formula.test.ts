// The apostrophe before formulas goes on and comes off without losing anything.

import { expect, it } from "vitest";
import { joinClasses, splitClasses } from "../../src/formats/class-list";
import { formulaStart, restoreCell } from "../../src/formats/formula";

const guard = (cell: string) => (formulaStart.test(cell) ? `'${cell}` : cell);

it.each([
  "=1+1",
  "+49",
  "-1",
  "@home",
  "\tx",
  "\rx",
  "\uff1dA1",
  "'=1",
  "''@x",
  "'quoted'",
  "'",
  "plain",
  "",
  "a=b",
])("restores %j", (cell) => {
  expect(guard(cell)).not.toMatch(/^[=+\-@\t\r]/);
  expect(restoreCell(guard(cell))).toBe(cell);
});

it.each([[[]], [["a"]], [["a", "b"]], [["a|b", "c\\", "\\|"]], [["C:\\dir"]]])(
  "joins and splits %j",
  (names) => {
    expect(splitClasses(joinClasses(names))).toEqual(names);
  },
);

it("leaves a foreign cell with a backslash alone", () => {
  expect(splitClasses("C:\\dir")).toEqual(["C:\\dir"]);
});
