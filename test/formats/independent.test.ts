// Exports read by programs that share nothing with this one: Python's json, csv, zipfile and XML parser, where
// there is a Python.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exporters } from "../../src/formats/exporter-registry";
import { awkwardTexts, record, sourceOf } from "./export-source";
import { gather } from "./read-all";

const hasPython =
  spawnSync("python3", ["-c", "import json, csv, zipfile, xml.etree.ElementTree"]).status === 0;
const classes = ["cat", "two words", "=a|b", 'q"<&>'];
const texts = awkwardTexts.map((text, at) =>
  record({ text, classes: [classes[at % 4]!], slice: at % 5 ? "train" : "hold-out" }),
);
const images = Array.from({ length: 24 }, (_, at) =>
  record({
    kind: "image",
    text: null,
    name: `é ${at}.jpg`,
    path: `p/é ${at}.jpg`,
    classes: [classes[at % 4]!],
    width: 4,
    height: 3,
    slice: at % 5 ? "train" : "hold-out",
  }),
);

describe.skipIf(!hasPython)("read by Python", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "askwell-formats-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function python(id: string, records: typeof texts, script: string): Promise<unknown> {
    const exporter = exporters.get(id)!;
    const path = join(folder, `${id}${exporter.extension}`);
    const source = sourceOf(records, { classes, readBytes: async (itemId) => new Blob([itemId]) });
    writeFileSync(path, new Uint8Array(await (await gather(exporter.write(source, null))).arrayBuffer()));
    const program = `import json, csv, zipfile, sys, io\nimport xml.etree.ElementTree as ET\npath = sys.argv[1]\n${script}\nprint(json.dumps(out))`;
    return JSON.parse(
      execFileSync("python3", ["-c", program, path], {
        encoding: "utf8",
        env: { ...process.env, PYTHONIOENCODING: "utf-8", PYTHONUTF8: "1" },
      }),
    );
  }

  const pairs = texts.map(({ text, classes: [name] }) => [text, name]);

  it.each([
    [
      "labels-jsonl",
      "out = [[r['text'], r['label']] for r in map(json.loads, open(path, encoding='utf-8', newline='\\n'))]",
    ],
    [
      "doccano",
      "out = [[r['text'], r['label'][0]] for r in map(json.loads, open(path, encoding='utf-8', newline='\\n'))]",
    ],
    [
      "prodigy",
      "out = [[r['text'], r['accept'][0]] for r in map(json.loads, open(path, encoding='utf-8', newline='\\n'))]",
    ],
    [
      "label-studio",
      "out = [[t['data']['text'], t['annotations'][0]['result'][0]['value']['choices'][0]] for t in json.load(open(path, encoding='utf-8'))]",
    ],
    [
      "argilla",
      "out = [[r['fields']['text'], r['responses']['label'][0]['value']] for r in json.load(open(path, encoding='utf-8'))]",
    ],
  ])("%s gives every text and class", async (id, script) => {
    expect(await python(id, texts, script)).toEqual(pairs);
  });

  it("labels-csv and splits parse as CSV, formulas behind an apostrophe", async () => {
    const rows = (await python(
      "labels-csv",
      texts,
      "out = [[r['askwell_item'], r['text']] for r in csv.DictReader(open(path, encoding='utf-8-sig', newline=''))]",
    )) as [string, string][];
    expect(rows.map(([id]) => id)).toEqual(texts.map(({ itemId }) => itemId));
    for (const [, text] of rows) expect(text).not.toMatch(/^[=+\-@\t\r]/);
    const counts =
      "z = zipfile.ZipFile(path)\nout = {n: sum(1 for _ in csv.DictReader(io.StringIO(z.read(n).decode('utf-8-sig'), newline=''))) for n in z.namelist()}";
    const split = (await python("splits", texts, counts)) as Record<string, number>;
    expect(Object.values(split).reduce((sum, one) => sum + one, 0)).toBe(texts.length);
    expect(split["test.csv"]).toBe(texts.filter(({ slice }) => slice === "hold-out").length);
  });

  const named = images.map(({ name, classes: [one] }) => [name, one]);

  it("coco, cvat, fiftyone and imagefolder give every image its class", async () => {
    const coco =
      "c = json.load(open(path, encoding='utf-8'))\nn = {k['id']: k['name'] for k in c['categories']}\nf = {i['id']: i['file_name'] for i in c['images']}\nout = [[f[a['image_id']].split('/')[-1], n[a['category_id']]] for a in c['annotations']]";
    expect(await python("coco", images, coco)).toEqual(named);
    const cvat =
      "z = zipfile.ZipFile(path)\nassert z.testzip() is None\nout = [[i.get('name'), i.find('tag').get('label')] for i in ET.fromstring(z.read('annotations.xml')).iter('image')]";
    expect(await python("cvat", images, cvat)).toEqual(named);
    const fiftyone =
      "z = zipfile.ZipFile(path)\nl = json.loads(z.read('labels.json'))\nout = [[s + '.jpg', l['classes'][t]] for s, t in l['labels'].items()]\nassert all('data/' + n in z.namelist() for n, _ in out)";
    expect(await python("fiftyone", images, fiftyone)).toEqual(named);
    const folder =
      "z = zipfile.ZipFile(path)\nr = [json.loads(l) for n in z.namelist() if n.endswith('metadata.jsonl') for l in z.read(n).decode().split('\\n') if l]\nout = sorted([m['file_name'], m['label']] for m in r)";
    expect(await python("imagefolder", images, folder)).toEqual([...named].sort());
  });

  it("yolo and class folders hold the bytes of every image in the folder of its class", async () => {
    const script =
      "z = zipfile.ZipFile(path)\nassert z.testzip() is None\nout = {z.read(n).decode(): n.split('/')[-2] for n in z.namelist() if n.endswith('.jpg')}";
    const folderOf: Record<string, string> = {
      cat: "cat",
      "two words": "two words",
      "=a|b": "=a_b",
      'q"<&>': "q__&_",
    };
    const expected = Object.fromEntries(images.map(({ itemId, classes: [one] }) => [itemId, folderOf[one!]]));
    expect(await python("yolo", images, script)).toEqual(expected);
    expect(await python("class-folders", images, script)).toEqual(expected);
  });
});
