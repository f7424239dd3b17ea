// Entry of the page that classifies images: chosen or dropped, as many as one likes.

import { encoder as patchDictionary } from "../../workers/encoders/patch-dictionary";
import { newPixels } from "../../workers/importing/new-pixels";
import { createClassifier, readData } from "./classifier";
import { element, makePage, type Given } from "./page";

const data = readData(document.querySelector("#model")!.textContent.trim());
const files = element("input", { type: "file", id: "images", multiple: true, accept: "image/*" });
const label = element("label", { for: "images" }, "Images; you can also drop them here");
const classify = makePage(createClassifier(data, [patchDictionary]), [label, files], "each image");

const givenOf = (list: FileList | null | undefined): Given[] =>
  [...(list ?? [])].map((file) => ({
    name: file.name,
    read: async () => newPixels(file.name, await file.arrayBuffer(), patchDictionary.maxSide),
  }));

files.onchange = () => void classify(givenOf(files.files));
document.ondragover = (event) => event.preventDefault();
document.ondrop = (event) => {
  event.preventDefault();
  void classify(givenOf(event.dataTransfer?.files));
};
