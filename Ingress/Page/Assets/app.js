import { Burst } from './burst.js';
import { Chart } from './charts.js';
import { follow } from './feed.js';

const $ = id => document.getElementById(id);
const KEEP = 600;
let settings = { functions: [], needsKey: false, maxBodyBytes: 10 * 1024 * 1024 };
let picture = null;
let burst = null;
let samples = [];
let feed = null;

const headers = () => $('key').value ? { 'X-Api-Key': $('key').value } : {};
const predictUrl = () => settings.functions.length > 1 ? `/functions/${encodeURIComponent($('function').value)}/predict` : '/predict';

// Pictures ---------------------------------------------------------------------------------------------------

async function choose(blob) {
  if (!blob) return;
  if (!blob.type.startsWith('image/')) return say('That is no picture.', true);
  if (blob.size > settings.maxBodyBytes) return say(`That picture has ${(blob.size / 1048576).toFixed(1)} MB, which is too large.`, true);
  picture = blob;
  const preview = $('preview');
  URL.revokeObjectURL(preview.src);
  preview.src = URL.createObjectURL(blob);
  preview.hidden = false;
  $('drop-text').hidden = true;
  $('drop').classList.add('filled');
  await classify(blob);
}

async function classify(blob) {
  say('Classifying…');
  try {
    const response = await fetch(predictUrl(), { method: 'POST', body: blob, headers: { ...headers(), 'Content-Type': blob.type } });
    const answer = await response.json();
    if (!response.ok) {
      $('result').hidden = true;
      const after = response.headers.get('Retry-After');
      return say(`${answer.title} ${answer.detail}${after ? ` Try again in ${after} s.` : ''}`, true);
    }
    if (blob !== picture) return;
    show(answer);
    say('Done. Pick another, or send a burst of this one.');
  } catch {
    say('The server cannot be reached.', true);
  }
}

function show({ predictions, timings, model }) {
  $('labels').replaceChildren(...predictions.map(({ label, probability }) => {
    const item = document.createElement('li');
    const name = part(item, 'span', 'name', label);
    name.title = label;
    part(item, 'span', 'share', percent(probability));
    const fill = part(part(item, 'div', 'track'), 'div', 'fill');
    fill.style.width = `${probability * 100}%`;
    return item;
  }));
  const known = timings.queue + timings.preprocess + timings.inference;
  const stages = [['queue', 'Queue'], ['preprocess', 'Preprocess'], ['inference', 'Inference'], ['other', 'Transfer']]
    .map(([key, title]) => ({ key, title, ms: key === 'other' ? Math.max(0, timings.total - known) : timings[key] }));
  $('stages').replaceChildren(...stages.map(({ key, ms }) => {
    const stage = document.createElement('div');
    stage.className = `s-${key}`;
    stage.style.flexGrow = ms;
    return stage;
  }));
  $('stage-legend').replaceChildren(...stages.map(({ key, title, ms }) => {
    const entry = document.createElement('div');
    part(entry, 'i', `s-${key}`);
    part(entry, 'dt', '', title);
    part(entry, 'dd', '', `${ms.toFixed(1)} ms`);
    return entry;
  }));
  $('total').textContent = `${timings.total.toFixed(1)} ms`;
  $('model').textContent = `${model.name}, ${model.precision}, weights ${model.weights}`;
  if (model.weights === 'untrained') $('untrained').hidden = false;
  $('result').hidden = false;
}

function part(parent, name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  parent.append(node);
  return node;
}

const percent = share => share >= 0.0995 ? `${(share * 100).toFixed(0)}%` : share >= 0.001 ? `${(share * 100).toFixed(1)}%` : '< 0.1%';

function say(text, bad = false) {
  $('status').textContent = text;
  $('status').classList.toggle('bad', bad);
}

/** A picture for visitors who have none at hand. */
function makeUp() {
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 480;
  const draw = canvas.getContext('2d');
  const sky = draw.createLinearGradient(0, 0, 0, 480);
  const hue = Math.random() * 360;
  sky.addColorStop(0, `hsl(${hue} 70% 72%)`);
  sky.addColorStop(1, `hsl(${hue + 50} 60% 45%)`);
  draw.fillStyle = sky;
  draw.fillRect(0, 0, 640, 480);
  for (let i = 0; i < 26; i++) {
    draw.fillStyle = `hsl(${hue + 40 + Math.random() * 160} 60% ${30 + Math.random() * 40}% / .75)`;
    draw.beginPath();
    draw.ellipse(Math.random() * 640, 180 + Math.random() * 320, 20 + Math.random() * 90, 12 + Math.random() * 60, Math.random() * 3, 0, 7);
    draw.fill();
  }
  return new Promise(resolve => canvas.toBlob(resolve, 'image/jpeg', 0.9));
}

$('file').addEventListener('change', event => choose(event.target.files[0]));
$('sample').addEventListener('click', async () => choose(await makeUp()));
document.addEventListener('paste', event => choose([...event.clipboardData.files].find(file => file.type.startsWith('image/'))));
document.addEventListener('dragover', event => { event.preventDefault(); $('drop').classList.add('over'); });
document.addEventListener('dragleave', event => { if (!event.relatedTarget) $('drop').classList.remove('over'); });
document.addEventListener('drop', event => {
  event.preventDefault();
  $('drop').classList.remove('over');
  choose(event.dataTransfer.files[0]);
});

// Live values ------------------------------------------------------------------------------------------------

const charts = [
  new Chart($('charts'), { title: 'Waiting', series: [{ key: 'waiting', label: 'waiting', colour: 'c-blue' }] }),
  new Chart($('charts'), { title: 'Replicas ready', series: [{ key: 'replicas', label: 'replicas', colour: 'c-violet' }], smallest: 2 }),
  new Chart($('charts'), { title: 'In flight', series: [{ key: 'inFlight', label: 'in flight', colour: 'c-teal' }] }),
  new Chart($('charts'), {
    title: 'Latency', unit: ' ms', smallest: 50,
    series: [{ key: 'p50', label: 'p50', colour: 'c-teal' }, { key: 'p99', label: 'p99', colour: 'c-orange' }],
  }),
];

function onEvent(kind, data) {
  if (kind === 'past') samples = data;
  else samples = [...samples.slice(1 - KEEP), data];
  const last = samples.at(-1);
  if (last?.untrained !== undefined) $('untrained').hidden = !last.untrained;
  for (const chart of charts) chart.show(samples);
}

function watch() {
  feed?.abort();
  feed = new AbortController();
  const url = settings.functions.length > 1 ? `/live?function=${encodeURIComponent($('function').value)}` : '/live';
  follow(url, headers, {
    onEvent,
    onState: (state, text) => {
      $('link-state').dataset.state = state;
      $('link-text').textContent = text;
    },
    signal: feed.signal,
  });
}

// Bursts -----------------------------------------------------------------------------------------------------

$('burst').addEventListener('submit', async event => {
  event.preventDefault();
  if (burst) return burst.stop();
  const count = $('count').valueAsNumber, rate = $('rate').valueAsNumber;
  const within = (value, input) => value >= +input.min && value <= +input.max;
  if (!within(count, $('count')) || !within(rate, $('rate'))) {
    $('burst-status').classList.add('bad');
    $('burst-status').textContent = `1 to ${$('count').max} requests, 1 to ${$('rate').max} per second.`;
    return;
  }
  picture ??= await makeUp();
  burst = new Burst({ count, rate, url: predictUrl(), headers, picture, onProgress: report });
  $('burst-progress').hidden = false;
  $('go').textContent = 'Stop';
  await burst.run();
  report(burst, true);
  burst = null;
  $('go').textContent = 'Send burst';
});

function report(one, over = false) {
  $('burst-progress').max = one.count;
  $('burst-progress').value = one.ended;
  $('burst-status').classList.toggle('bad', one.failed > 0);
  const parts = [`${one.sent} of ${one.count} sent`, `${one.answered} answered`];
  if (one.refused) parts.push(`${one.refused} refused because the queue was full`);
  if (one.failed) parts.push(`${one.failed} failed`);
  $('burst-status').textContent = parts.join(', ') + (over ? '.' : '…');
}

// Start ------------------------------------------------------------------------------------------------------

const response = await fetch('/page/settings');
if (response.ok) settings = await response.json();
$('limit').textContent = Math.floor(settings.maxBodyBytes / 1048576);
$('key-field').hidden = !settings.needsKey;
$('function-field').hidden = settings.functions.length < 2;
$('function').replaceChildren(...settings.functions.map(name => new Option(name)));
$('function').addEventListener('change', watch);
$('key').addEventListener('change', watch);
watch();
