// Tells other tabs of this origin that something in storage changed, so that followers can read it.

import type { ProjectId } from "../core/ids";

export type TabMessage =
  | { readonly type: "events" | "merged" | "items" | "rounds" | "project"; readonly projectId: ProjectId }
  | { readonly type: "projects" };

export interface TabChannel {
  post(message: TabMessage): void;
  close(): void;
}

export function openTabChannel(received: (message: TabMessage) => void): TabChannel {
  const channel = new BroadcastChannel("askwell");
  channel.onmessage = ({ data }: MessageEvent<TabMessage>) => received(data);
  return { post: (message) => channel.postMessage(message), close: () => channel.close() };
}
