import { signal } from '@preact/signals';
import { render } from 'preact';
import { CameraView } from './camera.tsx';
import { RigPage } from './devices.tsx';
import { keepAlbum } from './exposures.ts';
import { FocuserView } from './focuser.tsx';
import { GearPage, hasGear } from './gear.tsx';
import { MountView } from './mount.tsx';
import { liftWhenGone } from './paddle.tsx';
import { followScrews } from './polar.tsx';
import { keepRed, keepTime, link, listen, red, state, stopAll, toast } from './rig.ts';

const pages = {
  Camera: CameraView,
  Focus: FocuserView,
  Mount: MountView,
  Gear: GearPage,
  Rig: RigPage,
} as const;
const page = signal<keyof typeof pages>('Camera');

function Header() {
  const { runs, devices } = state.value;
  const lost = devices.filter(({ status }) => status.state !== 'connected').length;
  const busy = runs.find(({ name }) => !name.endsWith('camera.expose'));
  const doing = busy?.device && (devices.find(({ id }) => id === busy.device)?.label ?? busy.name);
  const words = {
    live: doing ? `${doing} busy` : busy ? busy.name : lost ? `${lost} not connected` : 'ready',
    late: 'slow connection',
    lost: 'connection lost',
  };
  return (
    <header>
      <i class={`dot ${link.value}`} />
      <h1>Nightjar</h1>
      <span role="status">{words[link.value]}</span>
      <button
        type="button"
        aria-pressed={red.value}
        aria-label="red night mode"
        onClick={() => {
          red.value = !red.value;
        }}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z" />
        </svg>
      </button>
    </header>
  );
}

/** What is wrong with the unit itself stays in sight on every page. */
function Warnings() {
  return state.value.rig?.warnings.map((words) => (
    <p key={words} class="notice" role="alert">
      {words}
    </p>
  ));
}

function Toast() {
  const said = toast.value;
  if (!said) return null;
  return (
    <div class={`toast ${said.kind}`} role="alert">
      <button
        type="button"
        onClick={() => {
          toast.value = undefined;
        }}
      >
        {said.text}
      </button>
    </div>
  );
}

function App() {
  const Page = pages[page.value];
  const names = (Object.keys(pages) as (keyof typeof pages)[]).filter(
    (name) => name !== 'Gear' || page.value === 'Gear' || hasGear(state.value.devices),
  );
  return (
    <>
      <Header />
      <main data-link={link.value}>
        <Warnings />
        <Page />
      </main>
      <Toast />
      <nav style={{ gridTemplateColumns: `repeat(${names.length}, 1fr) clamp(76px, 23vw, 92px)` }}>
        {names.map((name) => (
          <button
            type="button"
            key={name}
            aria-current={page.value === name ? 'page' : undefined}
            onClick={() => {
              page.value = name;
              scrollTo(0, 0);
            }}
          >
            {name}
          </button>
        ))}
        <button type="button" class="stop" onClick={stopAll}>
          STOP
        </button>
      </nav>
    </>
  );
}

keepRed();
liftWhenGone();
keepAlbum();
followScrews();
listen();
render(<App />, document.body);
keepTime();
