// The one door to zip.js. This build of it has neither web workers nor WebAssembly, which the page's content
// security policy would refuse; it inflates with the browser's own streams.

import { configure } from "@zip.js/zip.js/lib/zip-core-native.js";

configure({ useWebWorkers: false, useCompressionStream: true });

export {
  BlobReader,
  ERR_ENCRYPTED_CENTRAL_DIRECTORY,
  ERR_SPLIT_ZIP_FILE,
  ERR_UNSUPPORTED_COMPRESSION,
  ZipReader,
  ZipWriter,
} from "@zip.js/zip.js/lib/zip-core-native.js";
export type { Entry, FileEntry } from "@zip.js/zip.js/lib/zip-core-native.js";
