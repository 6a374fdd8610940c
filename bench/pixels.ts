import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Figure } from './figure.ts';

const root = join(import.meta.dirname, '..');

/** CPU of pixels, from the benches beside their sources. */
export function pixels(): Figure[] {
  return ['hil/sky/render.bench.ts', 'src/imaging/preview.bench.ts'].flatMap((file) => {
    const text = execFileSync(process.execPath, [join(root, file)], { encoding: 'utf8' });
    let part = file.includes('render') ? 'render' : '';
    return text.split('\n').flatMap((line): Figure[] => {
      const [, name, value] = /^\s*(.*?):? +(?:median )?([\d.]+) ms\b/.exec(line) ?? [];
      if (name === undefined) {
        if (line.trim() !== '') part = line.trim();
        return [];
      }
      return [{ measure: `${part}: ${name}`, unit: 'ms CPU', nightjar: Number(value) }];
    });
  });
}
