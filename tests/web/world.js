// Real nodes on the loopback interface, and a real browser that shows their pages.
import {execFile, spawn} from 'node:child_process';
import {createSocket} from 'node:dgram';
import {mkdtemp, mkdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {promisify} from 'node:util';
import {chromium} from 'playwright-core';

const run = promisify(execFile);
const BINARY = process.env.ESSAIM_BINARY ?? new URL('../../build/release/essaim', import.meta.url).pathname;
const BROWSER = process.env.CHROMIUM ?? '/usr/bin/chromium';
const READY_MS = 30_000;

export class Node {
  constructor({folder, number, name, port}, options) {
    this.name = name;
    this.home = join(folder, `home-${number}`);
    this.dest = join(folder, `downloads-${number}`);
    this.options = ['--interface', 'lo', '--discovery-port', String(port), '--web', '127.0.0.1:0', '--quiet', ...options];
  }

  async start(...paths) {
    await mkdir(this.dest, {recursive: true});
    const words = ['up', ...paths, '--home', this.home, '--dest', this.dest, '--name', this.name, ...this.options];
    this.process = spawn(BINARY, words, {stdio: ['ignore', 'pipe', 'inherit']});
    const lines = createInterface({input: this.process.stdout});
    const ready = new Promise((resolve, reject) => {
      lines.on('line', (line) => { if (line.startsWith('ready ')) resolve(line); });
      lines.on('close', () => reject(new Error(`${this.name} ended before it was ready`)));
      setTimeout(() => reject(new Error(`${this.name} is not ready`)), READY_MS).unref();
    });
    this.page = (await ready).match(/ web (\S+)$/)[1];
    this.id = (await ready).split(' ')[1];
    return this;
  }

  // What `essaim WORDS --json` answers.
  async ask(...words) {
    const {stdout} = await run(BINARY, [...words, '--json', '--home', this.home], {maxBuffer: 1 << 26});
    return JSON.parse(stdout);
  }

  async ticket() {
    return (await this.ask('web', '--print')).url;
  }

  async stop() {
    if (this.process === undefined || this.process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    await ended;
  }
}

async function freeUdpPort() {
  const socket = createSocket('udp4');
  await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const {port} = socket.address();
  await new Promise((resolve) => socket.close(resolve));
  return port;
}

export class World {
  static async open() {
    const world = new World();
    world.folder = await mkdtemp(join(tmpdir(), 'essaim-web-'));
    world.port = await freeUdpPort();
    world.nodes = [];
    world.problems = [];
    world.browser = await chromium.launch({
      executablePath: BROWSER,
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    return world;
  }

  // A node that shares `paths`.
  async node(name, paths = [], options = []) {
    const node = new Node({folder: this.folder, number: this.nodes.length, name, port: this.port}, options);
    this.nodes.push(node);
    return node.start(...paths);
  }

  // Its page, signed in, in a browser profile of its own. Whatever the page complains of is kept in `problems`, and so
  // is every request that leaves for elsewhere.
  async page(node, options = {}) {
    const context = await this.browser.newContext({viewport: {width: 1280, height: 800}, locale: 'en-US', ...options});
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => this.problems.push(`${node.name}: ${error.message}`));
    page.on('console', (message) => {
      const expected = /status of (404|401|400)/.test(message.text());
      if (message.type() === 'error' && !expected) this.problems.push(`${node.name}: ${message.text()}`);
    });
    page.on('dialog', (dialog) => {
      this.problems.push(`${node.name}: a script ran: ${dialog.message()}`);
      dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(node.page)) this.problems.push(`${node.name}: asked ${request.url()}`);
    });
    await page.goto(await node.ticket());
    await page.getByRole('navigation', {name: /Places|Lieux/}).waitFor();
    return page;
  }

  async close() {
    await this.browser.close();
    for (const node of this.nodes) await node.stop();
    await rm(this.folder, {recursive: true, force: true});
  }
}
