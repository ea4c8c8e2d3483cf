/**
 * The embedded servers in a process of their own, so that the time of a handler holds none of theirs. Started by
 * `measured-run.ts`; every message is answered with what was called since the one before.
 */
import { startEmbedded } from '../lib/local/embedded.ts';
import { tableDefinitions } from '../lib/store/keys.ts';
import type { Calls, Endpoints } from './measured-run.ts';

const state = process.argv[2]!;
let calls: Record<string, { count: number; units: number; received: number; sent: number }> = {};

const world = await startEmbedded({
  state,
  alerts: `${state}/alerts`,
  buckets: ['data', 'evidence', 'reports', 'config'],
  writeOnce: ['evidence'],
  topics: ['finance', 'operations', 'leadership', 'failures', 'owner'].map(
    (name) => `arn:aws:sns:us-east-1:000000000000:${name}`,
  ),
  tables: tableDefinitions,
  onAnswer({ service, action }, { received, sent }) {
    const name = `${service}:${action}`;
    calls[name] ??= { count: 0, units: 0, received: 0, sent: 0 };
    const own = calls[name];
    own.count += 1;
    own.received += received;
    own.sent += sent;
    // Consistent reads are billed by 4 KB, writes by 1 KB; what goes over the wire is more than the items themselves.
    own.units += Math.ceil((/Get|Query/.test(action) ? sent / 4 : received) / 1024);
  },
});

process.on('message', () => {
  process.send!(calls satisfies Calls);
  calls = {};
});
process.on('disconnect', () => void world.close().then(() => process.exit(0)));
const { dynamodb, s3, sns, events } = world;
process.send!({ dynamodb, s3, sns, events } satisfies Endpoints);
