"""${message}.

Adding a column that may not be blank: add it blank, fill it, then forbid blanks, in three
revisions if the register is in use meanwhile. Reports, decisions and the log are only ever added
to: a revision may give them columns, never take a value away. Tests: tests/migrations.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Go one revision up."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Go one revision down."""
    ${downgrades if downgrades else "pass"}
