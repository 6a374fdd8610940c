import type { StackView } from '../src/api/stack-view.ts';
import { figure, lengthText } from './words.ts';

const counted = (count: number, one: string): string => `${count} ${count === 1 ? one : `${one}s`}`;

/** `12 frames`, `6 min`, `3 refused`: how far it has grown. */
export const growthWords = ({ frames, seconds, refused, waiting }: StackView): string[] => [
  counted(frames, 'frame'),
  ...(frames > 0 ? [lengthText(seconds)] : []),
  ...(refused > 0 ? [`${refused} refused`] : []),
  ...(waiting > 0 ? [`${waiting} waiting`] : []),
];

/** `0.02 % clipped away`, `4 × 4 pixels made one`, `1562 × 1044`: what the picture is. */
export const pictureWords = ({ clippedShare, factor, width, height }: StackView): string[] => [
  `${width} × ${height}`,
  ...(factor > 1 ? [`${factor} × ${factor} pixels made one`] : []),
  ...(clippedShare >= 5e-5 ? [`${figure(100 * clippedShare, 2)} % clipped away`] : []),
];
