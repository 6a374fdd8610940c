import { BadInput } from '../src/core/errors.ts';

/** Runs a script: of bad input it says what is wrong, without a stack, and fails. */
export async function explained(main: () => void | Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
