/**
 * Names of the metrics that every run emits and the alarms watch; the steps write them, the stack reads them.
 */
export const vitalMetrics = [
  'HoursSinceDailyRun',
  'HoursSinceWeeklyRun',
  'HoursSinceMonthlyRun',
  'LateSources',
  'QuarantinedPercent',
  'MissedCanaries',
] as const;
export type VitalMetric = (typeof vitalMetrics)[number];

/** Namespace of the metrics. */
export const vitalNamespace = 'Bonafide';
/** Their one dimension, named by the library that writes them: which pipeline of the account they are about. */
export const vitalDimension = 'service';
