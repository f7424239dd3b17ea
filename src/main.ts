// Starts the app: theme, service worker, then the one component.

import { mount } from "svelte";
import App from "./App.svelte";
import { keepOffline } from "./engine/keep-offline";
import "./ui/theme.css";

if (import.meta.env.PROD) void keepOffline();

mount(App, { target: document.getElementById("app")! });
