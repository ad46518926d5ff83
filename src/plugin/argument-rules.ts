import { EarmarkError } from '../engine/errors.js';

/** What an argument may be. */
export interface ArgumentRule {
  /** Shown when it is broken; goes on from "has to". */
  readonly must: string;
  readonly fits: (value: unknown) => boolean;
  readonly optional?: false;
}

/** What an argument may be where it is given. */
export interface OptionalRule extends Omit<ArgumentRule, 'optional'> {
  readonly optional: true;
}

/** A rule for each field of `T`; a field that `T` gains is missed by the compiler. */
export type FieldRules<T> = {
  readonly [K in keyof T]-?: undefined extends T[K] ? OptionalRule : ArgumentRule;
};

/** The same for each kind of request. */
export type RequestRules<R extends { readonly type: string }> = {
  readonly [T in R['type']]: FieldRules<Omit<Extract<R, { readonly type: T }>, 'type'>>;
};

type Rules = Readonly<Record<string, ArgumentRule | OptionalRule>>;

function ofType(type: 'string' | 'number' | 'boolean' | 'function', must: string): ArgumentRule {
  return { must, fits: (value) => typeof value === type };
}

export const TEXT = ofType('string', 'be a text');
/** NaN is left to those who know the range. */
export const NUMBER = ofType('number', 'be a number');
export const FLAG = ofType('boolean', 'be true or false');
export const FUNCTION = ofType('function', 'be a function');
/** A signal that ends a call; always optional. */
export const SIGNAL: OptionalRule = {
  must: 'be an AbortSignal',
  fits: (value) => typeof (value as Partial<AbortSignal> | null)?.throwIfAborted === 'function',
  optional: true,
};

export function optional(rule: ArgumentRule): OptionalRule {
  return { ...rule, optional: true };
}

/** @param of with its article, "an id" */
export function orNull(of: string, { fits }: ArgumentRule): ArgumentRule {
  return { must: `be ${of} or null`, fits: (value) => value === null || fits(value) };
}

/** @param of in the plural, "texts" */
export function listOf(of: string, { fits }: ArgumentRule): ArgumentRule {
  return { must: `be a list of ${of}`, fits: (value) => Array.isArray(value) && value.every(fits) };
}

export const IDS = listOf('ids', TEXT);

export function oneOf(...values: readonly unknown[]): ArgumentRule {
  const names = values.map(describeValue);
  const last = names.pop();
  return { must: `be ${names.join(', ')} or ${last}`, fits: (value) => values.includes(value) };
}

/** A value as a message names it. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

export function badArgument(subject: string, must: string, value: unknown): EarmarkError {
  return new EarmarkError('bad-option', `${subject} has to ${must}, not ${describeValue(value)}.`);
}

/**
 * Checks an argument of a program that is not type-checked.
 *
 * @param subject as a message begins with it
 * @throws EarmarkError `bad-option`
 */
export function checkArgument(subject: string, rule: ArgumentRule | OptionalRule, value: unknown): void {
  if (!(rule.optional && value === undefined) && !rule.fits(value)) throw badArgument(subject, rule.must, value);
}

/**
 * Checks the fields of an object, e.g. of a request.
 *
 * @param subject what has the fields
 * @throws EarmarkError `bad-option`, which names the field
 */
export function checkFields(subject: string, rules: Rules, object: object): void {
  for (const [name, rule] of Object.entries(rules)) {
    checkArgument(`${subject}: “${name}”`, rule, (object as Record<string, unknown>)[name]);
  }
}

/**
 * Checks that something is an object with no fields but these: a misspelt one would quietly do something else.
 *
 * @param call e.g. `mask()`
 * @throws EarmarkError `bad-option`, which names the field
 */
export function checkNames(call: string, names: readonly string[], options: unknown): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw badArgument(`${call}: what it is given`, `be an object with ${names.join(', ')}`, options);
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new EarmarkError('bad-option', `${call}: there is no “${unknown}”. There are ${names.join(', ')}.`);
  }
}

/**
 * Checks the options of a call, and their names.
 *
 * @throws EarmarkError `bad-option`, which names the option
 */
export function checkOptions(call: string, rules: Rules, options: object = {}): void {
  checkNames(call, Object.keys(rules), options);
  checkFields(call, rules, options);
}
