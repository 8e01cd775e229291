"""A disk that loses its power: of what was not synced, each write may be there, or not, or torn."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.recorded import Acknowledged, Deleted, Event, Opened, Synced, Truncated, Written

SECTOR = 512


@dataclass(eq=False)
class File:
    """What of a file is on the disk for certain, and what was done to it since."""

    content: bytearray = field(default_factory=bytearray)
    since: list[Written | Truncated] = field(default_factory=list)

    def settle(self) -> None:
        """All of it is on the disk."""
        for change in self.since:
            _apply(change, self.content)
        self.since.clear()

    def as_seen(self) -> bytes:
        """Give what the program sees, while there is power."""
        content = bytearray(self.content)
        for change in self.since:
            _apply(change, content)
        return bytes(content)

    def after_cut(self, rng: Random) -> bytes:
        """Give what would be there: of each change all, nothing, or some of its sectors."""
        if not self.since:
            return bytes(self.content)
        content = bytearray(self.content)
        for change in self.since:
            match rng.choice(("kept", "dropped", "torn")), change:
                case "kept", _:
                    _apply(change, content)
                case "torn", Written():
                    for part in _sectors(change):
                        if rng.random() < 1 / 2:
                            _apply(part, content)
        return bytes(content)


def _apply(change: Written | Truncated, content: bytearray) -> None:
    if isinstance(change, Truncated):
        del content[change.size :]
        return
    content.extend(bytes(max(0, change.offset - len(content))))
    content[change.offset : change.offset + len(change.content)] = change.content


def _sectors(write: Written) -> list[Written]:
    """Cut a write where the disk's sectors end."""
    ends = range(SECTOR - write.offset % SECTOR, len(write.content) + SECTOR, SECTOR)
    return [
        Written(write.handle, write.offset + start, write.content[start:end])
        for start, end in zip((0, *ends), ends, strict=False)
        if start < len(write.content)
    ]


@dataclass
class Disk:
    """One folder of files, as far as a program's events have come."""

    handles: dict[int, File] = field(default_factory=dict)
    names: dict[str, File] = field(default_factory=dict)
    """What the program sees."""
    certain: dict[str, File] = field(default_factory=dict)
    """The names that are on the disk for certain."""
    since: list[tuple[str, File | None]] = field(default_factory=list)
    """Names that came and went since."""
    new_journals: set[int] = field(default_factory=set)
    acknowledged: dict[str, int] = field(default_factory=dict)

    def follow(self, event: Event) -> None:
        """Take up what happened."""
        match event:
            case Opened():
                self._open(event)
            case Written() | Truncated():
                self.handles[event.handle].since.append(event)
            case Synced():
                self.handles[event.handle].settle()
                # SQLite syncs the folder when it syncs a journal that it made.
                if event.handle in self.new_journals:
                    self.new_journals.discard(event.handle)
                    self._settle_names()
            case Deleted():
                del self.names[event.name]
                self.since.append((event.name, None))
                if event.synced:
                    self._settle_names()
            case Acknowledged():
                self.acknowledged[event.file] = event.rows

    def _open(self, event: Opened) -> None:
        self.new_journals.discard(event.handle)
        if event.created:
            self.names[event.name] = File()
            self.since.append((event.name, self.names[event.name]))
            if event.journal:
                self.new_journals.add(event.handle)
        self.handles[event.handle] = self.names[event.name]

    def _settle_names(self) -> None:
        for name, file in self.since:
            _name(self.certain, name, file)
        self.since.clear()

    def cut(self, folder: Path, rng: Random) -> None:
        """Write into a folder what would be found there if the power went now."""
        names = dict(self.certain)
        # What became of one name comes in its order, but as far as it will.
        stopped = {name: rng.randrange(len(self.since) + 1) for name, _ in self.since}
        for place, (name, file) in enumerate(self.since):
            if place < stopped[name]:
                _name(names, name, file)
        for name, file in names.items():
            (folder / name).write_bytes(file.after_cut(rng))


def _name(names: dict[str, File], name: str, file: File | None) -> None:
    if file is None:
        names.pop(name, None)
    else:
        names[name] = file
