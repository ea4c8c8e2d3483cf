#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';

/** The command: arguments, progress and exit codes; what it does lies in `lib/local`. */
const program = new Command('bonafide')
  .description('May this number be paid on? Cross-checks traffic, leads and SQLs, and says so with evidence.')
  .showHelpAfterError('(run "bonafide --help" for what there is)')
  .exitOverride()
  .configureHelp({ sortSubcommands: false });

const config = () => new Option('-c, --config <file>', 'configuration').default('bonafide.yaml');
const folder = () => new Option('-d, --data <dir>', 'folder of dataset files').default('.');
const out = () => new Option('-o, --out <dir>', 'where the output goes').default('out');
const asOf = () =>
  new Option('--as-of <date>', 'judging date YYYY-MM-DD; by default the newest date in the data');
const json = () => new Option('--json', 'print machine output to stdout');

const exit =
  <A extends unknown[]>(action: (...args: A) => Promise<number>) =>
  async (...args: A) => {
    process.exitCode = await action(...args);
  };

program
  .command('demo')
  .description('the example plan through the whole pipeline: what it finds and where the report lies')
  .action(exit(async () => (await import('../lib/local/demo-command.ts')).demo(stage())));
program
  .command('init [dir]')
  .description('write a commented bonafide.yaml and sample data')
  .action(
    exit(async (dir: string = '.') => (await import('../lib/local/init-command.ts')).init(dir, stage())),
  );
program
  .command('run')
  .description('the daily job on a folder of dataset files, then the weekly report')
  .addOption(config())
  .addOption(folder())
  .addOption(out())
  .addOption(asOf())
  .addOption(json())
  .action(exit(async (o) => (await import('../lib/local/run-command.ts')).run(o, stage())));
program
  .command('explain <flag>')
  .description('why a flag was raised; a flag is PLAN/KPI/PERIOD or PLAN/KPI/UNIT/PERIOD')
  .addOption(json())
  .action(
    exit(async (flag: string, o) =>
      (await import('../lib/local/explain-command.ts')).explain(flag, o, stage()),
    ),
  );
program
  .command('close <period>')
  .description('seal a ripe period for good, open flags included, and write its statements and payroll feed')
  .option('--preview', 'only write them as they stand; nothing is sealed')
  .addOption(out())
  .addOption(json())
  .action(
    exit(async (period: string, o) =>
      (await import('../lib/local/close-command.ts')).closePeriod(period, o, stage()),
    ),
  );
program
  .command('decide <flag>')
  .description('reply to a flag, propose a decision on it, or approve one as the second person')
  .option('--clear', 'propose that all of it counts')
  .option('--confirm', 'propose that only what is verified counts')
  .option('--partly <value>', 'propose that this much counts')
  .option('--approve', 'approve what another person proposed')
  .option('--reply <text>', 'answer before the decision')
  .option('--attach <file...>', 'files that support a reply; kept as evidence')
  .option(
    '--reason <code>',
    'planned_activity, tracking_break, definition_change, data_error, duplicate, invalid_traffic, not_accepted, other',
  )
  .option('--comment <text>', 'why')
  .option('--by <person>', 'who acts')
  .option('--side <side>', 'whom the person acts for: marketing, sales, finance', 'finance')
  .option('--instead', 'in place of a proposal or decision that stands')
  .addOption(json())
  .action(
    exit(async (flag: string, o) =>
      (await import('../lib/local/decide-command.ts')).decideFlag(flag, o, stage()),
    ),
  );
program
  .command('snooze <flag|incident>')
  .description('let no alert about one thing go out until a date; flag and money stay as they are')
  .requiredOption('--until <date>', 'first day on which alerts go out again, YYYY-MM-DD')
  .requiredOption('--reason <text>', 'why')
  .requiredOption('--by <who>', 'who says so')
  .action(
    exit(async (what: string, o) =>
      (await import('../lib/local/snooze-command.ts')).snooze(what, o, stage()),
    ),
  );
program
  .command('note <text>')
  .description('enter what happens in the calendar, declared now; only what is declared beforehand explains')
  .requiredOption('--from <date>', 'first day, YYYY-MM-DD')
  .option('--to <date>', 'last day, included; by default the first')
  .requiredOption('--kind <kind>', 'campaign, holiday, outage, tracking_gap, definition_change')
  .requiredOption('--by <who>', 'who says so; kept as a keyed hash')
  .option('--channel <channel>', 'only this channel')
  .option('--source <source>', 'only this traffic source')
  .option('--metric <metric>', 'only this metric, such as visitors or leads')
  .option('--unit <unit>', 'only this unit')
  .action(
    exit(async (text: string, o) =>
      (await import('../lib/local/note-command.ts')).makeNote(text, o, stage()),
    ),
  );
program
  .command('alerts')
  .description('list the alerts that were sent')
  .option('--test', 'send a marked test message to each kind of reader that has recipients')
  .addOption(out())
  .addOption(json())
  .action(exit(async (o) => (await import('../lib/local/alerts-command.ts')).alerts(o, stage())));
program
  .command('validate')
  .description('check the configuration, and the data if a folder is given')
  .addOption(config())
  .option('-d, --data <dir>', 'folder of dataset files')
  .addOption(json())
  .action(exit(async (o) => (await import('../lib/local/validate-command.ts')).validate(o, stage())));
program
  .command('lint-plan')
  .description('what the plans themselves get wrong, with a block that could stand instead')
  .addOption(config())
  .option('-d, --data <dir>', 'folder of dataset files: holds targets and weights against history')
  .addOption(asOf())
  .addOption(json())
  .action(exit(async (o) => (await import('../lib/local/lint-plan-command.ts')).lintPlan(o, stage())));
program
  .command('backtest')
  .description('replay history in memory, without a store: writes flags.json')
  .addOption(config())
  .addOption(folder())
  .addOption(out())
  .addOption(asOf())
  .addOption(json())
  .action(exit(async (o) => (await import('../lib/local/backtest-command.ts')).backtest(o, stage())));
program
  .command('calibrate')
  .description('estimate how often statistics alone would raise a false suspect; run and backtest use it')
  .addOption(config())
  .addOption(folder())
  .addOption(asOf())
  .addOption(json())
  .action(exit(async (o) => (await import('../lib/local/calibrate-command.ts')).calibration(o, stage())));
program
  .command('report')
  .description('write the weekly report again from what a run left')
  .addOption(out())
  .addOption(json())
  .action(exit(async (o) => (await import('../lib/local/report-command.ts')).report(o, stage())));
program
  .command('verify [dir]')
  .description('recompute the evidence and name the first broken link')
  .addOption(json())
  .action(
    exit(async (dir: string | undefined, o) =>
      (await import('../lib/local/verify-command.ts')).verify(dir, o, stage()),
    ),
  );

/** What enters from outside: the clock, the folder, the streams. */
function stage() {
  return {
    cwd: process.cwd(),
    now: () => new Date(),
    out: (text: string) => process.stdout.write(`${text}\n`),
    err: (text: string) => process.stderr.write(`${text}\n`),
    isTerminal: process.stderr.isTTY === true,
    env: process.env,
  };
}

async function tell(error: unknown) {
  const { errorText } = await import('../lib/local/error-text.ts');
  process.stderr.write(`${errorText(error, process.cwd())}\n`);
  if (process.env.BONAFIDE_DEBUG) process.stderr.write(`${error instanceof Error ? error.stack : ''}\n`);
  process.exitCode = 3;
}

// The embedded tables throw where no one can catch it when they cannot write.
process.once('uncaughtException', (error) => tell(error).finally(() => process.exit(3)));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 3;
  else await tell(error);
}
