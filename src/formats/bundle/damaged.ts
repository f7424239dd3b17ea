// The errors of a bundle. Their messages are sentences for the person; nothing is changed when one is thrown.

/** Something in the bundle is missing, broken or not what it says it is. */
export class BundleDamaged extends Error {
  override readonly name = "BundleDamaged";
  /** @param fault the middle of the sentence that begins with the path. */
  constructor(path: string, fault: string) {
    super(
      `The bundle is damaged: ${path} in it ${fault}. Nothing was changed. Copy or export the bundle again and try that.`,
    );
  }
}

/** The bundle is sound, but not for this: the message says why and what to do. */
export class BundleRefused extends Error {
  override readonly name = "BundleRefused";
}
