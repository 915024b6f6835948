// What the page knows of the node, kept true by its events.
import {ApiError, events, get} from './api.js';

const STATUS_EVERY = 2000;
const RETRY_FIRST = 500;
const RETRY_MAX = 8000;
// Of a transfer's speed: one sample each half second, for two minutes.
const SAMPLE_EVERY = 500;
const SAMPLES_MAX = 240;

const KEYS = {peer: 'peer_id', share: 'name', transfer: 'id', offer: 'id', pairing: 'peer_id'};
const LISTS = {peer: 'peers', share: 'shares', transfer: 'transfers', offer: 'offers', pairing: 'pairings'};

class Store {
  constructor() {
    this.connection = 'new'; // then 'live', 'away' or 'signed-out'
    this.refusal = '';       // what the node said to who is signed out
    this.status = null;
    this.rates = {down: 0, up: 0};
    this.peers = new Map();
    this.shares = new Map();
    this.transfers = new Map();
    this.offers = new Map();
    this.pairings = new Map();
    this.speeds = new Map(); // transfer id → [{at, rate}]
    this.listeners = new Set();
    this.scheduled = false;
    this.lastEvent = null;
  }

  // Calls `listener` soon after anything has changed, at most once a frame. Answers how to end that.
  listen(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  changed() {
    if (this.scheduled) return;
    this.scheduled = true;
    const tell = () => {
      if (!this.scheduled) return;
      this.scheduled = false;
      for (const listener of [...this.listeners]) listener();
    };
    // A page in the background gets no frames.
    if (document.hidden) setTimeout(tell, 250);
    else requestAnimationFrame(tell);
  }

  async run() {
    let wait = RETRY_FIRST;
    for (;;) {
      try {
        await this.refreshStatus();
        for await (const event of events(this.lastEvent)) {
          wait = RETRY_FIRST;
          await this.take(event);
        }
      } catch (error) {
        if (!(error instanceof ApiError) && error.name !== 'TypeError') console.error(error);
        if (error.status === 401) return this.signOut(error.message);
      }
      this.setConnection('away');
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(RETRY_MAX, wait * 2);
    }
  }

  signOut(message) {
    this.refusal = message;
    this.setConnection('signed-out');
  }

  setConnection(connection) {
    if (this.connection === connection) return;
    this.connection = connection;
    this.changed();
  }

  async take({id, event, data}) {
    if (event === 'reset') await this.readAll();
    else if (event === 'peer_gone') this.peers.delete(data.peer_id);
    else if (event === 'share_gone') this.shares.delete(data.name);
    else if (event in LISTS) this.put(event, data);
    this.lastEvent = id;
    this.connection = 'live';
    this.changed();
  }

  put(kind, document) {
    this[LISTS[kind]].set(document[KEYS[kind]], document);
    if (kind === 'transfer') this.sample(document);
  }

  sample(transfer) {
    const samples = this.speeds.get(transfer.id) ?? [];
    const at = performance.now();
    if (samples.length > 0 && at - samples.at(-1).at < SAMPLE_EVERY) return;
    samples.push({at, rate: transfer.state === 'running' ? transfer.bytes_per_second : 0});
    if (samples.length > SAMPLES_MAX) samples.shift();
    this.speeds.set(transfer.id, samples);
  }

  async readAll() {
    const read = async (kind) => {
      const documents = await get(LISTS[kind]);
      this[LISTS[kind]] = new Map(documents.map((each) => [each[KEYS[kind]], each]));
    };
    await Promise.all(Object.keys(LISTS).map(read));
  }

  async refreshStatus() {
    const before = this.status;
    const status = await get('status');
    if (before !== null && status.uptime_seconds > before.uptime_seconds) {
      const seconds = status.uptime_seconds - before.uptime_seconds;
      this.rates = {
        down: (status.bytes_received - before.bytes_received) / seconds,
        up: (status.bytes_sent - before.bytes_sent) / seconds,
      };
    } else if (before !== null) {
      this.lastEvent = null; // it is another run of the node, with numbers of its own
    }
    this.status = status;
    this.changed();
  }

  watchStatus() {
    setInterval(() => {
      if (this.connection !== 'live' || document.hidden) return;
      this.refreshStatus().catch((error) => {
        if (error.status === 401) this.signOut(error.message);
      });
    }, STATUS_EVERY);
  }
}

export const store = new Store();
