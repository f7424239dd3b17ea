// The service worker: keeps the whole app on this machine after the first visit, and refuses every request
// to another origin. It also gives each served file the page's content policy, because workers do not
// inherit the one in index.html.

// No import and no export: the build writes it out as a plain script, which every browser takes.
const worker = self as unknown as ServiceWorkerGlobalScope;

/** Filled in by the build: every file of the app, and a name that changes with any of them. */
declare const __ASSETS__: readonly string[];
declare const __BUILD__: string;
declare const __POLICY__: string;
/** Files of the build that most people never need; workers fetch and keep them when they are used first. */
declare const __ON_DEMAND__: readonly string[];

const cacheName = `askwell-${__BUILD__}`;
/** Shared with workers/encoders/pretrained/on-demand.ts, and not part of any one build. */
const onDemandName = "askwell-on-demand";

worker.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(cacheName).then(async (cache) => {
      // `reload` goes past the HTTP cache, which may hold files of the build before.
      await cache.addAll(__ASSETS__.map((path) => new Request(path, { cache: "reload" })));
      await renewOnDemand();
    }),
  );
});

/** Who used such a file of the build before has this build's too, so that it goes on without a network. */
async function renewOnDemand(): Promise<void> {
  const cache = await caches.open(onDemandName);
  const kept = new Set((await cache.keys()).map(({ url }) => stemOf(url)));
  for (const path of __ON_DEMAND__)
    if (kept.has(stemOf(path)) && !(await cache.match(path))) await cache.add(path);
}

/** A file's name without the hash that the build put into it. */
function stemOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/-.{8}(\.[^.]*)$/, "$1");
}

async function dropOldOnDemand(): Promise<void> {
  const cache = await caches.open(onDemandName);
  const present = new Set(__ON_DEMAND__.map((path) => new URL(path, worker.location.href).href));
  for (const request of await cache.keys()) if (!present.has(request.url)) await cache.delete(request);
}

// A new build waits until the person reloads: the page in use may still fetch parts of its own build.
worker.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(worker.skipWaiting());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then(async (names) => {
      const old = names.filter(
        (name) => name.startsWith("askwell-") && name !== cacheName && name !== onDemandName,
      );
      await Promise.all(old.map((name) => caches.delete(name)));
      await dropOldOnDemand();
      await worker.clients.claim();
    }),
  );
});

worker.addEventListener("fetch", (event) => {
  event.respondWith(answer(event.request));
});

async function answer(request: Request): Promise<Response> {
  if (new URL(request.url).origin !== worker.location.origin) return Response.error();
  const cache = await caches.open(cacheName);
  // Servers vary files by origin and encoding; here there is one of each.
  const kept = await cache.match(request, { ignoreSearch: true, ignoreVary: true });
  if (kept) return withPolicy(kept);
  // A page under any path of ours is the one page there is.
  if (request.mode === "navigate") {
    const page = await cache.match("./", { ignoreVary: true });
    if (page) return withPolicy(page);
  }
  return withPolicy(await fetch(request));
}

function withPolicy(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set("Content-Security-Policy", __POLICY__);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
