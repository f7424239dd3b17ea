// What a widget asks of an icon: any component that draws itself in a square. Every Lucide icon is one.

import type { Component } from "svelte";

export type IconComponent = Component<{
  size?: number | string;
  strokeWidth?: number | string;
  class?: string;
}>;
