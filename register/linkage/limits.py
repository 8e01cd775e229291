"""How many may share a key before it says nothing any more. Pure."""


def limit_of(key: int, crowd: int, namesakes: int, shared: int) -> int:
    """Choose how many may share a key before it says nothing any more."""
    if key < 0:
        return shared
    return namesakes if key & 1 else crowd
