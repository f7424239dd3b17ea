// The trained head for NumPy and scikit-learn: an .npz file, and ten lines of Python that predict with it.

import type { ExportedHead, ExportSource } from "../export";
import { answerSentence, factsOf, layersFor, modelExporter } from "../model-export";
import { npyOfFloats, npyOfInteger, npyOfTexts } from "../npy";
import { zipStream, type NewEntry } from "../zip-stream";

export const exporter = modelExporter({
  id: "npz-head",
  label: "Trained model (NumPy)",
  summary:
    "The classifier over embeddings as model.npz with predict.py, ten lines that need NumPy only; its arrays are named and shaped as scikit-learn's.",
  extension: ".zip",
  mime: "application/zip",
  write(head, source, stop) {
    // Looked at first, so that a model without layers is refused before the file is begun.
    layersFor(head.model, "This file");
    return zipStream(entriesOf(head, source), source.createdAt, stop);
  },
});

async function* entriesOf(head: ExportedHead, source: ExportSource): AsyncGenerator<NewEntry> {
  yield { path: "model.npz", content: zipStream(arraysOf(head), source.createdAt, null), stored: true };
  yield { path: "predict.py", content: predictPy(head) };
  yield { path: "metadata.json", content: `${JSON.stringify(factsOf(head, source), null, 2)}\n` };
  yield { path: "README.md", content: readme(head, source) };
}

/** Named and shaped as the attributes of scikit-learn's MLPClassifier: coefs_[i] is inputs × outputs. */
async function* arraysOf({ model, classes }: ExportedHead): AsyncGenerator<NewEntry> {
  const layers = layersFor(model, "This file");
  yield { path: "classes.npy", content: npyOfTexts(classes) };
  yield { path: "layers.npy", content: npyOfInteger(layers.length) };
  for (const [at, { dims, classes: outputs, weights, bias }] of layers.entries()) {
    yield { path: `coefs_${at}.npy`, content: npyOfFloats(weights, [dims, outputs]) };
    yield { path: `intercepts_${at}.npy`, content: npyOfFloats(bias, [outputs]) };
  }
}

function predictPy({ model }: ExportedHead): string {
  const activation =
    model.activation === "softmax"
      ? `    p = np.exp(x - x.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)`
      : `    return 1 / (1 + np.exp(-x))`;
  return `# Probabilities of embeddings: python predict.py embeddings.npy
import sys, numpy as np
model = np.load("model.npz")
def predict_proba(x):
    for i in range(int(model["layers"])):
        x = (np.maximum(x, 0) if i else x) @ model[f"coefs_{i}"] + model[f"intercepts_{i}"]
${activation}
for row in predict_proba(np.load(sys.argv[1])):
    print(model["classes"][row.argmax()], *row)
`;
}

function readme(head: ExportedHead, source: ExportSource): string {
  const { encoder, model, classes } = head;
  const sklearn =
    model.kind === "linear" && model.activation === "softmax" && classes.length > 2
      ? `
As a scikit-learn classifier:

\`\`\`python
import numpy as np
from sklearn.linear_model import LogisticRegression

model = np.load("model.npz")
classifier = LogisticRegression()
classifier.classes_ = model["classes"]
classifier.coef_, classifier.intercept_ = model["coefs_0"].T, model["intercepts_0"]
classifier.predict_proba(embeddings)
\`\`\`
`
      : "";
  return `# Classifier made with Askwell ${source.appVersion}

It takes vectors of ${encoder.dims} numbers made by the encoder \`${encoder.id}\`, version \`${encoder.version}\`,
and gives ${answerSentence(model.activation)}.
The class names, in order, are \`classes\` in \`model.npz\`. The encoder is not included: vectors of another one, or
another version of it, give nonsense without an error.

\`predict.py\` needs NumPy only: \`python predict.py embeddings.npy\`.
${sklearn}`;
}
