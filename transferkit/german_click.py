"""click in German: headings, usage lines and messages; errors end without traceback.

click offers translations by gettext only, which would need compiled catalogues on every machine. What users
meet is little enough to say here; a test looks for English left over.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from transferkit.errors import TransferkitError
from transferkit.project import meant

USAGE_ERROR = 2
Command = TypeVar("Command", bound=Callable[..., Any])


def with_parameters(help: str) -> Callable[[Command], Command]:
    """The option -p NAME WERT, which gives a notebook's parameter a value; several times."""
    return click.option(
        "-p", "--parameter", "parameters", nargs=2, multiple=True, metavar="NAME WERT", help=help
    )


class _German(click.Command):
    """What commands and groups have in common: German help."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        settings.setdefault("options_metavar", "[OPTIONEN]")
        super().__init__(*arguments, **settings)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Diese Hilfe zeigen."
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Aufruf: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
        rows = [row for option in options if (row := option.get_help_record(ctx))]
        with formatter.section("Optionen"):
            formatter.write_dl(rows)


class GermanCommand(_German):
    """A command with German help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True
        surplus = super().parse_args(ctx, args)
        if surplus:
            raise click.UsageError(f"Das ist zu viel: {' '.join(surplus)}.", ctx)
        return surplus


class GermanGroup(_German, click.Group):
    """A group of commands with German help and, as the outermost one, German error messages."""

    command_class = GermanCommand
    group_class = type  # groups within groups are of the same kind

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        settings.setdefault("subcommand_metavar", "BEFEHL …")
        super().__init__(*arguments, **settings)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, command.get_short_help_str(limit=90)) for name, command in self.commands.items()]
        with formatter.section("Befehle"):
            formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            hint = meant(args[0], list(self.commands))
            raise click.UsageError(f"Den Befehl „{args[0]}“ gibt es nicht.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, *rest: Any, **settings: Any) -> Any:
        """Run the command line and end the process: 0, the command's own code, or 2 with a German message."""
        settings["standalone_mode"] = False
        try:
            code = super().main(args, *rest, **settings)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.ctx.get_help() if error.ctx else "")
            code = USAGE_ERROR
        except click.ClickException as error:
            click.echo(_message(error), err=True)
            code = USAGE_ERROR
        except TransferkitError as error:
            click.echo(str(error), err=True)
            code = USAGE_ERROR
        except (click.Abort, KeyboardInterrupt):
            click.echo("Abgebrochen. Was veröffentlicht war, ist unverändert.", err=True)
            code = USAGE_ERROR
        sys.exit(code if isinstance(code, int) else 0)


def _message(error: click.ClickException) -> str:
    text = _german(error)
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"{text}\nHilfe: {error.ctx.command_path} --help"
    return text


def _german(error: click.ClickException) -> str:
    name = _name_of(error)
    match error:
        case click.NoSuchOption():
            options = error.ctx.command.params if error.ctx else []
            known = [spelling for option in options for spelling in option.opts]
            return f"Die Option „{error.option_name}“ gibt es nicht.{meant(error.option_name, known)}"
        case click.MissingParameter():
            return f"{name} fehlt."
        case click.BadOptionUsage():
            return f"Die Option „{error.option_name}“ ist nicht vollständig oder hat einen Wert zu viel."
        case click.BadParameter() if isinstance(getattr(error.param, "type", None), click.IntRange):
            return f"{name} muss eine ganze Zahl ab 1 sein."
        case click.BadParameter():
            return f"{name} hat einen Wert, der hier nicht möglich ist."
    return error.format_message()


def _name_of(error: click.ClickException) -> str:
    parameter = getattr(error, "param", None)
    if isinstance(parameter, click.Option):
        return f"Die Option „{parameter.opts[0]}“"
    if isinstance(parameter, click.Argument):
        return f"Die Angabe {parameter.human_readable_name}"
    return "Eine Angabe"
