"""How numbers and counts are written in sentences."""


def signed(value: float, decimals: int = 1) -> str:
    """The number with its sign, also for a positive one; a rounded zero is +0."""
    rounded = round(value, decimals) + 0.0
    return f"{'−' if rounded < 0 else '+'}{abs(rounded):.{decimals}f}"


def bare(value: float, decimals: int = 1) -> str:
    """The number with a sign where it is negative: a minus as in `signed`."""
    return signed(value, decimals).removeprefix("+")


def clipped(text: str, width: int) -> str:
    """The text with an ellipsis where it is longer than `width`, cut behind a whole word if it has another one."""
    if len(text) <= width:
        return text
    kept = text[: width - 1]
    whole = kept if text[width - 1] == " " else kept.rpartition(" ")[0]
    return (whole.rstrip(" ·,;:(") or kept) + "…"


def counted(count: float, noun: str) -> str:
    """A whole number with its noun: "1 session", "2 sessions", "1,204 sessions"."""
    return f"{count:,.0f} {noun}" + ("" if abs(round(count)) == 1 else "s")
