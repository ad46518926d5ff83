/** What is wrong in a JSON file, and where: `document.kept[3].start has to be a number`. */
export class JsonFormatError extends Error {
  override readonly name = 'JsonFormatError';
}

/** A value that was parsed from JSON and not looked at yet. */
export interface JsonValue {
  readonly value: unknown;
  /** Where it stands, e.g. `document.kept[3].start`; empty for the file as a whole. */
  readonly path: string;
}

/** Checks a value and gives it its type; throws {@link JsonFormatError} for any other. */
export type Reader<T> = (json: JsonValue) => T;

/** A reader for a field that need not be there. */
export interface OptionalReader<T> {
  readonly optional: Reader<T>;
}

/** A reader for each field of `T`; a field that `T` gains is missed by the compiler. */
export type FieldReaders<T> = {
  readonly [K in keyof T]-?: undefined extends T[K] ? OptionalReader<Exclude<T[K], undefined>> : Reader<T[K]>;
};

/** Items of a list without a limit of its own: more would be no document that anybody made by hand. */
const MAX_ITEMS = 500_000;

/** @throws JsonFormatError */
export function parseJson(text: string): JsonValue {
  try {
    return { value: JSON.parse(text) as unknown, path: '' };
  } catch (error) {
    throw new JsonFormatError(`it is no JSON (${(error as Error).message})`, { cause: error });
  }
}

/** The error for a value that is not what it has to be. */
export function wrong({ path }: JsonValue, must: string): JsonFormatError {
  return new JsonFormatError(`${path === '' ? 'the file' : path} has to be ${must}`);
}

/** A field of an object; its value is undefined where it is missing. */
export function field(json: JsonValue, name: string): JsonValue {
  const { value, path } = json;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(json, 'an object');
  const own = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  return { value: own, path: path === '' ? name : `${path}.${name}` };
}

/** @param max most characters */
export function text(max: number): Reader<string> {
  return (json) => {
    const { value } = json;
    if (typeof value === 'string' && value.trim() !== '' && value.length <= max) return value;
    throw wrong(json, `a text of 1 to ${max} characters`);
  };
}

/** A finite number; JSON has no others, but `1e999` is parsed as infinity. */
export function number(low = -Infinity, high = Infinity): Reader<number> {
  return (json) => {
    const { value } = json;
    if (Number.isFinite(value) && (value as number) >= low && (value as number) <= high) return value as number;
    throw wrong(json, low === -Infinity && high === Infinity ? 'a number' : `a number from ${low} to ${high}`);
  };
}

export function wholeNumber(low: number, high: number): Reader<number> {
  return (json) => {
    if (Number.isInteger(json.value)) return number(low, high)(json);
    throw wrong(json, `a whole number from ${low} to ${high}`);
  };
}

export const flag: Reader<boolean> = (json) => {
  if (typeof json.value === 'boolean') return json.value;
  throw wrong(json, 'true or false');
};

export function oneOf<const T extends string>(...names: readonly T[]): Reader<T> {
  return (json) => {
    const found = names.find((name) => name === json.value);
    if (found !== undefined) return found;
    throw wrong(json, names.map((name) => `“${name}”`).join(' or '));
  };
}

export function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return (json) => (json.value === null ? null : reader(json));
}

/** @param max most items */
export function list<T>(reader: Reader<T>, max = MAX_ITEMS): Reader<T[]> {
  return (json) => {
    const { value, path } = json;
    if (!Array.isArray(value)) throw wrong(json, 'a list');
    if (value.length > max) throw wrong(json, `a list of at most ${max} items`);
    return value.map((item: unknown, i) => reader({ value: item, path: `${path}[${i}]` }));
  };
}

export function optional<T>(reader: Reader<T>): OptionalReader<T> {
  return { optional: reader };
}

/** An object with these fields, frozen; what else it has is dropped. */
export function object<T extends object>(fields: FieldReaders<T>): Reader<T> {
  const readers = Object.entries(fields) as [string, Reader<unknown> | OptionalReader<unknown>][];
  return (json) => {
    const entries = readers.flatMap(([name, reader]): [string, unknown][] => {
      const value = field(json, name);
      if (typeof reader === 'function') return [[name, reader(value)]];
      return value.value === undefined ? [] : [[name, reader.optional(value)]];
    });
    return Object.freeze(Object.fromEntries(entries)) as T;
  };
}
