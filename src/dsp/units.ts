/** Seconds as float64, from the start of the source. Used at every public edge. */
export type Seconds = number;
/** A count or position in samples; always an integer. Used inside. */
export type Samples = number;
/** Cycles a second. */
export type Hertz = number;
/** 20·log10 of an amplitude ratio or 10·log10 of a power ratio; 0 dBFS is full scale, where a sine has a mean power of −3.01 dB. */
export type Decibels = number;
/** Milliseconds. */
export type Milliseconds = number;
/** A calibrated probability, 0…1. */
export type Score = number;
