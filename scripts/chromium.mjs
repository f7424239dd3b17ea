// Finds a Chromium-family browser for the tests, and says with which flags it is started.

import { existsSync } from "node:fs";
import { platform, env } from "node:process";

const places = {
  linux: [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/snap/bin/chromium",
    "/usr/bin/microsoft-edge",
  ],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  ],
  win32: [env.PROGRAMFILES, env["PROGRAMFILES(X86)"], env.LOCALAPPDATA].flatMap((root) =>
    root
      ? [
          `${root}\\Google\\Chrome\\Application\\chrome.exe`,
          `${root}\\Microsoft\\Edge\\Application\\msedge.exe`,
        ]
      : [],
  ),
};

/** Path of the browser, or null. `CHROMIUM` in the environment wins. */
export function findChromium() {
  const candidates = [env.CHROMIUM, ...(places[platform] ?? [])];
  return candidates.find((path) => path && existsSync(path)) ?? null;
}

/** SwiftShader gives WebGPU without a GPU; no sandbox, because tests also run as root in containers. */
export const chromiumFlags = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  "--disable-gpu-watchdog",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];
