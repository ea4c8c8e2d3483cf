import type { Config } from '../lib/model/config.ts';
import { policiesOf } from '../lib/pipeline/judging/policy.ts';
import type { Policies } from '../lib/pipeline/judging/run-checks.ts';

/**
 * The limits of every check in a deployed configuration.
 * @throws {RangeError} an override does not fit its check; the message names all of them.
 */
export function limitsOf(config: Config): Policies {
  const read = policiesOf(config);
  if ('errors' in read)
    throw new RangeError(read.errors.map((e) => `${e.path.join('.')}: ${e.message}`).join('\n'));
  return read.policies;
}
