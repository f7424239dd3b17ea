// The part of saxen's interface that is used here; it ships no types of its own.

declare module "saxen" {
  export class Parser {
    on(
      event: "openTag",
      listen: (
        name: string,
        attributes: () => Readonly<Record<string, string>>,
        decodeEntities: (text: string) => string,
      ) => void,
    ): Parser;
    on(event: "text", listen: (value: string, decodeEntities: (text: string) => string) => void): Parser;
    on(event: "cdata", listen: (value: string) => void): Parser;
    on(event: "closeTag", listen: (name: string) => void): Parser;
    on(event: "error" | "warn", listen: (error: Error) => void): Parser;
    parse(xml: string): void;
  }
}
