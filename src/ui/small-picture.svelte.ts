// The small picture of an item for components that show one by its row: loaded when the row is known or changes,
// dropped where the row has changed meanwhile.

import type { Row } from "../core/ids";
import type { Picture } from "../state/pictures";
import type { Session } from "../state/session.svelte";

export interface SmallPicture {
  /** "" until it is known. */
  readonly name: string;
  /** null until it is loaded. */
  readonly picture: Picture | null;
}

/** Call while a component is made. */
export function smallPicture(session: Session, row: () => Row): SmallPicture {
  let loaded = $state.raw<SmallPicture>({ name: "", picture: null });
  $effect(() => {
    let gone = false;
    void session.loadItem(row()).then(async (item) => {
      if (!item || gone) return;
      loaded = { name: item.name, picture: null };
      const picture = await session.pictures.small(item);
      if (!gone) loaded = { name: item.name, picture };
    });
    return () => (gone = true);
  });
  return {
    get name() {
      return loaded.name;
    },
    get picture() {
      return loaded.picture;
    },
  };
}
