import { css } from 'lit';

/** Small windows over the page: `<div popover role="dialog">` with headings and text. */
export const popovers = css`
  [popover] {
    position: fixed;
    width: min(360px, calc(100vw - 24px));
    padding: 14px 16px 16px;
    border: 1px solid var(--_control-line);
    border-radius: 12px;
    background: var(--_raised);
    color: var(--_text);
    box-shadow: 0 8px 28px rgb(0 0 0 / 22%);
    font-size: 13px;
  }
  h2 {
    margin: 0 0 8px;
    font-size: 13px;
    font-weight: 600;
  }
  p {
    margin: 0 0 10px;
    color: var(--_muted);
  }
`;
