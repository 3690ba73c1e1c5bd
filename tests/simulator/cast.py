"""Who is in these tests: two phones and a clock."""

RECEIVER = 101
TECHNOLOGIST = 102


class Clock:
    """Unix seconds that move when a test says so."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now
