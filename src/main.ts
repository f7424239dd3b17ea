// Starts the app: theme, service worker, then the one component.

import { mount } from "svelte";
import App from "./App.svelte";
import { keepOffline } from "./engine/keep-offline";
import "./ui/theme.css";
import { notify } from "./ui/widgets/notify";

if (import.meta.env.PROD) {
  void keepOffline((reload) => {
    const action = { label: "Reload", run: reload };
    notify.info("A newer Askwell is ready.", { action, id: "update" });
  });
}

mount(App, { target: document.getElementById("app")! });
