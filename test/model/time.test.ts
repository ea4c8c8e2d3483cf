import { describe, expect, it } from 'vitest';
import { dayOfTime, zoneClock } from '../../lib/model/time.ts';

describe('zoneClock', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29T02:00:00', '2026-03-29T03:00:00', 'skipped'],
    ['Europe/Berlin', '2026-03-29T01:59:59', '2026-03-29T01:59:59', null],
    ['Europe/Berlin', '2026-03-29T03:00:00', '2026-03-29T03:00:00', null],
    ['Europe/Berlin', '2026-10-25T02:59:59', '2026-10-25T02:59:59', 'ambiguous'],
    ['Europe/Berlin', '2026-10-25T03:00:00', '2026-10-25T03:00:00', null],
    ['America/Sao_Paulo', '2017-10-15 00:10:00', '2017-10-15T01:10:00', 'skipped'],
    ['Australia/Lord_Howe', '2026-10-04T02:10:00', '2026-10-04T02:40:00', 'skipped'],
    ['UTC', '2026-08-01 10:00', '2026-08-01T10:00:00', null],
    ['UTC', '2026-08-01', '2026-08-01', null],
  ])('reads %s %s as %s (%s)', (zone, text, value, note) =>
    expect(zoneClock(zone).read(text)).toEqual({ value, note }),
  );

  it.each([
    ['Europe/Berlin', '2026-08-01T10:00:00.123Z', '2026-08-01T12:00:00'],
    ['America/New_York', '2026-11-01T05:30:00+00:00', '2026-11-01T01:30:00'],
    ['Asia/Kolkata', '2026-11-01T05:30:00-0500', '2026-11-01T16:00:00'],
    ['Europe/Berlin', '2026-12-31T23:59:59Z', '2027-01-01T00:59:59'],
    ['Pacific/Auckland', '2026-01-01T00:00:00Z', '2026-01-01T13:00:00'],
  ])('converts into %s: %s is %s', (zone, text, value) =>
    expect(zoneClock(zone).read(text)?.value).toBe(value),
  );

  it.each([
    '2026-02-29',
    '2026-08-01T24:00:00',
    '2026-08-01T10',
    '01.08.2026',
    '2026-08-01T10:00:60',
    '',
    '2026-08-01T10:00:00+15:00',
  ])('reads %j as no time', (text) => expect(zoneClock('UTC').read(text)).toBeNull());

  it('agrees with the runtime on the wall clock of 2,000 instants', () => {
    for (const zone of ['Europe/Berlin', 'America/Sao_Paulo', 'Asia/Tehran', 'Africa/Casablanca']) {
      const format = new Intl.DateTimeFormat('sv-SE', {
        timeZone: zone,
        dateStyle: 'short',
        timeStyle: 'medium',
      });
      for (let i = 0; i < 500; i += 1) {
        const instant = Date.UTC(2015, 0, 1) + i * 613_007_000;
        expect(zoneClock(zone).at(instant)).toBe(format.format(instant).replace(' ', 'T'));
      }
    }
  });

  it('refuses a zone that does not exist', () => expect(() => zoneClock('Mars/Base')).toThrow(RangeError));
});

describe('dayOfTime', () => {
  it('is the date', () => expect(dayOfTime('2026-08-31T17:05:00')).toBe('2026-08-31'));
});
