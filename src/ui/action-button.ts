import { html, nothing, type TemplateResult } from 'lit';

/** A button that shows an icon and says in words what it does. */
export interface ActionButton {
  /** Its name and tooltip. */
  readonly label: string;
  readonly icon: unknown;
  /** Shown beside the icon; then it is the button's name, and `label` only its tooltip. */
  readonly text?: string;
  readonly act: () => void;
  /** Value of `aria-keyshortcuts`. */
  readonly keys?: string;
  readonly disabled?: boolean;
  /** For buttons that stay pressed. */
  readonly pressed?: boolean;
  readonly part?: string;
  /** Whether Tab passes it over, because a key does the same. Default false. */
  readonly skipped?: boolean;
  /** CSS classes. Default `square`. */
  readonly look?: string;
}

export function actionButton(button: ActionButton): TemplateResult {
  const { label, icon, text, act, keys, disabled = false, pressed, part, skipped = false, look = 'square' } = button;
  const run = (event: Event) => {
    // A button inside a row is not a click on the row.
    event.stopPropagation();
    act();
  };
  return html`<button
    class=${look}
    part=${part ?? nothing}
    title=${label}
    aria-label=${text === undefined ? label : nothing}
    aria-keyshortcuts=${keys ?? nothing}
    aria-pressed=${pressed ?? nothing}
    tabindex=${skipped ? -1 : nothing}
    ?disabled=${disabled}
    @click=${run}
  >
    ${icon}${text === undefined ? nothing : html`<span>${text}</span>`}
  </button>`;
}
