import type { IncidentCheck } from './incident-check.ts';
import { metricDrop } from './metric-drop.ts';
import { metricSpike } from './metric-spike.ts';

/** Every check of single days and weeks. They run once a unit, not once a period, and raise incidents. */
export const incidentChecks: readonly IncidentCheck[] = [metricSpike, metricDrop] as readonly IncidentCheck[];
