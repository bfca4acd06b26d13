# Copyright (C) 2026 The f0 authors
"""The scenarios: each is a function of (rig, options) that yields figures."""

import collections
import time

import callgrind
import heap
from report import Figure
from rig import SIDES, DIALECTS, Failed, measured, stop

# 50 events in each write of the provider, each its own HTTP chunk, as servers
# that yield event by event send them.
BULK = 'chunks=1000;burst=50'
JSON_ANSWER = 'chunks=50'           # 1 KB of content
SIZES = {'gemini': ';bytes=80'}     # content of an event where it is not 20 bytes


class Sides:
    """The servers of a run, and one figure's values for each."""

    def __init__(self, rig, options, **server_options):
        self.names = options.sides
        self.servers = {}
        try:
            for side in self.names:
                self.servers[side] = rig.server(side, **server_options)
        except Failed:
            self.close()
            raise

    def close(self):
        for server in self.servers.values():
            server.stop()

    def __enter__(self):
        return self.servers

    def __exit__(self, *_):
        self.close()


def pairs(options, servers, measure):
    """Calls measure(side, server) for both sides, the first one alternating."""
    values = collections.defaultdict(list)
    for i in range(options.pairs):
        order = list(servers.items())
        for side, server in order if i % 2 else reversed(order):
            values[side].append(measure(server))
    return values


def cpu_figure(rig, options, servers, what, dialect, divide_by, load_args, **figure):
    """CPU per event or request over alternating pairs of equal length."""
    def take(server, seconds):
        sample = measured(rig, server, dialect, '-d', f'{seconds:.2f}', *load_args)
        return sample.cpu, sample.cpu / sample.load[divide_by] * 1e6
    seconds = 0
    for server in servers.values():
        cpu, _ = take(server, 0.5)
        seconds = max(seconds, 1.15 * options.cpu_seconds * 0.5 / cpu)
    values = pairs(options, servers, lambda s: take(s, min(seconds, 60))[1])
    return Figure(*what, 'us', values['plain'], values['f0'], digits=3, **figure)


def bulk(rig, options):
    with Sides(rig, options) as servers:
        for name, said, bar in (('50 events a write', BULK, 1.05),
                                ('50 a write in 2 HTTP chunks', BULK + ';pack=25', None)):
            yield cpu_figure(rig, options, servers, ('bulk', f'CPU per event, {name}'),
                             'openai', 'events', ['-c', 64, '--mock', said], bar=bar)


def paced(rig, options):
    with Sides(rig, options) as servers:
        yield cpu_figure(rig, options, servers,
                         ('paced', 'CPU per event, 256 streams x 1 event / 5 ms'), 'openai',
                         'events', ['-c', 256, '--spread-ms', 5,
                                    '--mock', 'chunks=200;interval_us=5000'])


def dialects(rig, options):
    with Sides(rig, options) as servers:
        for dialect in DIALECTS:
            if dialect == 'openai':
                continue
            yield cpu_figure(rig, options, servers,
                             ('dialects', f'{dialect}: CPU per event, 50 events a write'),
                             dialect, 'events',
                             ['-c', 64, '--mock', BULK + SIZES.get(dialect, '')], bar=1.3)


# name: (dialect, loads that differ only in how much they count, bar)
def _bulk(said=''):
    return [(n, ['-c', 1, '-n', 1, '--mock', f'chunks={n};burst=50{said}'])
            for n in (2000, 22000)]


def _lone(said=''):
    return [(n, ['-c', 1, '-n', 1, '--mock', f'chunks={n};lockstep=1{said}'])
            for n in (200, 1200)]


def _requests(*args):
    return [(n, ['-c', 1, '-n', n, *args]) for n in (20, 120)]


INSTRUCTIONS = {
    'event, bulk': ('openai', _bulk(), 1.0),
    'event, bulk, 10 in an HTTP chunk': ('openai', _bulk(';pack=10'), None),
    'event, bulk, api.openai.com form': ('openai', _bulk(';full=1'), None),
    'event, one a read': ('openai', _lone(), None),
    'stream of one event': ('openai', _requests('--mock', 'chunks=1'), None),
    'JSON request': ('openai', _requests('--shape', 'json', '--mock', JSON_ANSWER), None),
    'anthropic: event, bulk': ('anthropic', _bulk(), None),
    'anthropic: event, one a read': ('anthropic', _lone(), None),
    'gemini: event, bulk': ('gemini', _bulk(SIZES['gemini']), None),
    'gemini: event, one a read': ('gemini', _lone(SIZES['gemini']), None),
    'ollama: event, bulk': ('ollama', _bulk(), None),
    'ollama: event, one a read': ('ollama', _lone(), None),
}


def instructions(rig, options):
    """User instructions, exact whatever else the machine does."""
    values = collections.defaultdict(dict)
    for side in options.sides:
        with callgrind.Callgrind(rig, side) as counter:
            for name, (dialect, loads, _) in INSTRUCTIONS.items():
                (n0, first), (n1, second) = loads
                rig.load(counter.server, dialect, *first)  # warm: caches, connections
                counter.cut()
                rig.load(counter.server, dialect, *first)
                short, base = counter.cut()
                rig.load(counter.server, dialect, *second)
                long, dump = counter.cut()
                values[name][side] = (long - short) / (n1 - n0)
                if options.profile:
                    print(f'\n-- {side}, {name}: instructions per count, share, function')
                    print('\n'.join(callgrind.profile(base, dump, n1 - n0)), flush=True)
    for name, (_, _, bar) in INSTRUCTIONS.items():
        yield Figure('instructions', f'instructions per {name}', '',
                     [values[name]['plain']] if 'plain' in values[name] else [],
                     [values[name]['f0']] if 'f0' in values[name] else [], bar=bar, digits=0)


def core(rig, options):
    """The core alone, without nginx and kernel: what a read of 16 KB or of one event costs."""
    if 'f0' not in options.sides:
        return
    for dialect in DIALECTS:
        for what, read, counts in ('16 KB a read', 16384, (2000, 12000)), \
                                  ('one a read', 0, (200, 1200)):
            size = SIZES.get(dialect, '')
            short, base = callgrind.core(rig, dialect, f'chunks={counts[0]}{size}', read)
            long, dump = callgrind.core(rig, dialect, f'chunks={counts[1]}{size}', read)
            cost = (long - short) / (counts[1] - counts[0])
            if options.profile:
                print(f'\n-- core, {dialect}, {what}: instructions per event, share, function')
                print('\n'.join(callgrind.profile(base, dump, counts[1] - counts[0])), flush=True)
            yield Figure('core', f'core alone: {dialect} event, {what}', '', [], [cost],
                         digits=0)


def latency(rig, options):
    """What the server adds to the rig's own latency, alternating runs."""
    loads = {
        'first token': ('ttft_us', ['-c', 1, '-n', options.scaled(2000),
                                    '--mock', 'chunks=1;ttft_us=500']),
        'event, one stream': ('latency_us', ['-c', 1, '-n', 1, '--mock',
                                             f'chunks={options.scaled(5000)};lockstep=1;'
                                             'stamp=1']),
        'event, 64 streams x 1 / 5 ms': (
            'latency_us', ['-c', 64, '-n', 64, '--spread-ms', 5, '--mock',
                           f'chunks={options.scaled(500)};interval_us=5000;stamp=1']),
    }
    with Sides(rig, options) as servers:
        for name, (member, args) in loads.items():
            direct = rig.load(None, 'openai', *args)[member]
            values = pairs(options, servers, lambda s: rig.load(s, 'openai', *args)[member])
            for q in 'p50', 'p99':
                added = {side: [v[q] - direct[q] for v in values[side]] for side in servers}
                yield Figure('latency', f'added to {name}, {q}', 'us',
                             added.get('plain', ()), added.get('f0', ()), digits=1)


def requests(rig, options):
    kinds = {'stream of one event': ['--mock', 'chunks=1'],
             'JSON request': ['--shape', 'json', '--mock', JSON_ANSWER]}
    with Sides(rig, options) as servers:
        for name, args in kinds.items():
            yield cpu_figure(rig, options, servers, ('requests', f'CPU per {name}'),
                             'openai', 'ok', ['-c', 32, *args])


def held(rig, server, count, pad, said):
    """RSS growth in KiB per stream while |count| streams are open."""
    rig.load(server, 'openai', '-c', 8, '-n', 400, '--mock', 'chunks=5', '--pad', pad)
    time.sleep(0.3)
    before = server.rss()
    load = rig.start_load(server, 'openai', '--mode', 'hold', '-c', count, '--rate', 1500,
                          '--pad', pad, '--mock', said)
    try:
        deadline = time.monotonic() + 30 + count / 500
        while rig.mock_get('/stats')['active'] < count:
            if time.monotonic() > deadline or load.poll() is not None:
                raise Failed(f'{server.side}: only {rig.mock_get("/stats")["active"]} of '
                             f'{count} streams are open')
            time.sleep(0.2)
        time.sleep(1)
        return (server.rss() - before) / count
    finally:
        stop_and_check(rig, load, server, count if 'pause_after' in said else 0)


def stop_and_check(rig, load, server, held_count):
    load.terminate()
    result = rig.finish_load(load, f'{server.side} hold')
    if result['held'] < held_count:
        raise Failed(f'{server.side}: {result["held"]} of {held_count} streams had an event')


# KB of the request, where plain nginx keeps it, directive for both, bars by state
IDLE = [
    (2, '', '', {'mid-stream': 0.85}),
    (40, ', in memory', 'client_body_buffer_size 64k;', {'mid-stream': 0.4}),
    (40, ', in a temp file', '', {}),
]


def idle(rig, options):
    states = {'mid-stream': 'chunks=9;pause_after=1', 'waiting': 'ttft_us=3600000000'}
    count = min(options.streams, (rig.files - 500) // 3)
    for state, said in states.items():
        for kb, where, conf, bars in IDLE:
            streams = count if kb == 2 else count // 2
            values = {}
            for side in options.sides:
                with rig.server(side, conf=conf) as server:
                    values[side] = [held(rig, server, streams, kb * 1000 - 200, said)]
                if options.profile:
                    print(f'\n-- {side}, idle, {state}, {kb} KB request{where}')
                    print('\n'.join(heap.profile(rig, side, kb * 1000 - 200, said, conf)),
                          flush=True)
            yield Figure('idle', f'RSS per idle stream, {state}, {kb} KB request{where}', 'KiB',
                         values.get('plain', ()), values.get('f0', ()), bar=bars.get(state))


def abort(rig, options):
    states = {'waiting': (0, 'ttft_us=60000000'),
              'silent mid-stream': (5, 'chunks=99;pause_after=5'),
              'mid-stream, 1 event / 10 ms': (5, 'chunks=1000;interval_us=10000')}
    with Sides(rig, options) as servers:
        for state, (events, said) in states.items():
            values = {}
            for side, server in servers.items():
                rig.mock_get('/reset', 'POST')
                result = rig.load(server, 'openai', '--mode', 'abort', '-c', 20,
                                  '-n', options.scaled(600), '--leave-after', events,
                                  '--mock', said)
                if result['unseen']:
                    raise Failed(f'{side}: {result["unseen"]} of {result["left"]} streams '
                                 f'were not closed at the provider ({state})')
                values[side] = result['abort_us']
            for q in 'p50', 'p99':
                at = {side: [v[q] / 1000] for side, v in values.items()}
                yield Figure('abort', f'provider closed after the client left, {state}, {q}',
                             'ms', at.get('plain', ()), at.get('f0', ()),
                             bar=('value', 50))


def slow(rig, options):
    """A long stream to a slow client: growth of RSS until all of it was read."""
    events = options.slow_mb * 1000000 // 370
    taken, growth = {}, {}
    for side in options.sides:
        with rig.server(side) as server:
            rig.load(server, 'openai', '-c', 1, '-n', 20, '--mock', BULK)
            before = top = server.rss()
            rig.mock_get('/reset', 'POST')
            load = rig.start_load(server, 'openai', '-c', 1, '--slow', 50000,
                                  '--slow-seconds', options.slow_seconds,
                                  '--mock', f'chunks={events};bytes=200;burst=50')
            end = time.monotonic() + options.slow_seconds
            while load.poll() is None and time.monotonic() < end + 120:
                if time.monotonic() < end:
                    taken[side] = [rig.mock_get('/stats')['bytes'] / 1e6]
                top = max(top, server.rss())
                time.sleep(0.1)
            rig.finish_load(load, f'{side} slow', timeout=1)
            growth[side] = [(top - before) / 1024]
    yield Figure('slow', f'{options.slow_mb} MB, client at 50 KB/s: RSS growth', 'MiB',
                 growth.get('plain', ()), growth.get('f0', ()), bar=('value', 2))
    yield Figure('slow', f'taken from the provider in {options.slow_seconds} s', 'MB',
                 taken.get('plain', ()), taken.get('f0', ()))


ALL = {f.__name__: f for f in (core, instructions, bulk, paced, dialects, latency, requests, idle,
                               abort, slow)}
