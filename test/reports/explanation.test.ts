import { describe, expect, it } from 'vitest';
import { explanation } from '../../lib/reports/explanation.ts';
import { aFinding, anAssessment } from './sample.ts';

describe('an explanation', () => {
  const explain = (p: number, floorP: number) =>
    explanation(
      anAssessment({
        findings: [aFinding({ p, effect: 0.5, data: { accepted: 0, floorP, sourceP: [floorP, 0.25] } })],
        outcomes: [{ check: 'traffic-spike', status: 'pass', p, data: {} }],
      }),
      [],
    );

  it('gives every p with the digits to calculate on', () => {
    const text = explain(0.000123456789, 0.00456);
    expect(text).toContain('\n  p = 0.000123457, effect 0.5\n');
    expect(text).toContain('\n  numbers: accepted 0; floorP 0.00456; sourceP [0.00456, 0.25]\n');
    expect(text).toContain('traffic-spike: passed, p = 0.0001235\n');
  });

  it('says of a p that is too small to be held how small it is at least, and of a count of 0 that it is 0', () => {
    const text = explain(0, 0);
    expect(text).toContain('\n  p < 1e-300, effect 0.5\n');
    expect(text).toContain('\n  numbers: accepted 0; floorP < 1e-300; sourceP [< 1e-300, 0.25]\n');
    expect(text).toContain('traffic-spike: passed, p < 1e-300\n');
  });
});
