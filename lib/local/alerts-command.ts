import { join, resolve } from 'node:path';
import type { Config } from '../model/config.ts';
import { tell } from '../pipeline/outbox.ts';
import { snoozesChain, snoozesOn } from '../pipeline/snooze.ts';
import type { Alert } from '../reports/alert.ts';
import { testAlert } from '../reports/test-alert.ts';
import { withLeftByRun } from './left-by-run.ts';
import { exitCodes, type Stage, UserError } from './stage.ts';

export interface AlertsOptions {
  readonly test?: boolean;
  readonly json?: boolean;
  readonly out: string;
}

/**
 * Lists the alerts that were sent and the snoozes in force, or sends a test message to each kind of reader.
 * @throws {UserError} `--test`, and the configuration names no recipient.
 */
export async function alerts(options: AlertsOptions, stage: Stage): Promise<number> {
  return withLeftByRun(stage, join(resolve(stage.cwd, options.out), 'alerts'), async ({ ports, asOf }) => {
    if (options.test) {
      const tests = testAlerts(ports.config, stage.now().toISOString());
      if (tests.length === 0)
        throw new UserError('"alerts:" in the configuration names no recipient to test');
      for (const test of tests) await tell(test, ports);
      stage.out(tests.map(({ subject, id }) => `${subject}  ${id}`).join('\n'));
      return exitCodes.clear;
    }
    const sent = await ports.flags.sentAlerts();
    const snoozes = [...snoozesOn(asOf, await ports.ledger.read(snoozesChain)).values()];
    if (options.json) {
      stage.out(JSON.stringify({ sent, snoozes }, null, 2));
      return exitCodes.clear;
    }
    const lines = sent.map((one) => `${one.asOf}  ${one.subject}${one.within ? `  (in ${one.within})` : ''}`);
    stage.out(
      [
        ...(lines.length > 0 ? lines : ['No alert was sent.']),
        ...snoozes.map((s) => `Silent until ${s.until}: ${s.about}, ${s.reason} (${s.by})`),
      ].join('\n'),
    );
    return exitCodes.clear;
  });
}

/** A test message for each kind of reader that has recipients. */
function testAlerts(config: Config, at: string): Alert[] {
  const { owners, slack, ...readers } = config.alerts;
  const kinds = (['finance', 'operations', 'leadership', 'failures'] as const).filter(
    (kind) => readers[kind].length > 0,
  );
  const plans = config.plans.map(({ id }) => id).filter((id) => (owners[id] ?? []).length > 0);
  return [
    ...kinds.map((kind) => testAlert(config.organisation, kind, null, at)),
    ...plans.map((plan) => testAlert(config.organisation, 'owner', plan, at)),
    ...(slack ? [testAlert(config.organisation, 'chat', null, at)] : []),
  ];
}
