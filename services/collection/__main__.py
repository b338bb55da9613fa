"""`python -m services.collection` serves the applicants' pages until it is told to stop; `… link` prints a link."""

# A process that checks pictures imports this module again and needs none of what the others do.
import argparse
import asyncio
import sys


def arguments() -> argparse.ArgumentParser:
    """The commands and their options; without one the pages are served."""
    parser = argparse.ArgumentParser(prog="python -m services.collection", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    link = commands.add_parser("link", help="print a link for a person, who is begun with where they are not known")
    link.add_argument("--entity", required=True, help="the person's entityId")
    return parser


def main() -> int:
    """Serve, or do what was asked."""
    given = arguments().parse_args()
    from services.collection import running
    from services.collection.settings import CollectionSettings

    settings = CollectionSettings()
    if given.command == "link":
        print(asyncio.run(running.link(settings, given.entity)))
        return 0
    return running.run(settings)


if __name__ == "__main__":
    sys.exit(main())
