import { describe, expect, it } from 'vitest';
import { metricDrop } from '../../lib/checks/metric-drop.ts';
import type { Alert } from '../../lib/reports/alert.ts';
import { digestOf } from '../../lib/reports/alert-digest.ts';
import { chatNotification } from '../../lib/reports/chat-notification.ts';
import { failureAlert, lateSourceAlert } from '../../lib/reports/failure-alert.ts';
import { flagAlert } from '../../lib/reports/flag-alert.ts';
import { incidentAlert } from '../../lib/reports/incident-alert.ts';
import { reportNotice } from '../../lib/reports/report-notice.ts';
import { testAlert } from '../../lib/reports/test-alert.ts';
import { aFinding, anIncident, anSqlFlag, aReport } from './sample.ts';

/** One of each kind of alert, with a name that others chose wherever one can stand. */
function everyAlert(name: string): Alert[] {
  const flag = flagAlert(
    anSqlFlag({
      unit: name,
      planTitle: name,
      reasons: [name],
      contributors: [{ name, count: 41, share: 0.8, ofAll: 0.3 }],
      findings: [aFinding({ text: name, sources: [name], records: [name] })],
    }),
    { organisation: name, previous: null, sequence: 1, checks: aReport().checks, earlier: [] },
  );
  const incident = incidentAlert(
    anIncident({ unit: name, text: name, contributors: { by: 'source', names: [name], share: 0.9 } }),
    'open',
    { organisation: name, check: metricDrop },
  );
  const run = { organisation: name, id: 'daily-1', kind: 'daily', scheduledFor: '2026-09-09' } as const;
  return [
    flag,
    incident,
    failureAlert({ ...run, step: null, troubles: [name] }),
    lateSourceAlert({ organisation: name, source: name, dataset: 'leads', lastArrival: null, due: null }),
    reportNotice({ organisation: name, week: '2026-W38', sentence: name, decisions: 1, key: 'k' }),
    testAlert(name, 'finance', null, '2026-09-20T05:00:00.000Z'),
    ...digestOf([flag, incident], name, '2026-09-20').messages,
  ];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
const unseen = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

const hostile = {
  'a line break': 'a\r\nBcc: all@example.com\nSubject: other',
  'marks of direction': 'a\u202Egpj.exe\u2066b',
  'a terminal sequence': '\u001b[31mred\u0007',
  markup: '<script>alert(1)</script><img src=x onerror=alert(1)>',
  'a mention': '@channel <!here> <!channel> <@U123> @everyone',
  'a link': '<https://evil.example|report> [report](https://evil.example)',
  formatting: '*bold* `code` ~gone~ ```block```',
  'entities that become a mention': '&lt;!here&gt;',
  'ten thousand characters': 'x'.repeat(10_000),
  'ten thousand surrogates': '😀'.repeat(5_000),
};

describe.each(Object.entries(hostile))('an alert told %s', (_, name) => {
  const alerts = everyAlert(name);

  it.each(alerts.map((alert) => [alert.json.kind, alert] as const))(
    'stays inert as mail: %s',
    (_kind, alert) => {
      expect(alert.subject).toMatch(/^[ -~]{1,100}$/);
      expect([...alert.short].length).toBeLessThanOrEqual(160);
      expect(`${alert.long}${alert.short}`).not.toMatch(unseen);
      expect(alert.long).not.toMatch(/^(Bcc|Subject):/m);
      expect([...alert.long].length).toBeLessThan(12_000);
      expect(alert.short).not.toContain('\n');
    },
  );

  it.each(alerts.map((alert) => [alert.json.kind, alert] as const))(
    'stays inert in a chat: %s',
    (_kind, alert) => {
      const { content, metadata } = chatNotification(alert);
      const shown = [
        content.title,
        content.description,
        ...content.nextSteps,
        ...content.keywords,
        metadata.summary,
      ];
      for (const text of shown) {
        expect(text).not.toMatch(/[<>@*`~]/);
        expect(text).not.toContain('](');
        // Whatever stands after & is an escape of ours, whole.
        expect(text.replace(/&(amp|lt|gt);/g, '')).not.toContain('&');
        expect(text).not.toMatch(/[\ud800-\udfff]/u);
      }
      expect(content.title.length).toBeLessThanOrEqual(200);
      expect(content.description.length).toBeLessThanOrEqual(2500);
      expect(metadata.threadId.length).toBeLessThanOrEqual(200);
    },
  );

  it('fits into what SNS and EventBridge take', () => {
    for (const { json, long, short } of alerts)
      expect(Buffer.byteLength(JSON.stringify({ default: JSON.stringify(json), long, short }))).toBeLessThan(
        262_144,
      );
  });
});

describe('the texts of alerts', () => {
  it('use no word of blame', () => {
    for (const { subject, long, short, next } of everyAlert('Acme')) {
      const text = `${subject}${long.replace(/^(Flag|Digest): .*$/gm, '')}${short}${next}`;
      expect(text).not.toMatch(
        /fraud|cheat|fake|guilt|suspect|suspicious|manipulat|blame|dishonest|lie[sd]?\b/i,
      );
    }
  });

  it('are told in one thread a flag or incident, by the schema of the chat integration', () => {
    const [flag] = everyAlert('Acme');
    expect(chatNotification(flag!)).toMatchObject({
      version: '1.0',
      source: 'custom',
      content: {
        textType: 'client-markdown',
        title: expect.stringContaining('SQLs'),
        nextSteps: [expect.any(String)],
      },
      metadata: { threadId: flag!.about, eventType: 'bonafide.flag' },
    });
  });
});
