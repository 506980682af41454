import { defineConfig } from 'vite';
import { formulaPagePlugin } from './formula_page.ts';

// `npm run dev` talks to a server started with `spymaster serve` on its usual port.
const server = process.env.SPYMASTER_URL ?? 'http://127.0.0.1:8001';

export default defineConfig({
  base: './',
  plugins: [formulaPagePlugin()],
  build: { target: 'es2022', outDir: 'dist', sourcemap: true },
  worker: { format: 'es' },
  server: { port: 5174, proxy: { '/v1': { target: server, ws: true }, '/health': server } },
});
