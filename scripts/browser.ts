import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge',
  'msedge',
];
const FIXED_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

const HOW_TO_INSTALL =
  'The tests need Chrome, Chromium or Edge. Install one, for example with "sudo apt-get install chromium" ' +
  '(Debian, Ubuntu) or "brew install --cask chromium" (macOS), or set CHROME_PATH to its program file.';

/** Flags for an unattended browser that talks to nobody outside. */
export const QUIET_FLAGS = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
];

/** WebGPU on the CPU: right results, no speed. */
export const SOFTWARE_WEBGPU_FLAGS = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Path of an installed Chrome, Chromium or Edge (`CHROME_PATH` first), or null. */
export function findBrowser(): string | null {
  const named = process.env['CHROME_PATH'];
  if (named !== undefined && named !== '') return named;
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const candidates = [...folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))), ...FIXED_PLACES];
  return candidates.find(isExecutable) ?? null;
}

function isDebian(): boolean {
  return (
    existsSync('/etc/os-release') && /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'))
  );
}

/**
 * A browser to test with. Where there is none it is installed if that can be done without asking: as root on Debian.
 *
 * @throws Error that says which command would install one
 */
export function ensureBrowser(): string {
  const found = findBrowser();
  if (found !== null) return found;
  if (isDebian() && process.getuid?.() === 0) {
    console.log("No Chrome, Chromium or Edge found: installing Debian's chromium.");
    const apt = (...words: string[]) =>
      execFileSync('apt-get', ['-qq', ...words], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    try {
      apt('update');
      apt('install', '-y', '--no-install-recommends', 'chromium');
    } catch (error) {
      throw new Error(HOW_TO_INSTALL, { cause: error });
    }
    const installed = findBrowser();
    if (installed !== null) return installed;
  }
  throw new Error(HOW_TO_INSTALL);
}
