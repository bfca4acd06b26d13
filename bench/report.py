# Copyright (C) 2026 The f0 authors
"""Figures, their ratios, and the table."""

import statistics


class Figure:
    """One row: values of plain and of f0, run by run, so that ratios pair up."""

    def __init__(self, scenario, name, unit, plain=(), f0=(), bar=None, digits=2):
        self.scenario, self.name, self.unit = scenario, name, unit
        self.plain, self.f0 = list(plain), list(f0)
        self.bar = bar  # of the ratio; ('value', x): of f0's own value
        self.digits = digits

    def ratios(self):
        return sorted(f / p for p, f in zip(self.plain, self.f0) if p)

    def judged(self):
        """What the bar is about; None: nothing was measured."""
        if isinstance(self.bar, tuple):
            return statistics.median(self.f0) if self.f0 else None
        ratios = self.ratios()
        return statistics.median(ratios) if ratios else None

    def bar_text(self):
        if self.bar is None:
            return ''
        limit = self.bar[1] if isinstance(self.bar, tuple) else self.bar
        unit = f' {self.unit}' if isinstance(self.bar, tuple) else 'x'
        judged = self.judged()
        met = '' if judged is None else '  ok' if judged <= limit else '  OVER'
        return f'<= {limit:g}{unit}{met}'

    def as_json(self):
        ratios = self.ratios()
        return {
            'scenario': self.scenario, 'name': self.name, 'unit': self.unit,
            'plain': self.plain, 'f0': self.f0,
            'ratio': {'min': ratios[0], 'median': statistics.median(ratios),
                      'max': ratios[-1]} if ratios else None,
            'bar': self.bar,
        }

    def row(self):
        def value(values):
            return f'{statistics.median(values):,.{self.digits}f}' if values else '-'
        ratios = self.ratios()
        ratio = f'{statistics.median(ratios):.3f}x' if ratios else '-'
        spread = f'{ratios[0]:.3f} .. {ratios[-1]:.3f}' if len(ratios) > 1 else ''
        return [self.name, self.unit, value(self.plain), value(self.f0), ratio, spread,
                self.bar_text()]


HEAD = ['', 'unit', 'plain', 'f0', 'f0/plain', 'min .. max', 'bar']
WIDTHS = [66, 8, 11, 11, 9, 16, 0]


def line(cells):
    first = cells[0].ljust(WIDTHS[0])
    rest = (c.ljust(w) if i in (1, 6) else c.rjust(w)
            for i, (c, w) in enumerate(zip(cells[1:], WIDTHS[1:]), 1))
    return f'{first} {"  ".join(rest)}'.rstrip()
