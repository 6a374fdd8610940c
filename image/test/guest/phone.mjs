// What a phone does on the unit's WiFi, run in the phone's network namespace by the image's own Node.
// `node phone.mjs WHAT UNIT …` prints one JSON object, or fails with words.
import { Resolver } from 'node:dns/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const [what, unit, ...more] = process.argv.slice(2);
const page = `http://${unit}`;

/** One HTTP exchange with the Host header a phone's system would send. */
function fetchAs(host, path) {
  return new Promise((resolve, reject) => {
    const asked = request({ host: unit, path, headers: { host }, timeout: 60_000 }, (reply) => {
      let body = '';
      reply.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      reply.on('end', () => resolve({ status: reply.statusCode, body, location: reply.headers.location }));
    });
    asked.on('timeout', () => asked.destroy(new Error(`${host}${path}: no answer in 60 s`)));
    asked.on('error', reject).end();
  });
}

async function api(method, path, body) {
  const reply = await fetch(page + path, {
    method,
    headers: body ? { 'content-type': 'application/json' } : {},
    body: body && JSON.stringify(body),
  });
  const answer = await reply.json();
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(answer)}`);
  return answer;
}

/** Whether a TCP port opens, is refused, or is silent. */
function knock(port, host = unit) {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 8000 });
    const say = (word) => {
      socket.destroy();
      resolve(word);
    };
    socket.on('connect', () => say('open'));
    socket.on('timeout', () => say('silent'));
    socket.on('error', (error) => say(error.code === 'ECONNREFUSED' ? 'refused' : error.code));
  });
}

/** The file of an exposure, as a person would download it. */
async function fetched(id, started) {
  const reply = await fetch(`${page}/api/v1/exposures/${id}/fits`);
  const file = new Uint8Array(await reply.arrayBuffer());
  const start = Buffer.from(file.subarray(0, 30)).toString('latin1');
  return { status: reply.status, seconds: (Date.now() - started) / 1000, bytes: file.length, start };
}

const tasks = {
  async page() {
    const reply = await fetch(`${page}/`);
    const body = await reply.text();
    return {
      status: reply.status,
      type: reply.headers.get('content-type'),
      bytes: body.length,
      title: /<title>([^<]*)/i.exec(body)?.[1],
    };
  },

  /** Each name is asked of the DNS server of the lease, then the address given is asked for the path. */
  async probes() {
    const probes = {
      ios: ['captive.apple.com', '/hotspot-detect.html'],
      android: ['connectivitycheck.gstatic.com', '/generate_204'],
      windows: ['www.msftconnecttest.com', '/connecttest.txt'],
    };
    const resolver = new Resolver();
    resolver.setServers([more[0]]);
    const said = {};
    for (const [system, [host, path]] of Object.entries(probes)) {
      const [address] = await resolver.resolve4(host).catch((error) => [error.code]);
      said[system] = { host, address, ...(await fetchAs(host, path)) };
    }
    return said;
  },

  async names() {
    const resolver = new Resolver({ timeout: 5000, tries: 2 });
    resolver.setServers([more.shift()]);
    const said = {};
    for (const name of more) {
      [said[name]] = await resolver.resolve4(name).catch((error) => [error.code]);
    }
    return said;
  },

  async ports() {
    const said = {};
    for (const port of more) said[port] = await knock(Number(port));
    return said;
  },

  /** One exposure by the emulated camera, from the tap to the file. */
  async expose() {
    const started = Date.now();
    const { run } = await api('POST', '/api/v1/devices/camera/camera/expose', {
      seconds: 2,
      object: 'Image test',
    });
    for (;;) {
      const { state, message, exposure } = await api('GET', `/api/v1/runs/${run}`);
      if (state === 'returned' && exposure !== undefined) return await fetched(exposure, started);
      if (!['running', 'returned'].includes(state)) throw new Error(`exposure ${state}: ${message}`);
      if (Date.now() - started > 300_000) throw new Error('no exposure in five minutes');
      await sleep(1000);
    }
  },

  /** What an INDI client is told within half a minute. */
  indi() {
    return new Promise((resolve, reject) => {
      const socket = connect(7624, unit, () => socket.write('<getProperties version="1.7"/>'));
      let heard = '';
      socket.setEncoding('utf8').on('data', (text) => {
        heard += text;
      });
      socket.on('error', reject);
      sleep(Number(more[0] ?? 30) * 1000).then(() => {
        socket.destroy();
        const devices = new Set(
          [...heard.matchAll(/<def\w+Vector[^>]*?\sdevice=["'](.+?)["']/g)].map(([, name]) => name),
        );
        resolve({ devices: [...devices], properties: heard.match(/<def\w+Vector/g)?.length ?? 0 });
      });
    });
  },
};

console.log(JSON.stringify(await tasks[what]()));
process.exit();
