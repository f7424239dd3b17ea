// Writes models/index.json: the pretrained models a deployer put beside the app, with their files, which the page
// shows to every visitor.

import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/**
 * A folder is a model where it holds a model.json (TensorFlow.js), or a config.json with an .onnx file below it.
 * @param {string} directory @returns {{ name: string, files: { path: string, sizeBytes: number }[] }[]}
 */
export function findModels(directory) {
  if (!existsSync(directory)) return [];
  const folders = [
    directory,
    ...below(directory)
      .filter((entry) => entry.isDirectory())
      .map(pathOf),
  ];
  const models = folders.flatMap((folder) => {
    const names = new Set(readdirSync(folder));
    const files = below(folder)
      .filter((entry) => entry.isFile())
      .map(pathOf);
    const isModel =
      names.has("model.json") || (names.has("config.json") && files.some((path) => path.endsWith(".onnx")));
    if (!isModel || folder === directory) return [];
    const listed = files.map((path) => ({
      path: slashes(relative(folder, path)),
      sizeBytes: statSync(path).size,
    }));
    return [
      {
        name: slashes(relative(directory, folder)),
        files: listed.sort((a, b) => (a.path < b.path ? -1 : 1)),
      },
    ];
  });
  return models.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @param {string} directory @returns the names of the models */
export function indexModels(directory) {
  const models = findModels(directory);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "index.json"), `${JSON.stringify(models, null, 1)}\n`);
  return models.map(({ name }) => name);
}

/** @param {string} folder */
const below = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true });
/** @param {import("node:fs").Dirent} entry */
const pathOf = (entry) => join(entry.parentPath, entry.name);
/** @param {string} path */
const slashes = (path) => path.split(sep).join("/");
