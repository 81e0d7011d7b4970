"""`python -m tafaul.channels.x.simulator`: the simulator as a process of its own."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tafaul.channels.x.simulator.server import Options, serve


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8801, show_default=True)
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Where to keep what happened.")
@click.option("--accounts", type=click.Path(exists=True, path_type=Path), help="JSON: [{body, handle, name}, ...]")
@click.option(
    "--posts", type=click.Path(exists=True, file_okay=False, path_type=Path), help="What citizens write."
)
@click.option("--rate", default=60.0, show_default=True, help="Posts a minute.")
@click.option("--surge", is_flag=True, help="After ten seconds a crisis comes, at ten times the rate.")
@click.option("--seed", default=1, show_default=True)
@click.option("--paused", is_flag=True, help="Citizens are silent until told otherwise at /control/citizens.")
@click.option("--limits-factor", default=1, show_default=True, help="Times X's own rate limits.")
def main(
    host: str,
    port: int,
    data: Path | None,
    accounts: Path | None,
    posts: Path | None,
    rate: float,
    surge: bool,
    seed: int,
    paused: bool,
    limits_factor: int,
) -> None:
    """A server that speaks X API v2, with citizens who live on it.

    Example: python -m tafaul.channels.x.simulator --posts packs/sa/posts --accounts accounts.json --rate 120
    """
    told = json.loads(accounts.read_text(encoding="utf-8")) if accounts else []
    serve(Options(data, posts, told, rate, surge, seed, paused, limits_factor), host=host, port=port)


if __name__ == "__main__":
    main()
