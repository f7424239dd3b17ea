// Sound files for the fuzz to break: what our own exports write, and by hand what they do not.

import type { Exporter } from "../../src/formats/export";
import { exporters } from "../../src/formats/exporter-registry";
import { openZip } from "../../src/formats/zip";
import { record, sourceOf } from "./export-source";
import { gather, utf16 } from "./read-all";
import { workbook } from "./workbook";

type Bytes = Uint8Array<ArrayBuffer>;

const encode = (text: string): Bytes => new TextEncoder().encode(text);
const plain: Record<string, readonly Bytes[]> = {
  csv: [
    encode('text,label\r\n"one, ""1""",a\r\n"two\r\nlines",b\r\nthree,a\r\n'),
    encode("id;text;class\n1;eins;a\n2;zwei, drei;b\n"),
    utf16("text,label\nzwölf,é\n", true, true),
  ],
  tsv: [encode('text\tlabel\nthe "best"\tx\n"a\tb"\ty\n')],
  txt: [encode("naïve\ncafé\r\n\r\nüber 漢字 😀\n"), utf16("plain and simple\nlines\n", false, false)],
  json: [
    encode('[{"text":"one","label":"a"},{"text":"two é","label":["a","b"]}]'),
    encode('{"version":1,"data":[{"text":"one"},{"text":"two","meta":{"x":[1,{"y":null}]}}]}'),
  ],
  jsonl: [encode('{"text":"one","label":["a","b"]}\n{"text":"two","meta":{"x":[1,{"y":null}]}}\n')],
  argilla: [
    encode(
      '[{"text":"one","split":"test","topic.suggestion":"a","topic.responses":["b"],"topic.responses.users":["u"]}]',
    ),
  ],
  "label-studio": [
    encode(
      '[{"id":1,"text":"one","topic":{"choices":["a","b"]},"annotator":2,"annotation_id":5,"lead_time":1.5}]',
    ),
  ],
};
/** Which export a reader reads, and the file of it inside the archive. */
const written: Record<string, readonly [exporter: string, inside?: string]> = {
  csv: ["labels-csv"],
  jsonl: ["labels-jsonl"],
  parquet: ["labels-parquet"],
  "label-studio": ["label-studio"],
  doccano: ["doccano"],
  prodigy: ["prodigy"],
  argilla: ["argilla"],
  fasttext: ["fasttext"],
  coco: ["coco"],
  cvat: ["cvat", "annotations.xml"],
  fiftyone: ["fiftyone", "labels.json"],
};

/** Sound files that this reader reads; at least one. */
export async function seedsOf(readerId: string): Promise<readonly Bytes[]> {
  const seeds = [...(plain[readerId] ?? [])];
  const [exporterId, inside] = written[readerId] ?? [];
  if (exporterId) seeds.push(await exported(exporters.get(exporterId)!, inside));
  if (readerId === "excel")
    seeds.push(
      new Uint8Array(
        await (
          await workbook([
            [
              ["text", "label"],
              ["one", "a"],
              ["two & three", 4],
            ],
          ])
        ).arrayBuffer(),
      ),
    );
  return seeds;
}

async function exported(exporter: Exporter, inside: string | undefined): Promise<Bytes> {
  const kind = exporter.kinds.includes("text") ? "text" : "image";
  const records = ["one", 'two, "2"', "=3\nlines"].map((text, at) =>
    record({
      kind,
      text: kind === "text" ? text : null,
      name: `${at}.jpg`,
      classes: at === 1 ? ["a", "b|c"] : ["a"],
    }),
  );
  const file = await gather(exporter.write(sourceOf(records, { answerMode: "multiple" }), null));
  if (inside === undefined) return new Uint8Array(await file.arrayBuffer());
  const archive = await openZip(file);
  return archive.entries.find(({ path }) => path === inside)!.read(1e6);
}
