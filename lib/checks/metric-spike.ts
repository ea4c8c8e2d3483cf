import * as z from 'zod';
import { negativeBinomialUpperTail } from '../statistics/negative-binomial.ts';
import { roundP } from '../statistics/p-value.ts';
import { defineIncidentCheck, openingP, sharedLimits } from './incident-check.ts';

/** Days or weeks on which a metric stands above what weekday, trend and holidays explain. */
export const metricSpike = defineIncidentCheck({
  id: 'metric-spike',
  version: 1,
  direction: 'spike',
  question: 'What broke today?',
  messages: {
    day: '{metric}: {observed} on {from}; own history explains {expected}, ordinarily {low} to {high}.',
    days: '{metric}: {observed} from {from} to {until}; own history explains {expected}, ordinarily {low} to {high}.',
    rate: '{observed} leads came of {visits} visits from {from} to {until}; own history makes {expected} of so many, ordinarily {low} to {high}.',
  },
  innocent: [
    'a campaign, a press mention or an event that the calendar does not hold',
    'numbers sent in a batch, so that one day holds those of several',
    'a crawler, or a tag that fires twice',
  ],
  clears: 'what leads and engagement say about the same days, or a calendar entry declared before them',
  explainedBy: ['campaign', 'definition_change'],
  policy: z.strictObject({
    ...sharedLimits,
    minDailyMean: z
      .number()
      .min(0)
      .default(1)
      .describe('least mean a day of the history for days to be tested; below it weeks are'),
    minRatio: z.number().min(1).default(1.5).describe('least observed over expected, a ratio'),
    minExcess: z
      .number()
      .min(0)
      .default(10)
      .describe('least observed above expected, in units of the metric'),
  }),
  evaluate({ observed, expected, dispersion, series }, { falseAlerts, calmP, minRatio, minExcess }) {
    const p = roundP(negativeBinomialUpperTail(observed, expected, dispersion));
    const isFar = observed >= minRatio * expected && observed - expected >= minExcess;
    if (isFar && p <= openingP(falseAlerts, series)) return { standing: 'opens', p };
    return { standing: p <= calmP ? 'holds' : 'calm', p };
  },
});
