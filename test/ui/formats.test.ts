import { expect } from '@open-wc/testing';
import { setStrings, strings } from '../../src/ui/strings.js';
import { formatLength, formatScore, formatTime } from '../../src/ui/time-format.js';
import { rulerSteps, timeToX, visibleScale, xToTime } from '../../src/ui/time-scale.js';
import { mount, streetStore, within } from './mount.js';

describe('times and scores as text', () => {
  it('carries over when rounding', () => {
    expect(formatTime(59.9996)).to.equal('1:00.000');
    expect(formatTime(3599.96, 1)).to.equal('1:00:00.0');
    expect(formatTime(11.42)).to.equal('0:11.420');
    expect(formatTime(3723.4, 0)).to.equal('1:02:03');
    expect(formatTime(-0.2)).to.equal('0:00.000');
  });

  it('gives lengths in seconds, long ones as time', () => {
    expect(formatLength(0.48)).to.equal('0.48 s');
    expect(formatLength(59.999)).to.equal('1:00.0');
    expect(formatLength(62.5)).to.equal('1:02.5');
  });

  it('gives scores two digits, and 1 for what rounds to it', () => {
    expect([0, 0.074, 0.875, 0.994, 0.996, 1].map(formatScore)).to.deep.equal([
      '.00',
      '.07',
      '.88',
      '.99',
      '1.0',
      '1.0',
    ]);
  });
});

describe('time scale', () => {
  it('goes from time to pixels and back', () => {
    const scale = { start: 10, end: 30, width: 500 };
    expect(timeToX(scale, 20)).to.equal(250);
    expect(xToTime(scale, timeToX(scale, 12.345))).to.be.closeTo(12.345, 1e-12);
  });

  it('shows the whole recording without a host, and never nothing', () => {
    expect(visibleScale(null, 0)).to.deep.equal({ start: 0, end: 1, width: 1 });
  });

  it('marks the ruler in round steps that neither crowd nor look alike, from milliseconds to a day', () => {
    for (let seconds = 0.02; seconds < 86_400; seconds *= 1.7) {
      const scale = { start: 0, end: seconds, width: 1000 };
      const { major, minor, decimals } = rulerSteps(scale);
      expect(timeToX(scale, major), `${seconds} s`).to.be.within(84, 800);
      expect(major / minor).to.be.closeTo(Math.round(major / minor), 1e-9);
      const labels = Array.from({ length: 5 }, (_, i) => formatTime(i * major, decimals));
      expect(new Set(labels).size, `${seconds} s`).to.equal(5);
    }
  });
});

describe('texts', () => {
  it('uses the plural forms of the language', () => {
    expect([0, 1, 2, 1234].map(strings.hits)).to.deep.equal(['0 hits', '1 hit', '2 hits', '1,234 hits']);
  });

  it('can be translated', async () => {
    const { play } = strings;
    setStrings({ play: 'Abspielen' });
    const transport = await mount('earmark-transport', streetStore().store);
    setStrings({ play });
    expect(within(transport, '[part="play"]').getAttribute('aria-label')).to.equal('Abspielen');
  });

  it('of elements that come later are given under their names', async () => {
    setStrings({ list: { status: 'Stand' }, help: { scope: 'Tasten wirken in diesem Feld.' } });
    const list = await mount('earmark-hit-list', streetStore().store);
    await import('../../src/ui/tools/keyboard-help/keyboard-help.js');
    const help = await mount('earmark-keyboard-help', null);
    setStrings({});
    expect(within(list, '.head').textContent).to.contain('Stand').and.to.contain('Score');
    expect(within(help, '.note').textContent).to.equal('Tasten wirken in diesem Feld.');
  });
});
