"""How numbers and counts are written in sentences."""


def signed(value: float, decimals: int = 1) -> str:
    """The number with its sign, also for a positive one; a rounded zero is +0."""
    rounded = round(value, decimals) + 0.0
    return f"{'−' if rounded < 0 else '+'}{abs(rounded):.{decimals}f}"


def clipped(text: str, width: int) -> str:
    """The text, cut with an ellipsis where it is longer than `width`."""
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def counted(count: float, noun: str) -> str:
    """A whole number with its noun: "1 session", "2 sessions", "1,204 sessions"."""
    return f"{count:,.0f} {noun}" + ("" if abs(round(count)) == 1 else "s")
