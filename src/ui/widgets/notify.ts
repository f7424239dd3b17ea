// Short messages over the page. A problem stays until it is dismissed, everything else goes by itself; the
// same problem twice is one message.

import { toast } from "svelte-sonner";

export interface NotifyOptions {
  /** A second sentence: the cause, or what to do. */
  readonly detail?: string | undefined;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
  /** A later message with the same id takes the place of the earlier one. */
  readonly id?: string | undefined;
}

const briefMs = 4_000;
/** Long enough to read, move over and press. */
const withActionMs = 8_000;

function settings(options: NotifyOptions) {
  const { detail, action, id } = options;
  return {
    ...(detail ? { description: detail } : {}),
    ...(action ? { action: { label: action.label, onClick: () => action.run() } } : {}),
    ...(id ? { id } : {}),
    duration: action ? withActionMs : briefMs,
  };
}

export const notify = {
  info: (message: string, options: NotifyOptions = {}): void => {
    toast(message, settings(options));
  },
  success: (message: string, options: NotifyOptions = {}): void => {
    toast.success(message, settings(options));
  },
  problem: (message: string, options: NotifyOptions = {}): void => {
    toast.error(message, { ...settings({ id: message, ...options }), duration: Infinity });
  },
  dismiss: (id?: string): void => {
    toast.dismiss(id);
  },
};

/** A click on a message is not a click outside of the dialog it lies over. */
export function isInsideToast(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[data-sonner-toaster]") !== null;
}
