import type { Sensor, VideoStream } from '../../device/camera.ts';
import type { Device } from '../../device/device.ts';
import { indi } from '../actor.ts';
import { number, only, type Panel } from '../panel.ts';
import type { Property } from '../property.ts';

const STREAM = 'Streaming';
/** libindi's names for raw pixels and for JPEGs. */
const formats = { raw: '.stream', jpeg: '.stream_jpg' } as const;

/**
 * CCD_VIDEO_STREAM, Busy while it streams; each picture is a BLOB of the camera's image property, and a client that
 * is slower than the camera is spared the older ones.
 */
export function projectStream(
  panel: Panel,
  device: Device,
  { on, framesPerSecond, latest }: VideoStream,
  { width, height }: Sensor,
  image: Property<'blob', string>,
): void {
  const words = { STREAM_ON: 'Stream On', STREAM_OFF: 'Stream Off' };
  const video = panel.switches('CCD_VIDEO_STREAM', 'Video Stream', STREAM, words, 'STREAM_OFF', {
    perm: 'rw',
  });
  panel.watch([on], () => {
    video.show(only(words, on.value ? 'STREAM_ON' : 'STREAM_OFF'), on.value ? 'Busy' : 'Idle');
  });
  video.onWrite(({ STREAM_ON }) => {
    panel.brief(video, ['camera'], () => device.operate(indi, 'camera', 'stream', { on: STREAM_ON }));
  });

  const rates = { EST_FPS: number('Instant.', '%.2f', 0, 999), AVG_FPS: number('Average', '%.2f', 0, 999) };
  const rate = () => ({ EST_FPS: framesPerSecond.value ?? 0, AVG_FPS: framesPerSecond.value ?? 0 });
  const speed = panel.numbers('FPS', 'FPS', STREAM, rates, rate());
  panel.watch([framesPerSecond], () => speed.show(rate(), 'Ok'));

  const frame = panel.numbers(
    'CCD_STREAM_FRAME',
    'Frame',
    STREAM,
    {
      X: number('Left', '%.f', 0, width),
      Y: number('Top', '%.f', 0, height),
      WIDTH: number('Width', '%.f', 1, width),
      HEIGHT: number('Height', '%.f', 1, height),
    },
    { X: 0, Y: 0, WIDTH: width, HEIGHT: height },
  );
  panel.watch([latest], () => {
    const picture = latest.value;
    if (!picture || !on.value) return;
    frame.show({ WIDTH: picture.width, HEIGHT: picture.height }, 'Ok');
    const { bytes, encoding } = picture;
    const stream = { format: formats[encoding], size: bytes.length, bytes };
    image.pass(Object.fromEntries(image.names.map((name) => [name, stream])), () => () => {});
  });
}
