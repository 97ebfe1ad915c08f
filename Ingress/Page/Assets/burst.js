// A burst is sent asynchronously: a browser opens six connections at most, so waiting for answers would never fill a queue.

const TICK_MS = 50;
const LOOKERS = 2;

export class Burst {
  constructor({ count, rate, url, headers, picture, onProgress }) {
    Object.assign(this, { count, rate, url, headers, picture, onProgress });
    this.sent = this.accepted = this.refused = this.answered = this.failed = 0;
    this.waiting = [];
    this.stopped = new AbortController();
  }

  get ended() { return this.answered + this.refused + this.failed; }

  stop() { this.stopped.abort(); }

  async run() {
    const started = performance.now();
    const posts = [];
    const lookers = Array.from({ length: LOOKERS }, () => this.look());
    while (this.sent < this.count && !this.stopped.signal.aborted) {
      // By the clock, not by ticks: a late timer must not lower the rate.
      const due = Math.min(this.count, Math.floor((performance.now() - started) / 1000 * this.rate) + 1);
      while (this.sent < due) {
        this.sent++;
        posts.push(this.post());
      }
      this.onProgress(this);
      await pause(TICK_MS);
    }
    await Promise.all(posts);
    this.allPosted = true;
    await Promise.all(lookers);
    this.onProgress(this);
  }

  async post() {
    try {
      const response = await fetch(this.url, {
        method: 'POST', body: this.picture, signal: this.stopped.signal,
        headers: { ...this.headers(), 'Content-Type': this.picture.type, 'Prefer': 'respond-async' },
      });
      if (response.status === 202) {
        this.accepted++;
        this.waiting.push(response.headers.get('Location'));
      } else if (response.status === 429) this.refused++;
      else this.failed++;
    } catch {
      this.failed++;
    }
  }

  // Asks for the oldest outstanding request, and puts it back at the end while it has no answer.
  async look() {
    while (!this.stopped.signal.aborted && !(this.allPosted && !this.waiting.length && !this.looking)) {
      const location = this.waiting.shift();
      if (!location) { await pause(TICK_MS); continue; }
      this.looking = (this.looking ?? 0) + 1;
      try {
        const response = await fetch(location, { headers: this.headers(), signal: this.stopped.signal });
        if (response.status === 202) {
          this.waiting.push(location);
          await pause(TICK_MS * 2);
        } else if (response.ok) this.answered++;
        else this.failed++;
      } catch {
        this.waiting.push(location);
        await pause(TICK_MS * 10);
      } finally {
        this.looking--;
      }
      this.onProgress(this);
    }
  }
}

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
