import { Card } from './card.tsx';
import type { CardParts } from './gear.tsx';
import { Fact } from './parts.tsx';
import { operate } from './rig.ts';
import { placeText, readingText } from './words.ts';

const verdicts = {
  safe: 'safe',
  warning: 'take care',
  unsafe: 'not safe',
  unknown: 'not known',
} as const;

export function WeatherView({ device, able }: CardParts<'weather'>) {
  return (
    <Card device={device} state={verdicts[able.verdict]} alert={able.verdict === 'unsafe'}>
      {able.readings.map(({ id, label, unit, value, verdict }) => (
        <Fact key={id} name={label} alert={verdict === 'unsafe' || verdict === 'warning'}>
          {value === undefined
            ? 'not known'
            : [readingText(value), unit === 'C' ? '°C' : unit].filter(Boolean).join(' ')}
        </Fact>
      ))}
      {able.refresh && (
        <button type="button" onClick={() => operate(device.id, 'weather/refresh')}>
          Ask now
        </button>
      )}
    </Card>
  );
}

export function GpsView({ device, able }: CardParts<'gps'>) {
  const { fix } = able;
  return (
    <Card device={device} state={fix ? 'has a fix' : 'no fix yet'}>
      {fix && <Fact name="Place">{placeText(fix.site)}</Fact>}
      {fix && <Fact name="Elevation">{Math.round(fix.site.elevationMetres)} m</Fact>}
      {fix?.utc !== undefined && (
        <Fact name="UTC of the fix">{new Date(fix.utc).toISOString().slice(0, 19).replace('T', ' ')}</Fact>
      )}
      {able.refresh && (
        <button type="button" onClick={() => operate(device.id, 'gps/refresh')}>
          Ask now
        </button>
      )}
    </Card>
  );
}
