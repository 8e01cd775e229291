"""Register numbers, as the rooms above know them: `register.numbers` writes and reads them."""

from register.numbers import child_number, episode_number, read_number

__all__ = ["child_number", "episode_number", "read_number"]
