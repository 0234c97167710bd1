"""How counts are written."""


def counted(count: float, noun: str) -> str:
    """A whole number with its noun: "1 session", "2 sessions", "1,204 sessions"."""
    return f"{count:,.0f} {noun}" + ("" if abs(round(count)) == 1 else "s")
