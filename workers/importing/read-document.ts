// Reads a file that is one text, whole: its encoding is found out as for lists of texts, and the same limits hold.

import { openText } from "../../src/formats/encoding";
import { textFault, UnreadableFile } from "../../src/formats/reader";

/** Far past what a text of the most characters takes in any encoding. */
const maxDocumentBytes = 16 * 1024 * 1024;

/** The file cannot go in; the message is the sentence for the person. */
export class UnusableDocument extends Error {
  override readonly name = "UnusableDocument";
}

/** @throws UnusableDocument, Stopped */
export async function readDocument(path: string, file: Blob): Promise<string> {
  if (file.size > maxDocumentBytes)
    throw new UnusableDocument(`${path} is larger than 16 MB, too long for one text; it was left out.`);
  let text = "";
  try {
    const { chunks } = await openText(file, null);
    for await (const chunk of chunks()) text += chunk.text;
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new UnusableDocument(`${path} was left out. ${error.message}`, { cause: error });
  }
  const fault = textFault(text);
  if (fault !== null) throw new UnusableDocument(`${path} ${fault}; it was left out.`);
  return text;
}
