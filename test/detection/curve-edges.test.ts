import { expect } from '@open-wc/testing';
import { drawInToCurve } from '../../src/detection/curve-edges.js';

describe('edges on the curve', () => {
  it('leaves a faint foot before an event outside', () => {
    const scores = Float32Array.of(0, 0.05, 0.05, 0.05, 0.9, 0.9, 0, 0);
    const { onset, offset } = drawInToCurve(scores, { onset: 1, offset: 6 });
    expect(onset).to.be.within(3.5, 4.5);
    expect(offset).to.be.within(5.5, 6);
  });

  it('puts the edge of a blurred event between the frames, in proportion', () => {
    const scores = Float32Array.of(0, 0.2, 1, 1, 0.2, 0);
    const { onset, offset } = drawInToCurve(scores, { onset: 0, offset: 6 });
    // .4 of the peak lies a quarter of the way from .2 to 1.
    expect(onset).to.be.closeTo(1.75, 1e-6);
    expect(offset).to.be.closeTo(4.25, 1e-6);
  });

  it('never draws out, and never leaves nothing', () => {
    const scores = Float32Array.of(0.5, 0.5, 0.5, 0.5);
    expect(drawInToCurve(scores, { onset: 1, offset: 3 })).to.deep.equal({ onset: 1, offset: 3 });
    const spike = drawInToCurve(Float32Array.of(0, 0, 1, 0, 0), { onset: 0, offset: 5 });
    expect(spike.offset - spike.onset).to.be.greaterThan(0.5);
    const silence = drawInToCurve(new Float32Array(4), { onset: 0, offset: 4 });
    expect(silence).to.deep.equal({ onset: 0, offset: 4 });
  });

  it('keeps weak parts in the middle of an event', () => {
    const scores = Float32Array.of(0, 0.9, 0.2, 0.9, 0);
    const { onset, offset } = drawInToCurve(scores, { onset: 1, offset: 4 });
    expect([onset, offset]).to.deep.equal([1, 4]);
  });
});
