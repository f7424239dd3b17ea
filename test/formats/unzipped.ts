// The files of an archive as texts, by path, unpacked by our own reader, which takes nothing of its headers for
// a text.

import { openZip } from "../../src/formats/zip";

export async function unzipped(file: Blob): Promise<Map<string, string>> {
  const archive = await openZip(file);
  const files = new Map<string, string>();
  for (const entry of archive.entries) files.set(entry.path, new TextDecoder().decode(await entry.read(1e8)));
  await archive.close();
  return files;
}
