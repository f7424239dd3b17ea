// Parameters of strategies, heads and encoders as data, so that forms and docs draw themselves.

export interface Parameter {
  readonly id: string;
  readonly label: string;
  readonly summary: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly initial: number;
}

/** The given values where they are there and in range, else the initial ones. */
export function resolveParameters(
  parameters: readonly Parameter[],
  given: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(
    parameters.map(({ id, min, max, initial }) => {
      const value = given[id];
      const usable = value !== undefined && Number.isFinite(value);
      return [id, usable ? Math.min(max, Math.max(min, value)) : initial];
    }),
  );
}
