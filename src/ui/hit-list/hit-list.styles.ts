import { css } from 'lit';

export const hitListStyles = css`
  :host {
    container-type: inline-size;
  }
  .grid {
    --_columns: minmax(110px, 1.1fr) minmax(84px, 0.9fr) minmax(120px, 1.5fr) minmax(140px, 1.6fr) minmax(230px, 1.4fr);
    max-height: var(--earmark-list-height, 368px);
    overflow: auto;
    overscroll-behavior: contain;
  }
  .row {
    display: grid;
    grid-template-columns: var(--_columns);
    height: var(--_row);
    border-bottom: 1px solid var(--_line);
  }
  .body .row > * {
    display: flex;
    align-items: center;
    min-width: 0;
    padding: 0 12px;
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .body .row > :focus-visible,
  .head button:focus-visible {
    outline-offset: -2px;
    border-radius: 4px;
  }
  .head {
    position: sticky;
    top: 0;
    z-index: 1;
    background: var(--_surface);
  }
  .head button,
  .head span {
    display: flex;
    align-items: center;
    gap: 4px;
    width: 100%;
    height: 100%;
    min-height: 0;
    padding: 0 12px;
    border: 0;
    border-radius: 0;
    background: none;
    justify-content: start;
    color: var(--_muted);
    font-size: 12px;
  }
  .head [aria-sort] button {
    color: var(--_text);
  }
  .head .icon {
    width: 12px;
    height: 12px;
  }
  .head [aria-sort='ascending'] .icon {
    transform: scaleY(-1);
  }
  .body {
    position: relative;
    overflow: clip;
  }
  .body .row {
    position: absolute;
    inset-inline: 0;
    top: 0;
    cursor: default;
  }
  .body .row:last-child {
    border-bottom-color: transparent;
  }
  .body .row:hover {
    background: color-mix(in srgb, var(--_text) 3%, transparent);
  }
  .body .row[aria-selected='true'] {
    background: color-mix(in srgb, var(--_accent) 11%, transparent);
  }
  .body .row[aria-current] {
    box-shadow: inset 3px 0 var(--_text);
  }
  .number {
    font-family: var(--_mono);
  }
  .label {
    gap: 7px;
  }
  .label .name {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .label small {
    color: var(--_muted);
    font-size: 11px;
    white-space: nowrap;
  }
  .label input {
    width: 100%;
    min-width: 0;
    height: 26px;
    padding: 0 6px;
    border: 1px solid var(--_accent);
    border-radius: 5px;
    background: var(--_surface);
  }
  .score {
    gap: 8px;
  }
  .score b {
    min-width: 30px;
    font-weight: 500;
  }
  .score i {
    flex: none;
    width: calc(var(--_score) * (100% - 38px));
    max-width: calc(var(--_score) * 94px);
    height: 6px;
    border-radius: 3px;
    background: var(--_c);
    forced-color-adjust: none;
  }
  .rejected .name {
    color: var(--_muted);
    text-decoration: line-through;
  }
  .rejected .dot,
  .rejected .score i {
    opacity: 0.45;
  }
  .body .status {
    gap: 2px;
    padding-inline-start: 5px;
  }
  .status button {
    min-height: 26px;
    padding: 0 7px;
    gap: 5px;
    border-color: transparent;
    border-radius: 6px;
    background: none;
    color: var(--_muted);
    font-size: 12px;
    visibility: hidden;
  }
  .status button[aria-pressed='true'] {
    order: -1;
  }
  .row:hover button,
  .row.active button,
  .row:focus-within button,
  .row button[aria-pressed='true'],
  .row button.looping {
    visibility: visible;
  }
  .status button.accepted[aria-pressed='true'] {
    color: var(--_good);
  }
  .status .icon {
    width: 13px;
    height: 13px;
  }
  .empty {
    display: grid;
    gap: 2px;
    justify-items: center;
    padding: 22px 20px;
    text-align: center;
  }
  @media (pointer: coarse) {
    .status button {
      min-width: 44px;
      min-height: 44px;
    }
  }
  @container (max-width: 640px) {
    .grid {
      --_columns: 92px minmax(0, 1fr) 54px 142px;
    }
    .body .row > *,
    .head button,
    .head span {
      padding-inline: 10px 0;
    }
    .row > .length,
    .score i,
    .active .status span,
    .row:hover .status span,
    .row:focus-within .status span {
      display: none !important;
    }
  }
  @media (forced-colors: active) {
    .body .row[aria-selected='true'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;
