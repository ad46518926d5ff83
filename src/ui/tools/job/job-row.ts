import { css, html, nothing } from 'lit';
import type { JobState } from '../../../plugin/job.js';
import type { EarmarkRequest } from '../../../plugin/requests.js';
import { strings } from '../../strings.js';
import { styleProperties } from '../../style-properties.js';
import { toolsStrings } from '../tools-strings.js';
import { saveFile } from './save-file.js';

export const jobStyles = css`
  .job {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 12px;
    min-height: 40px;
    padding: 4px 12px;
    border-top: 1px solid var(--_line);
  }
  .job .track {
    flex: 1;
    min-width: 96px;
    height: 4px;
    border-radius: 2px;
    overflow: hidden;
    background: var(--_control-line);
    forced-color-adjust: none;
  }
  .job .track i {
    display: block;
    height: 100%;
    background: var(--_accent);
  }
  .job .failed {
    color: var(--_danger);
  }
`;

/** How far the job is, with Cancel; then what it made, with Save; or why it failed. */
export function jobRow(job: JobState, dispatch: (request: EarmarkRequest) => void) {
  const dismiss = html`<button class="link" @click=${() => dispatch({ type: 'job-dismiss' })}>
    ${toolsStrings.dismiss}
  </button>`;
  switch (job.phase) {
    case 'running': {
      const left = job.etaSeconds === null ? '' : ` · ${strings.timeLeft(job.etaSeconds)}`;
      return html`<div class="job">
        <span>${toolsStrings.jobProgress(job.label, strings.percent(job.fraction))}${left}</span>
        <span class="track" role="progressbar" aria-label=${job.label} aria-valuenow=${Math.round(job.fraction * 100)}
          ><i ${styleProperties({ width: `${job.fraction * 100}%` })}></i
        ></span>
        <button class="link" @click=${() => dispatch({ type: 'job-cancel' })}>${strings.cancel}</button>
      </div>`;
    }
    case 'done': {
      const { file } = job;
      return html`<div class="job" role="status">
        <span class="grow">${file === null ? job.label : html`${file.name} · ${strings.bytes(file.blob.size)}`}</span>
        ${file === null ? nothing : html`<button class="primary" @click=${() => saveFile(file)}>${toolsStrings.save}</button>`}
        ${dismiss}
      </div>`;
    }
    case 'failed':
      return html`<div class="job" role="alert">
        <span class="grow failed">${toolsStrings.failed(job.label)} ${job.message}</span>${dismiss}
      </div>`;
    default:
      return nothing;
  }
}
