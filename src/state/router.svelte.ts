// Where the person is, kept in the address after the `#`, so that back, forward, reload and bookmarks work
// on any static host.

import type { ProjectId } from "../core/ids";

export const projectScreens = [
  "label",
  "train",
  "items",
  "duplicates",
  "conflicts",
  "predict",
  "export",
  "settings",
] as const;
export type ProjectScreen = (typeof projectScreens)[number];

export type Route =
  | { readonly at: "projects" }
  | { readonly at: "new" }
  | { readonly at: "preferences" }
  | { readonly at: "project"; readonly projectId: ProjectId; readonly screen: ProjectScreen };

export function parseRoute(hash: string): Route {
  const [first, second, third] = hash.replace(/^#\/?/, "").split("/");
  if (first === "new" || first === "preferences") return { at: first };
  if (first === "project" && second) {
    const screen = projectScreens.find((one) => one === third) ?? "label";
    return { at: "project", projectId: decodeURIComponent(second) as ProjectId, screen };
  }
  return { at: "projects" };
}

export function hrefOf(route: Route): string {
  if (route.at === "project") return `#/project/${encodeURIComponent(route.projectId)}/${route.screen}`;
  return route.at === "projects" ? "#/" : `#/${route.at}`;
}

export class Router {
  route = $state.raw<Route>(parseRoute(location.hash));

  constructor() {
    addEventListener("hashchange", () => (this.route = parseRoute(location.hash)));
  }

  go(route: Route): void {
    location.hash = hrefOf(route);
  }
}
