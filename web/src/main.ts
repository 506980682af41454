import { App, appRoot } from './app';

declare global {
  interface Window {
    /** For tests and for the console; nothing of the page depends on it. */
    __spymaster?: App;
  }
}

const worker = new Worker(new URL('./wire/session_worker.ts', import.meta.url), { type: 'module' });
try {
  window.__spymaster = new App(appRoot(), worker);
} catch (error) {
  appRoot().textContent = error instanceof Error ? error.message : String(error);
}
