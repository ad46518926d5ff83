import { css } from 'lit';

/**
 * 16 px on touch screens: text fields with smaller text make phones zoom into the page. Forced colours drop the shadow
 * around the focused field and show its transparent outline.
 */
export const searchFieldStyles = css`
  .field {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 8px;
    position: relative;
    min-height: 46px;
    padding: 7px 42px 7px 12px;
    border: 1px solid var(--_control-line);
    border-radius: 12px;
    background: var(--_surface);
    box-shadow: 0 1px 2px rgb(0 0 0 / 6%);
    cursor: text;
  }
  .field:focus-within {
    border-color: var(--_accent);
    box-shadow: 0 0 0 3px color-mix(in srgb, var(--_accent) 22%, transparent);
    outline: 2px solid transparent;
  }
  .field > .icon {
    color: var(--_muted);
  }
  ul {
    display: contents;
    list-style: none;
  }
  .field input {
    flex: 1;
    min-width: min(170px, 100%);
    min-height: 30px;
    padding: 0;
    border: 0;
    outline: none;
    background: none;
    font-size: 15px;
  }
  .field input::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .chip {
    max-width: 100%;
    padding: 0 3px 0 0;
    gap: 0;
    cursor: default;
  }
  .chip:has(.pick:focus-visible) {
    outline: 2px solid var(--_accent);
    outline-offset: 1px;
  }
  .chip button {
    min-height: 28px;
    border: 0;
    border-radius: 999px;
    background: none;
  }
  .pick {
    min-width: 0;
    gap: 7px;
    padding: 3px 3px 3px 11px;
    outline: none;
  }
  .pick .text {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    max-width: 26ch;
  }
  .pick small {
    color: var(--_muted);
    font-size: 12px;
  }
  .remove {
    padding: 0 5px;
    color: var(--_muted);
  }
  .remove .icon {
    width: 12px;
    height: 12px;
  }
  .remove:hover {
    color: var(--_text);
  }
  .chip.failed {
    border-color: var(--_danger);
  }
  .chip.failed .icon {
    color: var(--_danger);
  }
  .encoding .dot {
    animation: wait 1s ease-in-out infinite alternate;
  }
  @keyframes wait {
    to {
      opacity: 0.25;
    }
  }
  .chip .edit {
    min-width: 8ch;
    min-height: 26px;
    width: 18ch;
    padding: 0 4px 0 7px;
    font-size: inherit;
  }
  kbd {
    position: absolute;
    top: 13px;
    inset-inline-end: 12px;
  }
  @media (pointer: coarse) {
    .chip button {
      min-height: 44px;
      min-width: 36px;
    }
    .field input {
      font-size: 16px;
    }
    kbd {
      display: none;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .encoding .dot {
      animation: none;
      opacity: 0.5;
    }
  }
`;
