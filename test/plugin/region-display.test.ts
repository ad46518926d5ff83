import { expect } from '@open-wc/testing';
import { RegionDisplay } from '../../src/plugin/host/region-display.js';
import type { HostRegion } from '../../src/plugin/host/timeline-host.js';
import { waitUntil } from '../helpers/wait-until.js';

/** Milliseconds that a region takes, of the plugin's own work. */
const COST = 2;

function work(): void {
  const end = performance.now() + COST;
  while (performance.now() < end);
}

/** What is used of the Regions plugin, with regions that take their time. */
class SlowRegions {
  readonly regions = new Map<string, { start: number; end: number }>();
  display: RegionDisplay | null = null;

  readonly addRegion = ({ id, start, end }: HostRegion) => {
    work();
    const region = {
      start,
      end,
      setOptions: (change: { start?: number; end?: number }) => {
        work();
        Object.assign(region, change);
      },
      remove: () => {
        this.regions.delete(id);
        this.display?.forget(id);
      },
    };
    this.regions.set(id, region);
    return region;
  };

  get starts(): number[] {
    return [...this.regions.values()].map(({ start }) => start);
  }
}

const manyFrom = (first: number): HostRegion[] =>
  Array.from({ length: 60 }, (_, i) => ({
    id: `r${i}`,
    start: first + i,
    end: first + i + 0.5,
    label: 'dog bark',
    color: 'blue',
  }));

describe('regions in a host', () => {
  let plugin: SlowRegions;
  let display: RegionDisplay;

  beforeEach(() => {
    plugin = new SlowRegions();
    display = new RegionDisplay(plugin as never);
    plugin.display = display;
  });

  const longestOf = (wanted: readonly HostRegion[]): number => {
    const before = performance.now();
    display.show(wanted);
    return performance.now() - before;
  };

  it('leave the page time between them, and are all there in the end', async () => {
    expect(longestOf(manyFrom(0))).to.be.below(60);
    expect(plugin.starts).to.have.length.within(1, 30);
    await waitUntil('all are shown', () => plugin.starts.length === 60);
    expect(longestOf(manyFrom(100))).to.be.below(60);
    await waitUntil('all have moved', () => plugin.starts.every((start) => start >= 100));
    expect(plugin.starts).to.deep.equal(manyFrom(100).map(({ start }) => start));
  });

  it('are where they are wanted last, however many came between', async () => {
    for (const first of [0, 100, 200]) display.show(manyFrom(first));
    display.show(manyFrom(300).slice(10));
    await waitUntil('those that are wanted are shown', () => plugin.starts.length === 50);
    expect(plugin.starts.toSorted((a, b) => a - b)).to.deep.equal(
      manyFrom(300)
        .slice(10)
        .map(({ start }) => start),
    );
  });

  it('go at once', async () => {
    display.show(manyFrom(0));
    display.clear();
    expect(plugin.starts).to.deep.equal([]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(plugin.starts).to.deep.equal([]);
  });
});
