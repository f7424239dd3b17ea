// Going over long lists on the page: some at a time, so that it answers keys and paints in between.

/** Entries without a pause: some 10 ms of what is done with the names of files. */
const atOnce = 2000;

/** Calls back with each entry in order; one that takes its time is waited for. Short lists go through at once. */
export async function piecemeal<Entry>(
  list: ArrayLike<Entry>,
  visit: (entry: Entry, at: number) => void | Promise<void>,
): Promise<void> {
  for (let at = 0; at < list.length; at++) {
    if (at > 0 && at % atOnce === 0) await new Promise((resolve) => setTimeout(resolve));
    const visiting = visit(list[at]!, at);
    if (visiting) await visiting;
  }
}
