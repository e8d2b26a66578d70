// A Sparkplug B edge on the npm package sparkplug-client: births, one value per line on stdin, rebirth on command.
// usage: node edge.mjs <port> <folder that holds node_modules>
import { createRequire } from 'node:module';
import readline from 'node:readline';

const [port, folder] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const { newClient } = require('sparkplug-client');

const client = newClient({
  serverUrl: `mqtt://127.0.0.1:${port}`,
  username: '',
  password: '',
  groupId: 'hall',
  edgeNode: 'edge',
  clientId: `edge-${process.pid}`,
  version: 'spBv1.0',
});
let speed = -7;
const say = (word) => process.stdout.write(`${word}\n`);

function birth() {
  client.publishNodeBirth({
    timestamp: Date.now(),
    metrics: [
      { name: 'Node Control/Rebirth', type: 'Boolean', value: false },
      { name: 'speed', alias: 1, type: 'Int32', value: speed },
      { name: 'temperature', alias: 2, type: 'Float', value: 0.1 },
    ],
  });
  client.publishDeviceBirth('press', {
    timestamp: Date.now(),
    metrics: [{ name: 'strokes', alias: 3, type: 'UInt32', value: 4000000000 }],
  });
  say('born');
}

client.on('birth', birth);
client.on('ncmd', (payload) => {
  if ((payload.metrics ?? []).some((metric) => metric.name === 'Node Control/Rebirth' && metric.value)) {
    birth();
  }
});
client.on('error', (error) => say(`error ${error}`));
readline.createInterface({ input: process.stdin }).on('line', (line) => {
  speed = Number(line);
  client.publishNodeData({ timestamp: Date.now(), metrics: [{ alias: 1, type: 'Int32', value: speed }] });
});
