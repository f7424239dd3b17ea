// How screens reach the shell, the router and the open project without handing them down.

import { createContext } from "svelte";
import type { Router } from "../state/router.svelte";
import type { Session } from "../state/session.svelte";
import type { Shell } from "../state/shell.svelte";

export const [useShell, provideShell] = createContext<Shell>();
export const [useRouter, provideRouter] = createContext<Router>();
export const [useSession, provideSession] = createContext<Session>();
