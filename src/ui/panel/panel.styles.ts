import { css } from 'lit';

export const panelStyles = css`
  :host {
    container-type: inline-size;
  }
  .panel {
    display: grid;
    gap: 12px;
    outline: none;
  }
  .panel > * {
    min-width: 0;
  }
  .under-search {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 16px;
    min-height: 28px;
  }
  .suggestions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
    color: var(--_muted);
  }
  .suggestions button {
    min-height: 26px;
    padding: 1px 10px;
    background: none;
    color: var(--_muted);
  }
  .suggestions button:hover {
    color: var(--_text);
  }
  .card {
    border: 1px solid var(--_line);
    border-radius: 12px;
    background: var(--_surface);
    overflow: hidden;
  }
  earmark-transport,
  earmark-tools {
    margin-top: -1px;
    border-top: 1px solid var(--_line);
  }
  @media (pointer: coarse) {
    .suggestions button {
      min-height: 44px;
    }
  }
`;
