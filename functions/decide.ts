import * as z from 'zod';
import { actSchema, type Person, parties } from '../lib/model/decision.ts';
import { ConflictError, decide, RefusedError } from '../lib/pipeline/decide.ts';
import { UnknownFlagError } from '../lib/pipeline/find-assessment.ts';
import { awsPorts, logger } from './runtime.ts';

const ports = await awsPorts();

/** Whom this function acts for, and the only role whose sessions may call it. */
const { SIDE: party, DECIDER_ROLE: role } = z
  .object({ SIDE: z.enum(parties), DECIDER_ROLE: z.string().min(1) })
  .parse(process.env);

/** A call of the function's address, signed by the caller and checked by IAM before it comes here. */
const urlEvent = z.object({
  body: z.string(),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z.object({ authorizer: z.object({ iam: z.object({ userArn: z.string() }) }) }),
});

/** One act of a person about a flag. Side and name come from the caller's role, never from what is sent. */
export const handler = async (event: unknown) => {
  const call = urlEvent.parse(event);
  const name = callerOf(call.requestContext.authorizer.iam.userArn);
  if (name === null) return answer(403, { error: `only sessions of the role ${role} may call this` });
  const act = actSchema.safeParse(read(call.isBase64Encoded ? decoded(call.body) : call.body));
  if (!act.success) return answer(400, { error: z.prettifyError(act.error) });
  try {
    const summary = await decide(act.data, { name, party } satisfies Person, ports);
    logger.info('flag acted on', { act: act.data.act, flag: summary.flag, state: summary.state });
    return answer(200, summary);
  } catch (error) {
    const status =
      error instanceof RefusedError
        ? 403
        : error instanceof ConflictError
          ? 409
          : error instanceof UnknownFlagError
            ? 404
            : null;
    if (status === null) throw error;
    return answer(status, { error: (error as Error).message });
  }
};

/** Session name of a caller of the right role, e.g. `arn:aws:sts::111122223333:assumed-role/ROLE/ada`; else null. */
function callerOf(userArn: string): string | null {
  const [kind, of, ...session] = (userArn.split(':')[5] ?? '').split('/');
  return kind === 'assumed-role' && of === role && session.length > 0 ? session.join('/') : null;
}

function decoded(body: string): string {
  return Buffer.from(body, 'base64').toString();
}

function read(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function answer(statusCode: number, body: object) {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
