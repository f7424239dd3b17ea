// Writes public/samples/samples.json, which the first screen reads: what the samples are, with counts and sizes
// taken from the files themselves. Run by hand after either sample was made anew: node scripts/samples/describe.mjs
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Papa from "papaparse";
import { format } from "prettier";

const folder = fileURLToPath(new URL("../../public/samples/", import.meta.url));

// Colours are Okabe and Ito's, which colour-blind people can tell apart.
const samples = [
  {
    id: "surface",
    name: "Surface inspection",
    summary: "480 photos of metal and painted parts, to be sorted by the fault they show.",
    kind: "image",
    answerMode: "single",
    guidelines:
      "Answer with the fault you would write on the inspection sheet. Screws, holes, rivets, part numbers, joints, " +
      "dust, hairs and reflections are not faults. If a part shows two faults, choose the one that covers more of it.",
    classes: [
      {
        name: "good",
        key: "1",
        color: "#009E73",
        definition: "No fault; dust, hairs, machining marks and reflections do not count.",
      },
      {
        name: "scratch",
        key: "2",
        color: "#0072B2",
        definition: "One or more thin lines cut into the surface, bright or dark, long or in a bundle.",
      },
      {
        name: "dent",
        key: "3",
        color: "#E69F00",
        definition: "A place pressed in, seen by light and shadow on its opposite sides.",
      },
      {
        name: "stain",
        key: "4",
        color: "#CC79A7",
        definition: "A patch of another colour or tone on a flat surface: rust, oil, water or residue.",
      },
    ],
    file: "surface/surface.zip",
    truth: "surface/truth.csv",
  },
  {
    id: "tickets",
    name: "Support tickets",
    summary:
      "600 messages to the help desk of a made-up maker of shop tills, to be sorted by what they are about.",
    kind: "text",
    answerMode: "single",
    guidelines:
      "Choose the desk that should answer first. If a ticket mentions two matters, go by the one the writer needs " +
      "solved. Anger alone is not urgent: urgent is when a shop cannot sell right now.",
    classes: [
      {
        name: "billing",
        key: "1",
        color: "#E69F00",
        definition: "Money between the customer and us: invoices, charges, refunds, prices, plans.",
      },
      {
        name: "bug",
        key: "2",
        color: "#D55E00",
        definition: "The app or a device does something wrong, but the shop can go on selling.",
      },
      {
        name: "how-to",
        key: "3",
        color: "#0072B2",
        definition: "Nothing is broken; the customer asks how something is done or whether it can be.",
      },
      {
        name: "account",
        key: "4",
        color: "#009E73",
        definition: "Signing in, users and rights, personal details, ownership or closing of the account.",
      },
      {
        name: "urgent outage",
        key: "5",
        color: "#CC79A7",
        definition: "Selling or paying is impossible at this moment; somebody must be woken up.",
      },
    ],
    file: "tickets/tickets.csv",
    truth: "tickets/truth.csv",
    textColumn: "text",
  },
];

for (const sample of samples) {
  const truth = readFileSync(folder + sample.truth, "utf8");
  sample.itemCount = Papa.parse(truth, { header: true, skipEmptyLines: true }).data.length;
  sample.sizeBytes = statSync(folder + sample.file).size;
}
writeFileSync(
  `${folder}samples.json`,
  await format(JSON.stringify(samples), { parser: "json", printWidth: 110 }),
);
console.log(
  samples.map(({ id, itemCount, sizeBytes }) => `${id}: ${itemCount} items, ${sizeBytes} bytes`).join("\n"),
);
