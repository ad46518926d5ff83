import type { FromWorker, ToWorker } from '../../src/engine/protocol.js';

/** A worker that does what the test says. */
export class FakeWorker extends EventTarget {
  readonly received: ToWorker[] = [];
  terminated = false;

  postMessage(message: ToWorker): void {
    this.received.push(message);
  }

  terminate(): void {
    this.terminated = true;
  }

  reply(message: FromWorker): void {
    this.dispatchEvent(new MessageEvent('message', { data: message }));
  }

  /** Closes the newest request. */
  close(): void {
    this.reply({ job: this.received[this.received.length - 1].job, type: 'done' });
  }
}
