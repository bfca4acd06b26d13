# Copyright (C) 2026 The f0 authors
"""Mock and load generator against each other: good answers pass in every form,
each kind of bad one is caught."""

import json
import subprocess

from rig import DIALECTS

# fault of the mock (common.h): what the load generator must say of it
FAULTS = {1: ('content before the role', 'no role'),
          2: ('no finish reason',),
          3: ('no end marker', 'no finish reason'),
          4: ('bad JSON',),
          5: ('data after the end',),
          6: ('content differs', 'too much content'),
          7: ('error event',)}


class Tester:
    def __init__(self, rig):
        self.rig, self.passed, self.failed = rig, 0, 0

    def load(self, dialect, *args):
        out = subprocess.run(self.rig.load_command(None, dialect, *args), text=True,
                             stdout=subprocess.PIPE, timeout=60, check=False).stdout
        return json.loads(out)

    def check(self, what, good):
        self.passed += good
        self.failed += not good
        if not good:
            print(f'FAILED: {what}')

    def passes(self, dialect, count, *args):
        r = self.load(dialect, *args)
        self.check(f'{dialect} {args}: {r}', r['ok'] == count and not r['failed'])
        return r

    def caught(self, dialect, reasons, *args):
        r = self.load(dialect, *args)
        self.check(f'{dialect} {args}: {r["failures"]}',
                   r['ok'] == 0 and r['failures'] and set(r['failures']) <= set(reasons))


def run(rig):
    t = Tester(rig)
    for dialect in DIALECTS:
        for said in ('chunks=50', 'chunks=50;bytes=1;stamp=1', 'chunks=50;burst=7;pack=3',
                     'chunks=50;full=1;stamp=1;burst=50'):
            t.passes(dialect, 40, '-c', 4, '-n', 40, '--mock', said)
        t.passes(dialect, 8, '-c', 4, '-n', 8, '--mock', 'chunks=50', '--close')
        for fault, reasons in FAULTS.items():
            t.caught(dialect, reasons, '-c', 1, '-n', 3, '--mock', f'chunks=5;fault={fault}')
        for told, reason in (('chunks=50;stamp=1', 'content differs'),
                             ('chunks=9', 'content missing'),
                             ('chunks=90', 'too much content')):
            t.caught(dialect, (reason,), '-c', 1, '-n', 2, '--mock', 'chunks=50',
                     '--told', told)
        t.caught(dialect, ('closed before the end',), '-c', 2, '-n', 4,
                 '--mock', 'chunks=50;die_after=3')
        t.caught(dialect, ('timeout',), '-c', 2, '-n', 2, '--timeout', 0.3,
                 '--mock', 'chunks=50;pause_after=3')
    t.passes('openai', 40, '-c', 4, '-n', 40, '--mock', 'chunks=50', '--shape', 'json')
    r = t.passes('openai', 1, '-c', 1, '-n', 1, '--mock', 'chunks=500;lockstep=1;stamp=1')
    t.check('stamps', r['latency_us']['count'] == 500)
    r = t.passes('openai', 3, '-c', 3, '-n', 3, '--mock', 'chunks=9;ttft_us=20000')
    t.check('ttft', 20000 <= r['ttft_us']['p50'] < 40000)
    for events, said in ((5, 'chunks=1000;interval_us=1000'), (0, 'ttft_us=60000000')):
        r = t.load('openai', '-c', 20, '-n', 100, '--mode', 'abort', '--leave-after', events,
                   '--mock', said)
        t.check(f'abort {said}: {r}', r['left'] == 100 and r['unseen'] == 0)
    t.check('no stream is left', rig.mock_get('/stats')['active'] == 0)
    print(f'{t.passed} passed, {t.failed} failed')
    return t.failed == 0
