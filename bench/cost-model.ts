import type { Calls, Measured, StepCost } from './measured-run.ts';
import prices from './prices-2026-11.json' with { type: 'json' };

/** What is paid whether anything runs or not, counted in the synthesized template. */
export interface Fixed {
  readonly keys: number;
  readonly secrets: number;
  readonly dashboards: number;
  /** Metrics that alarms read: an alarm is paid by them. */
  readonly alarmMetrics: number;
  readonly ownMetrics: number;
  /** Step -> memory of its function. */
  readonly memoryMb: Readonly<Record<string, number>>;
}

/** A company by what the cost depends on. */
export interface Load {
  readonly plans: number;
  /** Landed a day, plain. */
  readonly gbPerDay: number;
}

/** One step of one run: numbers that are interpolated between measurements. */
interface Vector {
  readonly cpuSeconds: number;
  readonly peakMb: number;
  readonly payloadBytes: number;
  readonly requests: number;
  readonly s3Puts: number;
  readonly s3Gets: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly putBytes: number;
}

const ofOneCall: readonly string[] = ['cpuSeconds', 'peakMb', 'payloadBytes'] satisfies (keyof Vector)[];
const names: readonly (keyof Vector)[] = [
  'cpuSeconds',
  'peakMb',
  'payloadBytes',
  'requests',
  's3Puts',
  's3Gets',
  'readUnits',
  'writeUnits',
  'putBytes',
];

/** One step of a load: what it takes in a run, and whether that fits. */
export interface StepEstimate extends Vector {
  readonly step: string;
  readonly invocations: number;
  /** Of the longest call. */
  readonly seconds: number;
  readonly memoryMb: number;
  /** Which limit it passes; null when it fits. */
  readonly passes: 'time' | 'memory' | null;
}

export interface Estimate {
  readonly load: Load;
  readonly units: number;
  readonly steps: readonly StepEstimate[];
  /** Of a run whose deliveries and units are worked on `concurrency` at a time. */
  readonly seconds: number;
  /** USD a month by item. */
  readonly usd: Readonly<Record<string, number>>;
  readonly total: number;
}

export const plansPerUnit = 50;
/** Of what is exported a day, in bytes: leads and SQLs; the rest is traffic. */
export const peopleShare = 0.2;
/** Of the stack's default. */
export const concurrency = 20;
/** Landing in days: in S3 Standard, and altogether. */
const landing = { warm: 30, all: 400 };
/** How long an object below runs/ is kept, and an evidence object is counted here, in days. */
const kept = { runs: 90, evidence: 400, replaced: 30, accessLog: 400 };
/** Seconds a request to S3 or DynamoDB takes inside a region; the steps mostly make one after the other. */
export const requestSeconds = 0.015;
/** Memory at which a function has one whole processor. */
const wholeProcessorMb = 1769;
const daysAMonth = 365 / 12;
/** Every run does the daily part: daily, weekly and monthly ones. */
const runsAMonth = daysAMonth + 52 / 12 + 1;
const timesAMonth: Readonly<Record<string, number>> = { report: 52 / 12, close: 1 };

/** Bytes written to the log: of a function's call with the lines Lambda adds, and of a state of the machine. */
const logBytes = { invocation: 2500, state: 1500 };
/** Of one request in the access log. */
const accessLogBytes = 600;
/** Requests to KMS of one invocation: one a service it uses; bucket keys save the rest. */
const keyRequests = 4;

/**
 * What a load costs a month in steady state, by straight lines through the measured runs: each step's requests, processor
 * seconds and memory as a plane over plans of a unit and megabytes of its people, with the two together, and a line over
 * megabytes of traffic.
 *
 * @param measured one unit: few plans, many plans, many people, both; then several units; then much traffic.
 */
export function estimate(load: Load, measured: readonly Measured[], fixed: Fixed): Estimate {
  const units = Math.ceil(load.plans / plansPerUnit);
  const people = load.gbPerDay * 1000 * peopleShare;
  const traffic = load.gbPerDay * 1000 - people;
  const plane = planeOf(measured);
  const foreign = perForeignMb(measured);
  const rows = perTrafficMb(measured);
  /** A step whose work is that of its plans alone. */
  const judged = (step: string) => plane(step, { plans: load.plans, mb: peopleMb(measured[0]!) });
  const withTraffic = (step: string, vector: Vector, mb: number) => plus(vector, times(rows(step), mb));
  const ofUnit = plane('cross-check', { plans: load.plans / units, mb: people / units });
  const ofAll = plane('report', { plans: load.plans, mb: people });
  const at: Readonly<Record<string, [invocations: number, Vector]>> = {
    plan: [1, judged('plan')],
    ingest: [3, withTraffic('ingest', plane('ingest', { plans: 1, mb: people }), traffic)],
    // A unit reads the records of all of them, and the counts of its own.
    'cross-check': [
      units,
      withTraffic('cross-check', plus(ofUnit, times(foreign, people - people / units)), traffic / units),
    ],
    flag: [1, judged('flag')],
    alert: [1, judged('alert')],
    report: [1, withTraffic('report', plus(ofAll, times(foreign, (units - 1) * people)), traffic)],
    close: [1, judged('close')],
  };
  const steps = Object.entries(at).map(([step, [invocations, vector]]): StepEstimate => {
    const memoryMb = fixed.memoryMb[step]!;
    // Three deliveries share what was measured of all of them.
    const requests = step === 'ingest' ? vector.requests / 3 : vector.requests;
    const seconds =
      (vector.cpuSeconds * wholeProcessorMb) / Math.min(memoryMb, wholeProcessorMb) +
      requests * requestSeconds;
    const passes =
      seconds > prices.quotas.lambdaSeconds ? 'time' : vector.peakMb > memoryMb ? 'memory' : null;
    return { step, invocations, seconds, memoryMb, passes, ...vector };
  });
  const sum = (of: (step: StepEstimate) => number) =>
    steps.reduce((all, step) => all + of(step) * (timesAMonth[step.step] ?? runsAMonth), 0);
  // What was measured of ingest is of all its calls, of a unit of one.
  const calls = (of: (step: StepEstimate) => number) =>
    sum((step) => of(step) * (step.step === 'cross-check' ? step.invocations : 1));
  const states = 9 + 2 * (3 + units);
  const gb = (bytes: number) => bytes / 1e9;
  const stored = storedBytes(load, units, measured);
  const replaced = (kept.replaced * at.ingest![1].putBytes * runsAMonth) / daysAMonth;
  const logged = (calls((s) => s.s3Puts + s.s3Gets) / daysAMonth) * kept.accessLog * accessLogBytes;
  const usd = {
    'KMS key, rotated twice and more':
      fixed.keys * (prices.keyMonth + prices.keyRotationMonth * prices.keyRotationsPaid),
    'Secrets Manager': fixed.secrets * prices.secretMonth,
    'CloudWatch alarms': fixed.alarmMetrics * prices.alarmMetricMonth,
    // Paid by the hour in which one is sent: an hour a run.
    'CloudWatch metrics of our own':
      (fixed.ownMetrics * prices.ownMetricMonth * runsAMonth) / (daysAMonth * 24),
    'CloudWatch dashboard': Math.max(0, fixed.dashboards - prices.freeDashboards) * prices.dashboardMonth,
    Lambda:
      sum((s) => s.invocations * prices.lambdaRequest) +
      sum((s) => s.invocations * s.seconds * (s.memoryMb / 1024) * prices.lambdaGbSecondArm),
    'Step Functions': runsAMonth * states * prices.statesTransition,
    'S3 requests':
      calls((s) => s.s3Puts) * prices.s3Put +
      calls((s) => s.s3Gets) * prices.s3Get +
      daysAMonth * 3 * (prices.s3Put + prices.s3ToCold),
    'DynamoDB requests':
      calls((s) => s.readUnits) * prices.dynamoReadUnit + calls((s) => s.writeUnits) * prices.dynamoWriteUnit,
    'S3 storage: landing':
      load.gbPerDay *
      (landing.warm * prices.s3StandardGbMonth + (landing.all - landing.warm) * prices.s3ColdGbMonth),
    'S3 storage: the rest':
      gb(stored.records + stored.evidence + stored.runs + replaced + logged) * prices.s3StandardGbMonth,
    'DynamoDB storage and restore': gb(stored.tables) * (prices.dynamoGbMonth + prices.dynamoRestoreGbMonth),
    'Logs, traces, mails, key requests':
      gb(runsAMonth * (states * logBytes.state) + sum((s) => s.invocations) * logBytes.invocation) *
        (prices.logGb + 12 * prices.logGbMonth) +
      runsAMonth * prices.trace +
      Math.min(load.plans, 100) * 3 * prices.snsMail +
      sum((s) => s.invocations) * keyRequests * prices.keyRequest,
  };
  const seconds = steps.reduce((all, { step, invocations, seconds: one }) => {
    if (step === 'report' || step === 'close') return all;
    return all + one * Math.ceil(invocations / concurrency);
  }, 0);
  return { load, units, steps, seconds, usd, total: Object.values(usd).reduce((a, b) => a + b, 0) };
}

/** Bytes at rest: by plans for what is judged, by megabytes for what is counted and kept. */
function storedBytes({ plans, gbPerDay }: Load, units: number, measured: readonly Measured[]) {
  const [few, many, large, , , rows] = measured as [
    Measured,
    Measured,
    Measured,
    Measured,
    Measured,
    Measured,
  ];
  const ofPlans = (of: (one: Measured) => number) =>
    Math.max(0, (plans * (of(many) - of(few))) / (many.scale.plans - few.scale.plans));
  const people = gbPerDay * 1000 * peopleShare;
  const countsPerMb = (rows.tableBytes - few.tableBytes) / (trafficMb(rows) - trafficMb(few));
  return {
    records: (people * large.stored.records[0]) / peopleMb(large),
    evidence: ofPlans((m) => m.stored.evidence[0] + kept.evidence * m.stored.evidence[1]),
    runs: kept.runs * ofPlans((m) => m.stored.runs[1]),
    tables: few.tableBytes * units + ofPlans((m) => m.tableBytes) + countsPerMb * (gbPerDay * 1000 - people),
  };
}

function peopleMb({ exported }: Measured): number {
  return exported.people / 1e6;
}

function trafficMb({ exported }: Measured): number {
  return exported.traffic / 1e6;
}

/** A plane, with its twist, through the four measured corners. */
function planeOf(measured: readonly Measured[]) {
  const [few, many, large, both] = measured as [Measured, Measured, Measured, Measured];
  const plansFrom = few.scale.plans;
  const plansTo = many.scale.plans;
  const mbFrom = peopleMb(few);
  const mbTo = peopleMb(large);
  return (step: string, { plans, mb }: { plans: number; mb: number }): Vector => {
    const x = (plans - plansFrom) / (plansTo - plansFrom);
    const y = Math.max(0, (mb - mbFrom) / (mbTo - mbFrom));
    const [a, b, c, d] = [few, many, large, both].map((one) => vectorOf(one.run[step]!));
    return each((name) => {
      // Noise must not make more work cheaper.
      const byPlans = Math.max(0, b![name] - a![name]);
      const byMb = Math.max(0, c![name] - a![name]);
      const twist = Math.max(0, d![name] - a![name] - byPlans - byMb);
      return Math.max(0, a![name] + byPlans * x + byMb * y + twist * x * y);
    });
  };
}

/** What a unit's step takes more for every megabyte of people of other units. */
function perForeignMb(measured: readonly Measured[]): Vector {
  const [alone, several] = [measured[0]!, measured[4]!];
  const mb = peopleMb(several) - peopleMb(several) / several.scale.units;
  const one = vectorOf(alone.run['cross-check']!);
  const other = vectorOf(several.run['cross-check']!);
  return each((name) => {
    // Seconds and memory are of the longest call, requests of all of them.
    const calls = ofOneCall.includes(name) ? 1 : several.scale.units;
    return Math.max(0, other[name] / calls - one[name]) / mb;
  });
}

/** What a step takes more for every megabyte of traffic. */
function perTrafficMb(measured: readonly Measured[]) {
  const [little, much] = [measured[0]!, measured[5]!];
  const mb = trafficMb(much) - trafficMb(little);
  return (step: string): Vector => {
    const [a, b] = [vectorOf(little.run[step]!), vectorOf(much.run[step]!)];
    return each((name) => Math.max(0, b[name] - a[name]) / mb);
  };
}

function vectorOf({ cpuSeconds, peakMb, payloadBytes, calls }: StepCost): Vector {
  const total = (pattern: RegExp, of: (call: Calls[string]) => number) =>
    Object.entries(calls).reduce((sum, [name, call]) => sum + (pattern.test(name) ? of(call) : 0), 0);
  return {
    cpuSeconds,
    peakMb,
    payloadBytes,
    requests: total(/./, ({ count }) => count),
    s3Puts: total(/^s3:(Put|List)/, ({ count }) => count),
    s3Gets: total(/^s3:(Get|Head)/, ({ count }) => count),
    readUnits: total(/^dynamodb:(Get|Query)/, ({ units }) => units),
    writeUnits: total(/^dynamodb:(Put|Batch)/, ({ units }) => units),
    putBytes: total(/^s3:Put/, ({ received }) => received),
  };
}

function each(of: (name: keyof Vector) => number): Vector {
  return Object.fromEntries(names.map((name) => [name, of(name)])) as unknown as Vector;
}

function plus(a: Vector, b: Vector): Vector {
  return each((name) => a[name] + b[name]);
}

function times(a: Vector, factor: number): Vector {
  return each((name) => a[name] * factor);
}
