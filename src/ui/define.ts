/**
 * Registers an element unless its name is taken, so that loading the module twice, in two versions, or where there are
 * no custom elements does no harm. The first registration stays.
 */
export function define(tag: string, constructor: CustomElementConstructor): void {
  const registry = (globalThis as { customElements?: CustomElementRegistry }).customElements;
  if (registry !== undefined && registry.get(tag) === undefined) registry.define(tag, constructor);
}
