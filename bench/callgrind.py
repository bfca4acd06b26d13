# Copyright (C) 2026 The f0 authors
"""Instructions of one nginx process under valgrind's callgrind.

One process serves all loads. Between two of them it is told to reopen its log
(SIGUSR1), and callgrind dumps and resets its counters at the function that does
so: no start-up is in any figure, and the machine's load changes none."""

import collections
import re
import shutil
import signal
import subprocess
import time

import rig

MARK = 'ngx_reopen_files'


def valgrind():
    path = shutil.which('valgrind')
    if not path:
        raise rig.Failed('valgrind is not installed: apt-get install valgrind')
    return path


class Callgrind:
    def __init__(self, rig_, side):
        self.side, self.dumps = side, 0
        self.out = f'{rig_.work}/callgrind-{side}.out'
        self.server = rig_.server(side, launcher=(
            valgrind(), '--tool=callgrind', f'--callgrind-out-file={self.out}',
            f'--dump-before={MARK}'))

    def cut(self):
        """Ends a measurement: (instructions, dump file)."""
        self.dumps += 1
        path = f'{self.out}.{self.dumps}'
        for i in range(400):
            if i % 20 == 0:  # again: one that comes just before epoll_wait() only sets a flag
                self.server.process.send_signal(signal.SIGUSR1)
            try:
                with open(path) as f:
                    if m := re.search(r'^totals: (\d+)', f.read(), re.M):
                        return int(m.group(1)), path
            except FileNotFoundError:
                pass
            time.sleep(0.05)
        raise rig.Failed(f'callgrind made no dump ({self.side})')

    def __enter__(self):
        self.server.__enter__()
        return self

    def __exit__(self, *_):
        self.server.stop()


# The core's entries on a stream's way, counted with all that they call.
ENTRIES = 'f0_turn_model_data', 'f0_turn_next', 'f0_turn_output'


def core(rig_, dialect, said, read):
    """Instructions of the core alone for one turn: (instructions, dump file)."""
    out = f'{rig_.work}/callgrind-core-{said}.out'
    done = subprocess.run(
        [valgrind(), '--quiet', '--tool=callgrind', f'--callgrind-out-file={out}',
         *(f'--toggle-collect={e}' for e in ENTRIES),
         rig.build_core(rig_.out, rig_.archive), dialect, said, str(read)])
    if done.returncode:
        raise rig.Failed(f'core: {dialect} {said} {read} failed')
    with open(out) as f:
        return int(re.search(r'^totals: (\d+)', f.read(), re.M).group(1)), out


# Always on the stack, so listed with all that they call.
ON_STACK = 'PROGRAM TOTALS', 'main', '(below main)', '__libc_start_main@@GLIBC_2.34'


def costs(path):
    """Instructions in each (function, object), without what it calls."""
    text = subprocess.run(['callgrind_annotate', '--threshold=100', '--auto=no', path],
                          check=True, capture_output=True, text=True).stdout
    found = collections.Counter()
    for m in re.finditer(r'^ *([\d,]+) \( *[\d.]+%\) +(\S.*)$', text, re.M):
        name = re.sub(r'std::(__cxx11::)?basic_string(_view)?<char[^<]*(<char>[^<]*)*?> ?>?',
                      r'string\2', m.group(2))
        function, _, obj = name.partition(' [')
        function = re.sub(r"^[^: ]*:(?!:)|'\d+$", '', function)
        if function in ON_STACK or obj.startswith('/') and 'ld-linux' in obj:
            continue
        obj = obj.rstrip(']').rsplit('/', 1)[-1] or 'inlined'
        found[function, obj] += int(m.group(1).replace(',', ''))
    return found


def profile(first, second, count, depth=40):
    """Lines of what the second dump has more than the first, for each of |count|: by
    object, then "instructions, share, function", dearest first."""
    before, after = costs(first), costs(second)
    each = {k: (after[k] - before[k]) / count for k in after}
    total = sum(each.values())
    objects = collections.Counter()
    for (_, obj), n in each.items():
        objects[obj] += n
    lines = ['  '.join(f'{obj} {n:.0f}' for obj, n in objects.most_common(6))]
    dearest = sorted(each.items(), key=lambda item: -item[1])[:depth]
    return lines + [f'{n:9.1f} {100 * n / total:5.1f}%  {function[:90]}  {obj}'
                    for (function, obj), n in dearest]
