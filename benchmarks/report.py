"""What a run found, as Markdown for people and data for machines, and which gates it breaks."""

from collections.abc import Mapping
from typing import Any

from benchmarks import measure


def data(result: Any) -> dict[str, Any]:
    pages = {
        name: {
            who: {
                "cpu_ms": round(times.cpu, 3),
                "cpu_ms_rounds": [round(ms, 3) for ms in times.cpu_ms],
                "wall_ms": round(times.wall, 3),
                "bytes": result.sizes[name][who],
                "ratio_to_reference": str(measure.ratio(times.cpu_ms, by["reference"].cpu_ms)),
                "ratio_to_floor": str(measure.ratio(times.cpu_ms, by["floor"].cpu_ms)),
                "wall_to_floor": str(measure.ratio(times.wall_ms, by["floor"].wall_ms)),
            }
            for who, times in by.items()
        }
        for name, by in result.calls.items()
    }
    return {"pages": pages, "figures": {k: round(v, 3) for k, v in result.figures.items()}}


def markdown(found: Mapping[str, Any], gates: Mapping[str, float]) -> str:
    lines = [f"# {found['suite']}, {found['db']}, {found['rows']:,} rows, Python {found['python']}"]
    for page, by in found["pages"].items():
        lines += [
            "",
            f"## {page}",
            "",
            "| | CPU ms | wall ms | bytes | CPU ÷ reference | CPU ÷ floor | wall ÷ floor |",
            "|---|---|---|---|---|---|---|",
        ]
        for who, it in by.items():
            ratios = f"{it['ratio_to_reference']} | {it['ratio_to_floor']} | {it['wall_to_floor']}"
            lines.append(
                f"| {who} | {it['cpu_ms']:.2f} | {it['wall_ms']:.2f} | {it['bytes']:,} | {ratios} |"
            )
    lines += ["", "| figure | found | gate |", "|---|---|---|"]
    for name, figure in found["figures"].items():
        gate = f"≤ {gates[name]:g}" if name in gates else ""
        lines.append(f"| {name} | {figure:g} | {gate} |")
    return "\n".join(lines)


def broken(figures: Mapping[str, float], gates: Mapping[str, float]) -> list[str]:
    """A gate without a figure is broken too: a renamed figure must not pass unseen."""
    sentences = []
    for name, gate in gates.items():
        if name not in figures:
            sentences.append(f"{name} was not measured")
        elif figures[name] > gate:
            sentences.append(f"{name} is {figures[name]:.2f}, above {gate:g}")
    return sentences
