// Server-sent events by fetch, because EventSource cannot send a key.

const MAX_PAUSE_MS = 5000;

export async function follow(url, headers, { onEvent, onState, signal }) {
  let pause = 500;
  while (!signal.aborted) {
    try {
      const response = await fetch(url, { headers: headers(), signal, cache: 'no-store' });
      if (!response.ok) throw new Error(response.status === 401 ? 'needs a key' : `status ${response.status}`);
      onState('live', 'live');
      pause = 500;
      await read(response.body, onEvent);
      onState('away', 'reconnecting');
    } catch (error) {
      if (signal.aborted) return;
      onState('away', error.message === 'needs a key' ? 'needs a key' : 'reconnecting');
    }
    await new Promise(resolve => setTimeout(resolve, pause));
    pause = Math.min(pause * 2, MAX_PAUSE_MS);
  }
}

async function read(body, onEvent) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const events = text.split('\n\n');
    text = events.pop();
    for (const event of events) {
      const field = name => event.split('\n').filter(line => line.startsWith(name + ':'))
        .map(line => line.slice(name.length + 1).trim()).join('\n');
      const data = field('data');
      if (data) onEvent(field('event') || 'message', JSON.parse(data));
    }
  }
}
