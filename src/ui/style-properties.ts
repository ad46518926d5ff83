import type { ElementPart } from 'lit';
import { Directive, directive, PartType, type PartInfo } from 'lit/directive.js';

class StyleProperties extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('styleProperties belongs into the tag itself.');
  }

  render(_properties: Readonly<Record<string, string>>): void {}

  override update(part: ElementPart, [properties]: [Readonly<Record<string, string>>]): void {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(properties)) style.setProperty(name, value);
  }
}

/**
 * `<i ${styleProperties({ '--_c': 'red' })}>` sets CSS properties; the names must be the same at every render. Unlike
 * `style=` attributes it needs no `'unsafe-inline'` of a page with a content security policy.
 */
export const styleProperties = directive(StyleProperties);
