// Large files of the app that most people never need: fetched from our own origin the first time, and kept from
// then on, so that they are there without a network. The service worker knows the cache by this name.

const cacheName = "askwell-on-demand";

export async function fetchOnDemand(url: string): Promise<ArrayBuffer> {
  const cache = "caches" in globalThis ? await caches.open(cacheName) : null;
  const kept = await cache?.match(url);
  if (kept) return kept.arrayBuffer();
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw unreachable(error);
  }
  if (!response.ok) throw unreachable(new Error(`${url} answered ${response.status}.`));
  await cache?.put(url, response.clone());
  return response.arrayBuffer();
}

function unreachable(cause: unknown): Error {
  return new Error(
    "The part of Askwell that runs ONNX models is fetched from the app's own server the first time, and that server cannot be reached now. Connect once; afterwards it works without a network.",
    { cause },
  );
}
