import { describe, expect, it } from 'vitest';
import { digestOf, digestOfJson } from '../../lib/model/canonical-json.ts';
import { buildManifest, buildRunRecord } from '../../lib/pipeline/manifest.ts';

const parts = {
  config: digestOf('config'),
  code: { 'traffic-spike': '1', 'lead-burst': '2' },
  inputs: ['2026-07', '2026-08'].map((month) => ({
    unit: 'all',
    dataset: 'leads',
    month,
    digest: digestOf(month),
  })),
  exclusions: ['2026-05', '2026-03'].map((period) => ({
    plan: 'director',
    unit: 'all',
    kpi: 'leads',
    period,
  })),
  ledger: { flags: { seq: 3, digest: digestOf('head') } },
  objects: [digestOf('b'), digestOf('a')],
};

describe('the manifest', () => {
  it('has the same digest whatever the order of its parts', () => {
    const reversed = {
      ...parts,
      code: { 'lead-burst': '2', 'traffic-spike': '1' },
      inputs: [...parts.inputs].reverse(),
      exclusions: [...parts.exclusions].reverse(),
      objects: [...parts.objects].reverse(),
    };
    expect(digestOfJson(buildManifest(reversed))).toBe(digestOfJson(buildManifest(parts)));
  });

  it('has another digest for other evidence', () => {
    const other = buildManifest({ ...parts, inputs: parts.inputs.slice(1) });
    expect(digestOfJson(other)).not.toBe(digestOfJson(buildManifest(parts)));
  });

  it('refuses what is listed twice, and what is no digest', () => {
    expect(() => buildManifest({ ...parts, inputs: [...parts.inputs, parts.inputs[0]!] })).toThrow(
      RangeError,
    );
    expect(() => buildManifest({ ...parts, objects: ['abc'] })).toThrow(RangeError);
  });
});

describe('the run record', () => {
  it('holds the times and names the manifest is free of, and rests on the manifest', () => {
    const manifest = digestOfJson(buildManifest(parts));
    const batch = { source: 'crm', dataset: 'leads', digest: digestOf('x'), landedOn: '2026-09-01' };
    const record = buildRunRecord({
      runId: 'daily-1',
      kind: 'daily',
      scheduledAt: '2026-09-01T07:00:00Z',
      asOf: '2026-09-01',
      startedAt: '2026-09-01T07:00:01Z',
      endedAt: '2026-09-01T07:01:00Z',
      batches: [
        { ...batch, name: 'b.csv' },
        { ...batch, name: 'a.csv' },
      ],
      manifest,
    });
    expect(record.batches.map((one) => one.name)).toEqual(['a.csv', 'b.csv']);
    expect(record.objects).toEqual([manifest]);
  });
});
