// Entry of the page that classifies texts: one a line, typed, pasted or from a file.

import { encoder as lsaSif } from "../../workers/encoders/lsa-sif";
import { createClassifier, readData } from "./classifier";
import { element, makePage, type Given } from "./page";

const data = readData(document.querySelector("#model")!.textContent.trim());
const field = element("textarea", { id: "texts", rows: "8" });
const label = element("label", { for: "texts" }, "Texts, one a line");
const files = element("input", {
  type: "file",
  multiple: true,
  accept: ".txt,text/plain",
  "aria-label": "Files with one text a line",
});
const go = element("button", { type: "button" }, "Classify");
const classify = makePage(createClassifier(data, [lsaSif]), [label, field, go, files], "each text");

const linesOf = (text: string): Given[] =>
  text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map((line) => ({ name: line, read: async () => line }));

go.onclick = () => void classify(linesOf(field.value));
files.onchange = async () => {
  const texts = await Promise.all([...(files.files ?? [])].map((file) => file.text()));
  await classify(texts.flatMap(linesOf));
};
