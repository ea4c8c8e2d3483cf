import { describe, expect, it } from 'vitest';
import { metricDrop } from '../../lib/checks/metric-drop.ts';
import { incidentAlert } from '../../lib/reports/incident-alert.ts';
import { anIncident } from './sample.ts';

const context = { organisation: 'Acme', check: metricDrop };

describe('an alert about an incident', () => {
  it('goes to operations only and names no plan', () => {
    const alert = incidentAlert(anIncident(), 'open', context);
    expect(alert).toMatchObject({
      id: 'incident@all@visitors.drop.2026-08-03@open',
      topics: ['operations', 'chat'],
      plan: null,
    });
    expect(alert.id).toMatch(/^[A-Za-z0-9][A-Za-z0-9._@=+-]*$/);
  });

  it('says in its subject what is off, since when and by how much', () => {
    const subject = (event: 'open' | 'closed', over = {}) =>
      incidentAlert(anIncident(over), event, context).subject;
    expect(subject('open')).toBe('[DROP] Visitors since 2026-08-03: 35, expected 290, ordinary 240-345');
    expect(subject('closed')).toBe(
      '[DROP, OVER] Visitors 3 Aug 2026 to 5 Aug 2026: 35, expected 290, ordinary 240-345',
    );
    expect(subject('open', { provisional: true })).toContain('[DROP, PROVISIONAL]');
    expect(subject('closed', { ending: 'withdrawn' })).toContain('[DROP, WITHDRAWN]');
    expect(subject('closed', { ending: 'new_level' })).toContain('[DROP, NEW LEVEL]');
  });

  it('says in its mail what it rests on, what is ordinary, and that no pay is touched', () => {
    const { long } = incidentAlert(
      anIncident({
        provisional: true,
        contributors: { by: 'source', names: ['google / cpc'], share: 0.9 },
      }),
      'open',
      context,
    );
    for (const part of [
      'Expected: 290 (ordinary range 240-345)',
      'Observed: 35 (-255, -88 %)',
      'Provisional: these numbers may still move.',
      'Mostly source google / cpc (90 % of it).',
      'Ordinary explanations: an outage of the site',
      'What would clear it:',
      'No pay is held and no verdict changes because of it.',
    ])
      expect(long).toContain(part);
  });

  it('fits a telephone and a subject line, foreign names and all', () => {
    const unit = 'a'.repeat(64);
    const alert = incidentAlert(anIncident({ unit }), 'closed', {
      ...context,
      organisation: 'Ä'.repeat(300),
    });
    expect(alert.short.length).toBeLessThanOrEqual(160);
    expect(alert.subject.length).toBeLessThanOrEqual(100);
    expect(alert.subject).toMatch(/^[ -~]+$/);
  });

  it('carries the whole incident as JSON', () => {
    const { json } = incidentAlert(anIncident(), 'open', context);
    expect(json).toMatchObject({
      schema: 'bonafide/alert/1',
      kind: 'incident',
      event: 'open',
      incident: anIncident(),
    });
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });
});
