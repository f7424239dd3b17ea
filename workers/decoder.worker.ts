// Entry of a decoder worker.

import { serveDecoder } from "./decoding/decoder";

serveDecoder(self as unknown as DedicatedWorkerGlobalScope);
