import { expect } from '@open-wc/testing';
import { mount, press, settle, streetStore, within } from './mount.js';

describe('a page with a strict content security policy', () => {
  it('is not asked for inline styles or scripts', async () => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      violations.push(`${event.effectiveDirective} ${event.sourceFile}:${event.lineNumber}`);
    });
    const policy = document.createElement('meta');
    policy.httpEquiv = 'Content-Security-Policy';
    policy.content = "style-src 'self'; script-src 'self'; img-src 'none'";
    document.head.append(policy);
    const blocked = document.createElement('i');
    blocked.setAttribute('style', 'color: red');
    await settle();
    expect(violations, 'the policy is in force').to.have.length(1);
    const running = { phase: 'running', progress: { stage: 'analysing', fraction: 0.5, etaSeconds: 3 } } as const;
    const { store } = streetStore({ analysis: running, activeRegionId: 'b', selectedRegionIds: new Set(['b']) });
    const panel = await mount('earmark-panel', store);
    within(panel, '.panel').focus();
    press('?');
    await settle();
    expect(violations).to.have.length(1);
    expect(getComputedStyle(within(panel, '.card')).borderRadius).to.equal('12px');
  });
});
