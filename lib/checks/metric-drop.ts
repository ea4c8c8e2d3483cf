import * as z from 'zod';
import { negativeBinomialLowerTail } from '../statistics/negative-binomial.ts';
import { roundP } from '../statistics/p-value.ts';
import { defineIncidentCheck, openingP, sharedLimits } from './incident-check.ts';

/** Days or weeks on which a metric stands below what weekday, trend and holidays explain. */
export const metricDrop = defineIncidentCheck({
  id: 'metric-drop',
  version: 1,
  direction: 'drop',
  question: 'What broke today?',
  messages: {
    day: '{metric}: {observed} on {from}; own history explains {expected}, ordinarily {low} to {high}.',
    days: '{metric}: {observed} from {from} to {until}; own history explains {expected}, ordinarily {low} to {high}.',
    rate: '{observed} leads came of {visits} visits from {from} to {until}; own history makes {expected} of so many, ordinarily {low} to {high}.',
  },
  innocent: [
    'an outage of the site, a form or the tag that the calendar does not hold',
    'an export that ended early or has not arrived in full',
    'a campaign that ended, or a holiday that no calendar knows',
  ],
  clears: 'the missing numbers delivered, or the outage entered in the calendar before it begins',
  explainedBy: ['outage', 'tracking_gap', 'holiday', 'definition_change'],
  policy: z.strictObject({
    ...sharedLimits,
    minDailyMean: z
      .number()
      .min(0)
      .default(6)
      .describe('least mean a day of the history for days to be tested; below it weeks are'),
    maxRatio: z.number().min(0).max(1).default(0.67).describe('largest observed over expected, a ratio'),
    minShortfall: z
      .number()
      .min(0)
      .default(5)
      .describe('least expected above observed, in units of the metric'),
  }),
  evaluate({ observed, expected, dispersion, series }, { falseAlerts, calmP, maxRatio, minShortfall }) {
    const p = roundP(negativeBinomialLowerTail(observed, expected, dispersion));
    const isFar = observed <= maxRatio * expected && expected - observed >= minShortfall;
    if (isFar && p <= openingP(falseAlerts, series)) return { standing: 'opens', p };
    if (p <= calmP) return { standing: 'holds', p };
    // Where even nothing at all would be ordinary, an ordinary day is no news: a quiet weekend ends no outage.
    return {
      standing: negativeBinomialLowerTail(0, expected, dispersion) <= calmP ? 'calm' : 'cannot_tell',
      p,
    };
  },
});
