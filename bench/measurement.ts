/** One figure of the performance suite. */
export interface Measurement {
  readonly value: number;
  readonly unit: string;
  /** What the value is to be seen beside: the other side of a ratio, the load, the goal. */
  readonly against: string;
}

/** By name, in the order of printing. */
export type Measurements = Readonly<Record<string, Measurement>>;
