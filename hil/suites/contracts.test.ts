import { test } from 'node:test';
import { contracts } from './contracts.ts';

for (const { name, run } of await contracts.cases('quick')) {
  test(name, async (t) => {
    const skipped = await run();
    if (skipped) t.skip(skipped);
  });
}
