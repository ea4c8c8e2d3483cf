// What Lambda is to a function: imports `index.mjs` beside it and answers events, one at a time. Copied out of the tree
// with the bundle; the parent sends { id, event, now } and gets { id, result } or { id, error }.
const RealDate = Date;
let skew = 0;
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + skew] : given));
  }
  static now() {
    return RealDate.now() + skew;
  }
};

const failure = (error) => ({
  errorType: error?.name ?? 'Error',
  errorMessage: error?.message ?? String(error),
  trace: String(error?.stack ?? '').split('\n'),
});

let handler;
async function start() {
  const before = performance.now();
  ({ handler } = await import('./index.mjs'));
  return performance.now() - before;
}

process.on('message', async ({ id, event, now }) => {
  skew = RealDate.parse(now) - RealDate.now();
  try {
    const coldMilliseconds = handler ? null : await start();
    const result = await handler(event, {});
    process.send({ id, result: result ?? null, coldMilliseconds });
  } catch (error) {
    // What cannot be imported once never can in this process: Lambda ends it and starts another with the next event.
    process.send({ id, error: failure(error), isOver: !handler }, () => handler ?? process.exit(1));
  }
});
