"""How many examples a property is tried on."""

from hypothesis import settings


def tried(examples: int) -> settings:
    """So many examples, for properties that cost more than others; twenty times as many in a search for new ones."""
    search = settings.get_current_profile_name() == "search"
    return settings(max_examples=examples * (20 if search else 1))
