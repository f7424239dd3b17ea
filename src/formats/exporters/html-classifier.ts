// The trained model as one HTML file: encoder, what it learnt, head and a small page around them. It runs in any
// browser, offline, under a policy that lets nothing in or out.

import { pack } from "../bundle/packed";
import type { ExportedHead, ExportSource } from "../export";
import { modelExporter } from "../model-export";

/** A multiple of 3, so that pieces of base 64 join without padding between them. */
const bytesPerPiece = 3 * 65_536;

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { display: grid; gap: 12px; justify-items: start; max-width: 72rem; margin: 0 auto; padding: 24px 16px; }
h1 { margin: 0; font-size: 1.5rem; }
p { margin: 0; }
textarea { width: 100%; box-sizing: border-box; font: inherit; }
button, input { min-height: 36px; font: inherit; }
div { max-width: 100%; overflow-x: auto; }
table { border-collapse: collapse; }
th, td { padding: 4px 12px; border-bottom: 1px solid #8888; text-align: left; overflow-wrap: anywhere; }
footer { font-size: 0.875rem; }
`;

export const exporter = modelExporter({
  id: "html-classifier",
  label: "Classifier page (HTML)",
  summary:
    "One HTML file that classifies new items in any browser, offline: give it to anybody. Encoder and model are inside.",
  extension: ".html",
  mime: "text/html",
  carriesTerms: true,
  write(head, source) {
    if (!source.standalone)
      throw new Error("This page cannot make classifier pages. Reload it and try again.");
    return pageOf(head, source, source.standalone);
  },
});

async function* pageOf(
  head: ExportedHead,
  source: ExportSource,
  standalone: NonNullable<ExportSource["standalone"]>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { script, encoderState } = await standalone();
  // Only an end tag could end the script early; in JavaScript the backslash changes nothing.
  const program = script.replace(/<\/(script)/gi, "<\\/$1");
  const policy = [
    "default-src 'none'",
    `script-src '${await sourceHash(program)}'`,
    `style-src '${await sourceHash(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const encoder = new TextEncoder();
  const title = escaped(source.projectName);
  yield encoder.encode(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main id="app"></main>
<noscript>This page classifies by a script of its own. Allow scripts for it.</noscript>
<script type="text/plain" id="model">`);
  const { classes, encoder: of, model } = head;
  const { projectName: project, appVersion } = source;
  const data = pack({ project, classes, appVersion, encoderId: of.id, encoderState, model });
  for (let from = 0; from < data.length; from += bytesPerPiece)
    yield encoder.encode(base64(data.subarray(from, from + bytesPerPiece)));
  yield encoder.encode(`</script>
<script>${program}</script>
</body>
</html>
`);
}

/** As a content security policy names an inline script or style. */
async function sourceHash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${base64(new Uint8Array(digest))}`;
}

function base64(bytes: Uint8Array): string {
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
