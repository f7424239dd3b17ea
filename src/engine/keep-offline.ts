// Registers the service worker that keeps the app on this machine. Without one (an insecure origin, a
// private window) the app works all the same, but only while its server answers.

export async function keepOffline(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(new URL("offline.js", document.baseURI), { scope: "./" });
  } catch (error) {
    console.warn("Askwell could not be kept for offline use:", error);
  }
}
