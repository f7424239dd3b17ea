// Which file a table means.

import { expect, it } from "vitest";
import { FileIndex } from "../../src/formats/match-files";

const paths = ["photos/a.jpg", "photos/sub/b.PNG", "photos/sub/a.jpg", "other/c d.jpg", "photos/é.jpg"];
const index = new FileIndex(paths);
const found = (named: string, folder?: string) => {
  const place = index.find(named, folder);
  return typeof place === "number" ? paths[place] : place;
};

it.each([
  ["b.png", "photos/sub/b.PNG"],
  ["b", "photos/sub/b.PNG"],
  ["photos/a.jpg", "photos/a.jpg"],
  ["sub/a.jpg", "photos/sub/a.jpg"],
  ["./sub\\a.jpg", "photos/sub/a.jpg"],
  ["sub/a", "photos/sub/a.jpg"],
  ["/data/upload/3/1a2b3c4d-b.png", "photos/sub/b.PNG"],
  ["/data/local-files/?d=photos/sub/a.jpg", "photos/sub/a.jpg"],
  ["https://host.example/x/c%20d.jpg?size=2", "other/c d.jpg"],
  ["e\u0301.jpg", "photos/é.jpg"],
  ["a.jpg", "several"],
  ["z.jpg", "none"],
  ["", "none"],
  ["%", "none"],
])("%j is %s", (named, path) => expect(found(named)).toBe(path));

it("looks beside the table first", () => {
  expect(found("a.jpg", "photos")).toBe("photos/a.jpg");
  expect(found("a.jpg", "photos/sub")).toBe("photos/sub/a.jpg");
});

it("stays quick where every name is the same", () => {
  const count = 50_000;
  const same = new FileIndex(Array.from({ length: count }, (_, at) => `p/${at}/x.jpg`));
  for (let at = 0; at < count; at++) if (same.find(`${at}/x.jpg`, "p") !== at) expect(at).toBe(-1);
  expect(same.find("x.jpg")).toBe("several");
});
