// Small line charts in SVG. A value that is not known leaves a gap, never a zero.

const SVG = 'http://www.w3.org/2000/svg';
const LONGEST_MS = 5 * 60 * 1000;
const SHORTEST_MS = 60 * 1000;
const MARGIN = { left: 34, right: 6, top: 8, bottom: 18 };

export class Chart {
  constructor(host, { title, unit = '', series, smallest = 4 }) {
    Object.assign(this, { title, unit, series, smallest, samples: [] });
    this.root = element('div', 'chart', host);
    this.root.dataset.chart = series[0].key;
    const head = element('div', 'chart-head', this.root);
    element('span', 'title', head).textContent = title;
    this.now = element('span', series.length > 1 ? 'now several' : 'now', head);
    this.svg = shape('svg', { role: 'img' }, this.root);
    this.tip = element('span', 'tip', this.root);
    this.tip.hidden = true;
    this.svg.addEventListener('pointermove', event => { this.pointer = event.offsetX; this.draw(); });
    this.svg.addEventListener('pointerleave', () => { this.pointer = undefined; this.draw(); });
    new ResizeObserver(() => this.draw()).observe(this.svg);
  }

  show(samples) {
    this.samples = samples;
    const last = samples.at(-1) ?? {};
    this.now.replaceChildren(...this.series.map(one => {
      const value = document.createElement('span');
      if (this.series.length > 1) element('small', '', value).textContent = one.label + ' ';
      value.append(this.text(last[one.key]));
      return value;
    }));
    this.draw();
  }

  text(value) {
    return value === undefined ? '–' : `${value >= 100 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)}${this.unit}`;
  }

  draw() {
    const width = this.svg.clientWidth, height = this.svg.clientHeight;
    if (!width || !height) return;
    this.svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    const end = this.samples.at(-1)?.at ?? Date.now();
    // A young page shows its one minute wide instead of five minutes mostly empty.
    const span = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, end - (this.samples[0]?.at ?? end)));
    const most = Math.max(0, ...this.samples.flatMap(sample => this.series.map(one => sample[one.key] ?? 0)));
    const top = nice(Math.max(most, this.smallest));
    const x = at => MARGIN.left + (1 - (end - at) / span) * (width - MARGIN.left - MARGIN.right);
    const y = value => height - MARGIN.bottom - value / top * (height - MARGIN.top - MARGIN.bottom);
    const parts = [];
    for (const value of [0, top / 2, top]) {
      parts.push(shape('line', { class: 'grid', x1: MARGIN.left, x2: width - MARGIN.right, y1: y(value), y2: y(value) }));
      parts.push(label(short(value), MARGIN.left - 6, y(value) + 4, 'end'));
    }
    parts.push(label(ago(span), MARGIN.left, height - 4, 'start'), label('now', width - MARGIN.right, height - 4, 'end'));
    for (const one of this.series) {
      for (const run of runs(this.samples, one.key, end - span)) {
        const line = run.map((sample, i) => `${i ? 'L' : 'M'}${x(sample.at).toFixed(1)} ${y(sample[one.key]).toFixed(1)}`).join('');
        if (this.series.length === 1 && run.length > 1)
          parts.push(shape('path', { class: `area ${one.colour}`, d: `${line}L${x(run.at(-1).at)} ${y(0)}L${x(run[0].at)} ${y(0)}Z` }));
        parts.push(shape('path', { class: `line ${one.colour}`, d: line, fill: 'none' }));
      }
    }
    this.cursor(parts, x, height);
    this.svg.replaceChildren(...parts);
    this.svg.setAttribute('aria-label', `${this.title}: now ${this.now.textContent}, at most ${this.text(most)} in the last five minutes`);
  }

  cursor(parts, x, height) {
    const near = this.pointer === undefined ? undefined
      : this.samples.reduce((best, one) => !best || Math.abs(x(one.at) - this.pointer) < Math.abs(x(best.at) - this.pointer) ? one : best, undefined);
    this.tip.hidden = !near;
    if (!near) return;
    parts.push(shape('line', { class: 'cursor', x1: x(near.at), x2: x(near.at), y1: MARGIN.top, y2: height - MARGIN.bottom }));
    this.tip.textContent = new Date(near.at).toLocaleTimeString() + '  '
      + this.series.map(one => (this.series.length > 1 ? one.label + ' ' : '') + this.text(near[one.key])).join('  ');
    const room = this.root.clientWidth - this.tip.offsetWidth;
    this.tip.style.left = `${Math.max(0, Math.min(room, x(near.at) - this.tip.offsetWidth / 2))}px`;
  }
}

function runs(samples, key, from) {
  const found = [[]];
  for (const sample of samples) {
    if (sample.at < from) continue;
    if (sample[key] === undefined) {
      if (found.at(-1).length) found.push([]);
    } else found.at(-1).push(sample);
  }
  return found.filter(run => run.length);
}

function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 10].map(step => step * power).find(step => step >= value);
}

const ago = ms => ms < 90_000 ? `${Math.round(ms / 1000)} s ago` : `${Math.round(ms / 60_000)} min ago`;

const short = value => value >= 1000 ? `${value / 1000}k` : `${value}`;

function label(text, x, y, anchor) {
  const node = shape('text', { x, y, 'text-anchor': anchor });
  node.textContent = text;
  return node;
}

function shape(name, attributes, parent) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent?.append(node);
  return node;
}

function element(name, className, parent) {
  const node = document.createElement(name);
  node.className = className;
  parent.append(node);
  return node;
}
