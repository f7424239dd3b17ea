// Serves the built app and opens a real Chromium on it that writes down every request, error and dialog, so
// that any end-to-end test can also hold the app to its promise: quiet, and nothing beyond its own origin.

import { existsSync } from "node:fs";
import { chromium, type BrowserContext, type Page } from "playwright";
import { build, preview } from "vite";
import { chromiumFlags, findChromium } from "../../../scripts/chromium.mjs";
import { contentPolicy } from "../../../scripts/vite/content-policy.mjs";

/** Another build than dist, for work while somebody else builds. */
const outDir = process.env["E2E_DIST"] ?? "dist";

export interface ServedApp {
  /** Address of the first screen. */
  readonly url: string;
  close(): Promise<void>;
}

export async function serveApp(): Promise<ServedApp> {
  if (!existsSync(`${outDir}/index.html`)) await build({ logLevel: "warn", build: { outDir } });
  const server = await preview({
    // Loading all that builds the app takes seconds, and every file of tests would wait for it.
    configFile: false,
    plugins: [contentPolicy()],
    logLevel: "warn",
    build: { outDir },
    preview: { host: "127.0.0.1", port: 0, open: false },
  });
  return { url: server.resolvedUrls!.local[0]!, close: () => server.close() };
}

export interface BrowserWish {
  /** Folder of a profile to keep; a fresh one without. */
  readonly profile?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: "light" | "dark";
  /** The address to open at once, as served. */
  readonly url?: string;
}

export interface OpenBrowser {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Another tab of the same profile. */
  newTab(url: string): Promise<Page>;
  /** The app as on the first visit, in the first tab: all that was stored is gone, but for the app itself. */
  visitAnew(url: string): Promise<Page>;
  /** Requests of pages, workers and service workers that went to another origin than `url`'s. */
  foreignRequests(url: string): string[];
  /** Number of requests seen so far, to show that the recorder works. */
  requestCount(): number;
  /** Throws when there was an uncaught error, an error on the console or a dialog, but for those allowed. */
  assertQuiet(...allowed: RegExp[]): void;
  close(): Promise<void>;
}

export async function openBrowser(wish: BrowserWish = {}): Promise<OpenBrowser> {
  const context = await chromium.launchPersistentContext(wish.profile ?? "", {
    executablePath: findChromium() ?? "",
    args: chromiumFlags,
    viewport: wish.viewport ?? { width: 1280, height: 850 },
    colorScheme: wish.colorScheme ?? "light",
    acceptDownloads: true,
  });
  // A hang must end; a busy machine must not fail anything.
  context.setDefaultTimeout(120_000);
  // Nobody is there to answer where to save, so these browsers are of those that cannot ask.
  await context.addInitScript(() => Reflect.deleteProperty(window, "showSaveFilePicker"));
  const requests: string[] = [];
  const noises: string[] = [];
  const note = (request: { url(): string }) => requests.push(request.url());
  context.on("request", note);
  context.on("weberror", (error) => noises.push(`uncaught: ${error.error().message}`));
  context.on("console", (message) => {
    if (message.type() === "error") noises.push(`console: ${message.text()}`);
  });
  context.on("dialog", (dialog) => {
    noises.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const watch = (page: Page) => page.on("websocket", note);
  context.on("page", watch);
  const page = context.pages()[0] ?? (await context.newPage());
  watch(page);
  if (wish.url) await page.goto(wish.url);

  return {
    context,
    page,
    async newTab(url) {
      const tab = await context.newPage();
      await tab.goto(url);
      return tab;
    },
    async visitAnew(url) {
      // No page of the app may be open: it would hold the database.
      await page.goto("about:blank");
      const session = await context.newCDPSession(page);
      const storageTypes = "indexeddb,local_storage,file_systems";
      await session.send("Storage.clearDataForOrigin", { origin: new URL(url).origin, storageTypes });
      await session.detach();
      await page.goto(url);
      return page;
    },
    foreignRequests(url) {
      const { origin } = new URL(url);
      return requests.filter((one) => !/^(blob|data):/.test(one) && new URL(one).origin !== origin);
    },
    requestCount: () => requests.length,
    assertQuiet(...allowed) {
      const heard = noises.filter((noise) => !allowed.some((pattern) => pattern.test(noise)));
      if (heard.length > 0) throw new Error(`The page was not quiet:\n${heard.join("\n")}`);
    },
    close: () => context.close(),
  };
}
