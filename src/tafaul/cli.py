"""The `tafaul` command. `tafaul COMMAND --help` shows an example of each."""

from __future__ import annotations

import os
from pathlib import Path

import click


def set_up(role: str = "jobs") -> None:
    """Make Django ready, on the named database or the embedded one, to which it speaks in a role of this
    process.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tafaul.config.settings")
    os.environ["TAFAUL_ROLE"] = role
    from tafaul.foundation import postgres

    data = Path(os.environ.get("TAFAUL_DATA") or Path.home() / ".local/share/tafaul")
    postgres.ensure_url(data)
    import django

    django.setup()
    from tafaul.foundation import acting

    context = click.get_current_context()
    context.with_resource(acting.as_system(command=str(context.info_name)))


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="tafaul")
def main() -> None:
    """Tafaul (تفاعل): public bodies answer the citizens who write to them."""


@main.command()
@click.option("--port", default=8000, show_default=True, help="Where the pages are; the next free one is taken.")
@click.option("--rate", default=120, show_default=True, help="Posts a minute that the citizens write.")
@click.option("--surge", is_flag=True, help="Play the crisis of the article: the rate rises tenfold for a while.")
@click.option("--seed", default=1, show_default=True, help="Repeats a run: the same citizens, the same words.")
@click.option("--fresh", is_flag=True, help="Start anew. Without it, the demo goes on with its data.")
@click.option("--for", "seconds", type=int, help="Run so many seconds without a screen, then stop.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write what happened as JSON.")
def demo(
    port: int, rate: int, surge: bool, seed: int, fresh: bool, seconds: int | None, report: Path | None
) -> None:
    """Start everything on this machine: database, X simulator, web server and worker.

    Example: tafaul demo --rate 120 --surge
    """
    from tafaul.demo import Demo

    Demo(port=port, rate=rate, surge=surge, seed=seed, fresh=fresh).run(seconds=seconds, report=report)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Run a web server. Any number may run, on any number of machines.

    Example: TAFAUL_DATABASE_URL=postgresql://tafaul@db/tafaul tafaul serve --port 8080
    """
    os.environ["TAFAUL_POOL"] = "1"
    set_up(role="desk")
    import uvicorn

    uvicorn.run(
        "tafaul.config.asgi:application",
        host=host,
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )


@main.command()
@click.option("--concurrency", default=4, show_default=True, help="Jobs at a time.")
def worker(concurrency: int) -> None:
    """Run a worker: reads the channels, works the posts, delivers the outbox. Any number may run.

    Example: TAFAUL_DATABASE_URL=postgresql://tafaul@db/tafaul tafaul worker --concurrency 8
    """
    set_up()
    from tafaul.jobs import worker as jobs_worker

    jobs_worker.run(concurrency)


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "handle", required=True, help="Handle of the account that the posts were written to.")
@click.option(
    "--columns", metavar="OURS=THEIRS,...", help="For CSV: which column is id, text, author, written_at, ..."
)
def intake(files: tuple[Path, ...], handle: str, columns: str | None) -> None:
    """Take in archives: X API v2 JSON pages, twarc2 JSON lines or CSV, plain or gzip.

    What can't be read goes to FILE.rejected.jsonl with its line number and the reason.

    Example: tafaul intake --to MoF_Care --columns id=tweet_id,text=body,author=user,written_at=date posts.csv.gz
    """
    set_up()
    from tafaul.jobs import archives

    archives.take_in(files, handle=handle, columns=columns)


FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@main.command()
@click.argument("files", nargs=-1, type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object.")
@click.option("--train", "train_file", type=FILE, help="Train on this labelled set anew ...")
@click.option("--test", "test_file", type=FILE, help="... and measure on this one.")
@click.option("--label", help="With --train: the column that holds the label.")
@click.option("--text", default="text", show_default=True, help="With --train: the column that holds the text.")
def evaluate(
    files: tuple[Path, ...],
    as_json: bool,
    train_file: Path | None,
    test_file: Path | None,
    label: str | None,
    text: str,
) -> None:
    """Measure how well labelled posts are understood: JSON lines or CSV with text, to, kind, body, topic, ...

    With --train and --test, any labelled set shows what the same kind of model learns from it.

    \b
    Example: tafaul evaluate src/tafaul/packs/sa/frozen/*.jsonl --json
             tafaul evaluate --train train.csv --test test.csv --label intent
    """
    from tafaul import figures
    from tafaul.understanding import anyset, labelled
    from tafaul.understanding import evaluate as evaluation

    if train_file or test_file or label:
        if files or not (train_file and test_file and label):
            raise click.UsageError("--train, --test and --label go together, without other files")
        try:
            told = anyset.measure(train_file, test_file, label=label, text=text)
        except ValueError as error:
            raise click.ClickException(str(error)) from error
        figures.print_learned(told, as_json=as_json)
        return
    try:
        posts, refused = labelled.read(files)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    for line in refused:
        click.echo(f"left out: {line}", err=True)
    if not posts:
        raise click.ClickException("no labelled post in these files: lines with at least text and to are wanted")
    for (name, label), count in labelled.strangers(posts).items():
        click.echo(f"{count} posts: {name} «{label}» is none of the pack's, so it is never right", err=True)
    report = evaluation.measure(posts)
    if as_json:
        figures.print_json(report)
    else:
        figures.show(report)


@main.command()
@click.option("--rollback", is_flag=True, help="Go back to the model that was in use before.")
@click.option(
    "--pack",
    "of_pack",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Build the model that comes with a pack, from its posts alone.",
)
def train(rollback: bool, of_pack: Path | None) -> None:
    """Train the model that understands posts, from the pack's posts and from what people corrected at the desk.

    The new model is put to use only when it is no worse on the pack's frozen posts and better on corrections that
    it was not taught. Workers take it up by themselves.

    \b
    Example: tafaul train
             tafaul train --rollback
    """
    from tafaul import figures

    if of_pack:
        figures.build(of_pack)
        return
    set_up()
    from tafaul.care import learning, reading

    if rollback:
        try:
            click.echo(f"in use: {reading.store_of_models().rollback()}")
        except LookupError as error:
            raise click.ClickException(str(error)) from error
        return
    try:
        with figures.steps("training") as done:
            outcome = learning.learn(done)
    except learning.TooFewCorrections:
        raise click.ClickException(
            f"corrections of at least {learning.HELD_BACK - 3} posts are wanted: correct kind or topic at the desk"
        ) from None
    figures.show_outcome(outcome.verdict, taught=outcome.taught, folder=outcome.folder)


@main.command()
def migrate() -> None:
    """Bring the database's tables to this version. Example: tafaul migrate."""
    set_up(role="")
    from django.core.management import call_command

    call_command("migrate", verbosity=1)


@main.command()
def bodies() -> None:
    """Load the bodies of the country's pack (TAFAUL_PACK), or bring them up to date. Example: tafaul bodies."""
    set_up()
    from tafaul.bodies import pack
    from tafaul.bodies.models import Body
    from tafaul.care import clocks

    pack.load()
    for body in Body.objects.filter(parent=None):
        clocks.recompute(body)  # what the country promises, and when it works, comes from the pack, too
    click.echo(f"{len(pack.bodies())} bodies")


ROLES = ("agent", "approver", "supervisor", "knowledge_editor", "administrator", "auditor")


@main.command()
@click.argument("username")
@click.option("--body", required=True, help="The body's short name, such as finance.")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--keep-password", is_flag=True, help="For somebody who has one: ask for none.")
def person(username: str, body: str, role: str, keep_password: bool) -> None:
    """Give somebody a role in a body, and a password, which is asked for.

    Example: tafaul person sara --body finance --role administrator
    """
    set_up()
    from django.core.exceptions import ValidationError

    from tafaul.bodies import people

    password = None if keep_password else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        people.appoint(username, body=body, role=role, password=password)
    except people.NoSuchBody as error:
        raise click.BadParameter(f"no body {body}; known: {error}", param_hint="--body") from error
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from error
    click.echo(f"{username}: {role} of {body}")


@main.command()
def shell() -> None:
    """Open a Python shell with Tafaul set up. Example: tafaul shell."""
    set_up()
    from django.core.management import call_command

    call_command("shell")


@main.command()
def doctor() -> None:
    """Say in plain words whether everything needed is there, and how to get what is not.

    Example: tafaul doctor
    """
    from tafaul.doctor import run

    raise SystemExit(run())


if __name__ == "__main__":
    main()
