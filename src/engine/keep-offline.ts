// Registers the service worker that keeps the app on this machine. Without one (an insecure origin, a
// private window) the app works all the same, but only while its server answers.

/** `updated` is told when a newer build is ready; calling what it is given reloads the page into it. */
export async function keepOffline(updated: (reload: () => void) => void): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    const registration = await navigator.serviceWorker.register(new URL("offline.js", document.baseURI), {
      scope: "./",
    });
    const offer = (waiting: ServiceWorker) => updated(() => takeOver(waiting));
    if (registration.waiting && navigator.serviceWorker.controller) offer(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const { installing } = registration;
      installing?.addEventListener("statechange", () => {
        // Without a controller this is the first visit, and there is nothing to update.
        if (installing.state === "installed" && navigator.serviceWorker.controller) offer(installing);
      });
    });
  } catch (error) {
    console.warn("Askwell could not be kept for offline use:", error);
  }
}

function takeOver(waiting: ServiceWorker): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting.postMessage("take over");
}
