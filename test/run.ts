// `npm test`: every test in the repository, in a real browser where they need one.
//
//   npm test                        all
//   npm test -- --group dsp         the browser tests of test/dsp only
//   npm test -- --group node|e2e    the Node tests, the end-to-end tests
//   npm test -- test/ui/*.test.ts   these files only
import { startTestRunner, type TestRunnerConfig, type TestSuiteResult } from '@web/test-runner';
import { playwrightLauncher } from '@web/test-runner-playwright';
import { build } from 'esbuild';
import { globSync } from 'glob';
import { rm } from 'node:fs/promises';
import { run as runNodeTests } from 'node:test';
import { buildAll } from '../esbuild.config.mjs';
import { ensureBrowser, QUIET_FLAGS, SOFTWARE_WEBGPU_FLAGS } from '../scripts/browser.js';

/** Lets a test collect garbage where it tests that nothing in use is collected. */
const GARBAGE_COLLECTION_FLAG = '--js-flags=--expose-gc';

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

const tally: Tally = { passed: 0, failed: 0, skipped: 0 };

function countSuite(suite: TestSuiteResult | undefined): void {
  for (const test of suite?.tests ?? []) {
    if (test.skipped) tally.skipped += 1;
    else if (test.passed) tally.passed += 1;
    else tally.failed += 1;
  }
  for (const inner of suite?.suites ?? []) countSuite(inner);
}

async function runBrowserTests(files: string[], executablePath: string): Promise<void> {
  await build({
    entryPoints: files,
    outdir: 'build/test',
    outbase: 'test',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    sourcemap: 'inline',
    logLevel: 'warning',
    loader: { '.json': 'json', '.tsv': 'text' },
  });
  const launcher = playwrightLauncher({
    launchOptions: { executablePath, args: [...QUIET_FLAGS, ...SOFTWARE_WEBGPU_FLAGS, GARBAGE_COLLECTION_FLAG] },
  });
  const config: Partial<TestRunnerConfig> = {
    files: files.map((file) => `build/${file.replace(/\.ts$/, '.js')}`),
    rootDir: process.cwd(),
    concurrency: 1,
    browsers: [launcher],
    browserStartTimeout: 60_000,
    testsStartTimeout: 60_000,
    testsFinishTimeout: 300_000,
    testFramework: { config: { timeout: 30_000 } },
  };
  const runner = await startTestRunner({ config, readCliArgs: false, readFileConfig: false, autoExitProcess: false });
  if (!runner) throw new Error('The browser test runner did not start.');
  await new Promise<void>((resolve) => {
    runner.on('finished', () => resolve());
  });
  for (const session of runner.sessions.all()) {
    countSuite(session.testResults);
    // What is thrown outside of a test belongs to none of them, and is a failure all the same.
    if (session.errors.length > 0) tally.failed += 1;
  }
  await runner.stop();
}

async function runInNode(files: string[], executablePath: string): Promise<void> {
  const outputs = files.map((file) => `build/${file.replace(/\.ts$/, '.mjs')}`);
  await build({
    entryPoints: files,
    outdir: 'build/test',
    outbase: 'test',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  process.env['CHROME_PATH'] = executablePath;
  const stream = runNodeTests({ files: outputs, concurrency: 1 });
  const isTest = (data: { details: { type?: string | undefined } }) => data.details.type !== 'suite';
  stream.on('test:pass', (data) => {
    if (!isTest(data) || outputs.some((file) => data.name.endsWith(file))) return;
    if (data.skip !== undefined && data.skip !== false) tally.skipped += 1;
    else tally.passed += 1;
    console.log(`  ${data.skip !== undefined && data.skip !== false ? '-' : '✓'} ${data.name}`);
  });
  stream.on('test:fail', (data) => {
    if (!isTest(data)) return;
    tally.failed += 1;
    console.log(`  ✗ ${data.name}\n`, data.details.error.cause ?? data.details.error);
  });
  stream.on('test:stderr', (data) => process.stderr.write(data.message));
  for await (const _ of stream) {
    // The stream has to be read for the run to go on.
  }
}

const words = process.argv.slice(2);
const groups = words.filter((_, i) => words[i - 1] === '--group');
const named = words.filter((word) => word.endsWith('.ts'));

/** The test files of a pattern that were asked for, by group or by name. */
function testFiles(pattern: string): string[] {
  const isAsked = (file: string) => named.includes(file) || groups.includes(file.split('/')[1]!);
  const isAll = groups.length + named.length === 0;
  return globSync(pattern)
    .sort()
    .filter((file) => isAll || isAsked(file));
}

const browserTests = testFiles('test/**/*.test.ts');
const executablePath = ensureBrowser();

await rm('build/test', { recursive: true, force: true });
await buildAll();
if (browserTests.length > 0) await runBrowserTests(browserTests, executablePath);
const nodeTests = testFiles('test/node/*.node.ts');
if (nodeTests.length > 0) await runInNode(nodeTests, executablePath);
const endToEndTests = testFiles('test/e2e/*.e2e.ts');
if (endToEndTests.length > 0) await runInNode(endToEndTests, executablePath);

console.log(`\n${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
process.exit(tally.failed > 0 || tally.passed === 0 ? 1 : 0);
