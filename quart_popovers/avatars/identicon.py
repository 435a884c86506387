"""The picture that everybody has from the start, drawn from a keyed hash."""

from functools import lru_cache

GRID = 5  # cells a side, mirrored left to right, as faces are


@lru_cache(maxsize=1024)
def draw_identicon(key: str) -> str:
    """An SVG drawn from 32 hexadecimal digits: 15 of them fill cells, four others choose a hue."""
    columns = (GRID + 1) // 2
    cells = "".join(
        f"M{column} {row}h1v1h-1z"
        for row in range(GRID)
        for column in range(GRID)
        if int(key[row * columns + min(column, GRID - 1 - column)], 16) % 2
    )
    hue = int(key[16:20], 16) % 360
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1.5 -1.5 8 8">'
        f'<path fill="hsl({hue} 45% 92%)" d="M-1.5-1.5h8v8h-8z"/>'
        f'<path fill="hsl({hue} 50% 45%)" d="{cells}"/></svg>'
    )
