"""`python -m services.prescreening` runs the check until it is told to stop."""


def main() -> None:
    """The check, on Kafka."""
    # The process that reads files imports this module again and needs none of these.
    from libs.streaming.service import run_check
    from services.prescreening.agent import check

    run_check(check)


if __name__ == "__main__":
    main()
