import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { ZodError } from 'zod';
import { asError, BadInput, Fault, type FaultKind } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { Stopped } from '../core/run.ts';

/** A problem document (RFC 9457): `detail` is one plain sentence that says what to do. */
export interface Problem {
  /** `urn:nightjar:problem:<kind>`. */
  type: string;
  title: string;
  status: number;
  detail: string;
}

type Status = 400 | 403 | 404 | 409 | 413 | 415 | 421 | 422 | 500 | 501 | 502 | 503 | 504;

/** Why a request was turned down before it reached the rig. */
export class Rejected extends Error {
  override readonly name = 'Rejected';
  readonly status: Status;

  constructor(status: Status, message: string) {
    super(message);
    this.status = status;
  }
}

const faults: Record<FaultKind, { status: Status; title: string }> = {
  busy: { status: 409, title: 'Somebody else is at it' },
  refused: { status: 422, title: 'Refused' },
  unsupported: { status: 501, title: 'The device cannot do that' },
  garbled: { status: 502, title: 'The device talks nonsense' },
  gone: { status: 503, title: 'The device is not connected' },
  silent: { status: 504, title: 'The device does not answer' },
};

const titles: Record<Status, string> = {
  400: 'Bad input',
  403: 'Not allowed from there',
  404: 'Not found',
  409: 'In conflict',
  413: 'Too large',
  415: 'Not JSON',
  421: 'Unknown host name',
  422: 'Refused',
  500: 'A fault of Nightjar itself',
  501: 'Not available',
  502: 'Bad answer',
  503: 'Not there',
  504: 'No answer',
};

const problem = (kind: string, status: Status, title: string, detail: string) => ({
  type: `urn:nightjar:problem:${kind}`,
  title,
  status,
  detail,
});

/** What went wrong, as the document that says so. Anything unforeseen is a 500 and its text stays in the log. */
export function problemOf(thrown: unknown): Problem & { status: Status } {
  if (thrown instanceof Fault) {
    const { status, title } = faults[thrown.kind];
    return problem(thrown.kind, status, title, thrown.message);
  }
  if (thrown instanceof Stopped) return problem('stopped', 409, 'Stopped', thrown.message);
  if (thrown instanceof BadInput) return problem('bad-input', 400, titles[400], thrown.message);
  if (thrown instanceof ZodError) return problem('bad-input', 400, titles[400], wording(thrown));
  if (thrown instanceof Rejected)
    return problem('rejected', thrown.status, titles[thrown.status], thrown.message);
  if (thrown instanceof HTTPException && thrown.status < 500) {
    return problem('bad-input', 400, titles[400], thrown.message);
  }
  return problem('internal', 500, titles[500], 'something unforeseen went wrong; the log has the details');
}

/** `seconds: expected a number; type: …`. */
function wording({ issues }: ZodError): string {
  const words = issues.slice(0, 5).map(({ path, message }) => {
    const member = path.join('.');
    return member ? `${member}: ${message}` : message;
  });
  return words.join('; ');
}

export function answerProblem(c: Context, thrown: unknown, log: Log, more: object = {}): Response {
  const document = problemOf(thrown);
  if (document.status === 500) log.error({ err: asError(thrown), path: c.req.path }, 'request failed');
  return c.body(JSON.stringify({ ...document, ...more }), document.status, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
  });
}
