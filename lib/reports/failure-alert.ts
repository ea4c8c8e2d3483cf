import type { Day } from '../model/day.ts';
import type { Alert } from './alert.ts';
import { dayText } from './date-text.ts';
import { asciiLine, plainText } from './plain-text.ts';

/** A run that failed, or that lacks data it should have had. */
export interface FailedRun {
  readonly organisation: string;
  readonly id: string;
  readonly kind: 'daily' | 'weekly' | 'monthly';
  /** Date the run was scheduled for. */
  readonly scheduledFor: Day;
  /** The step that failed; null when all steps ran and only data are missing or refused. */
  readonly step: string | null;
  /** What went wrong, a line each. */
  readonly troubles: readonly string[];
}

/** A source whose next file is overdue. */
export interface LateSource {
  readonly organisation: string;
  readonly source: string;
  readonly dataset: string;
  /** Date its newest file arrived; null when none ever did. */
  readonly lastArrival: Day | null;
  /** Date the next one was due; null when none ever arrived. */
  readonly due: Day | null;
}

/** The machine's rendering of an alert about a run or a source. */
export interface FailureAlertDocument {
  readonly schema: 'bonafide/alert/1';
  readonly kind: 'failure' | 'data' | 'late';
  readonly id: string;
  readonly subject: string;
  readonly next: string;
  readonly run: FailedRun | null;
  readonly source: LateSource | null;
}

const mostLines = 20;

/** One alert that the pipeline failed or data are missing, for whoever keeps it running; never about a number. */
export function failureAlert(run: FailedRun): Alert {
  const kind = run.step === null ? 'data' : 'failure';
  const id = `run@${run.id}@${kind}`;
  const what = run.step === null ? 'data missing or refused' : `failed at ${run.step}`;
  const lines = run.troubles.slice(0, mostLines).map((line) => `- ${plainText(line, 500)}`);
  const left = run.troubles.length - lines.length;
  const next =
    kind === 'data'
      ? 'deliver what is missing or corrected; the next run takes it up. Numbers without data are held, not judged.'
      : 'see the runbook, then run it again; a repeated run changes nothing twice.';
  return made({
    id,
    about: `run@${run.id}`,
    organisation: run.organisation,
    subject: `[${kind === 'data' ? 'DATA' : 'FAILED'}] ${run.kind} run ${run.scheduledFor}: ${what}`,
    lines: [`Run ${plainText(run.id, 120)}.`, ...lines, ...(left > 0 ? [`- and ${left} more`] : [])],
    next,
    short: `${run.kind} run ${run.scheduledFor} ${what}. ${plainText(run.troubles[0] ?? '', 80)}`,
    json: {
      schema: 'bonafide/alert/1',
      kind,
      run: { ...run, troubles: run.troubles.slice(0, mostLines) },
      source: null,
    },
  });
}

/** One alert that a file did not arrive when it was due; the same id until another one has arrived. */
export function lateSourceAlert(late: LateSource): Alert {
  const { source, dataset, lastArrival, due } = late;
  const last =
    lastArrival === null ? 'none ever arrived' : `the last one arrived on ${dayText(lastArrival, '')}`;
  const missing = due === null ? 'files are expected' : `a file was due on ${dayText(due, '')}`;
  return made({
    id: `late@${source}@${dataset}@${lastArrival ?? 'never'}`,
    about: `late@${source}@${dataset}`,
    organisation: late.organisation,
    subject: `[LATE] ${source}: ${dataset} ${due === null ? 'never arrived' : `were due on ${due}`}`,
    lines: [`${plainText(source, 64)} (${plainText(dataset, 64)}): ${missing}; ${last}.`],
    next: 'ask whoever delivers it; days without data are missing, never zero, and what rests on them is held.',
    short: `${source} (${dataset}) is late: ${missing}; ${last}.`,
    json: { schema: 'bonafide/alert/1', kind: 'late', run: null, source: late },
  });
}

function made(of: {
  readonly id: string;
  readonly about: string;
  readonly organisation: string;
  readonly subject: string;
  readonly lines: readonly string[];
  readonly next: string;
  readonly short: string;
  readonly json: Omit<FailureAlertDocument, 'id' | 'subject' | 'next'>;
}): Alert {
  const { id, about, next } = of;
  const subject = asciiLine(of.subject, 100);
  return {
    id,
    about,
    sequence: 0,
    topics: ['failures'],
    plan: null,
    subject,
    long: [subject, '', `${plainText(of.organisation, 120)}.`, ...of.lines, '', `Next: ${next}`, ''].join(
      '\n',
    ),
    short: plainText(`${plainText(of.organisation, 30)}: ${of.short}`, 160),
    next,
    keywords: [of.json.kind],
    json: { ...of.json, id, subject, next },
  };
}
