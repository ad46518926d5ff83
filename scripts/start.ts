// `npm start`: builds the demo and serves it until interrupted.
import { buildAll } from '../esbuild.config.mjs';
import { startStaticServer } from './static-server.js';

const wanted = Number(process.env['PORT'] ?? 8000);
await buildAll();
const server = await startStaticServer('site', { port: wanted }).catch((error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error;
  return startStaticServer('site');
});
console.log(
  `\n  Earmark is at ${server.origin}/\n  (a bare editor with the plugin: ${server.origin}/embed.html; stop with Ctrl+C)\n`,
);
