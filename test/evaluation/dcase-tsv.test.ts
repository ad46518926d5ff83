import { expect } from '@open-wc/testing';
import { DcaseTsvError, parseDcaseTsv } from '../../src/evaluation/dcase-tsv.js';

const HEADER = 'filename\tonset\toffset\tevent_label';

function errorOf(text: string): DcaseTsvError {
  try {
    parseDcaseTsv(text);
  } catch (error) {
    if (error instanceof DcaseTsvError) return error;
    throw error;
  }
  throw new Error('The file was accepted.');
}

describe('ground truth file', () => {
  it('reads events, with underscores of labels as spaces', () => {
    expect(parseDcaseTsv(`${HEADER}\na.flac\t0.5\t1.25\tdog_bark\na.flac\t2\t3\tbell\n`)).to.deep.equal({
      filenames: ['a.flac'],
      labels: ['bell', 'dog bark'],
      events: [
        { filename: 'a.flac', start: 0.5, end: 1.25, label: 'dog bark' },
        { filename: 'a.flac', start: 2, end: 3, label: 'bell' },
      ],
    });
  });

  it('reads what spreadsheets make of it: byte order mark, CRLF, blank lines, other columns, another order', () => {
    const text = '\uFEFFevent_label\tonset\toffset\tnote\tfilename\r\nbark\t1\t2\tloud\tb.wav\r\n\r\n';
    expect(parseDcaseTsv(text).events).to.deep.equal([{ filename: 'b.wav', start: 1, end: 2, label: 'bark' }]);
  });

  it('takes a row with nothing but a file name for a recording without events', () => {
    for (const row of ['quiet.wav', 'quiet.wav\t\t\t']) {
      expect(parseDcaseTsv(`${HEADER}\n${row}`)).to.deep.equal({ filenames: ['quiet.wav'], labels: [], events: [] });
    }
  });

  const refused: [what: string, text: string, line: number, message: RegExp][] = [
    ['an empty file', '', 1, /filename, onset, offset, event_label are missing/],
    ['a missing header', 'a.wav\t1\t2\tbark', 1, /first line has to name the columns/],
    ['a missing column', 'filename\tonset\toffset', 1, /event_label is missing/],
    ['a time that is no number', `${HEADER}\na.wav\t1\t2\tbark\na.wav\t1,5\t2\tbark`, 3, /onset .* not "1,5"/],
    ['a missing offset', `${HEADER}\na.wav\t1\t\tbark`, 2, /offset .* not ""/],
    ['a negative time', `${HEADER}\na.wav\t-1\t2\tbark`, 2, /onset .* not "-1"/],
    ['an infinite time', `${HEADER}\na.wav\t1\tInfinity\tbark`, 2, /offset/],
    ['an event that ends before it starts', `${HEADER}\r\n\r\na.wav\t2\t1\tbark`, 3, /ends at 1 s but starts at 2 s/],
    ['a missing file name', `${HEADER}\n\t1\t2\tbark`, 2, /file name is missing/],
    ['a missing label', `${HEADER}\na.wav\t1\t2\t`, 2, /event label is missing/],
  ];
  for (const [what, text, line, message] of refused) {
    it(`refuses ${what} and says where`, () => {
      const error = errorOf(text);
      expect(error.line).to.equal(line);
      expect(error.message).to.match(message).and.contain(`line ${line}: `);
    });
  }
});
