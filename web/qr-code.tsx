/** For another phone's camera. @param svg as the unit has drawn it */
export const QrCode = ({ svg, label }: { svg: string; label: string }) => (
  <img class="code" alt={label} src={`data:image/svg+xml,${encodeURIComponent(svg)}`} />
);
