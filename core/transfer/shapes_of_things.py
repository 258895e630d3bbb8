"""How a pen goes when it draws a heart, a house or a cup: one function for each symbol."""

from __future__ import annotations

import math

from numpy.random import Generator

from core.transfer.pen import Stroke, arc, curve, line, ring


def heart(chance: Generator) -> list[Stroke]:
    """Two halves from the notch to the tip, in one stroke or in two."""
    notch, wide = chance.uniform(-0.5, -0.3), chance.uniform(0.85, 1.0)
    right = (
        *((0.0, notch), (0.22, -0.74), (0.58, -0.8), (wide, -0.42), (wide * 0.86, 0.08)),
        *((0.46, 0.55), (0.0, 0.95)),
    )
    left = tuple((-x, y) for x, y in right)
    if chance.random() < 0.5:
        return [curve(*right), curve(*left)]
    return [curve(*right), curve(*reversed(left))]


def star(chance: Generator) -> list[Stroke]:
    """Five points: in one go across the middle, or as an outline."""
    corners = [math.radians(-90 + 72 * number) for number in range(5)]
    outer = [(math.cos(a), math.sin(a)) for a in corners]
    if chance.random() < 0.45:
        return [line(*(outer[number] for number in (0, 2, 4, 1, 3)), closed=True)]
    depth = chance.uniform(0.36, 0.5)
    inner = [
        (depth * math.cos(a + math.pi / 5), depth * math.sin(a + math.pi / 5)) for a in corners
    ]
    both = [place for pair in zip(outer, inner, strict=True) for place in pair]
    return [line(*both, closed=True)]


def house(chance: Generator) -> list[Stroke]:
    """Walls, a roof, a door, mostly a window and sometimes a chimney."""
    wide, eaves = chance.uniform(0.6, 0.8), chance.uniform(-0.25, -0.05)
    over = wide + chance.uniform(0.0, 0.2)
    top = chance.uniform(-1.0, -0.75)
    strokes = [line((-wide, eaves), (-wide, 0.9), (wide, 0.9), (wide, eaves))]
    strokes.append(line((-over, eaves), (0, top), (over, eaves), closed=chance.random() < 0.7))
    door = chance.uniform(-0.35, 0.2)
    strokes.append(line((door, 0.9), (door, 0.36), (door + 0.26, 0.36), (door + 0.26, 0.9)))
    if chance.random() < 0.75:
        left = -0.5 if door > -0.1 else 0.2
        strokes.append(
            line((left, 0.1), (left + 0.28, 0.1), (left + 0.28, 0.38), (left, 0.38), closed=True)
        )
    if chance.random() < 0.4:
        strokes.append(line((0.36, top * 0.55), (0.36, top), (0.54, top), (0.54, top * 0.3)))
    return strokes


def arrow(chance: Generator) -> list[Stroke]:
    """A shaft with a head, as a line or an outline, to the right or upwards to the right."""
    head, half = chance.uniform(0.3, 0.5), chance.uniform(0.28, 0.46)
    if chance.random() < 0.65:
        bend = chance.uniform(-0.12, 0.12)
        strokes = [curve((-1, 0), (0, bend), (1, 0))]
        tip = line((1 - head, -half), (1, 0), (1 - head, half))
        strokes += (
            [line((1 - head, -half), (1, 0), (1 - head, half), closed=True)]
            if (chance.random() < 0.2)
            else [tip]
        )
    else:
        thick = chance.uniform(0.12, 0.2)
        near = 1 - head
        strokes = [
            line(
                *((-1, -thick), (near, -thick), (near, -half), (1, 0), (near, half)),
                *((near, thick), (-1, thick)),
                closed=True,
            )
        ]
    angle = math.radians(chance.choice([0.0, 0.0, -45.0, -90.0, 90.0, 180.0]))
    cosine, sine = math.cos(angle), math.sin(angle)
    return [stroke @ [[cosine, sine], [-sine, cosine]] for stroke in strokes]


def smiley(chance: Generator) -> list[Stroke]:
    """A round face with two eyes and a smile, sometimes a nose."""
    strokes = [ring(chance, 0, 0, 0.95)]
    apart, high = chance.uniform(0.28, 0.4), chance.uniform(-0.38, -0.2)
    eye = chance.random()
    for side in (-1, 1):
        if eye < 0.5:
            strokes.append(ring(chance, side * apart, high, chance.uniform(0.03, 0.09)))
        else:
            strokes.append(line((side * apart, high - 0.12), (side * apart, high + 0.1)))
    wide = chance.uniform(0.45, 0.62)
    strokes.append(arc(0, 0.05, wide, chance.uniform(0.42, 0.6), 160, -140))
    if chance.random() < 0.35:
        strokes.append(line((0.02, -0.1), (-0.08, 0.14), (0.06, 0.14)))
    return strokes


def cup(chance: Generator) -> list[Stroke]:
    """A mug with a handle, mostly an open rim, sometimes steam."""
    side = 1 if chance.random() < 0.75 else -1
    low, wide = chance.uniform(0.42, 0.6), chance.uniform(0.6, 0.7)
    strokes = [line((-wide, -0.4), (-low, 0.85), (low, 0.85), (wide, -0.4))]
    strokes.append(
        ring(chance, 0, -0.4, wide, 0.14)
        if chance.random() < 0.6
        else line((-wide, -0.4), (wide, -0.4))
    )
    strokes.append(curve((0.6, -0.18), (0.98, -0.22), (1.06, 0.2), (0.86, 0.48), (0.54, 0.46)))
    if chance.random() < 0.45:
        for x in (-0.25, 0.2):
            strokes.append(
                curve((x, -0.62), (x + 0.1, -0.76), (x - 0.06, -0.88), (x + 0.06, -1.02))
            )
    return [stroke * [side, 1] for stroke in strokes]


def umbrella(chance: Generator) -> list[Stroke]:
    """A dome with scallops and a stick that ends in a hook."""
    strokes = [arc(0, 0, 0.98, chance.uniform(0.8, 0.98), 180, 180)]
    parts = int(chance.integers(3, 5))
    for number in range(parts):
        middle = -0.98 + 1.96 * (number + 0.5) / parts
        strokes.append(arc(middle, 0, 0.98 / parts, 0.16, 180, 180))
    hook = chance.uniform(0.14, 0.22)
    down = [(0.0, -0.06), (0.0, 0.45), (0.0, 0.8)]
    strokes.append(curve(*down, (-hook * 0.4, 0.98), (-hook * 1.6, 0.96), (-hook * 2, 0.76)))
    return strokes


def key(chance: Generator) -> list[Stroke]:
    """A ring, a shaft and teeth."""
    bow = chance.uniform(0.26, 0.36)
    strokes = [ring(chance, -0.66, 0, bow), line((-0.66 + bow, 0), (1.0, 0))]
    if chance.random() < 0.4:
        strokes.append(ring(chance, -0.66, 0, bow * 0.45))
    teeth = int(chance.integers(2, 4))
    for number in range(teeth):
        x, deep = 0.96 - 0.2 * number, chance.uniform(0.2, 0.36)
        strokes.append(line((x, 0), (x, deep)))
    return strokes


def envelope(chance: Generator) -> list[Stroke]:
    """A flat box with a flap."""
    high, tip = chance.uniform(0.55, 0.7), chance.uniform(0.0, 0.2)
    strokes = [line((-1, -high), (1, -high), (1, high), (-1, high), closed=True)]
    strokes.append(line((-1, -high), (0, tip), (1, -high)))
    if chance.random() < 0.4:
        strokes += [line((-1, high), (-0.3, -0.08)), line((1, high), (0.3, -0.08))]
    return strokes


def car(chance: Generator) -> list[Stroke]:
    """A body with a cabin, two wheels and windows."""
    side = 1 if chance.random() < 0.5 else -1
    body = [(-1, 0.38), (-1, 0.02), (-0.62, -0.04), (-0.36, -0.46), (0.3, -0.46), (0.58, -0.04)]
    strokes = [line(*body, (1, 0.06), (1, 0.38), closed=True)]
    wheel = chance.uniform(0.17, 0.24)
    strokes += [ring(chance, x, 0.42, wheel) for x in (-0.55, 0.55)]
    if chance.random() < 0.8:
        strokes.append(
            line((-0.5, -0.04), (-0.28, -0.36), (-0.04, -0.36), (-0.04, -0.04), closed=True)
        )
        strokes.append(
            line((0.06, -0.04), (0.06, -0.36), (0.26, -0.36), (0.44, -0.04), closed=True)
        )
    return [stroke * [side, 1] for stroke in strokes]


def boat(chance: Generator) -> list[Stroke]:
    """A hull, a mast and one or two sails."""
    side = 1 if chance.random() < 0.5 else -1
    strokes = [line((-0.9, 0.4), (0.9, 0.4), (0.55, 0.85), (-0.6, 0.85), closed=True)]
    strokes.append(line((0, 0.4), (0, -1)))
    strokes.append(line((0.06, -0.95), (0.75, 0.22), (0.06, 0.22), closed=True))
    if chance.random() < 0.6:
        strokes.append(line((-0.06, -0.75), (-0.55, 0.22), (-0.06, 0.22)))
    if chance.random() < 0.35:
        waves = [(-1 + 0.25 * n, 1.0 + (0.06 if n % 2 else -0.02)) for n in range(9)]
        strokes.append(curve(*waves))
    return [stroke * [side, 1] for stroke in strokes]


def clock(chance: Generator) -> list[Stroke]:
    """A dial with two hands and some hours."""
    strokes = [ring(chance, 0, 0, 0.95)]
    for share, length in ((chance.random(), 0.42), (chance.random(), 0.7)):
        angle = 2 * math.pi * share
        strokes.append(line((0, 0), (length * math.cos(angle), length * math.sin(angle))))
    hours = 12 if chance.random() < 0.5 else 4
    for number in range(hours):
        x, y = math.cos(2 * math.pi * number / hours), math.sin(2 * math.pi * number / hours)
        strokes.append(line((0.78 * x, 0.78 * y), (0.88 * x, 0.88 * y)))
    return strokes
