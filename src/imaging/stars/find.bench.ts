import { darkField, exposed, moffat, paint } from './field.fixture.ts';
import { findStars } from './find.ts';

/** CPU milliseconds on 24 Mpx with thousands of stars: `node src/imaging/stars/find.bench.ts`. */
const ROUNDS = 7;
const [width, height] = [6000, 4000];

const field = darkField(width, height, 1);
const profile = moffat(2.8);
for (let i = 0; i < 9000; i++) {
  const star = {
    x: width * field.chance(),
    y: height * field.chance(),
    flux: 600 / (1.0005 - field.chance()),
  };
  paint(field, profile, star, 12);
}
const view = exposed(field, 25);

for (const [name, options, limit] of [
  ['the 200 brightest, for solving', { most: 200 }, 90],
  ['all stars', {}, 400],
] as const) {
  const times = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    findStars(view, options);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  }).sort((a, b) => a - b);
  const { stars, found } = findStars(view, options);
  console.log(
    `${name}: median ${times[ROUNDS >> 1]!.toFixed(0)} ms (goal ${limit}), ${stars.length} of ${found} stars`,
  );
}
