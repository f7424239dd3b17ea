// The error by which a tier says that the machine under it failed, as against a wrong question: it is what
// recovery acts on. The message is a sentence for the person.

export type TierFault = "lost" | "memory" | "error";

export class TierFailed extends Error {
  override readonly name = "TierFailed";
  constructor(
    readonly fault: TierFault,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}
