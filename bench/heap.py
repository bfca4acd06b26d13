# Copyright (C) 2026 The f0 authors
"""Where the memory of an idle stream was allocated, with valgrind's massif."""

import collections
import re
import subprocess
import time

import rig
from callgrind import valgrind

STREAMS = 200
# Frames that say nothing: allocators and the way into an event's handler.
DULL = re.compile(r'(ngx_(palloc|alloc|event|epoll|process|list)|new_alloc|alloc|unique_ptr|'
                  r'basic_string|stl_|vector)\w*\.\w+:|nginx\.c:')


def sites(path):
    """(heap bytes, bytes of each chain of callers)."""
    heap, stack, found = 0, [], collections.Counter()
    with open(path) as f:
        for line in f:
            if m := re.match(r'mem_heap_B=(\d+)', line):
                heap = int(m.group(1))
            if m := re.match(r'( *)n(\d+): (\d+) (?:0x[0-9A-F]+: )?(.*)', line):
                place = re.search(r'\(([\w./+-]+:\d+)\)$', m.group(4))
                name = place.group(1) if place else m.group(4).partition('(')[0].strip()
                stack = stack[:len(m.group(1))] + [name]
                if m.group(2) == '0':
                    chain = [s for s in stack[1:] if not DULL.match(s)]
                    found[' < '.join(chain[:4])] += int(m.group(3))
    return heap, found


def profile(rig_, side, pad, said, conf, depth=40):
    """Lines "bytes per stream, where"."""
    out = f'{rig_.work}/massif.out'
    command = (valgrind(), '--quiet', '--tool=massif', '--depth=16', '--threshold=0.05',
               f'--massif-out-file={out}')
    with rig_.server(side, launcher=command, conf=conf) as server:
        def snapshot(name):
            subprocess.run(['vgdb', f'--pid={server.process.pid}', 'detailed_snapshot',
                            f'{out}.{name}'], check=True, capture_output=True)
            return sites(f'{out}.{name}')
        rig_.load(server, 'openai', '-c', 2, '-n', 20, '--mock', 'chunks=5', '--pad', pad)
        heap0, before = snapshot('before')
        load = rig_.start_load(server, 'openai', '--mode', 'hold', '-c', STREAMS,
                               '--rate', 200, '--pad', pad, '--mock', said)
        try:
            deadline = time.monotonic() + 60
            while rig_.mock_get('/stats')['active'] < STREAMS:
                if time.monotonic() > deadline:
                    raise rig.Failed(f'{side}: the streams did not open under massif')
                time.sleep(0.2)
            time.sleep(1)
            heap1, after = snapshot('after')
        finally:
            load.terminate()
            rig_.finish_load(load, f'{side} massif')
    each = {k: (after[k] - before[k]) / STREAMS for k in after}
    dearest = sorted(each.items(), key=lambda item: -item[1])[:depth]
    return [f'{(heap1 - heap0) / STREAMS:9.0f} bytes of heap in all'] + [
        f'{n:9.0f}  {where}' for where, n in dearest if n >= 8]
