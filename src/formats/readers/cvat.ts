// CVAT for images 1.1: `annotations.xml`, whose tags are the classes of whole images. Shapes are passed over.

/// <reference path="../saxen.d.ts" />

import { Parser } from "saxen";
import { openText } from "../encoding";
import { sliceOf } from "../provenance";
import { overlong, UnreadableFile, type GivenAnswer } from "../reader";
import { toolReader, type ToolRecord } from "../tool-reader";
import { xmlPieces } from "../xml-pieces";

export const reader = toolReader({
  id: "cvat",
  label: "CVAT annotations",
  extensions: [".xml"],
  fileField: "name",
  recognise: (head) => /<annotations[\s>]/.test(head),
  async *records(file, stop, notice) {
    const { notices, chunks } = await openText(file, stop);
    notices.forEach(notice);
    let number = 0;
    for await (const { pieces, bytesRead, broken } of xmlPieces(chunks(), "image")) {
      const records = pieces.map((piece) => ({
        place: `image ${++number}`,
        record: piece === null ? { fault: overlong } : take(piece),
      }));
      yield { records, bytesRead };
      if (broken && number === 0)
        throw new UnreadableFile("The XML file breaks off before its first image ends. Export it again.");
      if (broken)
        notice({
          place: "file",
          message: "The XML breaks off within an image; the images before that went in.",
        });
    }
  },
});

function take(xml: string): ToolRecord {
  const fields: Record<string, string> = {};
  const tags: { readonly label: string; readonly auto: boolean }[] = [];
  let fault: string | null = null;
  const parser = new Parser();
  parser.on("error", () => (fault = "is not valid XML"));
  parser.on("openTag", (name, attributes, decodeEntities) => {
    const all = attributes();
    const value = (key: string) => (Object.hasOwn(all, key) ? decodeEntities(all[key]!) : "");
    if (name === "image") {
      for (const key of ["name", "width", "height", "subset"])
        if (value(key) !== "") fields[key] = value(key);
    } else if (name === "tag") {
      if (value("label").trim() === "") fault = "has a tag without a label";
      else tags.push({ label: value("label").trim(), auto: value("source") === "auto" });
    }
  });
  parser.parse(xml);
  if (fault !== null) return { fault };
  if (!Object.hasOwn(fields, "name")) return { fault: "has no name" };
  const slice = sliceOf(fields["subset"] ?? "");
  const answer = (auto: boolean): GivenAnswer[] => {
    const classes = tags.filter((tag) => tag.auto === auto).map(({ label }) => label);
    const origin = auto ? "model" : "import";
    return classes.length === 0
      ? []
      : [{ type: "classes", classes, annotator: null, at: null, slice, origin }];
  };
  const auto = answer(true);
  return {
    item: {
      fields,
      questions: { label: answer(false), ...(auto.length > 0 ? { "label (automatic)": auto } : {}) },
    },
  };
}
