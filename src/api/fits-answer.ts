import { Readable } from 'node:stream';

/** What a browser is told of a FITS file, so that it saves it. @param name may hold anything; @param size bytes */
export const fitsHeaders = (name: string, size: number) => ({
  'content-type': 'application/fits',
  'content-length': String(size),
  'content-disposition': `attachment; filename="${name.replace(/[^\w.+ -]/g, '_')}"`,
});

export const webStream = (stream: Readable): ReadableStream<Uint8Array> =>
  Readable.toWeb(stream) as ReadableStream<Uint8Array>;
